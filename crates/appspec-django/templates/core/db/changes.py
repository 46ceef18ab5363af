"""Rules about changes: what a row may become, given what it was."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Value
from django.db.models.expressions import Col

from core.db.triggers import RowRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.ddl_references import Statement
    from django.db.models import Model, Q

# No field is called so: Django reads two underscores as a step to another one.
WAS = "old__"


class Zone(ZoneInfo):
    """A time zone that a migration can hold; Django before 6.0 writes no other one down."""

    def deconstruct(self) -> tuple[str, tuple[str], dict[str, Any]]:
        """Return what a migration writes down."""
        return "core.db.changes.Zone", (self.key,), {}


class Old(F):
    """A field of the row as it was before the change."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the column of the row that a trigger sees, or the value that validation gives."""
        if query.model is None:
            return F(f"{WAS}{self.name}").resolve_expression(query, *args, **kwargs)
        return Col("old", query.model._meta.get_field(self.name))


class OnChange(RowRule):
    """A condition holds whenever a write gives one of the fields another value.

    It is about the row as it is written; ``Old`` reads the row as it was. A trigger keeps the rule
    on both databases, whatever writes.
    """

    def __init__(self, *, fields: Sequence[str], condition: Q, **rule: Any) -> None:
        super().__init__(**rule)
        self.fields, self.condition = sorted(fields), condition

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "fields": self.fields, "condition": self.condition}

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about changes."""
        changes = self.changes(self.fields, model, schema_editor)
        holds = self.about(self.condition, "NEW", model, schema_editor)
        when = f"({changes}) AND ({holds}) IS NOT TRUE"
        return [self.trigger(model, schema_editor, name=self.name, event="UPDATE", when=when)]

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ``ValidationError`` if the record is no change that the rule allows."""
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        rows = model._base_manager.using(using).filter(pk=instance.pk)
        was = None if instance._state.adding else rows.values(*(f.attname for f in fields)).first()
        if was is None:
            return
        excluded, given = set(exclude or ()), vars(instance)
        becomes = {field.attname: given.get(field.attname, was[field.attname]) for field in fields}
        changed = {field.name for field in fields if becomes[field.attname] != was[field.attname]}
        # What was refused already is not judged again, and what the database computes is its own.
        known = [field for field in fields if field.name not in changed & excluded]
        known = [f for f in known if not hasattr(becomes[f.attname], "resolve_expression")]
        if changed.isdisjoint(set(self.fields) & {field.name for field in known}):
            return
        against = {field.name: Value(becomes[field.attname], field) for field in known}
        against |= {f"{WAS}{field.name}": Value(was[field.attname], field) for field in fields}
        with suppress(FieldError):
            if not self.condition.check(against, using=using):
                raise self.refusal()
