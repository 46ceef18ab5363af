"""Database connections: what a URL means, and the options that every connection gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dj_database_url

if TYPE_CHECKING:
    from dj_database_url import DBConfig

SQLITE = "core.db.sqlite"
POSTGRESQL = "django.db.backends.postgresql"


def parse_database_url(url: str) -> DBConfig:
    """Return the settings that ``url`` stands for, or raise ``ValueError``."""
    config = dj_database_url.parse(url)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["ENGINE"] = SQLITE
    if config["ENGINE"] not in {SQLITE, POSTGRESQL} or not config["NAME"]:
        raise ValueError
    return config


def tuned(config: DBConfig, statement_timeout: int) -> DBConfig:
    """Return ``config`` with safe options; an option that its URL sets itself wins."""
    if config["ENGINE"] == SQLITE:
        options = _sqlite_options()
    else:
        options = _postgresql_options(statement_timeout)
    return {
        **config,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, **config.get("OPTIONS", {})},
    }


def unheeded_checks(config: DBConfig) -> list[str]:
    """Return the checks that only say that SQLite keeps no comments: they are for PostgreSQL."""
    return ["fields.W163", "models.W046"] if config["ENGINE"] == SQLITE else []


def _sqlite_options() -> dict[str, str | int]:
    return {
        # A transaction that reads first and writes later must not find the database locked.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Readers do not wait for the writer.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def _postgresql_options(statement_timeout: int) -> dict[str, str | int]:
    settings = {
        "lock_timeout": "5s",
        "statement_timeout": f"{statement_timeout}s",
        "idle_in_transaction_session_timeout": "60s",
    }
    return {
        "connect_timeout": 5,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }
