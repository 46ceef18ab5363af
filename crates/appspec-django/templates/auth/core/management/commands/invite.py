"""Makes accounts for people, and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.db.across import ask_now
from core.inviting import tell

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Makes an account for each address, and writes a letter to it."""

    help = "Makes an account for each address, and writes to it how to get in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the addresses."""
        parser.add_argument("address", nargs="+", help="somebody who has no account yet")

    def handle(self, *_args: Any, address: list[str], **_options: Any) -> None:
        """Invite one after the other; those before one who can't be stay invited."""
        for each in address:
            try:
                person = invite(each)
            except ValidationError as error:
                message = f"{each}: {' '.join(error.messages)}"
                raise CommandError(message) from error
            except OSError as error:
                message = f"{each}: no mail can be sent ({type(error).__name__})"
                raise CommandError(message) from error
            self.stdout.write(f"{person.email}: invited")


@transaction.atomic
def invite(address: str) -> Any:
    """Make an account and tell of it, or do neither."""
    person: Any = get_user_model()(email=address)
    person.set_unusable_password()
    person.full_clean()
    person.save()
    # A letter can't be taken back: what the rules say of the account is asked before.
    ask_now()
    tell(person)
    return person
