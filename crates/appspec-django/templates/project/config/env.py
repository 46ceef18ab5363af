"""The environment contract: the one place where the process environment is read.

Each variable is declared once, with its type, what it is for, and the stages that may leave it out.
``load`` returns all of them, typed, or stops the start with one message that lists everything that
is missing or malformed. The value of a secret is never part of a message.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from config.database import parse_database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dj_database_url import DBConfig

BASE_DIR = Path(__file__).resolve().parent.parent

T = TypeVar("T")


class Stage(Enum):
    """Where the project runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class EnvironmentIncompleteError(ImproperlyConfigured):
    """The environment lacks a variable or holds one that cannot be used."""


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One environment variable: ``parse`` raises ``ValueError`` for what is not ``expected``."""

    name: str
    purpose: str
    expected: str
    parse: Callable[[str], T]
    defaults: Mapping[Stage, T]
    is_secret: bool = False

    def read(self, source: Mapping[str, str], stage: Stage) -> T:
        """Return the value for ``stage``; an empty variable counts as one that is not set."""
        text = source.get(self.name, "").strip()
        if text:
            return self.parse(text)
        if stage in self.defaults:
            return self.defaults[stage]
        raise LookupError(self.name)

    def problem(self, source: Mapping[str, str], stage: Stage) -> str | None:
        """Say what is wrong with the variable, or nothing."""
        try:
            self.read(source, stage)
        except LookupError:
            state = "is missing"
        except ValueError:
            shown = "" if self.is_secret else f": {source[self.name].strip()!r}"
            state = f"cannot be used{shown}"
        else:
            return None
        return f"{self.name} {state}. It {self.purpose}. Expected: {self.expected}."


def _text_of_length(minimum: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) < minimum:
            raise ValueError
        return text

    return parse


def _whole_number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise ValueError
    return names


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return parse


{% if has_files %}def _absolute_path(text: str) -> Path:
    path = Path(text)
    if not path.is_absolute():
        raise ValueError
    return path


{% endif %}SECRET_KEY = Variable(
    name="DJANGO_SECRET_KEY",
    purpose="signs sessions and password reset links",
    expected="at least 50 random characters",
    parse=_text_of_length(50),
    defaults={
        Stage.DEVELOPMENT: "development only: production refuses to start without a real key",
        Stage.TEST: "test only: production refuses to start without a real key",
    },
    is_secret=True,
)
DATABASE_URL = Variable(
    name="DATABASE_URL",
    purpose="says which database to use, and how to sign in to it",
    expected="postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////absolute/path.sqlite3",
    parse=parse_database_url,
    defaults={
        Stage.DEVELOPMENT: parse_database_url(f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        Stage.TEST: parse_database_url("sqlite://:memory:"),
    },
    is_secret=True,
)
STATEMENT_TIMEOUT = Variable(
    name="DATABASE_STATEMENT_TIMEOUT",
    purpose="ends a PostgreSQL statement that runs longer than this many seconds (0: never)",
    expected="a whole number of seconds",
    parse=_whole_number,
    defaults=dict.fromkeys(Stage, 30),
)
ALLOWED_HOSTS = Variable(
    name="DJANGO_ALLOWED_HOSTS",
    purpose="names the hosts that the project answers to",
    expected="host names separated by commas, such as www.example.com,example.com",
    parse=_names,
    defaults={
        Stage.DEVELOPMENT: ["localhost", "127.0.0.1", "[::1]"],
        Stage.TEST: ["testserver"],
    },
)
HSTS_SECONDS = Variable(
    name="DJANGO_HSTS_SECONDS",
    purpose="tells browsers for how many seconds they may reach the site by HTTPS only",
    expected="a whole number of seconds; start with 3600 and raise it to 31536000",
    parse=_whole_number,
    defaults=dict.fromkeys(Stage, 31_536_000),
)
LOG_LEVEL = Variable(
    name="DJANGO_LOG_LEVEL",
    purpose="sets the least severe log message that is written",
    expected="DEBUG, INFO, WARNING, ERROR or CRITICAL",
    parse=_one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    defaults=dict.fromkeys(Stage, "INFO"),
)
{%- if has_files %}
MEDIA_ROOT = Variable(
    name="DJANGO_MEDIA_ROOT",
    purpose="names the folder that keeps uploaded files; no web server may serve it",
    expected="an absolute path",
    parse=_absolute_path,
    defaults=dict.fromkeys((Stage.DEVELOPMENT, Stage.TEST), BASE_DIR / "media"),
)
{%- endif %}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every variable of the contract, read and checked."""

    secret_key: str = field(repr=False)
    database: DBConfig = field(repr=False)
    statement_timeout: int
    allowed_hosts: list[str]
    hsts_seconds: int
    log_level: str
{%- if has_files %}
    media_root: Path
{%- endif %}


CONTRACT: tuple[Variable[Any], ...] = (
    SECRET_KEY,
    DATABASE_URL,
    STATEMENT_TIMEOUT,
    ALLOWED_HOSTS,
    HSTS_SECONDS,
    LOG_LEVEL,
{%- if has_files %}
    MEDIA_ROOT,
{%- endif %}
)


def load(stage: Stage, source: Mapping[str, str] | None = None) -> Environment:
    """Read the environment for ``stage``, or raise one error that lists all that is wrong."""
    if source is None:
        source = _process_environment(stage)
    problems = [problem for variable in CONTRACT if (problem := variable.problem(source, stage))]
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        message = (
            f"The environment is not complete for {stage.value}:\n{listed}\n"
            "Set each one in the process environment or in the file .env (see .env.example)."
        )
        raise EnvironmentIncompleteError(message)
    return Environment(
        secret_key=SECRET_KEY.read(source, stage),
        database=DATABASE_URL.read(source, stage),
        statement_timeout=STATEMENT_TIMEOUT.read(source, stage),
        allowed_hosts=ALLOWED_HOSTS.read(source, stage),
        hsts_seconds=HSTS_SECONDS.read(source, stage),
        log_level=LOG_LEVEL.read(source, stage),
{%- if has_files %}
        media_root=MEDIA_ROOT.read(source, stage),
{%- endif %}
    )


def _process_environment(stage: Stage) -> dict[str, str]:
    """Return the process environment, over ``.env``; tests do not depend on a private file."""
    if stage is Stage.TEST:
        return dict(os.environ)
    private = dotenv_values(BASE_DIR / ".env", interpolate=False)
    return {**{name: text or "" for name, text in private.items()}, **os.environ}
