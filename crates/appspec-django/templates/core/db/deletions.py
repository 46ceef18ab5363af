"""What stands in the way of deletions: a row is marked before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS

from core.db.triggers import RowRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.ddl_references import Statement
    from django.db.models import Model


class MarkedFirst(RowRule):
    """A row goes for good only when it is marked as deleted: until then it can be restored.

    A trigger keeps the rule on both databases, whatever deletes.
    """

    # Where the mark is.
    mark = "deleted_at"

    def trigger_names(self) -> Sequence[str]:
        """Return the name of its trigger."""
        return [self.name]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about deletions."""
        column = schema_editor.quote_name(self.column(model, self.mark))
        when = f"OLD.{column} IS NULL"
        # Tables that are emptied as a whole are for tests; PostgreSQL asks no trigger then.
        if schema_editor.connection.vendor == "sqlite":
            when = f"{when} AND emptying() IS NOT TRUE"
        return [self.trigger(model, schema_editor, name=self.name, event="DELETE", when=when)]

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Have nothing to say about a row that stays."""
