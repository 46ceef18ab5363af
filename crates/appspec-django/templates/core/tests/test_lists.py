"""Lists of values, kept as JSON."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from core.lists import ListOf

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
