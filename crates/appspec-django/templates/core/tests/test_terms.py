"""Python and the database agree until when a row is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from core.db.terms import KEPT_UNTIL, KeptFor

pytestmark = pytest.mark.django_db

MADE = [
    datetime(2023, 2, 28, 12, 0, tzinfo=UTC),
    datetime(2024, 2, 28, 23, 59, 59, 999000, tzinfo=UTC),
    datetime(2024, 2, 29, 0, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2024, 3, 1, 0, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
]


@pytest.mark.parametrize("years", [1, 4, 10, 100])
@pytest.mark.parametrize("made", MADE, ids=str)
def test_the_database_counts_as_python_does(made: datetime, years: int) -> None:
    """A day that the last year has not is the day after it, for both."""
    rule = KeptFor(years=years, since="made", name="kept")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            written = f"'{made:%Y-%m-%d %H:%M:%S.%f}'"
            cursor.execute(f"SELECT {rule.until_in_sqlite(written)}")
            (found,) = cursor.fetchone()
            until = datetime.fromisoformat(found).replace(tzinfo=UTC)
        else:
            cursor.execute(KEPT_UNTIL)
            cursor.execute("SELECT kept_until(%s, %s)", [made, years])
            (until,) = cursor.fetchone()
    assert until == rule.until(made)


def test_what_was_made_on_a_leap_day_may_go_on_the_first_of_march() -> None:
    """In a year with such a day it may go on that."""
    made = datetime(2024, 2, 29, 10, 0, tzinfo=UTC)
    found = [KeptFor(years=years, since="made", name="kept").until(made) for years in (1, 4)]
    expected = [datetime(2025, 3, 1, 10, 0, tzinfo=UTC), datetime(2028, 2, 29, 10, 0, tzinfo=UTC)]
    assert found == expected
