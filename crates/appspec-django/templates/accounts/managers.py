"""Creates users; the e-mail address is the login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from core.models import RecordManager

if TYPE_CHECKING:
    from accounts.models import User


class UserManager(RecordManager["User"], BaseUserManager["User"]):
    """Creates users and finds them by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; without a password, one who cannot sign in."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find the user who signs in with this address, in whatever case it is typed."""
        return self.get(email=(username or "").lower())
