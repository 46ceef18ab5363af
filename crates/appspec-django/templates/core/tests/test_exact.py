"""Numbers are computed exactly on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import DecimalField, Q, Value

from accounts.models import User
from accounts.tests.factories import make_user
from core.db.exact import (
    Absolute,
    AtMost,
    Ceiled,
    Constant,
    Equal,
    Floored,
    Known,
    Larger,
    Less,
    Minus,
    Plus,
    Rounded,
    Smaller,
    Times,
)

pytestmark = pytest.mark.django_db


def agrees(condition: Q) -> bool:
    """Ask the database; a single row is there to be found."""
    make_user().save()
    return User.objects.filter(condition).count() == 1


def number(text: str) -> Value:
    """Return an exact constant."""
    return Value(Decimal(text))


def test_numbers_are_equal() -> None:
    """However they are written."""
    assert agrees(Q(Equal(number("0.30"), number("0.3"))) & ~Q(Equal(Value(1), Value(2))))


def test_a_number_is_less() -> None:
    """Than a larger one only."""
    assert agrees(Q(Less(number("-2"), Value(1))) & ~Q(Less(Value(1), Value(1))))


def test_a_number_is_at_most() -> None:
    """Another one, or itself."""
    assert agrees(Q(AtMost(Value(1), Value(1))) & ~Q(AtMost(Value(10), Value(9))))


def test_a_sum_is_exact() -> None:
    """One tenth and two tenths are three tenths."""
    assert agrees(Q(Equal(Plus(number("0.1"), number("0.2")), number("0.3"))))


def test_a_difference_is_exact() -> None:
    """Also where one digit is left of many."""
    assert agrees(Q(Equal(Minus(number("1.1"), number("1")), number("0.1"))))


def test_a_product_is_exact() -> None:
    """Three times 0.10 is 0.30."""
    assert agrees(Q(Equal(Times(Value(3), number("0.10")), number("0.30"))))


def test_a_long_constant_keeps_its_digits() -> None:
    """And no product of integers overflows."""
    assert agrees(Q(Equal(Times(Value(2**62), Value(2**62)), Constant(Decimal(2**124)))))


def test_a_missing_number_has_another_in_its_place() -> None:
    """With all its digits."""
    long = Constant(Decimal("123456789012345678.01"))
    assert agrees(Q(Equal(Known(Value(None, DecimalField()), long), long)))


def test_the_smaller_number() -> None:
    """Of two."""
    assert agrees(Q(Equal(Smaller(Value(-3), number("2.5")), Value(-3))))


def test_the_larger_number() -> None:
    """Of two."""
    assert agrees(Q(Equal(Larger(Value(-3), number("2.5")), number("2.5"))))


def test_a_number_without_its_sign() -> None:
    """Is not below zero."""
    assert agrees(Q(Equal(Absolute(number("-2.5")), number("2.5"))))


@pytest.mark.parametrize(("given", "result"), [("1.005", "1.01"), ("-1.005", "-1.01")])
def test_a_half_is_rounded_away_from_zero(given: str, result: str) -> None:
    """As people round money."""
    assert agrees(Q(Equal(Rounded(number(given), places=2), number(result))))


@pytest.mark.parametrize(("given", "result"), [("1.5", "1"), ("-1.5", "-2"), ("2", "2")])
def test_floor_goes_down(given: str, result: str) -> None:
    """Below zero too."""
    assert agrees(Q(Equal(Floored(number(given)), number(result))))


@pytest.mark.parametrize(("given", "result"), [("1.5", "2"), ("-1.5", "-1"), ("2", "2")])
def test_ceil_goes_up(given: str, result: str) -> None:
    """Below zero too."""
    assert agrees(Q(Equal(Ceiled(number(given)), number(result))))
