# if access
"""Uploaded files reach those who may read where they belong, and nobody else."""
# else
"""Uploaded files reach those who may enter the admin site, and nobody else."""
# end

from __future__ import annotations

from http import HTTPStatus
# if access
from typing import TYPE_CHECKING, Any
# else
from typing import TYPE_CHECKING
# end

import pytest
# if access
from django.contrib.auth import get_user_model
# end
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
# if access
# else
from django.urls import reverse
# end

from core.downloads import download
# if access
from core.testing import boundless
# end

if TYPE_CHECKING:
# if access
    from django.http import HttpRequest
# end
    from django.test import Client, RequestFactory

# if access
pytestmark = pytest.mark.django_db

# end
CONTENT = b"<script>alert(1)</script>"
# if access


def asked(rf: RequestFactory, person: Any) -> HttpRequest:
    """Return a request of a person."""
    request = rf.get("/")
    request.user = person
    return request
# end


@pytest.fixture
def stored() -> str:
    """Return the name of a file that somebody uploaded."""
    return default_storage.save("notes/hello.html", ContentFile(CONTENT))


def test_a_file_is_sent_as_an_attachment(rf: RequestFactory, stored: str) -> None:
    """A browser saves what somebody uploaded, and never runs it."""
# if access
    response = download(asked(rf, boundless()), stored)
# else
    response = download(rf.get("/"), stored)
# end
    assert response.getvalue() == CONTENT
    assert response.headers["Content-Disposition"].startswith("attachment;")


# if access
def test_a_stranger_learns_nothing(client: Client, stored: str) -> None:
    """The answer is the same whether the file exists or not."""
    for name in (stored, "notes/other.html"):
        assert client.get(default_storage.url(name)).status_code == HTTPStatus.NOT_FOUND
# else
def test_a_stranger_is_asked_to_sign_in(client: Client, stored: str) -> None:
    """The answer is the same whether the file exists or not."""
    for name in (stored, "notes/other.html"):
        response = client.get(default_storage.url(name))
        assert response.status_code == HTTPStatus.FOUND
        assert response.headers["Location"].startswith(reverse("admin:login"))
# end


@pytest.mark.parametrize("name", ["missing.txt", "notes", "../manage.py", "/etc/passwd", "a\0b"])
def test_other_paths_do_not_exist(rf: RequestFactory, stored: str, name: str) -> None:
    """Nothing outside the storage can be reached, and no path is an error of the server."""
    assert name != stored
    with pytest.raises(Http404):
# if access
        download(asked(rf, boundless()), name)


def test_a_file_of_no_row_is_nobodys(rf: RequestFactory, stored: str) -> None:
    """Whoever may enter the site reads no more than what rules say."""
    person = get_user_model()(is_active=True, is_staff=True)
    with pytest.raises(Http404):
        download(asked(rf, person), stored)
# else
        download(rf.get("/"), name)
# end
