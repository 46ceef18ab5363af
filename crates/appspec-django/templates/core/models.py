"""What every record does, whichever app it belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar, cast, overload

import django
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

# if access
from core.access import READ, permitted
# end
from core.db.checks import kept_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from django.db.models.expressions import Combinable
# if access

    from core.roles import Actor
# end

_Value = TypeVar("_Value")
_Record = TypeVar("_Record", bound="Record")
_Holds = TypeVar("_Holds", bound="Callable[[Any], bool]")

MISSING = (None, "")


class Moment(NamedTuple):
    """A rule that is checked at one moment, the creation of a record."""

    code: str
    message: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    holds: Callable[[Any], bool]


def on_create(
    code: str, message: str, *, needs: tuple[str, ...] = (), reads: tuple[str, ...] = ()
) -> Callable[[_Holds], _Holds]:
    """Declare that a method must be true when its record is created.

    It is asked only when the fields that it needs have a value; their own validation says so
    when they have none. The fields that it merely reads may be missing.
    """

    def declare(holds: _Holds) -> _Holds:
        vars(holds)["moment"] = Moment(code, message, needs, reads, holds)
        return holds

    return declare


def with_others(
    code: str, message: str, *, needs: tuple[str, ...] = (), reads: tuple[str, ...] = ()
) -> Callable[[_Holds], _Holds]:
    """Declare that a method must be true of a record and the rows around it.

    The database asks when a transaction ends. Here the record is asked with the rows that are
    there, under the same terms as the rules about its creation.
    """

    def declare(holds: _Holds) -> _Holds:
        vars(holds)["with_others"] = Moment(code, message, needs, reads, holds)
        return holds

    return declare


class Derived(Generic[_Value]):
    """A value that the database computes when a row is read; it is never stored, so never stale."""

    def __init__(self, expression: Combinable) -> None:
        self.expression = expression
        self.name = ""
        self.admin_order_field = ""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        """Become a part of what the owner's queries compute, and what lists can be sorted by."""
        self.name = self.admin_order_field = name
        owner.derived_values = {**owner.derived_values, name: self.expression}

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> _Value: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Self | _Value:
        """Return what the query computed, or ask for it."""
        if record is None:
            return self
        if record._state.adding:
            message = f"The database computes {self.name}: save the record first."
            raise ValueError(message)
        row = owner._base_manager.using(record._state.db).filter(pk=record.pk)
        value = row.annotate(**{self.name: self.expression}).values_list(self.name, flat=True).get()
        vars(record)[self.name] = value
        return cast("_Value", value)


class RecordQuerySet(models.QuerySet[_Record]):
    """Rows of which none is written without the checks of its model."""

    def bulk_create(self, objs: Iterable[_Record], *args: Any, **kwargs: Any) -> list[_Record]:
        """Insert many rows in one statement; each is prepared as ``save`` would."""
        records = list(objs)
        for record in records:
            record.prepare_to_write()
        created = super().bulk_create(records, *args, **kwargs)
        for record in created:
            record.forget_derived_values()
        return created

# if access
    def permitted(self, actor: Actor, verb: str = READ) -> Self:
        """Return the rows with which an actor may do something."""
        return self.filter(permitted(self.model, actor, verb))

# end

class RecordManager(models.Manager[_Record]):
    """Finds records, with their derived values."""

    def get_queryset(self) -> RecordQuerySet[_Record]:
        """Return all rows; every derived value is part of the query."""
        rows: RecordQuerySet[_Record] = self.model.queryset_class(self.model, using=self._db)
        derived = self.model.derived_values
        return cast("RecordQuerySet[_Record]", rows.annotate(**derived)) if derived else rows
# if access

    def permitted(self, actor: Actor, verb: str = READ) -> RecordQuerySet[_Record]:
        """Return the rows with which an actor may do something."""
        return self.get_queryset().permitted(actor, verb)
# end


class Record(models.Model):
    """A row of the specification's data."""

    queryset_class: ClassVar[type[RecordQuerySet[Any]]] = RecordQuerySet
    derived_values: ClassVar[Mapping[str, Combinable]] = {}
    rules_on_create: ClassVar[tuple[Moment, ...]] = ()
    rules_with_others: ClassVar[tuple[Moment, ...]] = ()
    path_defaults: ClassVar[Mapping[str, str]] = {}
    numbered_fields: ClassVar[tuple[str, ...]] = ()
    _refused: frozenset[str] = frozenset()
    _kept_checks: frozenset[str] = frozenset()
    # Whether rows that its rules speak of are still to be written: then the database asks alone.
    comes_with_others: bool = False
    # What tests import under a name such as ``TestResult`` is no test.
    __test__ = False

    objects: ClassVar[RecordManager[Self]] = RecordManager()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the rules about the creation of records that the class declares."""
        super().__init_subclass__(**kwargs)
        declared = vars(cls).values()
        cls.rules_on_create += tuple(d.moment for d in declared if hasattr(d, "moment"))
        cls.rules_with_others += tuple(d.with_others for d in declared if hasattr(d, "with_others"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; what the database computes from it is read again when asked for."""
        self.prepare_to_write()
        super().save(*args, **kwargs)
        self.forget_derived_values()

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate, after filling in what was not given."""
        self._refused = frozenset()
        self.fill_in_path_defaults()
        super().full_clean(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Validate each field; text that is optional is missing, not empty."""
        excluded = set(exclude or ())
        errors: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            value = vars(self).get(field.attname)
            if field.null and value == "":
                setattr(self, field.attname, None)
            if field.name in excluded:
                continue
            if isinstance(value, str) and "\0" in value:
                message = gettext_lazy("Null characters are not allowed.")
                errors[field.name] = ValidationError(message, code="null_characters_not_allowed")
            elif self.lacks_value(field):
                message = gettext_lazy("This field is required.")
                errors[field.name] = ValidationError(message, code="required")
        try:
            super().clean_fields(exclude=excluded | set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        # Django goes on with ``clean``, which must not judge what is refused already.
        self._refused = frozenset(errors)
        if errors:
            raise ValidationError(errors)

    def clean(self) -> None:
        """Check what must be true at this moment."""
        super().clean()
        self.check_rules_on_create(self._refused | set(self.convert_values()))
        if not self.comes_with_others:
            self.check_rules(self.rules_with_others, self._refused)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the rules that the database keeps."""
        self._kept_checks = kept_checks(self, set(exclude or ()))
        try:
            super().validate_constraints(exclude=exclude)
        finally:
            self._kept_checks = frozenset()

    def get_constraints(
        self,
    ) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        """Return the rules that are still to be checked, each by itself."""
        return [
            (model, [rule for rule in rules if rule.name not in self._kept_checks])
            for model, rules in super().get_constraints()
        ]

    def lacks_value(self, field: models.Field[Any, Any]) -> bool:
        """Say whether nothing was given for a field that may stay empty only in a form."""
        path = self.path_defaults.get(field.name)
        if path is None or field.null or getattr(self, field.attname) not in MISSING:
            return False
        if not self._state.adding:
            return True
        source = self._meta.get_field(path.partition(".")[0])
        # Whoever gave no related record is asked for that one; it fills in the rest.
        asked = isinstance(source, models.ForeignKey) and not source.blank
        return not asked or getattr(self, f"{source.name}_id") is not None

    def fill_in_path_defaults(self) -> None:
        """Take from related records what was not given for a new one."""
        if not self._state.adding:
            return
        for name, path in self.path_defaults.items():
            if getattr(self, name) not in MISSING:
                continue
            value: Any = self
            try:
                for step in path.split("."):
                    value = getattr(value, step, None)
            except (ObjectDoesNotExist, TypeError, ValueError, ValidationError):
                # No key of a record; the relation's own validation says so.
                continue
            if value is not None:
                setattr(self, name, value)

    def convert_values(self) -> dict[str, ValidationError]:
        """Give what rules about the creation read what is written; return what has no value."""
        errors: dict[str, ValidationError] = {}
        if not self._state.adding:
            return errors
        rules = self.rules_on_create
        for attname in {name: None for rule in rules for name in rule.needs + rule.reads}:
            field = next(each for each in self._meta.concrete_fields if each.attname == attname)
            if isinstance(field, models.DateTimeField) and field.auto_now:
                field.pre_save(self, add=True)
            given = getattr(self, attname)
            if given is None or hasattr(given, "resolve_expression"):
                continue
            try:
                value = field.to_python(given)
            except ValidationError as error:
                errors[field.name] = error
                continue
            if isinstance(value, datetime) and timezone.is_naive(value):
                value = timezone.make_aware(value, timezone.get_default_timezone())
            if value is not given:
                setattr(self, attname, value)
        return errors

    def check_rules_on_create(self, refused: Collection[str] = ()) -> None:
        """Raise ``ValidationError`` if a rule about the creation of a record is broken.

        A rule that reads a refused field is not asked: it has nothing to judge.
        """
        if self._state.adding:
            self.check_rules(self.rules_on_create, refused)

    def check_rules(self, rules: Iterable[Moment], refused: Collection[str]) -> None:
        """Raise ``ValidationError`` if one of these rules is broken."""
        unfit = {f.attname for f in self._meta.concrete_fields if f.name in refused}
        errors = [
            ValidationError(moment.message, code=moment.code)
            for moment in rules
            if unfit.isdisjoint(moment.needs + moment.reads)
            and all(getattr(self, name) is not None for name in moment.needs)
            and not moment.holds(self)
        ]
        if errors:
            raise ValidationError(errors)

    def prepare_to_write(self) -> None:
        """Do what precedes every write of a new record."""
        self.fill_in_path_defaults()
        errors = self.convert_values()
        if errors:
            raise ValidationError(errors)
        self.check_rules_on_create()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the record again, and what is derived from it."""
        for name in self.derived_values:
            vars(self).pop(name, None)
        super().refresh_from_db(*args, **kwargs)

    def forget_derived_values(self) -> None:
        """Forget what the database computed before the last write."""
        stale = list(self.derived_values)
        # Later versions read generated columns back themselves.
        if django.VERSION < (6, 0):
            stale += [field.attname for field in self._meta.fields if field.generated]
        # SQLite gives a row its number when it is there already.
        stale += [name for name in self.numbered_fields if vars(self).get(name) == ""]
        for name in stale:
            vars(self).pop(name, None)
