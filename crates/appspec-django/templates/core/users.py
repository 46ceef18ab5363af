"""Admin pages for the people who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy

from core.admin import RecordAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

    _UserAdmin = UserAdmin[User]
else:
    _UserAdmin = UserAdmin


class PersonAdmin(RecordAdmin, _UserAdmin):
    """Django's pages for users, with the e-mail address as the login."""

    own_fields: ClassVar[tuple[str, ...]] = ()
    ordering = ("email",)
    filter_horizontal = ("groups", "user_permissions")

    def get_fieldsets(self, _request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields of the page: of a new person, those without which there is none."""
        if obj is None:
            asked = ("email", *get_user_model().REQUIRED_FIELDS)
            secret = ("usable_password", "password1", "password2")
            return ((None, {"classes": ("wide",), "fields": (*asked, *secret)}),)
        rights = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")
        return (
            (None, {"fields": ("email", "password")}),
            (gettext_lazy("Personal info"), {"fields": self.own_fields}),
            (gettext_lazy("Permissions"), {"fields": rights}),
            (gettext_lazy("Important dates"), {"fields": ("last_login",)}),
        )
