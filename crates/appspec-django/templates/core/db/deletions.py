"""What stands in the way of deletions: a row is marked before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.db.triggers import StayingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.ddl_references import Statement
    from django.db.models import Model


class MarkedFirst(StayingRule):
    """A row goes for good only when it is marked as deleted: until then it can be restored.

    A trigger keeps the rule on both databases, whatever deletes.
    """

    # Where the mark is.
    mark = "deleted_at"

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about deletions."""
        column = schema_editor.quote_name(self.column(model, self.mark))
        return [self.stays(model, schema_editor, name=self.name, when=f"OLD.{column} IS NULL")]
