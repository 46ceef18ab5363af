"""Values of new rows. Migrations refer to them, so they stay when a specification changes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.deconstruct import deconstructible

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@deconstructible
class FromNow:
    """The moment that is so long after the creation of a row."""

    def __init__(self, offset: timedelta) -> None:
        self.offset = offset

    def __call__(self) -> datetime:
        """Return the moment."""
        return timezone.now() + self.offset


@deconstructible
class Token:
    """A random text of so many characters that nobody can guess."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __call__(self) -> str:
        """Return a new one."""
        return secrets.token_urlsafe(self.length)[: self.length]
