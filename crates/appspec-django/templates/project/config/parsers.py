"""What the text of a variable means. Whatever can't be read is a ``ValueError``."""

from __future__ import annotations

# if pattern
import re
# end
# if duration
from datetime import timedelta
# end
# if decimal
from decimal import Decimal, InvalidOperation
# end
# if files
from pathlib import Path
# end
from typing import TYPE_CHECKING
# if split
from urllib.parse import urlsplit
# end
# if email

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
# end

if TYPE_CHECKING:
    from collections.abc import Callable

# if duration
UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}

# end

def text_of_length(minimum: int) -> Callable[[str], str]:
    """Return what reads a text that is long enough."""

    def parse(text: str) -> str:
        if len(text) < minimum:
            raise ValueError
        return text

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """Return what reads one of these texts."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return parse


def names(text: str) -> list[str]:
    """Read names with commas between them."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise ValueError
    return found


def count(text: str) -> int:
    """Read a whole number that is not below zero."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number
# if files


def absolute_path(text: str) -> Path:
    """Read where a file or a folder is, whatever the current folder."""
    path = Path(text)
    if not path.is_absolute():
        raise ValueError
    return path
# end
# if email


def email_address(text: str) -> str:
    """Read the address of somebody who gets mail."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError from error
    return text
# end
# if url


def web_address(text: str) -> str:
    """Read an address of the web, with ``http`` or ``https``."""
    parts = urlsplit(text)
    # A port that is none is an error of its own.
    is_whole = parts.hostname and parts.port != 0
    if parts.scheme not in {"http", "https"} or not is_whole or len(text.split()) > 1:
        raise ValueError
    return text
# end
# if origin


def origin(text: str) -> str:
    """Read where a front end is, as browsers say it: scheme, host and port, if it is unusual."""
    parts = urlsplit(text)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    port = "" if parts.port is None else f":{parts.port}"
    is_usual = (parts.scheme, parts.port) in {("http", 80), ("https", 443)}
    is_web = parts.scheme in {"http", "https"}
    # A star would let many in; other letters are not what browsers send.
    is_host = re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]", host) is not None
    if not is_web or not is_host or is_usual or text != f"{parts.scheme}://{host}{port}":
        raise ValueError
    return text
# end
# if decimal


def decimal(text: str) -> Decimal:
    """Read a number as exact as it is written."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError from error
    if not number.is_finite():
        raise ValueError
    return number
# end
# if bool


def truth(text: str) -> bool:
    """Read ``true`` or ``false``."""
    if text.lower() not in {"true", "false"}:
        raise ValueError
    return text.lower() == "true"
# end
# if duration


def duration(text: str) -> timedelta:
    """Read a length of time: ``30s``, ``15min``, ``24h``, ``30d``."""
    found = re.fullmatch(r"([0-9]{1,9})(ms|s|min|h|d)", text)
    if found is None:
        raise ValueError
    return int(found[1]) * UNITS[found[2]]
# end
