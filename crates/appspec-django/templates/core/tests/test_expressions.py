"""Expressions mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from accounts.models import User
from core.db.expressions import (
    AddDays,
    AsciiLower,
    AsciiUpper,
    Ceiled,
    Contains,
    DatesBetween,
    DaysBetween,
    Earlier,
    EndsWith,
    Floored,
    Holds,
    HoursBetween,
    Later,
    MinutesBetween,
    Rounded,
    Scaled,
    StartsWith,
    Unscaled,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def agrees(condition: Q) -> bool:
    """Ask the database; a single row is there to be found."""
    User.objects.create_user("somebody@example.com")
    return User.objects.filter(condition).count() == 1


def exactly(number: str, places: int) -> Scaled:
    """Return an exact constant."""
    return Scaled(Value(Decimal(number)), places)


def test_unknown_is_false() -> None:
    """A rule that needs a missing value does not hold."""
    assert agrees(~Q(Exact(Holds(Q(last_login=F("last_login"))), Value(value=True))))


def test_decimals_are_compared_exactly() -> None:
    """Three times 0.10 is 0.30."""
    assert agrees(Q(Exact(exactly("0.30", 2), Value(3) * exactly("0.10", 2))))


def test_an_exact_number_becomes_a_decimal_again() -> None:
    """In the unit that it had."""
    assert agrees(Q(Exact(Unscaled(exactly("0.25", 2), 2), Value(Decimal("0.25")))))


@pytest.mark.parametrize(("number", "result"), [("1.005", "1.01"), ("-1.005", "-1.01")])
def test_a_half_is_rounded_away_from_zero(number: str, result: str) -> None:
    """As people round money."""
    rounded = Rounded(exactly(number, 3), scale=3, places=2, to=2)
    assert agrees(Q(Exact(rounded, exactly(result, 2))))


@pytest.mark.parametrize(("number", "result"), [("1.5", "1"), ("-1.5", "-2"), ("2", "2")])
def test_floor_goes_down(number: str, result: str) -> None:
    """Below zero too."""
    assert agrees(Q(Exact(Floored(exactly(number, 1), scale=1, to=0), exactly(result, 0))))


@pytest.mark.parametrize(("number", "result"), [("1.5", "2"), ("-1.5", "-1"), ("2", "2")])
def test_ceil_goes_up(number: str, result: str) -> None:
    """Below zero too."""
    assert agrees(Q(Exact(Ceiled(exactly(number, 1), scale=1, to=0), exactly(result, 0))))


def test_minutes_are_whole() -> None:
    """A part of a minute does not count, in either direction."""
    later = Value(NOON + timedelta(seconds=119))
    assert agrees(Q(Exact(MinutesBetween(Value(NOON), later), 1)))
    assert User.objects.filter(Exact(MinutesBetween(later, Value(NOON)), -1)).exists()


def test_hours_are_whole() -> None:
    """A part of an hour does not count."""
    assert agrees(Q(Exact(HoursBetween(Value(NOON), Value(NOON + timedelta(minutes=119))), 1)))


def test_days_of_moments_have_24_hours() -> None:
    """Whatever the clocks do."""
    assert agrees(Q(Exact(DaysBetween(Value(NOON), Value(NOON + timedelta(hours=47))), 1)))


def test_days_between_dates() -> None:
    """Across the end of a month."""
    days = DatesBetween(Value(date(2026, 1, 31)), Value(date(2026, 3, 1)))
    assert agrees(Q(Exact(days, 29)))


def test_a_date_is_moved_by_days() -> None:
    """Across the end of a month."""
    assert agrees(Q(Exact(AddDays(Value(date(2026, 1, 31)), Value(1)), date(2026, 2, 1))))


def test_a_moment_is_moved_on() -> None:
    """A day has 24 hours, also in the night in which the clocks change."""
    assert agrees(Q(Exact(Later(Value(NOON), timedelta(days=1)), NOON + timedelta(days=1))))


def test_a_moment_is_moved_back() -> None:
    """By the length of time."""
    assert agrees(Q(Exact(Earlier(Value(NOON), timedelta(hours=2)), NOON - timedelta(hours=2))))


def test_a_text_starts_letter_for_letter() -> None:
    """Upper and lower case differ."""
    starts = Q(StartsWith(Value("Abc"), Value("Ab")))
    assert agrees(starts & ~Q(StartsWith(Value("Abc"), Value("ab"))))


def test_a_text_ends_letter_for_letter() -> None:
    """A longer text ends no shorter one."""
    assert agrees(Q(EndsWith(Value("Abc"), Value("bc"))) & ~Q(EndsWith(Value("c"), Value("bc"))))


def test_a_text_contains_letter_for_letter() -> None:
    """Nothing stands for anything else."""
    assert agrees(Q(Contains(Value("a%c"), Value("%"))) & ~Q(Contains(Value("abc"), Value("B"))))


def test_lower_case_is_that_of_ascii() -> None:
    """Other letters stay as they are."""
    assert agrees(Q(Exact(AsciiLower(Value("ABCÉ")), Value("abcÉ"))))


def test_upper_case_is_that_of_ascii() -> None:
    """Other letters stay as they are."""
    assert agrees(Q(Exact(AsciiUpper(Value("abcé")), Value("ABCé"))))
