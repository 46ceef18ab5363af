"""Stores rows that show the project at work, for development."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.demo import load
from core.seeding import RefusedSeedError


class Command(BaseCommand):
    """Fills empty tables; it changes no row, and twice is once."""

    help = "Store example rows in empty tables, for development."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Store and report."""
        if not settings.DEBUG:
            message = "Example rows are for development only, and DEBUG is off."
            raise CommandError(message)
        try:
            loaded = load()
        except RefusedSeedError as error:
            raise CommandError(error) from error
        for model in loaded.unknown:
            self.stdout.write(f"No example of {model} is known.")
        for reason in loaded.left_out:
            self.stdout.write(f"Left out: {reason}")
        self.stdout.write(f"{len(loaded.created)} example rows stored.")
