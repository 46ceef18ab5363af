"""What a query reads of the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, Subquery

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet

    from accounts.models import User


def mine(me: User, value: Any) -> Subquery:
    """Return a value of the person's row as the database has it."""
    return Subquery(row_of(me).values(value_of_mine=value).values("value_of_mine"))


def is_so(me: User, condition: Q) -> Exists:
    """Return whether a condition holds of the person's row."""
    return Exists(row_of(me).filter(condition))


def row_of(me: User) -> QuerySet[Any]:
    """Return the person's row, as a query."""
    rows: QuerySet[Any] = get_user_model()._base_manager.filter(pk=me.pk)
    return rows.order_by()
