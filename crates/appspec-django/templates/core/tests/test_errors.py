"""A refusal of the database reads like one of the validation."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, OperationalError, transaction

from accounts.tests.factories import make_user
from core.errors import UNFIT, UNKNOWN, explain


@pytest.mark.django_db
def test_a_lost_race_is_explained_as_validation_would() -> None:
    """Whoever comes second learns what is taken, not how the rule is called."""
    make_user(email="somebody@example.com").save()
    second = make_user(2, email="somebody@example.com")
    with pytest.raises(ValidationError) as found:
        second.full_clean()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        second.save()
    explained = explain(refused.value)
    # The database ends at the first rule, validation tells them all.
    assert set(explained.messages) <= set(found.value.messages)
    assert explained.code == "unique"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DataError(), UNFIT),
        (IntegrityError("CHECK constraint failed: a column"), UNFIT),
        (IntegrityError("no rule"), UNKNOWN),
    ],
)
def test_what_names_no_rule_is_explained_in_general(error: Exception, message: str) -> None:
    """Nothing of the database's own words is shown."""
    assert explain(error).messages == [message]


@pytest.mark.parametrize("code", ["sqlstate", "sqlite_errorname"])
def test_a_transaction_that_stood_in_the_way_can_be_tried_again(code: str) -> None:
    """Whoever lost is told so; an error that refuses nothing stays what it is."""
    error = OperationalError()
    with pytest.raises(OperationalError):
        explain(error)
    error.__cause__ = driver = RuntimeError()
    setattr(driver, code, {"sqlstate": "40P01", "sqlite_errorname": "SQLITE_BUSY"}[code])
    assert explain(error).code == "busy"
