"""What is sent to sign in, and what is said when it can't be done."""

from __future__ import annotations

# if mail
import logging
# end
from typing import TYPE_CHECKING, Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
# if mail
from django.conf import settings
# end
from django.contrib.auth import get_user_model
# if mail
from django.core.mail import get_connection
# end
from django.db import IntegrityError
from django.db.models import UniqueConstraint
from django.http import Http404, HttpResponseBadRequest, JsonResponse

from core.errors import BUSY, explain
from core.fields import is_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# if mail
logger = logging.getLogger(__name__)
# end
ADDRESS = "/api/auth/"
# if mail
# These write to an address that has an account, and to no other: both have to get one answer.
MAILED = ("/code/request", "/password/request")
# end


class AccountAdapter(DefaultAccountAdapter):
    """Takes the addresses that the model of people takes."""

    def clean_email(self, email: str) -> str:
        """Return an address by which somebody could be called; raise what is wrong with it."""
        person: Any = get_user_model()()
        person.email = person._meta.get_field("email").clean(super().clean_email(email), person)
        for rule in person._meta.constraints:
            # Whether it is somebody's is told to nobody.
            if not isinstance(rule, UniqueConstraint):
                rule.validate(type(person), person)
        return str(person.email)


class SignInMiddleware:
    """Reads with care what is sent to sign in, and answers when the database or mail refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse JSON of endless depth or of half characters, before anything else looks at it."""
        if not request.path.startswith(ADDRESS):
            return self.get_response(request)
        if request.body and not is_readable(request.body):
            return HttpResponseBadRequest()
# if mail
        if request.path.endswith(MAILED) and not is_mail_up():
            return problem(503, "mail_down", settings.MAIL_WHEN_DOWN)
# end
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> JsonResponse | None:
        """Tell what went wrong and can be mended by whoever signs in."""
        if not request.path.startswith(ADDRESS):
            return None
# if mail
        if isinstance(error, OSError):
            logger.error("No mail is sent: %s", type(error).__name__)
            return problem(503, "mail_down", settings.MAIL_WHEN_DOWN)
# end
        if not isinstance(error, IntegrityError):
            return None
        broken = explain(error)
        if broken.code == "unique":
            return problem(409, "busy", str(BUSY))
        return problem(400, str(broken.code), " ".join(broken.messages))


def problem(status: int, code: str, message: str) -> JsonResponse:
    """Return what is wrong, as other answers about signing in have it."""
    errors = [{"code": code, "message": message}]
    return JsonResponse({"status": status, "errors": errors}, status=status)


# if mail
def is_mail_up() -> bool:
    """Say whether the server for mail answers."""
    try:
        with get_connection():
            return True
    except OSError as error:
        logger.warning("No mail can be sent: %s", type(error).__name__)
        return False


# end
def is_readable(sent: bytes) -> bool:
    """Say whether it is JSON that can be stored and shown again."""
    try:
        return is_document(sent.decode())
    except UnicodeDecodeError:
        return False


def closed(_request: HttpRequest) -> NoReturn:
    """Answer that there is nothing.

    Nobody here signs in by telephone, and who may change an address is for the rules to say.
    """
    raise Http404
