"""Example rows keep every rule, and are stored once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from core.demo import load

pytestmark = pytest.mark.django_db


def test_examples_are_stored_once() -> None:
    """Every one of them is accepted; the second run finds the tables filled."""
    first = load()
    assert first.created or first.unknown
    assert not first.left_out
    second = load()
    assert not second.created
    assert not second.left_out


def test_examples_are_for_development_only() -> None:
    """Where real rows are kept, made up ones have no place."""
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
    said = StringIO()
    with override_settings(DEBUG=True):
        call_command("demo", stdout=said)
    assert "example rows stored" in said.getvalue()
