"""Numbers that neither round nor overflow, on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, BooleanField, DecimalField

from core.db.expressions import Compiled, VendorFunc

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Combinable
    from django.db.models.sql.compiler import SQLCompiler


class Number(VendorFunc):
    """A computed number.

    PostgreSQL computes with ``numeric``, which has room for any result; a product of two integer
    columns would overflow. SQLite would compute with floats, where 3 * 0.10 is not 0.30; there the
    functions of ``core.db.sqlite`` compute, and hand numbers on as text.
    """

    output_field = DecimalField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: Any
    ) -> Compiled:
        """Write the function out as it is: Django would make a float of a decimal."""
        return self.as_sql(compiler, connection)


class Constant(Number):
    """A constant of more digits than SQLite keeps of a value."""

    arity = 0

    def __init__(self, number: Decimal) -> None:
        self.postgresql = f"{number:f}::numeric"
        self.sqlite = f"'{number:f}'"
        super().__init__()


class Plus(Number):
    """The sum of two numbers."""

    postgresql = "({0} + {1}::numeric)"
    sqlite = "exact_plus({0}, {1})"
    arity = 2


class Minus(Number):
    """The first number without the second."""

    postgresql = "({0} - {1}::numeric)"
    sqlite = "exact_minus({0}, {1})"
    arity = 2


class Times(Number):
    """The product of two numbers."""

    postgresql = "({0} * {1}::numeric)"
    sqlite = "exact_times({0}, {1})"
    arity = 2


class Known(Number):
    """The first number, or the second where there is no first."""

    postgresql = "COALESCE({0}, {1})"
    sqlite = "COALESCE({0}, {1})"
    arity = 2


class Smaller(Number):
    """The smaller of two numbers."""

    postgresql = "LEAST({0}, {1})"
    sqlite = "exact_smaller({0}, {1})"
    arity = 2


class Larger(Number):
    """The larger of two numbers."""

    postgresql = "GREATEST({0}, {1})"
    sqlite = "exact_larger({0}, {1})"
    arity = 2


class Absolute(Number):
    """A number without its sign."""

    postgresql = "ABS({0}::numeric)"
    sqlite = "exact_absolute({0})"
    arity = 1


class Floored(Number):
    """The greatest whole number that is not above a number."""

    postgresql = "FLOOR({0}::numeric)"
    sqlite = "exact_floored({0})"
    arity = 1


class Ceiled(Number):
    """The smallest whole number that is not below a number."""

    postgresql = "CEIL({0}::numeric)"
    sqlite = "exact_ceiled({0})"
    arity = 1


class Rounded(Number):
    """A number, rounded to so many places; a half goes away from zero."""

    arity = 1

    def __init__(self, operand: Combinable | str, *, places: int) -> None:
        self.postgresql = f"ROUND({{0}}::numeric, {places})"
        self.sqlite = f"exact_rounded({{0}}, {places})"
        super().__init__(operand)


class Equal(VendorFunc):
    """Whether two numbers are the same."""

    postgresql = "({0} = {1})"
    sqlite = "(exact_compared({0}, {1}) = 0)"
    output_field = BooleanField()
    arity = 2


class Less(VendorFunc):
    """Whether the first number is below the second."""

    postgresql = "({0} < {1})"
    sqlite = "(exact_compared({0}, {1}) < 0)"
    output_field = BooleanField()
    arity = 2


class AtMost(VendorFunc):
    """Whether the first number is not above the second."""

    postgresql = "({0} <= {1})"
    sqlite = "(exact_compared({0}, {1}) <= 0)"
    output_field = BooleanField()
    arity = 2


class Result(Number):
    """A computed number as a column holds it."""

    postgresql = "{0}"
    sqlite = "CAST({0} AS NUMERIC)"
    arity = 1


class WholeResult(VendorFunc):
    """A computed whole number as a column holds it."""

    postgresql = "{0}"
    sqlite = "exact_whole({0})"
    output_field = BigIntegerField()
    arity = 1
