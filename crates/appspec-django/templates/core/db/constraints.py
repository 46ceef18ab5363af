"""Rules of the database that look at several rows, and mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import BaseConstraint, Exists, Func, OuterRef, Q
from django.db.models.lookups import IsNull
from django.db.models.sql import Query

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.models import Model, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    Rows = QuerySet[Any]

RANGES = {
    "BigIntegerField": "numrange",
    "DateField": "daterange",
    "DateTimeField": "tstzrange",
    "IntegerField": "numrange",
}


class Stretch(Func):
    """From one value to another, as PostgreSQL's type for it; an end that is missing is open."""

    def __init__(self, start: str, end: str, *, closed: bool = False) -> None:
        super().__init__(start, end)
        self.bounds = "[]" if closed else "[)"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: Any
    ) -> tuple[str, list[Any]]:
        """Choose the type by that of the ends."""
        kind = RANGES[self.get_source_fields()[0].get_internal_type()]
        template = f"{kind}(%(expressions)s, '{self.bounds}')"
        sql, params = super().as_sql(compiler, connection, template=template)
        return sql, list(params)


class NoOverlap(ExclusionConstraint):
    """No two rows with the same ``per`` take up the same stretch, from ``start`` to ``end``.

    PostgreSQL keeps it by an exclusion constraint, SQLite by triggers. With ``closed`` the end is
    part of the stretch. Another rule has to keep the end behind the start.
    """

    trigger = """\
CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: %(rule)s') WHERE EXISTS (
    SELECT 1 FROM %(table)s WHERE %(key)s = NEW.%(key)s%(condition)s
  ) AND EXISTS (
    SELECT 1 FROM %(table)s WHERE %(key)s <> NEW.%(key)s AND %(meets)s%(condition)s
  );
END"""

    def __init__(
        self,
        *,
        name: str,
        start: str,
        end: str,
        closed: bool = False,
        per: Sequence[str] = (),
        condition: Q | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.start, self.end, self.closed, self.per = start, end, closed, tuple(per)
        super().__init__(
            name=name,
            expressions=[
                *((field, "=") for field in self.per),
                (Stretch(start, end, closed=closed), "&&"),
            ],
            condition=condition,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = BaseConstraint.deconstruct(self)
        kwargs |= {"start": self.start, "end": self.end}
        if self.closed:
            kwargs["closed"] = True
        if self.per:
            kwargs["per"] = list(self.per)
        if self.condition is not None:
            kwargs["condition"] = self.condition
        return path, args, kwargs

    def constraint_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | None:
        """Return what stands in the table's definition; SQLite's triggers follow when it is there."""
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))
            return None
        if self.per:
            # Compares plain values in an index for stretches; the owner of a database may create it.
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super().constraint_sql(model, schema_editor)

    def triggers(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        """Return the triggers by which SQLite keeps the rule."""
        quote = schema_editor.quote_name
        table = model._meta.db_table
        query = Query(model, alias_cols=False)
        compiler = query.get_compiler(connection=schema_editor.connection)
        condition = self._get_condition_sql(compiler, schema_editor, query)
        columns = [self.column(model, name) for name in (self.start, self.end, *self.per)]
        start, end, *per = (quote(column) for column in columns)
        less = "<=" if self.closed else "<"
        meets = [f"{column} = NEW.{column}" for column in per]
        meets += [
            f"({early} IS NULL OR {late} IS NULL OR {early} {less} {late})"
            for early, late in ((f"NEW.{start}", end), (start, f"NEW.{end}"))
        ]
        parts = {
            "rule": self.name,
            "table": Table(table, quote),
            "key": quote(str(model._meta.pk.column)),
            "condition": f" AND ({condition})" if condition else "",
            "meets": " AND ".join(meets),
        }
        watched = Columns(table, [*columns, *self.read_by_condition(model)], quote)
        return [
            Statement(self.trigger, name=quote(self.name), event="INSERT", **parts),
            Statement(
                self.trigger,
                name=quote(f"{self.name}__update"),
                event=Statement("UPDATE OF %(columns)s", table=table, columns=watched),
                **parts,
            ),
        ]

    def read_by_condition(self, model: type[Model]) -> list[str]:
        """Return the columns that decide whether a row counts."""
        if self.condition is None:
            return []
        names = {name for name, *_ in model._get_expr_references(self.condition)}
        return sorted(self.column(model, name) for name in names)

    @staticmethod
    def column(model: type[Model], name: str) -> str:
        """Return what the database calls a field."""
        return str(getattr(model._meta.get_field(name), "column", name))

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ``ValidationError`` if another row is in the way of this one."""
        names = {self.start, self.end, *self.per}
        if self.condition is not None:
            names |= {name for name, *_ in model._get_expr_references(self.condition)}
        if not names.isdisjoint(exclude or ()):
            return
        shared = {name: self.value(instance, name) for name in self.per}
        if None in shared.values() or not self.concerns(model, instance, exclude, using):
            return
        start, end = self.value(instance, self.start), self.value(instance, self.end)
        others = self.counted(model._base_manager.using(using)).filter(**shared)
        # A missing end is open: it lies behind every start.
        if end is not None:
            others = others.filter(self.begins_before(end))
        if start is not None:
            others = others.filter(self.ends_behind(start))
        if not instance._state.adding:
            others = others.exclude(pk=instance.pk)
        is_stretch = None in (start, end) or (start <= end if self.closed else start < end)
        if is_stretch and others.exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )

    def concerns(
        self,
        model: type[Model],
        instance: Model,
        exclude: Collection[str] | None,
        using: str,
    ) -> bool:
        """Say whether a row counts."""
        if self.condition is None:
            return True
        values = instance._get_field_expression_map(meta=model._meta, exclude=exclude)
        return self.condition.check(values, using=using)

    @staticmethod
    def value(instance: Model, name: str) -> Any:
        """Return what a row holds, of a reference the key."""
        field = instance._meta.get_field(name)
        return getattr(instance, getattr(field, "attname", name))

    def offending(self, rows: Rows) -> Rows:
        """Return the rows that another row is in the way of."""
        counted = self.counted(rows)
        others = counted.exclude(pk=OuterRef("pk"))
        others = others.filter(**{name: OuterRef(name) for name in self.per})
        start, end = OuterRef(self.start), OuterRef(self.end)
        others = others.filter(
            Q(IsNull(end, rhs=True)) | self.begins_before(end),
            Q(IsNull(start, rhs=True)) | self.ends_behind(start),
        )
        return counted.filter(Exists(others))

    def counted(self, rows: Rows) -> Rows:
        """Return the rows that count."""
        return rows if self.condition is None else rows.filter(self.condition)

    def begins_before(self, end: Any) -> Q:
        """Return what is true of rows that begin before an end, or at it if it is taken too."""
        lookup = "lte" if self.closed else "lt"
        return Q((f"{self.start}__isnull", True)) | Q((f"{self.start}__{lookup}", end))

    def ends_behind(self, start: Any) -> Q:
        """Return what is true of rows that end behind a start."""
        lookup = "gte" if self.closed else "gt"
        return Q((f"{self.end}__isnull", True)) | Q((f"{self.end}__{lookup}", start))
