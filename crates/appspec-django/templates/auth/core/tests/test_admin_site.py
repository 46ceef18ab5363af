"""Superusers and people with some roles can enter the admin site, and nobody else can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.roles import ADMIN_SITE
from accounts.tests.factories import make_user
from core.admin_site import StaffAdminSite
from core.roles import roles_held
from core.testing_access import everybody

if TYPE_CHECKING:
    from django.test import Client, RequestFactory

pytestmark = pytest.mark.django_db


def test_the_site_in_use_is_our_own() -> None:
    """Every model is registered with it."""
    assert isinstance(admin.site, StaffAdminSite)


def test_roles_open_the_door(rf: RequestFactory) -> None:
    """Whether Django calls somebody staff says nothing; who may not sign in stays outside."""
    people = [each for each in everybody() if isinstance(each, get_user_model())]
    get_user_model()._base_manager.update(is_staff=True)
    for person in people:
        request = rf.get(reverse("admin:index"))
        request.user = person
        is_meant = person.is_superuser or bool(roles_held(person, ADMIN_SITE))
        assert admin.site.has_permission(request) == (person.is_active and is_meant)


def test_superusers_sign_in(client: Client) -> None:
    """The form lets them in, and nobody with another password."""
    person, page = make_user(is_superuser=True), reverse("admin:login")
    person.set_password("correct horse battery staple")
    person.save()
    sent = {"username": person.email, "password": "wrong"}
    assert client.post(page, sent).status_code == 200
    sent["password"] = "correct horse battery staple"
    assert client.post(page, sent).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    """The project's front door leads to the form."""
    response = client.get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("admin:login"))
