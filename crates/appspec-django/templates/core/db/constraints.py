"""Rules of the database about several rows that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import BaseConstraint, Case, F, Func, Max, Q, RowRange, Value, When, Window
from django.db.models.functions import Lead
from django.db.models.lookups import IsNull
from django.db.models.sql import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.checks import CheckMessage
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.models import Field, Model, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    Rows = QuerySet[Any]

RANGES = {
    "BigIntegerField": "numrange",
    "DateField": "daterange",
    "DateTimeField": "tstzrange",
    "IntegerField": "numrange",
}


# Two writers that insert at once would each wait for the other to end, until PostgreSQL ends one
# of them. So those who share what the rule is about take turns, each until its transaction ends.
TAKE_TURNS = """\
CREATE OR REPLACE FUNCTION take_turns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  turn text := TG_NAME;
BEGIN
  FOR place IN 0 .. TG_NARGS - 1 LOOP
    turn := concat_ws('/', turn, to_jsonb(NEW) ->> TG_ARGV[place]);
  END LOOP;
  PERFORM pg_advisory_xact_lock(hashtextextended(turn, 0));
  RETURN NEW;
END
$$"""


class Stretch(Func):
    """From one value to another, as PostgreSQL's type for it; an end that is missing is open."""

    def __init__(self, start: str, end: str, *, closed: bool = False) -> None:
        super().__init__(start, end)
        self.bounds = "[]" if closed else "[)"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Choose the type by that of the ends."""
        kind = RANGES[self.get_source_expressions()[0].output_field.get_internal_type()]
        template = f"{kind}(%(expressions)s, '{self.bounds}')"
        return super().as_sql(compiler, connection, template=template)


class NoOverlap(ExclusionConstraint):
    """No two rows with the same ``per`` take up the same stretch, from ``start`` to ``end``.

    PostgreSQL keeps it by an exclusion constraint, SQLite by triggers. With ``closed`` the end is
    part of the stretch; without, a row that ends where it begins takes up nothing. Another rule has
    to keep the end from lying before the start.
    """

    take_turns = """\
CREATE TRIGGER %(name)s BEFORE INSERT OR UPDATE OF %(columns)s ON %(table)s
FOR EACH ROW EXECUTE FUNCTION take_turns(%(per)s)"""
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
        start: str,
        end: str,
        closed: bool = False,
        per: Sequence[str] = (),
        **rule: Any,
    ) -> None:
        self.start, self.end, self.closed, self.per = start, end, closed, tuple(per)
        stretch = Stretch(start, end, closed=closed)
        equal = [(name, "=") for name in self.per]
        super().__init__(expressions=[*equal, (stretch, "&&")], **rule)

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

    def check(self, *_args: Any, **_more: Any) -> list[CheckMessage]:
        """Have nothing to say: what this needs of PostgreSQL is no matter of installed apps."""
        return []

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what stands in the table's definition; triggers follow when it is there."""
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))
            return None
        # Compares plain values in an index of stretches; the owner of a database may create it.
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(TAKE_TURNS)
        schema_editor.deferred_sql.append(self.turns(model, schema_editor))
        return super().constraint_sql(model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what removes the rule from PostgreSQL."""
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        schema_editor.execute(
            Statement("DROP TRIGGER %(name)s ON %(table)s", name=quote(self.name), table=table)
        )
        return super().remove_sql(model, schema_editor)

    def turns(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        """Return the trigger by which those who write at once to PostgreSQL take turns."""
        quote = schema_editor.quote_name
        table = model._meta.db_table
        per = [self.column(model, name) for name in self.per]
        return Statement(
            self.take_turns,
            name=quote(self.name),
            table=Table(table, quote),
            columns=Columns(table, self.watched(model), quote),
            per=", ".join(schema_editor.quote_value(column) for column in per),
        )

    def triggers(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        """Return the triggers by which SQLite keeps the rule."""
        quote = schema_editor.quote_name
        table = model._meta.db_table
        conditions = [f"({sql})" for sql in [self.condition_sql(model, schema_editor)] if sql]
        columns = [self.column(model, name) for name in (self.start, self.end, *self.per)]
        start, end, *per = (quote(column) for column in columns)
        less = "<=" if self.closed else "<"
        if not self.closed:
            conditions.append(f"({start} IS NULL OR {end} IS NULL OR {start} < {end})")
        meets = [f"{column} = NEW.{column}" for column in per]
        meets += [
            f"({early} IS NULL OR {late} IS NULL OR {early} {less} {late})"
            for early, late in ((f"NEW.{start}", end), (start, f"NEW.{end}"))
        ]
        parts = {
            "rule": self.name,
            "table": Table(table, quote),
            "key": quote(str(model._meta.pk.column)),
            "condition": "".join(f" AND {condition}" for condition in conditions),
            "meets": " AND ".join(meets),
        }
        watched = Columns(table, self.watched(model), quote)
        return [
            Statement(self.trigger, name=quote(self.name), event="INSERT", **parts),
            Statement(
                self.trigger,
                name=quote(f"{self.name}__update"),
                event=Statement("UPDATE OF %(columns)s", table=table, columns=watched),
                **parts,
            ),
        ]

    def condition_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """Return what says which rows count, about the columns of one table."""
        if self.condition is None:
            return ""
        connection = schema_editor.connection
        query = Query(model, alias_cols=False)
        where = query.build_where(self.condition)
        sql, params = where.as_sql(query.get_compiler(connection=connection), connection)
        return sql % tuple(schema_editor.quote_value(param) for param in params)

    def read(self) -> list[str]:
        """Return the fields that decide whether a row is in the way of another."""
        names = [self.start, self.end, *self.per]
        if self.condition is not None:
            names += sorted(self.condition.referenced_base_fields)
        return list(dict.fromkeys(names))

    def watched(self, model: type[Model]) -> list[str]:
        """Return their columns."""
        return [self.column(model, name) for name in self.read()]

    @staticmethod
    def field(model: Model | type[Model], name: str) -> Field[Any, Any]:
        """Return a field by its name."""
        return next(field for field in model._meta.concrete_fields if field.name == name)

    def column(self, model: type[Model], name: str) -> str:
        """Return what the database calls a field."""
        return str(self.field(model, name).column)

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ``ValidationError`` if another row is in the way of this one."""
        if not set(self.read()).isdisjoint(exclude or ()):
            return
        shared = {name: self.value(instance, name) for name in self.per}
        if None in shared.values() or not self.concerns(instance, using):
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

    def concerns(self, instance: Model, using: str) -> bool:
        """Say whether a row counts."""
        if self.condition is None:
            return True
        names = self.condition.referenced_base_fields
        values = {
            name: Value(self.value(instance, name), self.field(instance, name)) for name in names
        }
        return self.condition.check(values, using=using)

    def value(self, instance: Model, name: str) -> Any:
        """Return what a row holds, of a reference the key."""
        return getattr(instance, self.field(instance, name).attname)

    def offending(self, rows: Rows) -> Rows:
        """Return the rows that another row is in the way of.

        In the order of their starts, a row meets one before it if the latest end of these lies
        behind its start, and one after it if its end lies behind the next start. So each row is
        looked at once, and not beside all others of the same ``per``.
        """
        start, end, key = F(self.start), F(self.end), F("pk")
        order = [start.asc(nulls_first=True), key.asc()]
        per = [F(name) for name in self.per] or None
        among: dict[str, Any] = {"partition_by": per, "order_by": order}
        before = {**among, "frame": RowRange(start=None, end=-1)}
        is_open = Case(When(IsNull(end, rhs=True), then=1), default=0)
        lookup = "gte" if self.closed else "gt"
        found = self.counted(rows).filter(*(IsNull(F(name), rhs=False) for name in self.per))
        meeting: Rows = found.alias(
            latest=Window(Max(end), **before),
            open_before=Window(Max(is_open), **before),
            next_key=Window(Lead("pk"), **among),
            next_start=Window(Lead(self.start), **among),
        ).filter(
            # What begins nowhere meets all that lie before it, which begin nowhere as well.
            Q(open_before=1)
            | Q((f"latest__{lookup}", start))
            | Q(IsNull(start, rhs=True), latest__isnull=False)
            | Q((f"next_start__{'lte' if self.closed else 'lt'}", end))
            | Q(IsNull(end, rhs=True), next_key__isnull=False)
            | Q(IsNull(start, rhs=True), next_key__isnull=False, next_start__isnull=True)
        )
        return meeting

    def counted(self, rows: Rows) -> Rows:
        """Return the rows that count and take up something."""
        if not self.closed:
            ends = Q((f"{self.start}__isnull", True)) | Q((f"{self.end}__isnull", True))
            rows = rows.filter(ends | Q((f"{self.start}__lt", F(self.end))))
        return rows if self.condition is None else rows.filter(self.condition)

    def begins_before(self, end: Any) -> Q:
        """Return what is true of rows that begin before an end, or at it if it is taken too."""
        lookup = "lte" if self.closed else "lt"
        return Q((f"{self.start}__isnull", True)) | Q((f"{self.start}__{lookup}", end))

    def ends_behind(self, start: Any) -> Q:
        """Return what is true of rows that end behind a start."""
        lookup = "gte" if self.closed else "gt"
        return Q((f"{self.end}__isnull", True)) | Q((f"{self.end}__{lookup}", start))
