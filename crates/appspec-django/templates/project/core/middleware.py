"""What holds for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class NullCharacterMiddleware:
    """Refuses a query with a null character: PostgreSQL compares nothing with one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that nothing could have asked this by a link or a form."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            message = "A null character in the query."
            raise BadRequest(message)
        return self.get_response(request)
