"""What every record does, whichever app it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar, cast, overload

import django
from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from django.db.models.expressions import Combinable

_Value = TypeVar("_Value")
_Record = TypeVar("_Record", bound="Record")
_Holds = TypeVar("_Holds", bound="Callable[[Any], bool]")

MISSING = (None, "")


class Moment(NamedTuple):
    """A rule that is checked at one moment, the creation of a record."""

    code: str
    message: str
    needs: tuple[str, ...]
    holds: Callable[[Any], bool]


def on_create(
    code: str, message: str, *, needs: tuple[str, ...] = ()
) -> Callable[[_Holds], _Holds]:
    """Declare that a method must be true when its record is created.

    It is asked only when the fields that it needs have a value; their own validation says so
    when they have none.
    """

    def declare(holds: _Holds) -> _Holds:
        vars(holds)["moment"] = Moment(code, message, needs, holds)
        return holds

    return declare


class Derived(Generic[_Value]):
    """A value that the database computes when a row is read; it is never stored, so never stale."""

    def __init__(self, expression: Combinable) -> None:
        self.expression = expression
        self.name = ""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        """Remember the name; a query annotates its rows with it."""
        self.name = name

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> _Value: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Self | _Value:
        """Return what the query computed, or ask for it."""
        if record is None:
            return self
        row = owner._base_manager.filter(pk=record.pk)
        value = row.annotate(**{self.name: self.expression}).values_list(self.name, flat=True).get()
        vars(record)[self.name] = value
        return cast("_Value", value)


class RecordQuerySet(models.QuerySet[_Record]):
    """Rows of which none is written without the checks of its model."""

    def bulk_create(self, objs: Iterable[_Record], *args: Any, **kwargs: Any) -> list[_Record]:
        """Insert many rows in one statement; each is prepared as ``save`` would."""
        records = list(objs)
        for record in records:
            record.prepare()
        created = super().bulk_create(records, *args, **kwargs)
        for record in created:
            record.forget_derived()
        return created


class RecordManager(models.Manager[_Record]):
    """Finds records, with their derived values."""

    def get_queryset(self) -> RecordQuerySet[_Record]:
        """Return all rows; every derived value is part of the query."""
        rows: RecordQuerySet[_Record] = RecordQuerySet(self.model, using=self._db)
        derived = self.model.derived
        return cast("RecordQuerySet[_Record]", rows.annotate(**derived)) if derived else rows


class Record(models.Model):
    """A row of the specification's data."""

    derived: ClassVar[Mapping[str, Combinable]] = {}
    moments: ClassVar[tuple[Moment, ...]] = ()
    filled_from: ClassVar[Mapping[str, str]] = {}

    objects: ClassVar[RecordManager[Self]] = RecordManager()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect what the class declares beside its fields."""
        super().__init_subclass__(**kwargs)
        declared = vars(cls).values()
        cls.moments += tuple(d.moment for d in declared if hasattr(d, "moment"))
        cls.derived = {**cls.derived} | {
            d.name: d.expression for d in declared if isinstance(d, Derived)
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; what the database computes from it is read again when asked for."""
        self.prepare()
        super().save(*args, **kwargs)
        self.forget_derived()

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate, after filling in what was not given."""
        self.fill_in()
        super().full_clean(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Validate each field; text that is optional is missing, not empty."""
        errors = {}
        for field in self._meta.concrete_fields:
            value = vars(self).get(field.attname)
            if field.null and value == "":
                setattr(self, field.attname, None)
            if isinstance(value, str) and "\0" in value:
                message = "Null characters are not allowed."
                errors[field.name] = ValidationError(message, code="null_characters_not_allowed")
        if errors:
            raise ValidationError(errors)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Check what must be true at this moment."""
        super().clean()
        self.check_moments()

    def fill_in(self) -> None:
        """Take from related records what was not given for a new one."""
        if not self._state.adding:
            return
        for name, path in self.filled_from.items():
            if getattr(self, name) not in MISSING:
                continue
            value: Any = self
            for step in path.split("."):
                value = getattr(value, step, None)
            if value is not None:
                setattr(self, name, value)

    def check_moments(self) -> None:
        """Raise ``ValidationError`` if a rule about the creation of a record is broken."""
        if not self._state.adding:
            return
        errors = [
            ValidationError(moment.message, code=moment.code)
            for moment in self.moments
            if all(getattr(self, name) is not None for name in moment.needs)
            and not moment.holds(self)
        ]
        if errors:
            raise ValidationError(errors)

    def prepare(self) -> None:
        """Do what precedes every write of a new record."""
        self.fill_in()
        self.check_moments()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the record again, and what is derived from it."""
        for name in self.derived:
            vars(self).pop(name, None)
        super().refresh_from_db(*args, **kwargs)

    def forget_derived(self) -> None:
        """Forget what the database computed before the last write."""
        stale = list(self.derived)
        # Later versions read generated columns back themselves.
        if django.VERSION < (6, 0):
            stale += [field.attname for field in self._meta.fields if field.generated]
        for name in stale:
            vars(self).pop(name, None)
