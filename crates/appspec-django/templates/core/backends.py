"""Answers ``has_perm`` from the rules, so that nothing but the rules gives a permission."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend

from core.access import CREATE, DELETE, READ, UPDATE, allows, ever, rules_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model

# How Django calls them. An action of a lifecycle has its own name.
CODENAMES = {READ: "view", CREATE: "add", UPDATE: "change", DELETE: "delete"}


class RulesBackend(ModelBackend):
    """Signs people in, and asks the rules what they may do.

    Without a row, the answer says whether there could be one with which it is allowed. What is
    given to people or groups by Django's own tables counts for nothing.
    """

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None
    ) -> bool:
        """Say whether somebody may do something, with a row or at all."""
        model, verb = permissions().get(perm, (None, ""))
        user: Any = user_obj
        if model is None or (obj is not None and not isinstance(obj, model)):
            return False
        return bool(ever(user, verb, model)) if obj is None else allows(user, verb, obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Say whether somebody may do something with the rows of an app."""
        return any(
            self.has_perm(user_obj, name)
            for name, (model, _) in permissions().items()
            if model._meta.app_label == app_label
        )

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None
    ) -> set[str]:
        """Return what somebody may do, with a row or at all."""
        return {name for name in permissions() if self.has_perm(user_obj, name, obj)}


@cache
def permissions() -> dict[str, tuple[type[Model], str]]:
    """Return what each permission is about: a model, and something to do with its rows."""
    found = {}
    for model in apps.get_models():
        for verb in (*CODENAMES, *rules_of(model).verbs()):
            name = f"{CODENAMES.get(verb, verb)}_{model._meta.model_name}"
            found[f"{model._meta.app_label}.{name}"] = (model, verb)
    return found
