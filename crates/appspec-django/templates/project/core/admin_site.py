"""The admin site. Only superusers may enter it: there is no rule yet that lets anyone else in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.http import HttpRequest

    from {{ user_module }} import {{ user_class }}

{{ title }}


class SuperuserAuthenticationForm(AdminAuthenticationForm):
    """Refuses to sign in anyone who could not enter the site afterwards."""

    def confirm_login_allowed(self, user: {{ user_class }}) -> None:
        """Answer a person who is no superuser exactly as a wrong password is answered."""
        super().confirm_login_allowed(user)
        if not user.is_superuser:
            raise self.get_invalid_login_error()


class SuperuserAdminSite(AdminSite):
    """Django's admin site, closed to everyone but superusers."""

    site_header = TITLE
    site_title = TITLE
    index_title = gettext_lazy("Site administration")
    login_form = SuperuserAuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person behind ``request`` may see any page of the site."""
        return request.user.is_active and request.user.is_superuser
