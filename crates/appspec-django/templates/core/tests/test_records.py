"""What every record does, and expressions that mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from accounts.models import User
from core.db.expressions import (
    AddDays,
    DatesBetween,
    Earlier,
    EndsWith,
    Holds,
    Later,
    Rounded,
    Scaled,
    StartsWith,
)
from core.lists import ListOf

pytestmark = pytest.mark.django_db


def scaled(number: str, places: int) -> Scaled:
    """Return an exact constant."""
    return Scaled(Value(Decimal(number)), places)


NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
TRUE = [
    Q(Exact(scaled("0.30", 2), Value(3) * scaled("0.10", 2))),
    Q(Exact(Rounded(scaled("1.005", 3), scale=3, places=2, to=2), scaled("1.01", 2))),
    Q(Exact(Rounded(scaled("-1.005", 3), scale=3, places=2, to=2), scaled("-1.01", 2))),
    Q(Exact(DatesBetween(Value(date(2026, 1, 31)), Value(date(2026, 3, 1))), 29)),
    Q(Exact(AddDays(Value(date(2026, 1, 31)), Value(1)), date(2026, 2, 1))),
    Q(Exact(Later(Value(NOON), timedelta(days=1)), NOON + timedelta(days=1))),
    Q(Exact(Earlier(Value(NOON), timedelta(hours=2)), NOON - timedelta(hours=2))),
    Q(StartsWith(Value("Abc"), Value("Ab"))) & ~Q(StartsWith(Value("Abc"), Value("ab"))),
    Q(EndsWith(Value("Abc"), Value("bc"))) & ~Q(EndsWith(Value("c"), Value("bc"))),
    ~Q(Exact(Holds(Q(last_login=F("last_login"))), Value(value=True))),
]


@pytest.mark.parametrize("condition", TRUE)
def test_the_database_agrees(condition: Q) -> None:
    """Each condition is true, whichever database computes it."""
    User.objects.create_user("somebody@example.com")
    assert User.objects.filter(condition).count() == 1


def test_an_email_address_is_stored_in_lower_case() -> None:
    """However it was typed."""
    user = User.objects.create_user("Some.Body@Example.com")
    assert user.email == "some.body@example.com"
    assert User.objects.get_by_natural_key("SOME.BODY@example.com") == user


def test_a_null_character_is_refused() -> None:
    """PostgreSQL could not store it."""
    with pytest.raises(ValidationError, match="Null characters"):
        User(email="a\0b@example.com").full_clean()


ITEMS = [
    (ListOf("text", max_length=3), "abc", "abcd"),
    (ListOf("text", pattern="\\A(?:[a-z]+)\\Z"), "abc", "ABC"),
    (ListOf("text", choices=("a", "b")), "b", "c"),
    (ListOf("decimal", max_digits=5, decimal_places=2), "999.99", "1.005"),
    (ListOf("decimal", max_digits=5, decimal_places=2), "-1.5", "1000"),
    (ListOf("decimal", max_digits=5, decimal_places=2), "0", "NaN"),
    (ListOf("int"), 2**31 - 1, 2**31),
    (ListOf("float"), 1.5, float("nan")),
]


@pytest.mark.parametrize(("accepts", "good", "bad"), ITEMS)
def test_items_of_a_list_have_the_limits_of_their_type(
    accepts: ListOf, good: object, bad: object
) -> None:
    """As a column of that type would have them."""
    accepts([good, good])
    with pytest.raises(ValidationError, match="Item 2 of the list"):
        accepts([good, bad])
