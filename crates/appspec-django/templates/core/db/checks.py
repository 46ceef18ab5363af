"""Asks the database about all CHECKs of a record at once; Django asks about each by itself."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import DatabaseError, connections, router, transaction
from django.db.models import BooleanField, CheckConstraint, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model

    Check = tuple[Coalesce, frozenset[str]]


@cache
def checks(model: type[Model]) -> tuple[Check, ...]:
    """Return the CHECKs of a model, where unknown is as good as true, and what each reads."""
    conditions = [
        Q(rule.condition) for rule in model._meta.constraints if type(rule) is CheckConstraint
    ]
    return tuple(
        (
            Coalesce(condition, Value(value=True), output_field=BooleanField()),
            frozenset(condition.referenced_base_fields),
        )
        for condition in conditions
    )


def all_hold(record: Model, exclude: Collection[str]) -> bool:
    """Say whether a record keeps every CHECK that reads none of the excluded fields.

    If not, or if the database can't compute one of them, only Django's own questions can tell
    which. They agree with this one, because it is put together as ``Q.check`` does it.
    """
    asked = [each for each in checks(type(record)) if each[1].isdisjoint(exclude)]
    if not asked:
        return True
    query = Query(None)
    for name in frozenset[str]().union(*(names for _, names in asked)):
        field: Any = record._meta.get_field(name)
        value = getattr(record, field.attname)
        is_computed = hasattr(value, "resolve_expression")
        query.add_annotation(value if is_computed else Value(value, field), name, select=False)
    query.add_annotation(Value(1), "_check")
    using = router.db_for_write(type(record), instance=record)
    in_transaction = connections[using].in_atomic_block
    try:
        query.add_q(Q(*(condition for condition, _ in asked)))
        with transaction.atomic(using=using) if in_transaction else nullcontext():
            return query.get_compiler(using=using).execute_sql(SINGLE) is not None
    except (DatabaseError, FieldError):
        return False
