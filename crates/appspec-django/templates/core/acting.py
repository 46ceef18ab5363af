"""Who acts, and from where: a request, a command, a job or a shell."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Commands in which a person types what is done.
SHELLS = {"shell", "dbshell"}


@dataclass(frozen=True)
class Acting:
    """Where writes come from, and the request whose user makes them."""

    source: str
    origin: str = ""
    request: HttpRequest | None = None


ACTING: ContextVar[Acting | None] = ContextVar("ACTING", default=None)
# Whoever signs in is looked for in the database; what is written meanwhile is nobody's.
LOOKING: ContextVar[bool] = ContextVar("LOOKING", default=False)


@contextmanager
def acting(source: str, origin: str = "", request: HttpRequest | None = None) -> Iterator[None]:
    """Let what is written come from here."""
    token = ACTING.set(Acting(source, origin, request))
    try:
        yield
    finally:
        ACTING.reset(token)


def started(arguments: Sequence[str]) -> Acting:
    """Return where writes of a process come from that was started in this way."""
    program, *words = arguments or [""]
    is_managed = Path(program).name in {"manage.py", "django-admin", "__main__.py"}
    if is_managed and words and words[0] not in SHELLS:
        return Acting("command", words[0])
    return Acting("shell")


def told() -> dict[str, str]:
    """Return who acts now, as an audit trail says it."""
    now = ACTING.get() or started(sys.argv)
    key, name = person(now.request)
    return {
        "source": now.source,
        "origin": now.origin or view(now.request),
        "user_key": key,
        "user_name": name,
    }


def view(request: HttpRequest | None) -> str:
    """Return the name of the view that answers a request: its address may hold secrets."""
    match = request.resolver_match if request is not None else None
    return match.view_name if match is not None else ""


def person(request: HttpRequest | None) -> tuple[str, str]:
    """Return the key of the person behind a request, and what they are called."""
    if request is None or LOOKING.get():
        return "", ""
    token = LOOKING.set(True)
    try:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return "", ""
        return str(user.pk), str(user)
    finally:
        LOOKING.reset(token)


class ActingMiddleware:
    """Lets what is written while a request is answered come from it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        with acting("request", request=request):
            return self.get_response(request)
