"""What people read for a record that has no name of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import formats, timezone

if TYPE_CHECKING:
    from django.db.models import Model


def label(*parts: object) -> str:
    """Join what tells a record from others; what is missing is left out."""
    return ", ".join(in_words(part) for part in parts if part is not None)


def numbered(record: Model, number: object) -> str:
    """Say what a record is and which one; of a random key the beginning is enough."""
    shown = str(number)[:8] if isinstance(number, UUID) else in_words(number)
    return f"{record._meta.verbose_name} {shown}"


def in_words(value: object) -> str:
    """Return a value as pages show it, a moment in the time zone that they use."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return str(formats.localize(value))
