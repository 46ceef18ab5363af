"""What people read for records without a name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone, translation

from accounts.models import User
from core.labels import label, numbered


def test_what_is_missing_is_left_out() -> None:
    """Neither its name nor a gap is shown."""
    assert label("Ana", None, "Cut") == "Ana, Cut"
    assert not label(None, None)


def test_values_are_written_as_on_pages() -> None:
    """A moment is that of the clock on the wall, in the language of the reader."""
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        assert label(moment) == "March 2, 2026, 8:30 a.m."
        assert label(date(2026, 3, 1)) == "March 1, 2026"
    with translation.override("de"):
        assert label(Decimal("1.50")) == "1,50"


def test_a_number_says_what_it_counts() -> None:
    """Of a random key nobody reads more than the beginning."""
    kind = str(User._meta.verbose_name)
    assert numbered(User(), 17) == f"{kind} 17"
    assert numbered(User(), UUID(int=0x5F0C2E1A << 96)) == f"{kind} 5f0c2e1a"
