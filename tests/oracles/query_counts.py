"""Counts the queries of every admin page and list of the API with few rows and with many; they must be the same.

Runs inside an emitted project, on a migrated SQLite database that is thrown away. The rows are
plausible, not valid: CHECK constraints are switched off, because only the number of rows matters.
"""

import datetime
import decimal
import sys
import uuid
from contextlib import nullcontext
from importlib.util import find_spec
from urllib.parse import urlencode

import django

django.setup()

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import reverse

FEW, MANY = 3, 15


def key_of(model, number):
    """The primary key of the row with this number: known in advance, so that rows may point to each other."""
    key = model._meta.pk
    if key.remote_field:
        return key_of(key.remote_field.model, number)
    if isinstance(key, models.UUIDField):
        return uuid.UUID(int=number + 1)
    if isinstance(key, models.IntegerField):
        return number + 1000
    return f"key{number}"


def value_of(field, number):
    """A value of the field's type, different for each number."""
    if field.remote_field:
        return key_of(field.remote_field.model, number)
    if field.choices:
        choices = list(field.flatchoices)
        return choices[number % len(choices)][0]
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=number)
    kinds = [
        (models.EmailField, lambda: f"person{number}@example.com"),
        (models.URLField, lambda: f"https://example.com/{number}"),
        # Without a value a file is empty; a column that has to have one gets the name of a file that is not there.
        (models.FileField, lambda: None if field.null else f"{number}.txt"),
        ((models.CharField, models.TextField), lambda: f"{number} {field.name}"[: field.max_length or 200]),
        (models.DecimalField, lambda: decimal.Decimal(number + 1).scaleb(-field.decimal_places)),
        (models.BooleanField, lambda: True),
        (models.IntegerField, lambda: number + 1),
        (models.FloatField, lambda: float(number)),
        (models.DateTimeField, lambda: moment),
        (models.DateField, lambda: moment.date()),
        (models.TimeField, lambda: moment.time()),
        (models.DurationField, lambda: datetime.timedelta(minutes=number)),
        (models.UUIDField, lambda: uuid.UUID(int=number + 1)),
        (models.JSONField, lambda: field.get_default() if field.has_default() else {}),
        (models.GenericIPAddressField, lambda: f"10.0.0.{number + 1}"),
        (models.BinaryField, lambda: b"x"),
    ]
    for kind, make in kinds:
        if isinstance(field, kind):
            return make()
    return field.get_default()


def row(model, number):
    """An unsaved row."""
    values = {}
    for field in model._meta.concrete_fields:
        # What the database gives, and the mark of a row that is hidden.
        given = getattr(model, "numbered_fields", ())
        if getattr(field, "generated", False) or field.name in {*given, "deleted_at"}:
            continue
        value = key_of(model, number) if field.primary_key else value_of(field, number)
        values[field.attname] = value
    return model(**values)


def fill(numbers):
    """Put the rows with these numbers into every table of the project."""
    ours = [m for m in apps.get_models(include_auto_created=True) if not foreign(m)]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        # Of rows with one of few values, `unique (status) where status == running` leaves one.
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE UNIQUE INDEX%WHERE%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
        # And rules that span rows have none to be asked of.
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%ask_rule(%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    for model in ours:
        # A plain queryset: the project's own managers may validate. Rows with a state begin in any.
        with getattr(model, "in_any_state", nullcontext)():
            models.QuerySet(model=model).bulk_create([row(model, number) for number in numbers])


def foreign(model):
    """Whether Django itself keeps the table."""
    return model._meta.app_label in {"account", "auth", "admin", "contenttypes", "sessions"} or model._meta.proxy or not model._meta.managed


def pages():
    """Every page of the admin site that is made from rows."""
    for model in sorted(admin.site._registry, key=lambda m: m._meta.label):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{name}_changelist")
        yield f"{model._meta.label} list", listed
        if admin.site._registry[model].search_fields:
            yield f"{model._meta.label} search", f"{listed}?q=a"
        if not foreign(model):
            yield f"{model._meta.label} form", reverse(f"{name}_change", args=[key_of(model, 0)])
        for field in admin.site._registry[model].autocomplete_fields:
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
            yield f"{model._meta.label} choice of {field}", f"{reverse('admin:autocomplete')}?{urlencode(asked)}"


def lists():
    """Every list of the API, where there is one."""
    if find_spec("config.api"):
        from config.api import router

        for prefix, views, _ in router.registry:
            if hasattr(views, "list"):
                yield f"{prefix} in the API", f"/api/{prefix}/"


def counts(client):
    """The number of queries of each page."""
    found = {}
    for name, address in (*pages(), *lists()):
        client.get(address)  # the first request may fill caches
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        if response.status_code != 200:
            sys.exit(f"{name}: {address} answered {response.status_code}")
        found[name] = queries.captured_queries  # now: the context reads a log that goes on
    return found


def main():
    setup_test_environment()
    connection.force_debug_cursor = True
    fill(range(FEW))
    client = Client()
    client.force_login(get_user_model()._base_manager.get(pk=key_of(get_user_model(), 0)))
    few = counts(client)
    fill(range(FEW, MANY))
    many = counts(client)
    if len(few) < 2:
        sys.exit("the admin site has no pages")
    findings = [
        f"{name}: {len(few[name])} queries with {FEW} rows, {len(many[name])} with {MANY}\n"
        + "\n".join(f"    {query['sql']}" for query in many[name])
        for name in few
        if len(few[name]) != len(many[name])
    ]
    print("\n".join(findings) or f"{len(few)} pages, at most {max(len(q) for q in many.values())} queries each")
    sys.exit(1 if findings else 0)


main()
