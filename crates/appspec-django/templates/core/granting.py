"""Gives roles to people, and takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from accounts.roles import ROLES
from core.roles import is_boundless, roles_held

if TYPE_CHECKING:
    from accounts.models import User
    from core.roles import Actor, Granted


def give(role: Granted, person: User, by: Actor) -> None:
    """Give a role to a person."""
    refuse_strangers(role, by)
    group, _ = Group.objects.get_or_create(name=role.name)
    person.groups.add(group)


def take(role: Granted, person: User, by: Actor) -> None:
    """Take a role from a person."""
    refuse_strangers(role, by)
    person.groups.remove(*Group.objects.filter(name=role.name))


def refuse_strangers(role: Granted, by: Actor) -> None:
    """Raise ``PermissionDenied`` unless somebody has a role that gives this one."""
    givers = [each for each in ROLES if each.name in role.granted_by]
    if not is_boundless(by) and not roles_held(by, givers):
        message = f"You may not decide who is {role.label or role.name}."
        raise PermissionDenied(message)
