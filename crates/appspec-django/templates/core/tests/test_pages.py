"""Every page of the admin site opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import DataError, transaction
from django.urls import reverse

from accounts.tests.factories import make_user
from core.admin import RecordAdmin
from core.demo import load
from core.errors import UNFIT

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if admin.site.is_registered(model)]
RECORDS = [model for model in MODELS if isinstance(admin.site.get_model_admin(model), RecordAdmin)]


@pytest.fixture
def superuser(client: Client) -> Client:
    """Return a browser in which a superuser is signed in."""
    user = make_user(is_staff=True, is_superuser=True)
    user.save()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", ["changelist", "add"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_page_opens(superuser: Client, model: type[Model], page: str) -> None:
    """Lists, searches and empty forms are answered; what nobody makes by hand has no form."""
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}")
    answer = superuser.get(address, {"q": "x"} if page == "changelist" else {})
    assert answer.status_code == (200 if page == "changelist" or meta.managed else 403)


def test_pages_of_rows_are_drawn(client: Client) -> None:
    """The page of each kind of row opens, and again where what was sent lacks everything."""
    rows = {type(row): row for row in load().rows.values()}
    people = get_user_model()._base_manager
    if not people.exists():
        make_user().save()
    people.update(is_staff=True, is_superuser=True)
    client.force_login(people.order_by("pk")[0])
    shown = [row for model, row in rows.items() if admin.site.is_registered(model)]
    for row in shown:
        meta = row._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        assert client.get(address).status_code == 200
        with transaction.atomic():
            assert client.post(address, {}).status_code in {200, 302, 403}
            # What lacks nothing is saved, which is not what others were made for.
            transaction.set_rollback(True)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_a_list_has_an_order(model: type[Model]) -> None:
    """Keys are random: without an order rows would stand at another place after each write."""
    assert admin.site.get_model_admin(model).ordering or model._meta.ordering


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_a_list_is_sorted_by_any_column(superuser: Client, model: type[Model]) -> None:
    """What is derived is sorted by the database as well."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    columns = admin.site.get_model_admin(model).list_display
    for place, _ in enumerate(columns, start=1):
        assert superuser.get(address, {"o": f"-{place}"}).status_code == 200


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_what_no_page_sends_is_a_bad_request(superuser: Client, model: type[Model]) -> None:
    """Neither a key that no row could have nor a null character reaches the database."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    forged = {"action": "delete_selected", "_selected_action": "forged"}
    assert superuser.post(address, forged).status_code == 400
    assert superuser.get(address, {"q": "\0"}).status_code == 400


@pytest.mark.parametrize("error", [DataError, OverflowError])
def test_what_the_database_cannot_store_stays_in_the_form(
    superuser: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Nothing is lost by a value that no validation could foresee."""

    def accept(*_args: object, **_kwargs: object) -> None:
        """Neither what else is required nor a rule is the first to speak."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise error

    people = get_user_model()
    monkeypatch.setattr(people, "REQUIRED_FIELDS", [])
    monkeypatch.setattr(people, "full_clean", accept)
    monkeypatch.setattr(people, "save", refuse)
    secret = "a long enough phrase"
    typed = {"email": "typed@example.com", "password1": secret, "password2": secret}
    answer = superuser.post(reverse("admin:accounts_user_add"), typed)
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert form.non_field_errors() == [UNFIT]
    assert form["email"].value() == "typed@example.com"
