"""Seed rows load twice as once."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from accounts.tests.factories import make_user
from core.seeding import RefusedSeedError, Seed, load, same_key, store

pytestmark = pytest.mark.django_db


def test_seeds_load_twice_as_once() -> None:
    """The second run finds everything as it should be."""
    load()
    assert load() == (0, 0)


def test_a_row_that_is_refused_is_named() -> None:
    """Whoever loads seeds has to know which row does not go together with what is there."""
    seed = Seed(model="accounts.User", key=("email",), rows={})
    with pytest.raises(RefusedSeedError, match=r"accounts\.User boss: "):
        store(seed, "boss", {"email": "no address"})


def test_a_key_is_compared_as_its_rule_says() -> None:
    """A row that differs in case has the key of a seed row if the rule ignores case."""
    people = get_user_model()._default_manager
    user = make_user()
    user.save()
    people.filter(pk=user.pk).update(name="CARE")
    seed = Seed(model="accounts.User", key=("name",), rows={}, ignoring_case=True)
    assert people.filter(*same_key(seed, {"name": "Care"})).get() == user
    exact = seed._replace(ignoring_case=False)
    assert not people.filter(*same_key(exact, {"name": "Care"})).exists()
