"""What no rule allows is refused everywhere, and changes nothing."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from accounts.roles import ROLES
from accounts.tests.factories import make_user
from core.access import DELETE, READ, permitted, rules_of
from core.granting import give, take
from core.management.commands.sync_roles import MISSING
from core.roles import Granted, roles_held
from core.testing import boundless, undrawn
from core.testing_access import everybody, permission, unrefused

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model
    from django.test import Client, RequestFactory

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if rules_of(model).grants]
PAGES = [model for model in MODELS if admin.site.is_registered(model)]
# Rows whose pages are asked for, of those that may not be read or deleted.
TRIED = 2
GRANTED = [role for role in ROLES if isinstance(role, Granted)]


def staff(rf: RequestFactory) -> Collection[Any]:
    """Return people who enter the admin site and are no superusers, one for each set of roles."""
    people = [each for each in everybody() if isinstance(each, get_user_model())]
    get_user_model()._base_manager.update(is_staff=True, is_superuser=False)
    named = {frozenset(roles_held(each, ROLES)): each for each in people if enters(each, rf)}
    return named.values()


def enters(person: Any, rf: RequestFactory) -> bool:
    """Say whether somebody gets past the door of the admin site."""
    request = rf.get(reverse("admin:index"))
    request.user = person
    return admin.site.has_permission(request)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_is_not_allowed_is_refused(model: type[Model]) -> None:
    """A row that may not be read is not there, another one is not changed."""
    assert unrefused(model) == []


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.label)
@undrawn()
def test_pages_obey(client: Client, rf: RequestFactory, model: type[Model]) -> None:
    """Lists show everybody their rows; no page opens for others, and none deletes against rules."""
    place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for person in staff(rf):
        client.force_login(person)
        every = set(model._default_manager.all())
        rows = set(model._default_manager.filter(permitted(model, person, READ)))
        answer: Any = client.get(reverse(f"{place}_changelist"))
        is_shown = answer.status_code == 200
        assert (set(answer.context_data["cl"].result_list) if is_shown else set()) == rows
        for row in list(every - rows)[:TRIED]:
            page = client.get(reverse(f"{place}_change", args=[row.pk]))
            assert page.status_code in {302, 403}
        kept = every - set(model._default_manager.filter(permitted(model, person, DELETE)))
        for row in list(kept)[:TRIED]:
            client.post(reverse(f"{place}_delete", args=[row.pk]), {"post": "yes"})
        chosen = [str(row.pk) for row in kept]
        sent = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        client.post(reverse(f"{place}_changelist"), sent)
        assert kept <= set(model._default_manager.all())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_table_of_django_gives_a_permission(model: type[Model]) -> None:
    """Rules alone do, and being a superuser, as long as one may sign in."""
    person, nobody = make_user(is_active=False, is_superuser=True), AnonymousUser()
    for asked in (permission(model, READ), permission(model, DELETE)):
        assert person.has_perm(asked) == nobody.has_perm(asked)
    assert boundless().has_perm(permission(model, DELETE))


@pytest.mark.parametrize("role", GRANTED, ids=lambda role: role.name)
def test_a_role_is_given_by_those_who_may(role: Granted) -> None:
    """Nobody gives it to themselves."""
    person = make_user()
    person.save()
    with pytest.raises(PermissionDenied):
        give(role, person, by=person)
    assert not person.groups.exists()
    give(role, person, by=boundless())
    assert person.groups.get().name == role.name
    take(role, person, by=boundless())
    assert not person.groups.exists()


def test_groups_are_made_once() -> None:
    """The command says when something is missing, and leaves alone what is there."""
    if GRANTED:
        with pytest.raises(SystemExit) as stopped:
            call_command("sync_roles", check=True, stdout=StringIO())
        assert stopped.value.code == MISSING
    for _ in range(2):
        call_command("sync_roles", stdout=StringIO())
        call_command("sync_roles", check=True, stdout=StringIO())
        assert Group.objects.count() == len(GRANTED)
