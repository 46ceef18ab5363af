"""Django's `migrate`, with as much time as it takes."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from core.db.operations import unhurried


class Command(migrate.Command):
    """Brings the tables up to date, however many rows they have."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate without the limit that statements of requests have; locks keep theirs."""
        with unhurried(options["database"]):
            super().handle(*args, **options)
