"""New records are judged by what was given, whatever type it has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps

from core.models import Record, on_create

GIVEN = {"day": "2030-01-01", "unit": "10.10", "price": "20", "note": "two"}


def thing(**given: Any) -> Record:
    """Return a new record that nothing was stored for."""

    class Thing(Record):
        day = models.DateField()
        unit = models.DecimalField(max_digits=6, decimal_places=2)
        price = models.DecimalField(max_digits=6, decimal_places=2, blank=True)
        note = models.TextField(null=True)
        path_defaults = {"price": "unit"}

        class Meta:
            app_label = "core"

        def __str__(self) -> str:
            return str(self.day)

        @on_create("late", "It is too late.", needs=("day",))
        def _late(self) -> bool:
            return self.day > date(2026, 1, 1)

        @on_create("dear", "It is too dear.", needs=("unit", "price"), reads=("note",))
        def _dear(self) -> bool:
            return self.unit < self.price

    return Thing(**{**GIVEN, **given})


REFUSED = [
    ({"unit": "abc"}, {"unit": ["invalid"]}),
    ({"unit": Decimal("NaN")}, {"unit": ["invalid"]}),
    ({"day": "garbage"}, {"day": ["invalid"]}),
    ({"day": None, "price": "1"}, {"day": ["null"], "__all__": ["dear"]}),
    ({"day": "2025-01-01", "price": "1"}, {"__all__": ["late", "dear"]}),
    (
        {"day": "garbage", "unit": "abc", "note": "\0"},
        {"day": ["invalid"], "unit": ["invalid"], "note": ["null_characters_not_allowed"]},
    ),
]


@pytest.mark.parametrize(("given", "codes"), REFUSED)
@isolate_apps("core")
def test_what_is_no_value_is_refused_and_judged_by_no_rule(
    given: dict[str, Any], codes: dict[str, list[str]]
) -> None:
    """Validation names every field that is wrong, and the rules that could be asked."""
    with pytest.raises(ValidationError) as refusal:
        thing(**given).full_clean()
    found = refusal.value.error_dict
    assert {name: [error.code for error in errors] for name, errors in found.items()} == codes


@pytest.mark.parametrize("given", [{"unit": "abc"}, {"unit": Decimal("NaN")}, {"day": "garbage"}])
@isolate_apps("core")
def test_what_is_no_value_is_not_written(given: dict[str, Any]) -> None:
    """Nothing is asked of the database."""
    row = thing(**given)
    with pytest.raises(ValidationError) as refusal:
        row.save()
    assert list(refusal.value.error_dict) == list(given)
    with pytest.raises(ValidationError) as refusal:
        type(row).objects.bulk_create([row])
    assert list(refusal.value.error_dict) == list(given)


@isolate_apps("core")
def test_text_is_taken_for_the_value_that_it_writes() -> None:
    """A rule compares values, as the database does."""
    row: Any = thing()
    row.prepare_to_write()
    assert (row.day, row.unit) == (date(2030, 1, 1), Decimal("10.10"))


@isolate_apps("core")
def test_what_every_write_sets_is_judged_as_it_will_be() -> None:
    """The moment of the last change is there before a rule asks for it."""

    class Draft(Record):
        changed_at = models.DateTimeField(null=True, auto_now=True)

        class Meta:
            app_label = "core"

        def __str__(self) -> str:
            return str(self.changed_at)

        @on_create("kept", "It is never changed.", reads=("changed_at",))
        def _kept(self) -> bool:
            return self.changed_at is None

    for judged in (Draft().clean, Draft().prepare_to_write):
        with pytest.raises(ValidationError) as refusal:
            judged()
        assert [error.code for error in refusal.value.error_list] == ["kept"]


@isolate_apps("core")
def test_only_a_new_record_is_filled_in() -> None:
    """Whoever empties the field of an older one is asked for a value."""
    row: Any = thing(price=None)
    row.fill_in_path_defaults()
    assert row.price == "10.10"
    values = {"id": None, **GIVEN, "price": None}
    stored = type(row).from_db("default", list(values), list(values.values()))
    with pytest.raises(ValidationError) as refusal:
        stored.clean_fields()
    assert [error.code for error in refusal.value.error_dict["price"]] == ["required"]
