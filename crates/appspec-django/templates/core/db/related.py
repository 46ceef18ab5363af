"""What a query says of the rows that are related to each of its rows."""

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
    Max,
    Min,
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
    from django.db.models import Field, Q, QuerySet
    from django.db.models.expressions import Combinable
    from django.db.models.sql.compiler import SQLCompiler

    from core.db.expressions import Compiled


class Pointing(Expression):
    """Something about the rows of a model that point here by a reference.

    With ``own``, about those in which a field has the value of that field here. It becomes a query
    when it is known which row is asked for, and which models there are.
    """

    def __init__(
        self, model: str, reference: str, where: Q | None = None, *, own: str = "pk"
    ) -> None:
        super().__init__()
        self.model, self.reference, self.where, self.own = model, reference, where, own

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the query, as a part of another one."""
        model = query.model._meta.apps.get_model(self.model)
        rows = model._base_manager.order_by().filter(**{self.reference: OuterRef(self.own)})
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


class ExactSummary(Aggregate):
    """What is said of several numbers, without the errors that floats would bring on SQLite."""

    output_field = DecimalField()
    exact: str

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> Compiled:
        """Let the function of the connection do it."""
        sql, params = self.as_sql(compiler, connection, function=self.exact, **extra)
        return sql, tuple(params)


class ExactSum(ExactSummary):
    """The sum of numbers."""

    function, exact = "SUM", "exact_sum"


class ExactMin(ExactSummary):
    """The smallest of numbers."""

    function, exact = "MIN", "exact_min"


class ExactMax(ExactSummary):
    """The largest of numbers."""

    function, exact = "MAX", "exact_max"


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


class RowMin(Pointing):
    """The smallest value of such rows; of none there is none."""

    plain: type[Aggregate] = Min
    exact: type[Aggregate] = ExactMin

    def __init__(
        self,
        model: str,
        reference: str,
        value: Combinable,
        where: Q | None = None,
        *,
        output_field: Field[Any, Any],
    ) -> None:
        super().__init__(model, reference, where)
        self.value, self.output_field = value, output_field

    def said(self, rows: QuerySet[Any]) -> Any:
        """Return the value."""
        is_decimal = isinstance(self.output_field, DecimalField)
        summary = self.exact if is_decimal else self.plain
        return self.summed_up(rows, summary(self.value, output_field=self.output_field))


class RowMax(RowMin):
    """The largest value of such rows; of none there is none."""

    plain, exact = Max, ExactMax
