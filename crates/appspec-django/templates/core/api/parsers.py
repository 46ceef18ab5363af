"""What is sent, read with care."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from core.fields import is_document

UNREADABLE = gettext_lazy("This is no JSON that can be stored and shown again.")


class DocumentParser(JSONParser):
    """Reads JSON that can be stored: of a depth that ends, and of whole characters."""

    def parse(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what was sent."""
        sent = stream.read()
        try:
            is_readable = is_document(sent.decode())
        except UnicodeDecodeError:
            is_readable = False
        if not is_readable:
            raise ParseError(str(UNREADABLE))
        return super().parse(BytesIO(sent), *args, **kwargs)
