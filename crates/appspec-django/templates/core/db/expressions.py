"""Expressions that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DurationField,
    Func,
    IntegerField,
    Value,
)
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Q
    from django.db.models.expressions import Combinable
    from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, tuple[str | int, ...]]


class Holds(Coalesce):
    """A condition that is false, not unknown, when a value it needs is missing.

    A CHECK passes on NULL; a rule of the specification does not.
    """

    def __init__(self, condition: Q | Combinable) -> None:
        super().__init__(condition, Value(value=False), output_field=BooleanField())


class VendorFunc(Func):
    """A function written out per database; each ``{0}``, ``{1}`` stands for an operand."""

    postgresql: str
    sqlite: str

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_extra: Any
    ) -> Compiled:
        """Write the function out for the database of the connection."""
        template = self.sqlite if connection.vendor == "sqlite" else self.postgresql
        operands = [compiler.compile(operand) for operand in self.get_source_expressions()]
        order = [int(piece[0]) for piece in template.split("{")[1:]]
        params = tuple(param for index in order for param in operands[index][1])
        return template.format(*(f"({sql})" for sql, _ in operands)), params


class WholeUnitsBetween(VendorFunc):
    """How many whole units lie between two moments; a part of a unit does not count."""

    output_field = BigIntegerField()
    arity = 2

    def __init_subclass__(cls, seconds: int) -> None:
        """Write out the unit."""
        super().__init_subclass__()
        cls.postgresql = f"TRUNC(EXTRACT(EPOCH FROM ({{1}} - {{0}})) / {seconds})::bigint"
        cls.sqlite = f"(django_timestamp_diff({{1}}, {{0}}) / {seconds * 1_000_000})"


class MinutesBetween(WholeUnitsBetween, seconds=60):
    """Whole minutes from the first moment to the second."""


class HoursBetween(WholeUnitsBetween, seconds=3_600):
    """Whole hours from the first moment to the second."""


class DaysBetween(WholeUnitsBetween, seconds=86_400):
    """Whole days of 24 hours from the first moment to the second."""


class DatesBetween(VendorFunc):
    """Days from the first date to the second."""

    postgresql = "({1} - {0})"
    sqlite = "CAST(JULIANDAY({1}) - JULIANDAY({0}) AS INTEGER)"
    output_field = IntegerField()
    arity = 2


class AddDays(VendorFunc):
    """A date, moved by a number of days."""

    postgresql = "({0} + {1})"
    sqlite = "moved_date({0}, {1})"
    output_field = DateField()
    arity = 2


class Later(VendorFunc):
    """A moment, moved by a length of time.

    PostgreSQL counts days in the time zone of the session unless it is told one; told UTC, a day
    has 24 hours, and generated columns and conditions of indexes may keep the result.
    """

    postgresql = "(({0} AT TIME ZONE 'UTC' + {1}) AT TIME ZONE 'UTC')"
    sqlite = "moved({0}, {1})"
    output_field = DateTimeField()
    arity = 2


class Earlier(VendorFunc):
    """A moment, moved back by a length of time; see ``Later``."""

    postgresql = "(({0} AT TIME ZONE 'UTC' - {1}) AT TIME ZONE 'UTC')"
    sqlite = "moved({0}, -{1})"
    output_field = DateTimeField()
    arity = 2


class Times(VendorFunc):
    """A length of time, so many times."""

    postgresql = "({0} * {1})"
    sqlite = "({0} * {1})"
    output_field = DurationField()
    arity = 2


class StartsWith(VendorFunc):
    """Whether the first text begins with the second, letter for letter."""

    postgresql = "STARTS_WITH({0}, {1})"
    sqlite = "(SUBSTR({0}, 1, LENGTH({1})) = {1})"
    output_field = BooleanField()
    arity = 2


class EndsWith(VendorFunc):
    """Whether the first text ends with the second, letter for letter."""

    postgresql = "(RIGHT({0}, LENGTH({1})) = {1})"
    sqlite = "(SUBSTR({0}, LENGTH({0}) - LENGTH({1}) + 1) = {1} AND LENGTH({0}) >= LENGTH({1}))"
    output_field = BooleanField()
    arity = 2


class Contains(VendorFunc):
    """Whether the second text occurs in the first, letter for letter."""

    postgresql = "(STRPOS({0}, {1}) > 0)"
    sqlite = "(INSTR({0}, {1}) > 0)"
    output_field = BooleanField()
    arity = 2


class AsciiLower(VendorFunc):
    """A text with the letters A to Z in lower case."""

    postgresql = 'LOWER({0} COLLATE "C")'
    sqlite = "LOWER({0})"
    output_field = CharField()
    arity = 1


class AsciiUpper(VendorFunc):
    """A text with the letters a to z in upper case."""

    postgresql = 'UPPER({0} COLLATE "C")'
    sqlite = "UPPER({0})"
    output_field = CharField()
    arity = 1


class SameLetters(VendorFunc):
    """A text as it is compared where case does not count: in lower case, by the rules of Unicode.

    PostgreSQL is told which rules, so that the locale of the database changes nothing.
    """

    postgresql = '(LOWER({0} COLLATE "und-x-icu") COLLATE "C")'
    sqlite = "same_letters({0})"
    output_field = CharField()
    arity = 1


class ItemCount(VendorFunc):
    """How many items a list has; unknown of what is no list, which another rule refuses."""

    postgresql = "CASE WHEN JSONB_TYPEOF({0}) = 'array' THEN JSONB_ARRAY_LENGTH({0}) END"
    sqlite = "CASE WHEN JSON_TYPE({0}) = 'array' THEN JSON_ARRAY_LENGTH({0}) END"
    output_field = IntegerField()
    arity = 1


class JSONKind(VendorFunc):
    """The kind of a JSON value: ``array``, ``object``, ``string`` and so on."""

    postgresql = "JSONB_TYPEOF({0})"
    sqlite = "JSON_TYPE({0})"
    output_field = CharField()
    arity = 1
