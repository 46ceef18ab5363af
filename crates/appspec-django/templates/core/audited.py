"""Pages of the admin site that show who changed what of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.admin import RecordAdmin
from core.audit import AuditEntry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class AuditedAdmin(RecordAdmin):
    """Pages whose history is the audit trail."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lead to what has happened to a row, whoever did it and in whatever way."""
        row = self.get_object(request, object_id)
        if row is None:
            return super().history_view(request, object_id, extra_context)
        about = urlencode({"model": self.opts.label_lower, "row": str(row.pk)})
        trail = reverse(f"{self.admin_site.name}:core_auditentry_changelist")
        return HttpResponseRedirect(f"{trail}?{about}")


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """Pages of the audit trail, which nobody changes."""

    list_display = ("at", "model", "row", "event", "user_name", "source", "origin")
    list_filter = ("event", "source")
    search_fields = ("row", "user_name")

    def has_add_permission(self, *_asked: Any) -> bool:
        """Let triggers alone add entries."""
        return False

    def has_change_permission(self, *_asked: Any) -> bool:
        """Let nobody change an entry."""
        return False

    def has_delete_permission(self, *_asked: Any) -> bool:
        """Let nobody delete an entry."""
        return False
