"""Loads the rows that every installation has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.seeding import RefusedSeedError, load


class Command(BaseCommand):
    """Creates and updates seed rows; it never deletes, and twice is once."""

    help = "Load the lookup rows of the specification."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and report."""
        try:
            created, updated = load()
        except RefusedSeedError as error:
            raise CommandError(error) from error
        self.stdout.write(f"{created} rows created, {updated} updated.")
