"""Staff can enter the admin site, and nobody else can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.urls import reverse

from {{ user_module }} import {{ user_class }}
from core.admin_site import StaffAdminSite

if TYPE_CHECKING:
    from django.test import Client, RequestFactory

INSIDERS = [
    {{ user_class }}(is_active=True, is_staff=True, is_superuser=True),
    {{ user_class }}(is_active=True, is_staff=True, is_superuser=False),
]
OUTSIDERS = [
    {{ user_class }}(is_active=True, is_staff=False, is_superuser=False),
    {{ user_class }}(is_active=False, is_staff=True, is_superuser=True),
]


def test_the_site_in_use_is_our_own() -> None:
    """Every model is registered with it."""
    assert isinstance(admin.site, StaffAdminSite)


@pytest.mark.parametrize("user", INSIDERS)
def test_staff_enters(rf: RequestFactory, user: {{ user_class }}) -> None:
    """What they find there is for the rules to say."""
    request = rf.get(reverse("admin:index"))
    request.user = user
    assert admin.site.has_permission(request)


@pytest.mark.parametrize("user", OUTSIDERS)
def test_nobody_else_enters(rf: RequestFactory, user: {{ user_class }}) -> None:
    """Neither people who are no staff nor a disabled superuser."""
    request = rf.get(reverse("admin:index"))
    request.user = user
    assert not admin.site.has_permission(request)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    """The project's front door leads to the form."""
    response = client.get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("admin:login"))
