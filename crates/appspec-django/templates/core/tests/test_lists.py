"""Lists of values, kept as JSON."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from core.lists import Items, ListOf

ITEMS = [
    (ListOf("text", max_length=3), "abc", "abcd"),
    (ListOf("text", pattern="\\A(?:[a-z]+)\\Z"), "abc", "ABC"),
    (ListOf("text", choices=["a", "b"]), "b", "c"),
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


COUNTS = [
    (Items(at_least=2), ["a", "b"], ["a"], "Too few items: 2 at least"),
    (Items(at_most=2), ["a", "b"], ["a", "b", "c"], "Too many items: 2 at most"),
    (Items(at_least=1, at_most=1, message="One, please."), ["a"], [], "One, please"),
]


@pytest.mark.parametrize(("accepts", "good", "bad", "words"), COUNTS)
def test_a_list_has_so_many_items(
    accepts: Items, good: list[str], bad: list[str], words: str
) -> None:
    """Both ends count, and what is no list is nothing to count."""
    accepts(good)
    accepts({})
    with pytest.raises(ValidationError, match=words):
        accepts(bad)
