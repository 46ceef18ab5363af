"""Sessions end when nothing has been done for some time, and after all at their age.

A browser names its session in a cookie, an app in the header ``X-Session-Token``.
"""

from __future__ import annotations

from importlib import import_module
from time import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponse

# A session is written again when so many seconds have passed, and not with each request.
EXACT_TO = 30
HEADER = "X-Session-Token"
# The addresses at which a token is taken.
SERVED, SIGNING_IN = ("/api/", "/files/"), "/api/auth/"


class SessionMiddleware:
    """Ends what has not been used for ``SESSION_IDLE`` seconds, or is there for too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session before anything is done with it."""
        keep_or_end(request.session)
        token = token_of(request)
        if not token or not request.path.startswith(SERVED):
            return self.get_response(request)
        named = session_of(token)
        keep_or_end(named)
        if request.path.startswith(SIGNING_IN):
            # Whoever signs in there looks for the session again.
            save(named)
            return self.get_response(request)
        return self.answer(request, named)

    def answer(self, request: HttpRequest, named: SessionBase) -> HttpResponse:
        """Answer as in the session that a token names; no cookie of it is given to anybody."""
        cookie, request.session = request.session, named
        try:
            return self.get_response(request)
        finally:
            request.session = cookie
            save(named)


def token_of(request: HttpRequest) -> str:
    """Return the token that a request shows, or nothing."""
    return request.headers.get(HEADER, "").strip()


def session_of(token: str) -> SessionBase:
    """Return the session that a token names; an empty one where there is none."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(token)


def save(session: SessionBase) -> None:
    """Store what has become of a session; none is made of a token that names nothing."""
    if not session.modified or session.is_empty():
        return
    try:
        session.save()
    except UpdateError as error:
        message = "The session was ended before the request was answered."
        raise SessionInterrupted(message) from error


def keep_or_end(session: SessionBase) -> None:
    """Note that somebody's session is used, or end it."""
    if SESSION_KEY not in session:
        return
    now = int(time())
    begun, seen = session.get("begun", now), session.get("seen", now)
    if now - begun > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE:
        session.flush()
    elif "begun" not in session or now - seen > EXACT_TO:
        session["begun"], session["seen"] = begun, now
