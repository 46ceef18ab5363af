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

from config import parsers
from config.database import parse_database_url
{%- if mail.is_some() %}
from config.mail import MailServer, parse_mail_url
{%- endif %}

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
{%- if has_durations %}
    from datetime import timedelta
{%- endif %}
{%- if has_decimals %}
    from decimal import Decimal
{%- endif %}

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


SECRET_KEY = Variable(
    name="DJANGO_SECRET_KEY",
    purpose="signs sessions and password reset links",
    expected="at least 50 random characters",
    parse=parsers.text_of_length(50),
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
    parse=parsers.count,
    defaults=dict.fromkeys(Stage, 30),
)
ALLOWED_HOSTS = Variable(
    name="DJANGO_ALLOWED_HOSTS",
    purpose="names the hosts that the project answers to",
    expected="host names separated by commas, such as www.example.com,example.com",
    parse=parsers.names,
    defaults={
        Stage.DEVELOPMENT: ["localhost", "127.0.0.1", "[::1]"],
        Stage.TEST: ["testserver"],
    },
)
HSTS_SECONDS = Variable(
    name="DJANGO_HSTS_SECONDS",
    purpose="tells browsers for how many seconds they may reach the site by HTTPS only",
    expected="a whole number of seconds; start with 3600 and raise it to 31536000",
    parse=parsers.count,
    defaults=dict.fromkeys(Stage, 31_536_000),
)
LOG_LEVEL = Variable(
    name="DJANGO_LOG_LEVEL",
    purpose="sets the least severe log message that is written",
    expected="DEBUG, INFO, WARNING, ERROR or CRITICAL",
    parse=parsers.one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    defaults=dict.fromkeys(Stage, "INFO"),
)
{%- if has_files %}
MEDIA_ROOT = Variable(
    name="DJANGO_MEDIA_ROOT",
    purpose="names the folder that keeps uploaded files; no web server may serve it",
    expected="an absolute path",
    parse=parsers.absolute_path,
    defaults=dict.fromkeys((Stage.DEVELOPMENT, Stage.TEST), BASE_DIR / "media"),
)
{%- endif %}

{%- if let Some(mail) = mail %}
{{ mail.url.word }} = Variable(
    name={{ mail.url.name }},
    purpose="says which server sends mail, and how to sign in to it",
    expected="smtps://USER:PASSWORD@HOST:465, or smtp:// for STARTTLS on port 587",
    parse=parse_mail_url,
    defaults={
{%- for (stage, value) in mail.url.defaults %}
        Stage.{{ stage }}: parse_mail_url({{ value }}),
{%- endfor %}
    },
    is_secret=True,
)
{%- if let Some(from) = mail.from %}
{{ from.word }} = Variable(
    name={{ from.name }},
    purpose="is the address that mail comes from",
    expected="an address, such as bookings@example.com",
    parse=parsers.email_address,
    defaults={
{%- for (stage, value) in from.defaults %}
        Stage.{{ stage }}: {{ value }},
{%- endfor %}
    },
)
{%- endif %}
{%- endif %}
{%- for own in own.variables %}
{{ own.declaration }}
{%- endfor %}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every variable of the contract, read and checked, under its name in lower case."""

    django_secret_key: str = field(repr=False)
    database_url: DBConfig = field(repr=False)
    database_statement_timeout: int
    django_allowed_hosts: list[str]
    django_hsts_seconds: int
    django_log_level: str
{%- if let Some(mail) = mail %}
    {{ mail.url.field }}: MailServer = field(repr=False)
{%- if let Some(from) = mail.from %}
    {{ from.field }}: str
{%- endif %}
{%- endif %}
{%- if has_files %}
    django_media_root: Path
{%- endif %}
{%- for own in own.variables %}
    {{ own.field }}: {{ own.annotation }}{% if own.is_secret %} = field(repr=False){% endif %}
{%- endfor %}


CONTRACT: tuple[Variable[Any], ...] = (
    SECRET_KEY,
    DATABASE_URL,
    STATEMENT_TIMEOUT,
    ALLOWED_HOSTS,
    HSTS_SECONDS,
    LOG_LEVEL,
{%- if let Some(mail) = mail %}
    {{ mail.url.word }},
{%- if let Some(from) = mail.from %}
    {{ from.word }},
{%- endif %}
{%- endif %}
{%- if has_files %}
    MEDIA_ROOT,
{%- endif %}
{%- for own in own.variables %}
    {{ own.word }},
{%- endfor %}
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
    values = {variable.name.lower(): variable.read(source, stage) for variable in CONTRACT}
    return Environment(**values)


def _process_environment(stage: Stage) -> dict[str, str]:
    """Return the process environment, over ``.env``; tests do not depend on a private file."""
    if stage is Stage.TEST:
        return dict(os.environ)
    private = dotenv_values(BASE_DIR / ".env", interpolate=False)
    return {**{name: text or "" for name, text in private.items()}, **os.environ}
