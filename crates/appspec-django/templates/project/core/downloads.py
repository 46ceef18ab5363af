"""Uploaded files, handed out one by one to those who may enter the admin site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def download(_request: HttpRequest, name: str) -> FileResponse:
    """Send the file called ``name`` as an attachment: a browser must never run an upload."""
    try:
        file = default_storage.open(name)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True)
