"""Makes accounts for people, and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.inviting import tell

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Makes an account for each address, and writes a letter to it."""

    help = "Makes an account for each address, and writes to it how to get in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the addresses."""
        parser.add_argument("address", nargs="+", help="somebody who has no account yet")

    @transaction.atomic
    def handle(self, *_args: Any, address: list[str], **_options: Any) -> None:
        """Invite all of them, or nobody."""
        for each in address:
            person = get_user_model()(email=each)
            person.set_unusable_password()
            try:
                person.full_clean()
                person.save()
                tell(person)
            except ValidationError as error:
                message = f"{each}: {' '.join(error.messages)}"
                raise CommandError(message) from error
            except OSError as error:
                message = f"{each}: no mail can be sent ({type(error).__name__})"
                raise CommandError(message) from error
            self.stdout.write(f"{person.email}: invited")
