"""What every record does, and expressions that mean the same on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from accounts.models import User
from core.db.expressions import AddDays, DatesBetween, EndsWith, Holds, Rounded, Scaled, StartsWith

pytestmark = pytest.mark.django_db


def scaled(number: str, places: int) -> Scaled:
    """Return an exact constant."""
    return Scaled(Value(Decimal(number)), places)


TRUE = [
    Q(Exact(scaled("0.30", 2), Value(3) * scaled("0.10", 2))),
    Q(Exact(Rounded(scaled("1.005", 3), scale=3, places=2, to=2), scaled("1.01", 2))),
    Q(Exact(Rounded(scaled("-1.005", 3), scale=3, places=2, to=2), scaled("-1.01", 2))),
    Q(Exact(DatesBetween(Value(date(2026, 1, 31)), Value(date(2026, 3, 1))), 29)),
    Q(Exact(AddDays(Value(date(2026, 1, 31)), Value(1)), date(2026, 2, 1))),
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
