"""What rows keep: fields that never change, and rows that do not change any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS

from core.db.triggers import StayingRule, every, trigger_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.ddl_references import Statement
    from django.db.models import Field, Model, Q


class Kept(StayingRule):
    """Fields keep their values once a row is there, or while a condition holds of it as it was.

    Without ``fields``, a row is never written again at all. Unless it is ``deletable``, it stays.
    Triggers about changes and deletions keep the rule on both databases, whatever writes. A row
    gets its ``numbers`` when it is there already: that is no change.
    """

    def __init__(
        self,
        *,
        fields: Sequence[str] = (),
        condition: Q | None = None,
        deletable: bool = False,
        numbers: Sequence[str] = (),
        **rule: Any,
    ) -> None:
        super().__init__(**rule)
        self.numbers = list(numbers)
        self.fields, self.condition, self.deletable = sorted(fields), condition, deletable

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        if self.fields:
            kwargs["fields"] = self.fields
        if self.condition is not None:
            kwargs["condition"] = self.condition
        if self.deletable:
            kwargs["deletable"] = True
        if self.numbers:
            kwargs["numbers"] = self.numbers
        return path, args, kwargs

    @property
    def delete_name(self) -> str:
        """Return the name of the trigger about deletions."""
        return trigger_name(self.name, "delete")

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers, the rule's own last."""
        return [self.name] if self.deletable else [self.delete_name, self.name]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about deletions, if the row stays, and the one about changes."""
        changes = self.changes(self.fields, model, schema_editor)
        held = ""
        if self.condition is not None:
            held = self.about(self.condition, "OLD", model, schema_editor)
        columns = [schema_editor.quote_name(self.column(model, name)) for name in self.numbers]
        when = every(held, changes, *(f"OLD.{column} <> ''" for column in columns))
        own = self.trigger(model, schema_editor, name=self.name, event="UPDATE", when=when)
        if self.deletable:
            return [own]
        return [self.stays(model, schema_editor, name=self.delete_name, when=held), own]

    def holds_for(self, row: Model) -> bool:
        """Say whether it concerns a row as it is stored."""
        rows = type(row)._base_manager.using(row._state.db).filter(pk=row.pk)
        return self.condition is None or rows.filter(self.condition).exists()

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ``ValidationError`` if the record changes what its row keeps."""
        if instance._state.adding:
            return
        excluded = set(exclude or ())
        kept = [field.attname for field in self.kept(model) if field.name not in excluded]
        rows = model._base_manager.using(using).filter(pk=instance.pk)
        stored = rows.filter(self.condition) if self.condition is not None else rows
        given = vars(instance)
        for row in stored.values(*kept) if kept else ():
            if any(name in given and getattr(instance, name) != row[name] for name in kept):
                raise self.refusal()

    def kept(self, model: type[Model]) -> list[Field[Any, Any]]:
        """Return the fields that keep their values."""
        stored = [field for field in model._meta.concrete_fields if not field.generated]
        return [field for field in stored if field.name in self.fields or not self.fields]
