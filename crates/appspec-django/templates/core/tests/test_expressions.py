"""Expressions mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from accounts.models import User
from accounts.tests.factories import make_user
from core.db.expressions import (
    AddDays,
    AsciiLower,
    AsciiUpper,
    Contains,
    DatesBetween,
    DaysBetween,
    Earlier,
    EndsWith,
    Holds,
    HoursBetween,
    Later,
    MinutesBetween,
    SameLetters,
    StartsWith,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def agrees(condition: Q) -> bool:
    """Ask the database; a single row is there to be found."""
    make_user().save()
    return User.objects.filter(condition).count() == 1


def test_unknown_is_false() -> None:
    """A rule that needs a missing value does not hold."""
    assert agrees(~Q(Exact(Holds(Q(last_login=F("last_login"))), Value(value=True))))


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


def test_case_is_ignored_by_the_rules_of_unicode() -> None:
    """Also where the lower case is longer."""
    same = Exact(SameLetters(Value("ÄRGER İ ẞ")), SameLetters(Value("ärger i̇ ß")))
    assert agrees(Q(same) & ~Q(Exact(SameLetters(Value("ß")), SameLetters(Value("ss")))))
