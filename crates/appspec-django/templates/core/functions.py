"""Functions of the specification's rules, with the meaning that the database gives them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

_Value = TypeVar("_Value")

LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)


def otherwise(value: _Value | None, other: _Value) -> _Value:
    """Return the value, or the other one where it is missing."""
    return other if value is None else value


def pointing(record: Model, name: str) -> Iterable[Any]:
    """Return the rows that point to a record; none point to one that is not there yet."""
    return () if record._state.adding else getattr(record, name).all()


def smallest(values: Iterable[Any]) -> Any:
    """Return the smallest of some values; of none there is none."""
    return min(values, default=None)


def largest(values: Iterable[Any]) -> Any:
    """Return the largest of some values; of none there is none."""
    return max(values, default=None)


def matching(record: Model, model: str, name: str, value: object) -> Iterable[Any]:
    """Return the rows of a model in which a field has a value.

    A record that stands in the same table is one of them, as it is going to be written.
    """
    if value is None:
        return ()
    rows: Any = apps.get_model(model)._base_manager
    found = rows.using(record._state.db).filter(**{name: value})
    if not isinstance(record, rows.model):
        return cast("Iterable[Any]", found)
    others = found.exclude(pk=record.pk)
    own = getattr(record, rows.model._meta.get_field(name).attname)
    return chain([record], others) if own == value else others


def reached(record: Model, *path: str) -> Any:
    """Return what a path over references leads to; nothing where a step of it is missing."""
    value: Any = record
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


def ascii_lower(text: str) -> str:
    """Return the text with the letters A to Z in lower case."""
    return text.translate(LOWER)


def ascii_upper(text: str) -> str:
    """Return the text with the letters a to z in upper case."""
    return text.translate(UPPER)


def rounded(number: Decimal | float, places: int) -> Decimal:
    """Round to so many places; a half goes away from zero."""
    unit = Decimal(1).scaleb(-places)
    return Decimal(str(number)).quantize(unit, rounding=ROUND_HALF_UP)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole minutes from start to end."""
    return _whole(end - start, timedelta(minutes=1))


def hours_between(start: datetime, end: datetime) -> int:
    """Return the whole hours from start to end."""
    return _whole(end - start, timedelta(hours=1))


def days_between(start: date, end: date) -> int:
    """Return the whole days of 24 hours from start to end."""
    return _whole(end - start, timedelta(days=1))


def _whole(apart: timedelta, unit: timedelta) -> int:
    """Count whole units towards zero."""
    count = abs(apart) // unit
    return count if apart >= timedelta(0) else -count
