"""Where uploaded files are kept, what is accepted and who may read them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


def upload_path(instance: Model, filename: str) -> str:
    """Name the stored file by chance: two uploads never meet and a name gives nothing away."""
    suffix = PurePosixPath(filename).suffix.lower()
    return f"{instance._meta.label_lower.replace('.', '/')}/{uuid4().hex}{suffix[:16]}"


@deconstructible
class MaxBytes:
    """Refuses a file that is larger than the specification allows."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, file: Any) -> None:
        """Raise ``ValidationError`` if the file is too large."""
        if file.size > self.limit:
            message = f"The file is larger than {self.limit} bytes."
            raise ValidationError(message, code="file_too_large")

    def __eq__(self, other: object) -> bool:
        """Two limits are equal if they allow the same: migrations compare validators."""
        return isinstance(other, MaxBytes) and self.limit == other.limit

    def __hash__(self) -> int:
        """Agree with ``__eq__``."""
        return hash(self.limit)


def is_superuser(user: Any) -> bool:
    """Say whether somebody may read every file."""
    return bool(user.is_active and user.is_superuser)


@require_safe
@user_passes_test(is_superuser)
def download(_request: HttpRequest, name: str) -> FileResponse:
    """Answer with a stored file, as a download: nothing uploaded is shown by the browser."""
    try:
        stored = default_storage.open(name)
    except (FileNotFoundError, IsADirectoryError, SuspiciousOperation) as error:
        raise Http404 from error
    return FileResponse(stored, as_attachment=True)
