"""People are invited: whoever may make an account makes one, and a letter tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from rest_framework.exceptions import APIException

from core.api.views import CreateView
from core.inviting import tell

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

_Person = TypeVar("_Person", bound=AbstractBaseUser)


class MailDownError(APIException):
    """No letter can be sent, so that nobody would learn of the account."""

    status_code = 503
    default_code = "mail_down"
    default_detail = settings.MAIL_WHEN_DOWN


class InviteView(CreateView[_Person]):
    """Makes accounts, and writes to the people whose they are."""

    def create(self, request: Request) -> Response:
        """Make an account, or none if nobody can be told of it."""
        try:
            with transaction.atomic():
                answer = super().create(request)
                tell(self.model._default_manager.get(pk=answer.data["id"]))
        except OSError as error:
            raise MailDownError from error
        return answer
