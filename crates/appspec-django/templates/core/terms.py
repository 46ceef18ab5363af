"""Pages of the admin site for rows that stay for some time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.admin import RecordAdmin
from core.db.terms import too_early

if TYPE_CHECKING:
    from django.http import HttpRequest


class TermAdmin(RecordAdmin):
    """Pages that say until when a row has to stay, and do not delete it before."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what a deletion takes along, and which of the rows are in its way themselves."""
        found, counts, refused, in_the_way = super().get_deleted_objects(objs, request)
        told = [(row, too_early(row)) for row in objs]
        kept = [f"{row}: {' '.join(error.messages)}" for row, error in told if error is not None]
        return found, counts, refused, [*in_the_way, *kept]
