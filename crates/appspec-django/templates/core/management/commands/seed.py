"""Loads the rows that every installation has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.seeding import load


class Command(BaseCommand):
    """Creates and updates seed rows; it never deletes, and twice is once."""

    help = "Load the lookup rows of the specification."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and report."""
        created, updated = load()
        self.stdout.write(f"{created} rows created, {updated} updated.")
