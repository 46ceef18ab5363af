"""Admin pages for the people who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
# if access
from django.core.exceptions import PermissionDenied
# end
from django.utils.translation import gettext_lazy

from core.admin import RecordAdmin
# if access
from core.roles import is_boundless
# end

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

# if access
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
# else
    def get_fieldsets(self, _request: HttpRequest, obj: Any = None) -> Any:
# end
        """Return the fields of the page: of a new person, those without which there is none."""
        if obj is None:
            asked = ("email", *get_user_model().REQUIRED_FIELDS)
            secret = ("usable_password", "password1", "password2")
# if access
            new = ((None, {"classes": ("wide",), "fields": (*asked, *secret)}),)
            return new if is_boundless(request.user) else self.narrowed(request, obj, new)
# else
            return ((None, {"classes": ("wide",), "fields": (*asked, *secret)}),)
# end
        rights = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")
# if access
        if not is_boundless(request.user):
            own = ((None, {"fields": ("email", *self.own_fields)}),)
            return self.narrowed(request, obj, own)
# end
        return (
            (None, {"fields": ("email", "password")}),
            (gettext_lazy("Personal info"), {"fields": self.own_fields}),
            (gettext_lazy("Permissions"), {"fields": rights}),
            (gettext_lazy("Important dates"), {"fields": ("last_login",)}),
        )
# if access

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers alone make people with a password that is not their own."""
        return is_boundless(request.user)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let superusers alone set the password of somebody else."""
        if not is_boundless(request.user):
            raise PermissionDenied
        return super().user_change_password(request, *args, **kwargs)
# end
