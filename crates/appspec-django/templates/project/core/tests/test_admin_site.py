"""Only a superuser can enter the admin site, and there is no other way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse

from {{ user_module }} import {{ user_class }}
from core.admin_site import SuperuserAdminSite, SuperuserAuthenticationForm

if TYPE_CHECKING:
    from django.test import Client, RequestFactory

INSIDERS = [{{ user_class }}(is_active=True, is_staff=True, is_superuser=True)]
OUTSIDERS = [
    {{ user_class }}(is_active=True, is_staff=True, is_superuser=False),
    {{ user_class }}(is_active=True, is_staff=False, is_superuser=False),
    {{ user_class }}(is_active=False, is_staff=True, is_superuser=True),
]


def test_the_site_in_use_is_the_closed_one() -> None:
    """Every model is registered with the site that asks for a superuser."""
    assert isinstance(admin.site, SuperuserAdminSite)


@pytest.mark.parametrize("user", INSIDERS)
def test_a_superuser_enters(rf: RequestFactory, user: {{ user_class }}) -> None:
    """The one kind of person who may, both at the form and at every page."""
    SuperuserAuthenticationForm().confirm_login_allowed(user)
    request = rf.get(reverse("admin:index"))
    request.user = user
    assert admin.site.has_permission(request)


@pytest.mark.parametrize("user", OUTSIDERS)
def test_nobody_else_enters(rf: RequestFactory, user: {{ user_class }}) -> None:
    """Neither staff nor a disabled superuser: the form refuses them, and so does every page."""
    with pytest.raises(ValidationError):
        SuperuserAuthenticationForm().confirm_login_allowed(user)
    request = rf.get(reverse("admin:index"))
    request.user = user
    assert not admin.site.has_permission(request)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    """The project's front door leads to the form."""
    response = client.get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("admin:login"))
