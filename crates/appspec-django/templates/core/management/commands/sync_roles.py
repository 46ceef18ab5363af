"""Makes the groups of the roles that people grant to each other, where they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from accounts.roles import ROLES
from core.roles import Granted

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

# What --check ends with when something is missing.
MISSING = 3


class Command(BaseCommand):
    """Makes the groups that are missing. Members are never touched."""

    help = "Makes the groups of granted roles; with --check, only says which are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the option."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 3 if it would"
        )

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Look for the groups."""
        names = [role.name for role in ROLES if isinstance(role, Granted)]
        there = set(Group.objects.filter(name__in=names).values_list("name", flat=True))
        missing = [name for name in names if name not in there]
        for name in missing:
            self.stdout.write(f"{name}: {'missing' if check else 'made'}")
        if check and missing:
            raise SystemExit(MISSING)
        Group.objects.bulk_create([Group(name=name) for name in missing], ignore_conflicts=True)
