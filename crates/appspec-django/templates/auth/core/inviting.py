"""The letter that tells people of an account that was made for them."""

from __future__ import annotations

from typing import Any

# if origins
from django.conf import settings
# end
from django.core.mail import send_mail
from django.utils.translation import gettext

from core.admin_site import TITLE


def tell(person: Any) -> None:
    """Write to somebody that there is an account for them, and how they get into it."""
    lines = [
        gettext("There is an account for you, with this address."),
        gettext("It has no password yet: ask for a new one where you sign in."),
    ]
# if origins
    lines += settings.CORS_ALLOWED_ORIGINS[:1]
# end
    send_mail(TITLE, "\n".join(lines), None, [person.email])
