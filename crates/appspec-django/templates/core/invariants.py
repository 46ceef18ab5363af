"""Finds rows that break a rule of the database, such as rows that were written before the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models.expressions import Combinable

SHOWN = 20


class Violation(NamedTuple):
    """Rows that break one rule."""

    model: str
    rule: str
    count: int
    keys: list[str]


def violations() -> Iterator[Violation]:
    """Check every rule of every model, each with one query."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            rows = offending(model, constraint)
            count = rows.count()
            if count:
                keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]]
                yield Violation(model._meta.label, constraint.name, count, keys)


def offending(model: type[models.Model], constraint: models.BaseConstraint) -> models.QuerySet[Any]:
    """Return the rows that break a rule."""
    rows: models.QuerySet[Any] = model._base_manager.all()
    if isinstance(constraint, models.CheckConstraint):
        # Unknown passes, as it does in the database; rules that must not pass say so themselves.
        holds = Coalesce(constraint.condition, Value(value=True), output_field=models.BooleanField())
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
    parts: list[Combinable] = [F(name) for name in constraint.fields]
    parts += [part for part in constraint.expressions if not isinstance(part, str)]
    named: dict[str, Any] = {f"part_{index}": part for index, part in enumerate(parts)}
    filled = rows.annotate(**named).filter(
        *(Q((f"{name}__isnull", False)) for name in named)
    )
    twice = filled.values(*named).annotate(rows=Count("pk")).filter(rows__gt=1).order_by()
    same: dict[str, Any] = {name: models.OuterRef(name) for name in named}
    return filled.filter(models.Exists(twice.filter(**same)))
