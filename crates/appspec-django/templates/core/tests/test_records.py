"""What every record does."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from accounts.tests.factories import make_user


@pytest.mark.django_db
def test_an_email_address_is_stored_in_lower_case() -> None:
    """However it was typed."""
    user = make_user(email="Some.Body@Example.com")
    user.save()
    assert user.email == "some.body@example.com"
    assert User.objects.get_by_natural_key("SOME.BODY@example.com") == user


@pytest.mark.django_db
def test_a_null_character_is_refused() -> None:
    """PostgreSQL could not store it; Django's own translations say so."""
    with translation.override("de"), pytest.raises(ValidationError, match="Nullzeichen"):
        User(email="a\0b@example.com").full_clean()
