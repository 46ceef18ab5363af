"""Scans the stored rows for broken rules."""

from __future__ import annotations

import json
from collections import Counter
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from core.db.operations import unhurried
from core.invariants import SHOWN, Question, questions

if TYPE_CHECKING:
    from argparse import ArgumentParser

WIDTH = 20


class Command(BaseCommand):
    """Reports which rows break which rule; ends with 1 if there are any."""

    help = "Report stored rows that break a rule of the specification."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json`` and ``--limit``."""
        parser.add_argument(
            "--json", action="store_true", help="print every row as one line of JSON"
        )
        parser.add_argument(
            "--limit",
            type=int,
            default=SHOWN,
            help="print so many rows of each rule, 0 for all (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Scan, and report each row as it is found."""
        with unhurried(DEFAULT_DB_ALIAS):
            self.scan(options)

    def scan(self, options: dict[str, Any]) -> None:
        """Ask every rule, one after the other."""
        asked = list(questions())
        broken: Counter[tuple[str, str]] = Counter()
        limit = 0 if options["json"] else options["limit"]
        for number, question in enumerate(asked):
            self.show(number, len(asked), question)
            found: Counter[str] = Counter()
            for offence in question.offences():
                found[offence.rule] += 1
                if limit and found[offence.rule] > limit:
                    continue
                self.clear()
                if options["json"]:
                    self.stdout.write(json.dumps(offence._asdict()))
                else:
                    self.stdout.write(f"{offence.model} {offence.key}: {offence.rule}")
            for rule, rows in found.items():
                broken[question.model, rule] = rows
                if limit and rows > limit:
                    self.clear()
                    more = f"{rows - limit} more rows"
                    self.stdout.write(f"{question.model} and {more}: {rule}")
        self.clear()
        if broken:
            message = f"Rules broken: {len(broken)}. Rows that break one: {broken.total()}."
            raise CommandError(message)
        if not options["json"]:
            self.stdout.write("Every row keeps every rule.")

    def show(self, number: int, of: int, question: Question) -> None:
        """Say on a terminal how far the scan is."""
        if self.stderr.isatty():
            done = WIDTH * number // of
            bar = "#" * done + "." * (WIDTH - done)
            line = f"[{bar}] {number}/{of} {question.model}: {question.what}"
            line = line[: get_terminal_size().columns - 1]
            self.stderr.write(f"\r\033[K{line}", self.style.NOTICE, ending="")
            self.stderr.flush()

    def clear(self) -> None:
        """Take the line away that says how far the scan is."""
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
            self.stderr.flush()
