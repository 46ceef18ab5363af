"""Which uploads are accepted."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from core.files import Kinds, MaxBytes

STARTS = [
    ("a.png", b"\x89PNG\r\n\x1a\n"),
    ("a.JPG", b"\xff\xd8\xff\xe0"),
    ("a.gif", b"GIF89a"),
    ("a.webp", b"RIFF\x0a\x00\x00\x00WEBPVP8 "),
    ("a.pdf", b"%PDF-1.7"),
    ("a.zip", b"PK\x05\x06"),
    ("a.mp3", b"\xff\xfb\x90"),
    ("a.mp4", b"\x00\x00\x00\x18ftypmp42"),
    ("a.txt", b"text"),
]
STRANGERS = [
    ("a.webp", b"RIFF\x0a\x00\x00\x00WAVEfmt "),
    ("a.png", b"GIF89a"),
    ("a.pdf", b""),
    ("a.exe", b"%PDF-1.7"),
]
ACCEPTS = Kinds("png", "jpeg", "gif", "webp", "pdf", "zip", "mp3", "mp4", "txt")


@pytest.mark.parametrize(("name", "start"), STARTS)
def test_a_file_of_a_kind_is_accepted(name: str, start: bytes) -> None:
    """By its name and by how it begins; whoever reads it next starts at the beginning."""
    file = ContentFile(start, name=name)
    ACCEPTS(file)
    assert file.read() == start


@pytest.mark.parametrize(("name", "start"), STRANGERS)
def test_a_file_of_another_kind_is_refused(name: str, start: bytes) -> None:
    """A sound is no picture, whatever it is called."""
    with pytest.raises(ValidationError, match="Choose a file of one of these kinds"):
        ACCEPTS(ContentFile(start, name=name))


def test_a_file_has_a_largest_size() -> None:
    """One byte more is refused."""
    MaxBytes(3)(ContentFile(b"abc"))
    with pytest.raises(ValidationError, match="larger than 3 bytes"):
        MaxBytes(3)(ContentFile(b"abcd"))
