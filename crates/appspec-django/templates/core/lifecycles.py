"""Rows whose state changes by actions."""

from __future__ import annotations

from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy

from core.db.lifecycles import Lifecycle, any_state
from core.db.sqlite.functions import ANY_STATE
from core.models import MISSING, Record, RecordQuerySet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

_Stateful = TypeVar("_Stateful", bound="StatefulRecord")


class ActionRefusedError(ValidationError):
    """An action that the record does not allow now."""
# if access

    is_untimely = True
# end


class StatefulQuerySet(RecordQuerySet[_Stateful]):
    """Rows whose states no statement about many rows writes."""

    def update(self, **values: Any) -> int:
        """Update all rows; the state of none."""
        self.refuse_states(values)
        return super().update(**values)

    def bulk_create(self, objs: Iterable[_Stateful], *args: Any, **kwargs: Any) -> list[_Stateful]:
        """Insert many rows in one statement; each begins in the first state."""
        self.refuse_states(updated_fields(models.QuerySet.bulk_create, (self, objs, *args), kwargs))
        created = super().bulk_create(objs, *args, **kwargs)
        for record in created:
            record.remember_states()
        return created

    def refuse_states(self, names: Collection[str]) -> None:
        """Raise ``ValidationError`` if one of the fields is a state."""
        for rule in self.model.lifecycles():
            if rule.field in names:
                raise rule.refusal()


class StatefulRecord(Record):
    """A row with a state, which begins as its lifecycle says and changes by actions alone."""

    queryset_class = StatefulQuerySet
    in_any_state: ClassVar[Callable[[], AbstractContextManager[None]]] = staticmethod(any_state)
    _states: Mapping[str, Any] = {}
    _acting: str | None = None

    class Meta:
        abstract = True

    @classmethod
    def lifecycles(cls) -> list[Lifecycle]:
        """Return the rules about its states."""
        return [rule for rule in cls._meta.constraints if isinstance(rule, Lifecycle)]

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        """Make a record of what was read."""
        record = super().from_db(*args, **kwargs)
        record.remember_states()
        return record

    def remember_states(self, names: Collection[str] | None = None) -> None:
        """Note what the database holds, as far as that was read or written just now."""
        held = {
            rule.field: vars(self)[rule.field]
            for rule in self.lifecycles()
            if rule.field in vars(self) and (names is None or rule.field in names)
        }
        self._states = {**self._states, **held}

    def is_out_of_turn(self, rule: Lifecycle) -> bool:
        """Say whether something else than an action has set the state."""
        if rule.field not in vars(self) or rule.field == self._acting:
            return False
        if self._state.adding:
            return vars(self)[rule.field] != rule.first and not ANY_STATE.get()
        return bool(vars(self)[rule.field] != self._states.get(rule.field))

    def prepare_to_write(self) -> None:
        """Do what precedes every write."""
        super().prepare_to_write()
        for rule in self.lifecycles():
            if self.is_out_of_turn(rule):
                raise rule.refusal()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; its state only when it is new or an action has changed it.

        Others may have moved the row since it was read, and this does not move it back.
        """
        if not self._state.adding and not kwargs.get("force_insert"):
            named = kwargs.get("update_fields")
            written = {field.name for field in self._meta.concrete_fields if self.is_written(field)}
            kwargs["update_fields"] = (written if named is None else set(named)) - {
                rule.field for rule in self.lifecycles() if rule.field != self._acting
            }
        super().save(*args, **kwargs)
        self.remember_states(kwargs.get("update_fields"))

    def save_in_next_state(self, field: str) -> None:
        """Validate and write what an action has made of the record, its state among others."""
        self._acting = field
        try:
            self.full_clean()
            self.save()
        finally:
            self._acting = None

    def is_written(self, field: models.Field[Any, Any]) -> bool:
        """Say whether a field is written when the whole record is."""
        is_read = field.attname not in self.get_deferred_fields()
        return is_read and not field.primary_key and not field.generated

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the record again, with its states."""
        super().refresh_from_db(*args, **kwargs)
        named = signature(models.Model.refresh_from_db).bind(self, *args, **kwargs)
        self.remember_states(named.arguments.get("fields"))


def updated_fields(
    method: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Collection[str]:
    """Return the fields that a call writes to rows which are there."""
    named: Collection[str] | None = (
        signature(method).bind(*args, **kwargs).arguments.get("update_fields")
    )
    return named or ()


@contextmanager
def acting(
    record: _Stateful,
    field: str,
    *,
    leaves: Collection[str],
    given: Mapping[str, Any] | None = None,
) -> Iterator[_Stateful]:
    """Lock a row, and save what the block has made of it: its next state among others.

    The row is read again, so that of two actions the second sees what the first has done. What was
    changed in the record and not saved is lost. What is given goes into the row before the block
    begins. When the action is refused, by whatever rule, nothing has changed.
    """
    alias = record._state.db
    with transaction.atomic(using=alias):
        row = type(record)._base_manager.using(alias).select_for_update().get(pk=record.pk)
        if getattr(row, field) not in leaves:
            raise refused_in_state(row, field)
        take(row, given or {})
        yield row
        row.save_in_next_state(field)
    record.refresh_from_db()


def take(row: StatefulRecord, given: Mapping[str, Any]) -> None:
    """Give a row what an action needs; raise ``ValidationError`` if something is missing."""
    missing = [name for name, value in given.items() if value in MISSING]
    if missing:
        message = gettext_lazy("This field is required.")
        errors = {name: ValidationError(message, code="required") for name in missing}
        raise ValidationError(errors)
    for name, value in given.items():
        setattr(row, name, value)
    row.clean_fields(exclude={field.name for field in row._meta.fields} - set(given))


def refused_in_state(row: StatefulRecord, field: str) -> ActionRefusedError:
    """Return what says that an action leaves other states than the row's."""
    rule = next(rule for rule in row.lifecycles() if rule.field == field)
    message = gettext_lazy("This is not possible while it is: %(state)s.")
    state = getattr(row, f"get_{field}_display")()
    return ActionRefusedError(message, code=rule.violation_error_code, params={"state": state})
