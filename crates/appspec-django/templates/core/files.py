"""What uploaded files are called and which are accepted."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model


def upload_path(instance: Model, filename: str) -> str:
    """Name the stored file by chance: two uploads never meet and a name gives nothing away."""
    suffix = PurePosixPath(filename).suffix.lower()
    # The column holds 100 characters, however long the names of the app and the model are.
    folder = instance._meta.label_lower.replace(".", "/")[:40].rstrip("/")
    return f"{folder}/{uuid4().hex}{suffix[:16]}"


@deconstructible
class MaxBytes:
    """Refuses a file that is larger than the specification allows."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, file: Any) -> None:
        """Raise ``ValidationError`` if the file is too large."""
        if file.size > self.limit:
            message = gettext_lazy("The file is larger than %(limit)s bytes.")
            raise ValidationError(message, code="file_too_large", params={"limit": self.limit})


# How a file of each kind begins; a kind that is plain text has no such mark.
MARKS: Mapping[str, re.Pattern[bytes]] = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "pdf": re.compile(rb"%PDF-"),
    "zip": re.compile(rb"PK(\x03\x04|\x05\x06)"),
    "docx": re.compile(rb"PK\x03\x04"),
    "xlsx": re.compile(rb"PK\x03\x04"),
    "mp3": re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"),
    "mp4": re.compile(rb"....ftyp", re.DOTALL),
}
ENDINGS: Mapping[str, tuple[str, ...]] = {"jpeg": (".jpg", ".jpeg")}


@deconstructible
class Kinds:
    """Refuses a file that is of none of the kinds, by its name or by how it begins."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def __call__(self, file: Any) -> None:
        """Raise ``ValidationError`` for a file of another kind."""
        ending = PurePosixPath(file.name).suffix.lower()
        for kind in self.kinds:
            if ending in ENDINGS.get(kind, (f".{kind}",)) and self.begins_as(file, kind):
                return
        message = gettext_lazy("Choose a file of one of these kinds: %(kinds)s.")
        raise ValidationError(message, code="file_kind", params={"kinds": ", ".join(self.kinds)})

    def begins_as(self, file: Any, kind: str) -> bool:
        """Say whether the first bytes are those of the kind."""
        mark = MARKS.get(kind)
        if mark is None:
            return True
        file.seek(0)
        start = file.read(16)
        file.seek(0)
        return mark.match(start) is not None
