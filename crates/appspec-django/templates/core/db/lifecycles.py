"""States that follow on each other as a lifecycle says, whoever writes them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.ddl_references import Columns, Statement

from core.db.sqlite.functions import ANY_STATE
from core.db.triggers import RowRule, trigger_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model

# PostgreSQL is told by a setting of the transaction that new rows may begin in any state.
SETTING = "lifecycle.any_state"


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


class Lifecycle(RowRule):
    """A row begins in the first state, and its state changes only as the moves say.

    Both databases keep it by two triggers: one about new rows, one about changes.
    """

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

    @property
    def first_name(self) -> str:
        """Return the name of the trigger about new rows."""
        return trigger_name(self.name, "first")

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers, the rule's own last."""
        return [self.first_name, self.name]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about new rows, and the one about changes."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        table, column = model._meta.db_table, self.column(model, self.field)
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
        return [
            self.trigger(model, schema_editor, name=self.first_name, event="INSERT", when=begins),
            self.trigger(
                model, schema_editor, name=self.name, event=update, when=f"NOT ({changes})"
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
