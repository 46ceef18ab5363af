"""Scans the stored rows for broken rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.invariants import violations

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Reports which rows break which rule; ends with 1 if there are any."""

    help = "Report stored rows that break a rule of the specification."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json``."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Scan and report."""
        found = list(violations())
        if options["json"]:
            self.stdout.write(json.dumps([violation._asdict() for violation in found], indent=2))
        for violation in [] if options["json"] else found:
            keys = ", ".join(violation.keys)
            self.stdout.write(f"{violation.model}: {violation.rule}: {violation.rows} ({keys})")
        if found:
            message = f"{len(found)} rules are broken."
            raise CommandError(message)
        if not options["json"]:
            self.stdout.write("Every row keeps every rule.")
