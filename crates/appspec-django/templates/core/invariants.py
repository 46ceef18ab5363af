"""Finds rows that break a rule of the database, such as rows that were written before the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 20


class Violation(NamedTuple):
    """Rows that break one rule."""

    model: str
    rule: str
    rows: int
    keys: list[str]


def violations() -> Iterator[Violation]:
    """Check every rule of every model, each with one query."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            rows = offending(model, constraint)
            count = rows.count()
            if count:
                first = rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]
                keys = [str(key) for key in first]
                yield Violation(model._meta.label, constraint.name, count, keys)


def offending(model: type[models.Model], constraint: models.BaseConstraint) -> models.QuerySet[Any]:
    """Return the rows that break a rule."""
    rows: models.QuerySet[Any] = model._base_manager.all()
    if isinstance(constraint, models.CheckConstraint):
        # Unknown passes, as it does in the database; rules that must not pass say so themselves.
        holds = Coalesce(constraint.condition, Value(value=True), output_field=BooleanField())
        return rows.filter(Exact(holds, Value(value=False)))
    if isinstance(constraint, models.UniqueConstraint):
        return duplicates(rows, constraint)
    return rows.none()


def duplicates(
    rows: models.QuerySet[Any], constraint: models.UniqueConstraint
) -> models.QuerySet[Any]:
    """Return the rows that are not alone with what must be unique."""
    if constraint.condition is not None:
        rows = rows.filter(constraint.condition)
    parts: list[Any] = [*(F(name) for name in constraint.fields), *constraint.expressions]
    named = {f"part_{index}": part for index, part in enumerate(parts)}
    filled = rows.annotate(**named).filter(*(Q((f"{name}__isnull", False)) for name in named))
    same = {name: models.OuterRef(name) for name in named}
    twice = filled.filter(**same).values(*named).annotate(together=Count("pk"))
    repeated: models.QuerySet[Any] = filled.filter(models.Exists(twice.filter(together__gt=1)))
    return repeated
