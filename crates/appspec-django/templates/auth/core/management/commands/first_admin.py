"""Lets the first person in, who lets in all others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
{%- if role.is_some() %}
from django.contrib.auth.models import Group
{%- endif %}
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
{% if let Some(role) = role %}
from accounts.roles import {{ role }}
{% endif %}
# The variable with the address of whoever comes first.
VARIABLE = "{{ variable }}"


class Command(BaseCommand):
    """Makes the account of the first person, or finds it. Nothing is taken from anybody."""

    help = f"Lets in whom {VARIABLE} names{% if role.is_some() %}, with a role{% else %}, as a superuser{% endif %}. Twice is as good as once."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look for the person whom the environment names."""
        address = settings.ENVIRONMENT.{{ field }}
        if not address:
            message = f"{VARIABLE} is empty: it says who comes first."
            raise CommandError(message)
        people = get_user_model().objects
        person = people.filter(email=address.lower()).first()
        if person is None:
            person = people.create_user(address.lower())
        if not person.is_active:
            message = f"{address} is switched off."
            raise CommandError(message)
{%- if let Some(role) = role %}
        name = {{ role }}.name
        group, _ = Group.objects.get_or_create(name=name)
        person.groups.add(group)
        self.stdout.write(f"{address}: {name}")
{%- else %}
        person.is_staff = person.is_superuser = True
        person.save()
        self.stdout.write(f"{address}: superuser")
{%- endif %}
        if not person.has_usable_password():
            self.stdout.write(f"Set a password: python manage.py changepassword {address.lower()}")
