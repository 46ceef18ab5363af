"""Rules about changes, which triggers keep on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.backends.ddl_references import Statement, Table
from django.db.backends.utils import names_digest
from django.db.models import BaseConstraint, DecimalField
from django.db.models.sql import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, Q

# PostgreSQL cuts what is longer.
LONGEST_NAME = 63

# The error carries the rule's name, as those of constraints do.
REFUSE_ROW = """\
CREATE OR REPLACE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'check_violation',
    MESSAGE = format('row of "%s" breaks the rule "%s"', TG_TABLE_NAME, TG_ARGV[0]),
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME,
    CONSTRAINT = TG_ARGV[0];
END
$$"""


def trigger_name(rule: str, event: str) -> str:
    """Return the name of another trigger of a rule, which no database cuts and no other one has."""
    name = f"{rule}__{event}"
    if len(name) <= LONGEST_NAME:
        return name
    end = f"_{names_digest(rule, length=8)}__{event}"
    return rule[: LONGEST_NAME - len(end)] + end


def every(*conditions: str) -> str:
    """Return what is true where all conditions are that say something."""
    return " AND ".join(f"({condition})" for condition in conditions if condition) or "TRUE"


class TriggeredRule(BaseConstraint):
    """A rule about what becomes of a row.

    Triggers keep it, each about one kind of write.
    """

    def __eq__(self, other: object) -> bool:
        """Say whether the rules say the same."""
        return isinstance(other, TriggeredRule) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        """Return a number that equal rules share."""
        return hash(self.name)

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers, the rule's own last."""
        raise NotImplementedError

    def validate(self, *_record: Any, **_options: Any) -> None:
        """Have nothing to say about a record; some rules have."""

    def column(self, model: type[Model], name: str) -> str:
        """Return what the database calls a field."""
        for field in model._meta.concrete_fields:
            if field.name == name:
                return str(field.column)
        raise FieldDoesNotExist(name)

    def refusal(self) -> ValidationError:
        """Return what says that the rule is broken."""
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


class RowRule(TriggeredRule):
    """A rule about what becomes of a row, whatever other rows hold.

    Its triggers look at a row after its CHECKs, which say more about what is wrong with it.
    """

    postgresql = """\
CREATE CONSTRAINT TRIGGER %(name)s AFTER %(event)s ON %(table)s
FOR EACH ROW WHEN (%(when)s) EXECUTE FUNCTION refuse_row(%(rule)s)"""
    sqlite = """\
CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s WHEN %(when)s BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: %(plain)s');
END"""

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers, the rule's own last."""
        return [self.name]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return what makes its triggers, in the order of their names."""
        raise NotImplementedError

    def changes(self, fields: Sequence[str], model: type[Model], schema_editor: Any) -> str:
        """Return what is true of a write that gives one of these fields another value."""
        differs = "IS NOT" if schema_editor.connection.vendor == "sqlite" else "IS DISTINCT FROM"
        columns = [schema_editor.quote_name(self.column(model, name)) for name in fields]
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)

    def about(self, condition: Q, row: str, model: type[Model], schema_editor: Any) -> str:
        """Return a condition about the row that a trigger sees as ``OLD`` or ``NEW``."""
        connection, quote = schema_editor.connection, schema_editor.quote_name
        query = Query(model)
        where = query.build_where(condition)
        sql, params = where.as_sql(query.get_compiler(connection=connection), connection)
        for field in model._meta.concrete_fields:
            # Without its column, SQLite would compare a number with the text of one.
            is_number = connection.vendor == "sqlite" and isinstance(field, DecimalField)
            column = quote(field.column)
            for table, seen in ((model._meta.db_table, row), ("old", "OLD")):
                value = f"CAST({seen}.{column} AS NUMERIC)" if is_number else f"{seen}.{column}"
                sql = sql.replace(f"{quote(table)}.{column}", value)
        return str(sql % tuple(schema_editor.quote_value(param) for param in params))

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add nothing to the table's definition; triggers follow when it is there."""
        schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what adds the rule to PostgreSQL; the table may not be there yet."""
        *others, own = self.triggers(model, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return own

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what removes the rule from PostgreSQL."""
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        *others, own = (
            Statement("DROP TRIGGER %(name)s ON %(table)s", name=quote(name), table=table)
            for name in self.trigger_names()
        )
        for statement in others:
            schema_editor.execute(statement, params=None)
        return own

    def trigger(
        self, model: type[Model], schema_editor: Any, *, name: str, event: Any, when: str
    ) -> Statement:
        """Return what makes a trigger that refuses what is so."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        if not is_sqlite:
            schema_editor.execute(REFUSE_ROW, params=None)
        return Statement(
            self.sqlite if is_sqlite else self.postgresql,
            name=quote(name),
            event=event,
            table=Table(model._meta.db_table, quote),
            when=when,
            rule=text(self.name),
            plain=self.name,
        )


class StayingRule(RowRule):
    """A rule by which some rows are not deleted."""

    def stays(self, model: type[Model], schema_editor: Any, *, name: str, when: str) -> Statement:
        """Return what makes a trigger that refuses to delete rows of which a condition is true."""
        # Tables that are emptied as a whole are for tests; PostgreSQL asks no trigger then.
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        when = every(when, "emptying() IS NOT TRUE" if is_sqlite else "")
        return self.trigger(model, schema_editor, name=name, event="DELETE", when=when)
