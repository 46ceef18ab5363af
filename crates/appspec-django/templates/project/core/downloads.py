# if access
"""Uploaded files, handed out one by one to those who may read where they belong."""
# else
"""Uploaded files, handed out one by one to those who may enter the admin site."""
# end

from __future__ import annotations

from typing import TYPE_CHECKING

# if access
from django.apps import apps
# end
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
# if access
from django.db.models import FileField
# end
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

# if access
from core.access import marked, reading, seen
from core.roles import is_boundless

# end
if TYPE_CHECKING:
    from django.http import HttpRequest
# if access

    from core.roles import Actor
# end


@require_safe
# if access
def download(request: HttpRequest, name: str) -> FileResponse:
# else
def download(_request: HttpRequest, name: str) -> FileResponse:
# end
    """Send the file called ``name`` as an attachment: a browser must never run an upload."""
# if access
    if not may_read(request.user, name):
        raise Http404
# end
    try:
        file = default_storage.open(name)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True)
# if access


def may_read(actor: Actor, name: str) -> bool:
    """Say whether somebody may read a field that holds the file."""
    if is_boundless(actor):
        return True
    for model in apps.get_models():
        found = reading(model, actor)
        for field in model._meta.fields:
            if not isinstance(field, FileField) or not found:
                continue
            rows = model._default_manager.filter(**{field.name: name})
            if any(field.name in seen(row, found) for row in marked(rows, found)):
                return True
    return False
# end
