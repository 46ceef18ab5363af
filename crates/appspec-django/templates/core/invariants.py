"""Finds rows that break a rule, such as rows that were written before it or past Django."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.lists import ListOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rows = models.QuerySet[Any]

SHOWN = 20
# So many conditions of one query; SQLite takes a thousand in one another.
AT_ONCE = 50
# What only Python can judge.
FORMS = (models.EmailField, models.GenericIPAddressField, models.URLField)
MOMENTS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Offence(NamedTuple):
    """A row that breaks a rule."""

    model: str
    rule: str
    key: str


class Question(NamedTuple):
    """What the rows of one model are asked, and who breaks it: rules, and keys of rows."""

    model: str
    what: str
    find: Callable[[], Iterator[tuple[str, str]]]

    def offences(self) -> Iterator[Offence]:
        """Ask, and return the rows one by one."""
        return (Offence(self.model, rule, key) for rule, key in self.find())


def questions() -> Iterator[Question]:
    """Ask every rule of every model.

    The database goes once over a table for all rules that look at one row, and once for each of the
    others; what only Python can judge is read.
    """
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        conditions = list(of_one_row(model).items())
        for first in range(0, len(conditions), AT_ONCE):
            asked = dict(conditions[first : first + AT_ONCE])
            yield Question(label, ", ".join(asked), partial(marked, model, asked))
        for rule, rows in of_many_rows(model):
            yield Question(label, rule, partial(named, rule, rows))
        judged = [field for field in model._meta.concrete_fields if is_judged(field)]
        if judged:
            what = ", ".join(f"{field.name}__form" for field in judged)
            yield Question(label, what, partial(misshapen, model, judged))


def of_one_row(model: type[models.Model]) -> dict[str, Q]:
    """Return what is true of the rows that break each rule which looks at one row alone."""
    rules = {
        constraint.name: broken(constraint)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    for field in model._meta.concrete_fields:
        misfit = unstorable(model, field)
        if misfit is not None:
            rules[f"{field.name}__type"] = misfit
    return rules


def of_many_rows(model: type[models.Model]) -> Iterator[tuple[str, Rows]]:
    """Return the rows that break each rule which looks at others, too."""
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.CheckConstraint):
            yield constraint.name, offending(model, constraint)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            yield f"{field.name}__reference", dangling(model, field)


def marked(model: type[models.Model], conditions: dict[str, Q]) -> Iterator[tuple[str, str]]:
    """Return the rows that break at least one of these rules, once for each."""
    marks = {
        f"_broken_{place}": ExpressionWrapper(condition, output_field=BooleanField())
        for place, condition in enumerate(conditions.values())
    }
    rows: Rows = model._base_manager.filter(reduce(or_, conditions.values()))
    rows = rows.annotate(**marks).order_by("pk")
    for key, *are_broken in rows.values_list("pk", *marks).iterator():
        for rule, is_broken in zip(conditions, are_broken, strict=True):
            if is_broken:
                yield rule, str(key)


def named(rule: str, rows: Rows) -> Iterator[tuple[str, str]]:
    """Return the rows that break a rule, as they are read."""
    for key in rows.order_by("pk").values_list("pk", flat=True).iterator():
        yield rule, str(key)


def broken(constraint: models.CheckConstraint) -> Q:
    """Return what is true where a CHECK is not.

    Unknown passes, as it does in the database; rules that must not pass say so themselves.
    """
    holds = Coalesce(constraint.condition, Value(value=True), output_field=BooleanField())
    return Q(Exact(holds, Value(value=False)))


def offending(model: type[models.Model], constraint: models.BaseConstraint) -> Rows:
    """Return the rows that break a rule of the database."""
    rows: Rows = model._base_manager.all()
    if isinstance(constraint, models.CheckConstraint):
        return rows.filter(broken(constraint))
    if isinstance(constraint, models.UniqueConstraint):
        return duplicates(rows, constraint)
    if hasattr(constraint, "offending"):
        found: Rows = constraint.offending(rows)
        return found
    return rows.none()


def duplicates(rows: Rows, constraint: models.UniqueConstraint) -> Rows:
    """Return the rows that are not alone with what must be unique."""
    if constraint.condition is not None:
        rows = rows.filter(constraint.condition)
    parts: list[Any] = [*(F(name) for name in constraint.fields), *constraint.expressions]
    named = {f"part_{index}": part for index, part in enumerate(parts)}
    filled = rows.annotate(**named).filter(*(Q((f"{name}__isnull", False)) for name in named))
    same = {name: models.OuterRef(name) for name in named}
    twice = filled.filter(**same).values(*named).annotate(together=Count("pk"))
    repeated: Rows = filled.filter(models.Exists(twice.filter(together__gt=1)))
    return repeated


def dangling(model: type[models.Model], field: models.ForeignKey[Any, Any]) -> Rows:
    """Return the rows that point to a row that is not there."""
    target: type[models.Model] = field.target_field.model
    pointed_to = {field.target_field.attname: models.OuterRef(field.attname)}
    there = models.Exists(target._base_manager.filter(**pointed_to))
    rows: Rows = model._base_manager.exclude(**{field.attname: None})
    return rows.exclude(there)


def unstorable(model: type[models.Model], field: models.Field[Any, Any]) -> Q | None:
    """Return what is true where a value is none of its column's type; it is not read."""
    check = field.db_check(connections[model._base_manager.db])
    if check:
        return ~Q(Func(template=check.replace("%", "%%"), output_field=BooleanField()))
    if not isinstance(field, models.DateField):
        return None
    # PostgreSQL knows days before and after those that Python has names for.
    days = MOMENTS if isinstance(field, models.DateTimeField) else (date.min, date.max)
    return ~Q((f"{field.name}__range", days)) & Q((f"{field.name}__isnull", False))


def misshapen(
    model: type[models.Model], fields: list[models.Field[Any, Any]]
) -> Iterator[tuple[str, str]]:
    """Read the columns that only Python can judge, row by row."""
    names = [field.attname for field in fields]
    for key, *values in model._base_manager.values_list("pk", *names).iterator():
        for field, value in zip(fields, values, strict=True):
            if value is not None and not is_accepted(field, value):
                yield f"{field.name}__form", str(key)


def is_judged(field: models.Field[Any, Any]) -> bool:
    """Say whether the database can't judge the form of a value."""
    return isinstance(field, FORMS) or any(isinstance(each, ListOf) for each in field.validators)


def is_accepted(field: models.Field[Any, Any], value: Any) -> bool:
    """Say whether the validators of a field accept a stored value."""
    try:
        field.run_validators(field.to_python(value))
    except ValidationError:
        return False
    return True
