"""The environment contract: everything that is wrong is said at once, and no secret is shown."""

from __future__ import annotations

import pytest

from config.env import CONTRACT, EnvironmentIncompleteError, Stage, load

PASSWORD = "x" * 20
PRODUCTION = {
    "DJANGO_SECRET_KEY": "k" * 50,
    "DATABASE_URL": f"postgres://salon:{PASSWORD}@db.example.com:5432/salon",
    "DJANGO_ALLOWED_HOSTS": "www.example.com, example.com",
{%- if has_files %}
    "DJANGO_MEDIA_ROOT": "/srv/files",
{%- endif %}
{%- if let Some(mail) = mail %}
    {{ mail.url.name }}: f"smtps://salon:{PASSWORD}@mail.example.com",
{%- if let Some(from) = mail.from %}{% if from.is_required %}
    {{ from.name }}: "salon@example.com",
{%- endif %}{% endif %}
{%- endif %}
{%- for own in own.variables %}{% if own.is_required %}
    "{{ own.word }}": {% if own.is_secret %}PASSWORD{% else %}{{ own.sample }}{% endif %},
{%- endif %}{% endfor %}
}
MALFORMED = {
    "DJANGO_SECRET_KEY": "short",
    "DATABASE_URL": f"nonsense://salon:{PASSWORD}@db.example.com/salon",
    "DATABASE_STATEMENT_TIMEOUT": "-1",
    "DJANGO_ALLOWED_HOSTS": ",",
    "DJANGO_HSTS_SECONDS": "a year",
    "DJANGO_LOG_LEVEL": "LOUD",
{%- if has_files %}
    "DJANGO_MEDIA_ROOT": "relative/path",
{%- endif %}
{%- if let Some(mail) = mail %}
    {{ mail.url.name }}: f"http://salon:{PASSWORD}@mail.example.com",
{%- if let Some(from) = mail.from %}
    {{ from.name }}: "nobody",
{%- endif %}
{%- endif %}
{%- for own in own.variables %}{% if let Some(malformed) = own.malformed %}
    "{{ own.word }}": {{ malformed }},
{%- endif %}{% endfor %}
}


def problems(stage: Stage, source: dict[str, str]) -> str:
    """Return the message that ``load`` stops with."""
    with pytest.raises(EnvironmentIncompleteError) as stopped:
        load(stage, source)
    return str(stopped.value)


def test_production_reads_typed_values() -> None:
    """A complete environment is read into the types that the settings need."""
    environment = load(Stage.PRODUCTION, PRODUCTION)
    assert environment.database_url["NAME"] == "salon"
    assert environment.database_url["PASSWORD"] == PASSWORD
    assert environment.django_allowed_hosts == ["www.example.com", "example.com"]
{%- if let Some(mail) = mail %}
    mail = environment.{{ mail.url.field }}
    assert (mail.port, mail.password) == (465, PASSWORD)
{%- endif %}
    assert environment.django_hsts_seconds == 365 * 24 * 60 * 60


@pytest.mark.parametrize("stage", [Stage.DEVELOPMENT, Stage.TEST])
def test_other_stages_need_nothing(stage: Stage) -> None:
    """Development and tests start from an empty environment, on SQLite."""
    assert load(stage, {}).database_url["ENGINE"] == "core.db.sqlite"


def test_everything_missing_is_listed_with_its_purpose() -> None:
    """One message names each required variable, and leaves out those with a default."""
    message = problems(Stage.PRODUCTION, {})
    required = [variable for variable in CONTRACT if Stage.PRODUCTION not in variable.defaults]
    assert {variable.name for variable in required} == set(PRODUCTION)
    for variable in CONTRACT:
        problem = f"- {variable.name} is missing. It {variable.purpose}. Expected: "
        assert (problem in message) == (variable in required)


def test_everything_malformed_is_listed() -> None:
    """One message names each variable that cannot be used."""
    message = problems(Stage.PRODUCTION, MALFORMED)
    # Any text is a text.
    readable = {variable.name for variable in CONTRACT if variable.parse is str}
    assert set(MALFORMED) == {variable.name for variable in CONTRACT} - readable
    for name in MALFORMED:
        assert f"{name} cannot be used" in message


def test_the_value_of_a_secret_is_never_shown() -> None:
    """A message may quote what was given only when it is no secret."""
    message = problems(Stage.PRODUCTION, MALFORMED)
    assert PASSWORD not in message
    assert "short" not in message
    assert "'a year'" in message
    shown = repr(load(Stage.PRODUCTION, PRODUCTION))
    assert PASSWORD not in shown
    assert PRODUCTION["DJANGO_SECRET_KEY"] not in shown


def test_an_empty_variable_is_a_missing_one() -> None:
    """``NAME=`` in a file means that nobody has filled it in."""
    message = problems(Stage.PRODUCTION, {**PRODUCTION, "DJANGO_SECRET_KEY": "  "})
    assert "DJANGO_SECRET_KEY is missing" in message
    assert "DATABASE_URL" not in message
