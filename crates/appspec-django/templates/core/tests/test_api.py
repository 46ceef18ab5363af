"""The API answers by the rules, whoever asks for what."""

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from core.api.serializers import MomentField
from core.demo import load
from core.testing_access import everybody
from core.testing_api import ADDRESSES, JSON, VIEWS, other_answers, pages

pytestmark = pytest.mark.django_db


def boundless() -> Client:
    """Return a browser in which a superuser is signed in."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root@example.com"))
    return client


def test_everybody_gets_what_the_rules_allow() -> None:
    """Rows and fields of lists are those of the rules, and what is refused changes nothing."""
    found = [
        answer
        for actor in everybody()
        for model in ADDRESSES
        for answer in other_answers(actor, model)
    ]
    assert found == []


def test_pages_hold_each_row_once() -> None:
    """However a list is sorted, also by what is equal in many rows or missing in some."""
    load()
    client = boundless()
    for address, views in VIEWS.items():
        rows = views.queryset.model._default_manager
        for ordering in getattr(views, "ordering_fields", ())[:3]:
            for term in (ordering, f"-{ordering}"):
                keys = list(pages(client, address, term))
                assert len(keys) == len(set(keys)) == rows.count(), f"{address} by {term}"


def test_what_is_not_known_is_refused() -> None:
    """A parameter or a field that is not known is named, and not passed over."""
    client = boundless()
    for address, views in VIEWS.items():
        if hasattr(views, "list"):
            answer = client.get(address, {"no_field": "red"})
            assert answer.json()["errors"][0]["code"] == "unknown_parameter"
        if hasattr(views, "create"):
            answer = client.post(address, {"is_superuser": True, "no_field": "red"}, JSON)
            codes = {each["field"]: each["code"] for each in answer.json()["errors"]}
            assert codes == {"is_superuser": "unknown_field", "no_field": "unknown_field"}


def test_what_can_not_be_read_is_an_answer() -> None:
    """Deep, broken and endless values are answered, and are no error of the server."""
    client = boundless()
    for address, views in VIEWS.items():
        if hasattr(views, "list"):
            assert client.get(address, {"page_size": "9" * 5000}).status_code == 400
            assert client.get(address, {"cursor": "e30="}).status_code == 400
        if hasattr(views, "create"):
            for sent in ("[" * 100_000, '{"a": "\\ud800"}', "NaN", '{"a": 1e999}', b"\xff"):
                assert client.post(address, sent, JSON).status_code == 400


def test_writes_need_the_token_against_forgery() -> None:
    """A page of somebody else can't write with the session of a person."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_superuser("root@example.com"))
    for address, views in VIEWS.items():
        if hasattr(views, "create"):
            assert client.post(address, {}, JSON).status_code == 403
            token = client.get("/api/me/").json()["csrf_token"]
            answer = client.post(address, {}, JSON, headers={"X-CSRFToken": token})
            assert answer.status_code in {201, 400}


def test_nothing_is_told_as_a_problem() -> None:
    """An address that is not there, and a query that no view is asked, are answered as JSON."""
    client = Client()
    unknown = ("/api/", "/api/no", "/api/no/such.thing/", "/api/auth/no")
    for address, status in (*((each, 404) for each in unknown), ("/api/me/?a=%00", 400)):
        answer = client.get(address)
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert "html" in client.get("/admin/?a=%00").headers["Content-Type"]


def test_moments_are_shown_in_utc() -> None:
    """The offset of a time zone had seconds once, which no reader of JSON knows."""
    zone = timezone(timedelta(minutes=-36, seconds=-45))
    moment = datetime(1900, 1, 1, 12, 30, 15, tzinfo=zone)
    assert MomentField().to_representation(moment) == "1900-01-01T13:07:00Z"


def test_the_description_is_there() -> None:
    """The schema and the page that shows it are served to everybody."""
    assert Client().get("/api/schema/").status_code == 200
    assert Client().get("/api/docs/").status_code == 200
