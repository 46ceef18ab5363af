"""Pages of the admin site for rows that do not change, or not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.admin import RecordAdmin
from core.db.kept import Kept

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


class KeptAdmin(RecordAdmin):
    """Pages that offer no change and no deletion which a rule about what rows keep refuses."""

    def holding(self, row: Model) -> list[Kept]:
        """Return the rules that concern a row as it is stored."""
        rules = [rule for rule in self.model._meta.constraints if isinstance(rule, Kept)]
        return [rule for rule in rules if rule.holds_for(row)]

    def is_never_written(self) -> bool:
        """Say whether no row is ever written again."""
        rules = self.model._meta.constraints
        return any(isinstance(rule, Kept) and not rule.fields for rule in rules)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Show what a row keeps, and nothing to change it with."""
        shown = list(super().get_readonly_fields(request, obj))
        rules = self.holding(obj) if obj is not None else []
        kept = [name for rule in rules for name in rule.fields]
        return [*shown, *(name for name in kept if name not in shown)]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether anything about a row can change."""
        return not self.is_never_written() and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether a row can go."""
        if self.is_never_written() or not super().has_delete_permission(request, obj):
            return False
        return obj is None or all(rule.deletable for rule in self.holding(obj))
