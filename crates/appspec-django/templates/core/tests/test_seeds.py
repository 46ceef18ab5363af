"""Seed rows load twice as once."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.tests.factories import make_user
from core.seeding import RefusedSeedError, Seed, load, same_key, save, store

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


def test_what_only_the_database_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's error says neither which row it is nor what is wrong, in words for people."""
    make_user(email="boss@example.com").save()
    second = make_user(2, email="boss@example.com")
    monkeypatch.setattr(second, "full_clean", lambda: None)
    seed = Seed(model="accounts.User", key=("email",), rows={})
    refusal = pytest.raises(RefusedSeedError, match=r"accounts\.User boss: ")
    with refusal, transaction.atomic():
        save(seed, "boss", second)


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
