"""The health probes: what they answer, and that they give nothing away."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

if TYPE_CHECKING:
    from django.test import Client


def test_live_needs_no_database(client: Client) -> None:
    """Liveness says that the process answers: pytest refuses a query in this test."""
    response = client.get("/healthz")
    assert response.status_code == HTTPStatus.OK
    assert response.json() == {"status": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_asks_the_database(client: Client) -> None:
    """Readiness says that the database answers."""
    response = client.get("/readyz")
    assert response.status_code == HTTPStatus.OK
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_not_ready_without_a_database_and_without_details(client: Client) -> None:
    """A broken database is a 503 that does not repeat the error."""
    with patch.object(connection, "cursor", side_effect=OperationalError("host db.internal")):
        response = client.get("/readyz")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response.json() == {"status": "unavailable"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_only_read(client: Client, path: str) -> None:
    """A probe answers GET and HEAD, nothing else."""
    assert client.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED
