"""The server that sends mail, as one address says it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}


class MailServer(NamedTuple):
    """Where mail is handed over, and for how many seconds an answer is waited for."""

    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_starttls: bool = True
    timeout: int = {{ timeout }}


def parse_mail_url(text: str) -> MailServer:
    """Read ``smtps://USER:PASSWORD@HOST:465``; ``smtp`` begins in plain text and turns to TLS."""
    parts = urlsplit(text)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtps",
        use_starttls=parts.scheme == "smtp",
    )
