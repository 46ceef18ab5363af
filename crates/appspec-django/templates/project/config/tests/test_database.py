"""Database connections: supported URLs, and the options that every connection gets."""

from __future__ import annotations

import pytest

from config.database import parse_database_url, tuned, unheeded_checks
from config.env import DATABASE_URL, Stage


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://db/salon", "postgres://db:port/salon", "postgres://db", "sqlite"],
)
def test_other_urls_are_refused(url: str) -> None:
    """A URL that names no database, or one of another kind, is refused."""
    problem = DATABASE_URL.problem({DATABASE_URL.name: url}, Stage.DEVELOPMENT)
    assert problem is not None
    assert "cannot be used" in problem


def test_sqlite_takes_the_write_lock_first() -> None:
    """Two transactions that read before they write must wait, not fail."""
    options = tuned(parse_database_url("sqlite:////srv/salon.sqlite3"), 30)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"


def test_postgresql_limits_how_long_anything_may_take() -> None:
    """No lock, statement or idle transaction lasts for ever."""
    config = tuned(parse_database_url("postgres://u:p%40ss@db:5433/salon?sslmode=require"), 7)
    assert config["PASSWORD"] == "p@ss"
    assert config["CONN_HEALTH_CHECKS"] is True
    assert config["OPTIONS"]["sslmode"] == "require"
    for setting in ("lock_timeout=5s", "statement_timeout=7s"):
        assert f"-c {setting}" in config["OPTIONS"]["options"]


def test_only_sqlite_is_forgiven_its_missing_comments() -> None:
    """On PostgreSQL every check of Django is heeded."""
    assert unheeded_checks(parse_database_url("sqlite:////srv/salon.sqlite3"))
    assert not unheeded_checks(parse_database_url("postgres://db/salon"))
