"""What a query says of the rows that point to each of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    DecimalField,
    Exists,
    Expression,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.db.exact import Known
from core.db.expressions import Holds

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Q, QuerySet
    from django.db.models.expressions import Combinable
    from django.db.models.sql.compiler import SQLCompiler

    from core.db.expressions import Compiled


class Pointing(Expression):
    """Something about the rows of a model that point here by a reference.

    It becomes a query when it is known which row is asked for, and which models there are.
    """

    def __init__(self, model: str, reference: str, where: Q | None = None) -> None:
        super().__init__()
        self.model, self.reference, self.where = model, reference, where

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the query, as a part of another one."""
        model = query.model._meta.apps.get_model(self.model)
        rows = model._base_manager.order_by().filter(**{self.reference: OuterRef("pk")})
        said = self.said(rows if self.where is None else rows.filter(self.where))
        return said.resolve_expression(query, *args, **kwargs)

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return what is said of these rows."""
        raise NotImplementedError

    def summed_up(self, rows: QuerySet[Any], summary: Aggregate) -> Subquery:
        """Return a number about all of the rows."""
        return Subquery(rows.values(self.reference).annotate(result=summary).values("result"))


class HasRow(Pointing):
    """Whether there is such a row."""

    output_field = BooleanField()

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return whether there is one."""
        return Exists(rows)


class AllRows(Pointing):
    """Whether a condition holds of every such row."""

    output_field = BooleanField()

    def __init__(self, model: str, reference: str, condition: Q) -> None:
        super().__init__(model, reference)
        self.condition = condition

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return whether there is none of which it does not hold."""
        return ~Exists(rows.filter(Exact(Holds(self.condition), Value(value=False))))


class RowCount(Pointing):
    """How many such rows there are."""

    output_field = IntegerField()

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return their number."""
        return Coalesce(self.summed_up(rows, Count("pk")), 0)


class RowSum(Pointing):
    """The sum of a number of such rows."""

    output_field = DecimalField()

    def __init__(
        self, model: str, reference: str, value: Combinable, where: Q | None = None
    ) -> None:
        super().__init__(model, reference, where)
        self.value = value

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return the sum, which is 0 where there is none."""
        return Known(self.summed_up(rows, ExactSum(self.value)), Value(0))


class ExactSum(Aggregate):
    """The sum of numbers, without the errors that floats would bring on SQLite."""

    function = "SUM"
    output_field = DecimalField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> Compiled:
        """Add with the function of the connection."""
        sql, params = self.as_sql(compiler, connection, function="exact_sum", **extra)
        return sql, tuple(params)
