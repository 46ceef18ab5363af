"""What people type where JSON is kept."""

from __future__ import annotations

import pytest
from django import forms

from core.fields import DocumentField

UNFIT = [
    "[",
    "[" * 5000,
    "[" * 101 + "]" * 101,
    '{"a":' * 101 + "1" + "}" * 101,
    "[" + "9" * 5000 + "]",
    "[NaN]",
    "[1e999]",
    '["\\ud800"]',
    '{"\\udfff": 1}',
]


def form(text: str) -> forms.Form:
    """Return a form that was filled in."""

    class DocumentForm(forms.Form):
        document = DocumentField().formfield()

    return DocumentForm({"document": text})


@pytest.mark.parametrize("text", UNFIT)
def test_what_cannot_be_stored_is_an_error_in_the_form(text: str) -> None:
    """The page shows again what was typed."""
    filled_in = form(text)
    assert [error.code for error in filled_in.errors.as_data()["document"]] == ["invalid"]
    assert filled_in.has_changed()
    assert 'name="document"' in filled_in.as_p()


@pytest.mark.parametrize("text", ["[]", "{}", "0", '"\\ud83d\\ude00"', "[" * 100 + "]" * 100])
def test_other_json_is_accepted(text: str) -> None:
    """Also what is empty."""
    filled_in = form(text)
    assert filled_in.is_valid(), filled_in.errors
    assert 'name="document"' in filled_in.as_p()
