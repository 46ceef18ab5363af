"""Helpers of the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.models import Record


def missing_rules(model: str, rules: Iterable[str]) -> list[str]:
    """Return the rules that the table of a model lacks."""
    table = apps.get_model(model)._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s", [table])
            statements = " ".join(sql for (sql,) in cursor.fetchall() if sql)
            return [rule for rule in rules if f'"{rule}"' not in statements]
        stored = connection.introspection.get_constraints(cursor, table)
    return [rule for rule in rules if rule not in stored]


def validate(model: str, rule: str, values: Mapping[str, Any]) -> None:
    """Let the database judge a row by one rule; raise ``ValidationError`` if it breaks it."""
    found = apps.get_model(model)
    row = found(**values)
    named = [constraint for constraint in found._meta.constraints if constraint.name == rule]
    for constraint in named:
        constraint.validate(found, row)
    if not named:
        message = f"{model} has no rule {rule}."
        raise LookupError(message)


def create(model: str, rule: str, values: Mapping[str, Any]) -> None:
    """Judge a new row by one rule about the creation of rows, as ``save`` does."""
    found: type[Record] = apps.get_model(model)
    if rule not in {moment.code for moment in found.rules_on_create}:
        message = f"{model} has no rule {rule}."
        raise LookupError(message)
    try:
        found(**values).check_rules_on_create()
    except ValidationError as error:
        if rule in {each.code for each in error.error_list}:
            raise
