"""Commands that go over whole tables take their time."""

from __future__ import annotations

import pytest
from django.db import DEFAULT_DB_ALIAS, connection

from core.db.operations import unhurried

pytestmark = pytest.mark.django_db


def limit() -> str:
    """Return how long a statement may take; SQLite has no limit."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_statements_take_their_time() -> None:
    """The limit is away in between, and the same afterwards."""
    before = limit()
    with unhurried(DEFAULT_DB_ALIAS):
        assert limit() in {"", "0"}
    assert limit() == before
