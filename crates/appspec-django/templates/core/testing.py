"""Helpers of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DataError, IntegrityError, connection, models, transaction

from core.errors import names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from core.models import Record

_Model = TypeVar("_Model", bound=models.Model)

# How a file of each kind begins, as far as anybody looks at it.
BEGINNINGS: Mapping[str, bytes] = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "webp": b"RIFF....WEBP",
    "pdf": b"%PDF-",
    "zip": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "mp3": b"ID3",
    "mp4": b"....ftyp",
}

# The database refuses a number that its column can't hold before it asks for any rule.
BY_TYPE = "(the type of the column)"


@dataclass(frozen=True)
class Case:
    """A rule, values that break it, and values that keep it and differ little.

    The same values break nothing else that validation speaks of, and in the database what is
    listed. Where they are computed into a column that can't hold the result, its type comes first.
    """

    make: Callable[..., models.Model]
    rule: str
    breaks: Mapping[str, Any]
    keeps: Mapping[str, Any]
    code: str
    message: str = ""
    also: Collection[str] = ()
    by_type: bool = False

    def __str__(self) -> str:
        return self.rule

    def answers(self) -> list[list[str]]:
        """Return what the database may say: of the rules that are broken, it names one."""
        named = [[rule] for rule in (self.rule, *self.also)]
        return [*named, [BY_TYPE]] if self.by_type else named

    def broken(self) -> models.Model:
        """Make the row that breaks the rule."""
        return self.make(**self.breaks)

    def kept(self) -> models.Model:
        """Make the row that keeps it."""
        return self.make(**self.keeps)


@dataclass(frozen=True)
class Stored:
    """A rule, and values that break it which Django would not write.

    The same values break what is listed, too.
    """

    make: Callable[..., models.Model]
    rule: str
    values: Mapping[str, Any]
    also: Collection[str] = ()

    def __str__(self) -> str:
        return self.rule

    def answers(self) -> list[list[str]]:
        """Return what the database may say: of the rules that are broken, it names one."""
        return [[rule] for rule in (self.rule, *self.also)]


@dataclass(frozen=True)
class Twins:
    """A unique rule, and the values of two rows of which each can stand but not both."""

    make: Callable[..., models.Model]
    rule: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    code: str
    message: str = ""

    def __str__(self) -> str:
        return self.rule

    def older(self) -> models.Model:
        """Make the first row."""
        return self.make(**self.first)

    def newer(self) -> models.Model:
        """Make the second row."""
        return self.make(**self.second)


@dataclass(frozen=True)
class Saved:
    """A row that others point to: one and the same for the same number."""

    make: Callable[..., models.Model]
    number: int = 1

    def row(self) -> models.Model:
        """Return the row, saved."""
        row = self.make(self.number)
        is_counted = isinstance(row._meta.pk, models.AutoField | models.BigAutoField)
        # Far from what the database counts.
        row.pk = self.number + 1_000_000 if is_counted else UUID(int=self.number)
        known = type(row)._base_manager.filter(pk=row.pk).first()
        if known is None:
            row.save()
        return known or row


def build(model: type[_Model], values: Mapping[str, Any]) -> _Model:
    """Make a row; it is not saved, what it points to is."""
    return model(**resolved(values))


def resolved(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the rows that they name, saved."""
    return {
        name: value.row() if isinstance(value, Saved) else value for name, value in values.items()
    }


def upload(kind: str, size: int = 0) -> ContentFile[bytes]:
    """Return a file of a kind, filled up to a size."""
    return ContentFile(BEGINNINGS.get(kind, b"a").ljust(size, b"\n"), name=f"a.{kind}")


def refusals(row: models.Model, words: str = "") -> list[str]:
    """Return the codes of what validation has against a row; an error without the words whole."""
    try:
        row.full_clean()
    except ValidationError as refused:
        errors = [error for listed in refused.error_dict.values() for error in listed]
        return [
            str(error.code) if words in " ".join(error.messages) else repr(error)
            for error in errors
        ]
    return []


def named_by_insert(row: models.Model) -> list[str]:
    """Insert a row past the checks of Django; return the rules that the refusal names."""
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    try:
        with transaction.atomic():
            rows.bulk_create([row])
    except IntegrityError as error:
        return named(error, type(row))
    except DataError:
        return [BY_TYPE]
    return []


def named_by_update(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Save a row, change it past the checks of Django; return the rules that the refusal names."""
    row.save()
    try:
        with transaction.atomic():
            models.QuerySet(type(row)).filter(pk=row.pk).update(**resolved(values))
    except IntegrityError as error:
        return named(error, type(row))
    except DataError:
        return [BY_TYPE]
    return []


def named(error: Exception, model: type[models.Model]) -> list[str]:
    """Return the rules of a model that a refusal of its table names; a lone column by its name."""
    rules = {rule.name: rule for rule in model._meta.constraints}
    for field in model._meta.local_fields:
        if field.unique:
            stored = unique_index(model, str(field.column))
            rules[field.name] = models.UniqueConstraint(fields=[field.name], name=stored)
    return [name for name, rule in rules.items() if names(error, model, rule)]


def unique_index(model: type[models.Model], column: str) -> str:
    """Return what the database calls the unique index of a column; SQLite never says it."""
    if connection.vendor == "sqlite":
        return column
    with connection.cursor() as cursor:
        stored = connection.introspection.get_constraints(cursor, model._meta.db_table)
    unique = [name for name, one in stored.items() if one["unique"] and one["columns"] == [column]]
    return str(unique[0])


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
    judges = [constraint for constraint in found._meta.constraints if constraint.name == rule]
    for constraint in judges:
        constraint.validate(found, row)
    if not judges:
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
