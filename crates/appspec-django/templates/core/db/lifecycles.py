"""States that follow on each other as a lifecycle says, whoever writes them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import BaseConstraint

from core.db.sqlite.functions import ANY_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model

# PostgreSQL is told by a setting of the transaction that new rows may begin in any state.
SETTING = "lifecycle.any_state"

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


@contextmanager
def any_state(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let new rows begin in any state until the block ends, which is one transaction.

    This is for rows that were somewhere else before: imports, examples and tests. Rows that are
    there change by actions all the same.
    """
    before = ANY_STATE.get()
    token = ANY_STATE.set(True)
    try:
        with transaction.atomic(using=using):
            tell(using, allowed=True)
            yield
            tell(using, allowed=before)
    finally:
        ANY_STATE.reset(token)


def tell(using: str, *, allowed: bool) -> None:
    """Tell PostgreSQL, until the transaction ends, whether new rows may begin in any state."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, "on" if allowed else "off"])


class Lifecycle(BaseConstraint):
    """A row begins in the first state, and its state changes only as the moves say.

    Both databases keep it by two triggers: one about new rows, one about changes. They look at a
    row after its CHECKs, which say more about what is wrong with it.
    """

    postgresql = """\
CREATE CONSTRAINT TRIGGER %(name)s AFTER %(event)s ON %(table)s
FOR EACH ROW WHEN (%(when)s) EXECUTE FUNCTION refuse_row(%(rule)s)"""
    sqlite = """\
CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s WHEN %(when)s BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: %(plain)s');
END"""

    def __init__(
        self, *, field: str, first: str, moves: Mapping[str, Sequence[str]], **rule: Any
    ) -> None:
        super().__init__(**rule)
        self.field, self.first = field, str(first)
        self.moves = {str(state): sorted(map(str, moves[state])) for state in sorted(moves)}

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "first": self.first, "moves": self.moves}

    def __eq__(self, other: object) -> bool:
        """Say whether the rules say the same."""
        return isinstance(other, Lifecycle) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        """Return a number that equal rules share."""
        return hash(self.name)

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add nothing to the table's definition; triggers follow when it is there."""
        schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what adds the rule to PostgreSQL; the table may not be there yet."""
        begins, changes = self.triggers(model, schema_editor)
        schema_editor.deferred_sql.append(begins)
        return changes

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what removes the rule from PostgreSQL."""
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        drop = "DROP TRIGGER %(name)s ON %(table)s"
        first = Statement(drop, name=quote(self.first_name), table=table)
        schema_editor.execute(first, params=None)
        return Statement(drop, name=quote(self.name), table=table)

    @property
    def first_name(self) -> str:
        """Return the name of the trigger about new rows, which no database cuts."""
        return f"{self.name[:56]}__first"

    def triggers(self, model: type[Model], schema_editor: Any) -> list[Statement]:
        """Return the trigger about new rows, and the one about changes."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        if not is_sqlite:
            schema_editor.execute(REFUSE_ROW, params=None)
        table = model._meta.db_table
        fields = model._meta.concrete_fields
        column = next(str(field.column) for field in fields if field.name == self.field)
        old, new = f"OLD.{quote(column)}", f"NEW.{quote(column)}"
        eased = "any_state()" if is_sqlite else f"current_setting('{SETTING}', true) = 'on'"
        begins = f"{new} <> {text(self.first)} AND ({eased}) IS NOT TRUE"
        moves = [
            f"{old} = {text(state)} AND {new} IN ({', '.join(map(text, states))})"
            for state, states in self.moves.items()
        ]
        changes = " OR ".join([f"{old} = {new}", *(f"({move})" for move in moves)])
        watched = Columns(table, [column], quote)
        update = Statement("UPDATE OF %(columns)s", table=table, columns=watched)
        parts = {"table": Table(table, quote), "rule": text(self.name), "plain": self.name}
        template = self.sqlite if is_sqlite else self.postgresql
        return [
            Statement(template, name=quote(self.first_name), event="INSERT", when=begins, **parts),
            Statement(
                template, name=quote(self.name), event=update, when=f"NOT ({changes})", **parts
            ),
        ]

    def validate(
        self,
        model: type[Model],
        instance: Any,
        exclude: Iterable[str] | None = None,
        *_more: Any,
        **_using: Any,
    ) -> None:
        """Raise ``ValidationError`` if something else than an action has set the state."""
        is_judged = isinstance(instance, model) and self.field not in (exclude or ())
        if is_judged and instance.is_out_of_turn(self):
            raise self.refusal()

    def refusal(self) -> ValidationError:
        """Return what says that the rule is broken."""
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code)
