"""Who asks: a cookie says it, or a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.authentication import SessionAuthentication

from core.sessions import HEADER, token_of

if TYPE_CHECKING:
    from rest_framework.request import Request

    class _Scheme:
        """A way to say who asks, as type checkers see it: the package has no types."""
else:
    from drf_spectacular.extensions import OpenApiAuthenticationExtension as _Scheme


class PersonAuthentication(SessionAuthentication):
    """Knows people by their session, which ``core.sessions`` has found."""

    def enforce_csrf(self, request: Request) -> None:
        """Ask for the token against forgery where a browser has sent a cookie by itself.

        A page of another site can't send the header unless that site may call.
        """
        if not token_of(request):
            super().enforce_csrf(request)


class PersonScheme(_Scheme):
    """Describes both ways: one of them is enough."""

    target_class = "core.api.authentication.PersonAuthentication"
    name = ("cookie", "token")

    def get_security_definition(self, _auto_schema: Any) -> list[dict[str, str]]:
        """Return where each is sent."""
        cookie = {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
        return [cookie, {"type": "apiKey", "in": "header", "name": HEADER}]

    def get_security_requirement(self, _auto_schema: Any) -> list[dict[str, list[str]]]:
        """Return that either will do."""
        return [{name: []} for name in self.name]
