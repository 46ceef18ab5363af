"""Asks the database about the CHECKs of a record at once; Django asks about each by itself."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import FieldError
from django.db import DatabaseError, connections, router, transaction
from django.db.models import BooleanField, CheckConstraint, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model


class Check(NamedTuple):
    """What a CHECK asks, where unknown is as good as true, and the fields that it reads."""

    name: str
    condition: Coalesce
    reads: frozenset[str]


@cache
def checks(model: type[Model]) -> tuple[Check, ...]:
    """Return the CHECKs of a model, but for those that read what the database computes."""
    found = []
    for rule in model._meta.constraints:
        if type(rule) is CheckConstraint:
            condition = Q(rule.condition)
            reads = frozenset(condition.referenced_base_fields)
            fields: list[Any] = [model._meta.get_field(name) for name in reads]
            if not any(field.generated for field in fields):
                asked = Coalesce(condition, Value(value=True), output_field=BooleanField())
                found.append(Check(rule.name, asked, reads))
    return tuple(found)


def kept_checks(record: Model, exclude: Collection[str]) -> frozenset[str]:
    """Return the names of CHECKs that a record keeps for certain.

    Of the others only Django's own questions can tell: those that read an excluded field, and all
    of them if one is broken or can't be computed. Both agree, because this question is put together
    as ``Q.check`` does it.
    """
    asked = [check for check in checks(type(record)) if check.reads.isdisjoint(exclude)]
    if not asked:
        return frozenset()
    query = Query(None)
    for name in frozenset[str]().union(*(check.reads for check in asked)):
        field: Any = record._meta.get_field(name)
        value = getattr(record, field.attname)
        is_computed = hasattr(value, "resolve_expression")
        query.add_annotation(value if is_computed else Value(value, field), name, select=False)
    query.add_annotation(Value(1), "_check")
    using = router.db_for_write(type(record), instance=record)
    in_transaction = connections[using].in_atomic_block
    try:
        query.add_q(Q(*(check.condition for check in asked)))
        with transaction.atomic(using=using) if in_transaction else nullcontext():
            is_kept = query.get_compiler(using=using).execute_sql(SINGLE) is not None
    except (DatabaseError, FieldError):
        is_kept = False
    return frozenset(check.name for check in asked) if is_kept else frozenset()
