"""The admin site. Some roles enter it; what they find there is for the rules to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy

from accounts.roles import ADMIN_SITE
from core.roles import is_boundless, roles_known

if TYPE_CHECKING:
    from django.http import HttpRequest

{{ title }}


class StaffAdminSite(AdminSite):
    """Django's admin site, open to superusers and to those who have one of some roles."""

    # Django's own form asks whether somebody is staff.
    login_form = AuthenticationForm

    site_header = TITLE
    site_title = TITLE
    index_title = gettext_lazy("Site administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether somebody may enter."""
        return is_boundless(request.user) or bool(roles_known(request.user, ADMIN_SITE))
