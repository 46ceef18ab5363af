"""The audit trail as Django reads it. Triggers write it, and nobody changes it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy

from core.db.audit import TRAIL


class TrailKeptError(TypeError):
    """Somebody tries to write the audit trail."""

    def __init__(self) -> None:
        super().__init__("Triggers write the audit trail, and nobody changes it.")


def refuse(*_given: Any, **_options: Any) -> NoReturn:
    """Refuse to write."""
    raise TrailKeptError


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Entries that are read alone."""

    update = delete = bulk_create = bulk_update = refuse

    def about(self, row: models.Model) -> AuditEntries:
        """Return the entries about a row, the last one first."""
        return self.filter(model=row._meta.label_lower, row=str(row.pk)).order_by("-id")


class AuditEntry(models.Model):
    """One change of a row: what it was, what it became, when, by whom, and from where."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(gettext_lazy("at"))
    model = models.TextField(gettext_lazy("model"))
    row = models.TextField(gettext_lazy("row"))
    event = models.TextField(
        gettext_lazy("event"),
        choices={
            "created": gettext_lazy("created"),
            "changed": gettext_lazy("changed"),
            "deleted": gettext_lazy("deleted"),
            "emptied": gettext_lazy("emptied"),
        },
    )
    # For each field that changed, what it was and what it became; nothing where that is secret.
    changes: models.JSONField[Any, Any] = models.JSONField(gettext_lazy("changes"))
    source = models.TextField(
        gettext_lazy("source"),
        choices={
            "request": gettext_lazy("request"),
            "command": gettext_lazy("command"),
            "job": gettext_lazy("job"),
            "shell": gettext_lazy("shell"),
            "database": gettext_lazy("database"),
        },
    )
    origin = models.TextField(gettext_lazy("origin"))
    user_key = models.TextField(gettext_lazy("key of the user"))
    user_name = models.TextField(gettext_lazy("user"))

    objects = AuditEntries.as_manager()

    save = delete = refuse

    class Meta:
        # The rule that records makes the table: see core.db.audit.
        app_label = "core"
        db_table = TRAIL
        managed = False
        ordering = ("-id",)
        default_permissions = ("view",)
        verbose_name = gettext_lazy("audit entry")
        verbose_name_plural = gettext_lazy("audit trail")

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.event}"


class AuditTrail:
    """What has happened to a row: ``row.audit_trail``."""

    def __get__(self, row: models.Model | None, model: type[models.Model]) -> AuditEntries:
        """Return the entries, the last one first; of the class, those of all its rows."""
        entries: AuditEntries = AuditEntry.objects.all()
        if row is None:
            return entries.filter(model=model._meta.label_lower)
        return entries.about(row)
