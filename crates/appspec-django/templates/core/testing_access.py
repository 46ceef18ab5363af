"""Asks every rule about every example row for everybody, and compares with plain Python."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from accounts.roles import ROLES
from core.access import CREATE, DELETE, READ, UPDATE, fields, permitted, rules_of, stored
from core.backends import CODENAMES
from core.demo import load
from core.errors import RefusedError
from core.roles import SYSTEM, Granted, System, is_boundless, signed_in
from core.writes import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.db.models import Model

    from core.roles import Actor

    Rows = list[Model]


def always(*_asked: Any) -> bool:
    """Hold of every row."""
    return True


@dataclass(frozen=True)
class Holder:
    """Who has a role: whoever is named by a row, at what it names, or whoever is in a group."""

    rows: str = ""
    person: str = ""
    scope: str = ""
    where: Callable[[Any], bool] = always
    group: str = ""

    def holds(self, me: Any, scope: Any) -> bool:
        """Say whether a person has it, at a row of the scope."""
        if self.group:
            return bool(me.groups.filter(name=self.group).exists())
        if not self.rows:
            return True
        return any(
            reached(row, self.person) == me.pk
            and (not self.scope or scope is None or reached(row, self.scope) in scope)
            and self.where(row)
            for row in apps.get_model(self.rows)._default_manager.all()
        )


@dataclass(frozen=True)
class Told:
    """What the specification grants: to whom, where, what with which fields, and of which rows."""

    may: Mapping[str, tuple[str, ...]]
    holders: tuple[Holder, ...] = ()
    anyone: bool = False
    system: bool = False
    at: str = ""
    where: Callable[[Any, Any], bool] = always

    def holds(self, actor: Actor, row: Model) -> bool:
        """Say whether it is granted."""
        if self.system or self.anyone:
            is_meant = (actor is SYSTEM) == self.system
            return is_meant and self.where(row, None)
        me = signed_in(actor)
        scope = [reached(row, self.at)] if self.at else None
        is_held = me is not None and any(each.holds(me, scope) for each in self.holders)
        return is_held and self.where(row, me)


@dataclass(frozen=True)
class Expected:
    """What the specification says of the rows of a model."""

    model: str
    grants: tuple[Told, ...]
    walls: tuple[Callable[[Any, Any], bool], ...] = ()

    def __str__(self) -> str:
        return self.model

    def granted(self, actor: Actor, verb: str, row: Model) -> set[str] | None:
        """Return the fields of what is granted; nothing where nothing is."""
        if verb not in {READ, CREATE} and self.granted(actor, READ, row) is None:
            return None
        me = signed_in(actor)
        if actor is not SYSTEM and not all(wall(row, me) for wall in self.walls):
            return None
        told = [each for each in self.grants if verb in each.may and each.holds(actor, row)]
        return {name for each in told for name in each.may[verb]} if told else None


def reached(row: Any, path: str) -> Any:
    """Return what a row holds at the end of a path, if there is something."""
    for step in path.split("."):
        row = getattr(row, step, None)
    return row


def everybody() -> Iterator[Actor]:
    """Make example rows; return everybody who could ask about them."""
    load()
    people = list(get_user_model()._base_manager.order_by("pk"))
    for place, role in enumerate(each for each in ROLES if isinstance(each, Granted)):
        group, _ = Group.objects.get_or_create(name=role.name)
        for person in people[place : place + 1]:
            person.groups.add(group)
    yield from people
    yield from (AnonymousUser(), SYSTEM)
    for person in people[:1]:
        person.is_active = False
        yield person


def cells(model: type[Model]) -> Iterator[tuple[Actor, str, Rows]]:
    """Return who could ask for what, and the rows of a model."""
    verbs = sorted({READ, CREATE, UPDATE, DELETE} | rules_of(model).verbs())
    for actor in everybody():
        for verb in verbs:
            yield actor, verb, list(model._default_manager.order_by("pk"))


def permission(model: type[Model], verb: str) -> str:
    """Return what Django calls something that can be done."""
    meta = model._meta
    return f"{meta.app_label}.{CODENAMES.get(verb, verb)}_{meta.model_name}"


def otherwise_than_told(case: Expected) -> list[str]:
    """Return what rules allow and the specification does not, and the other way around."""
    model, found = apps.get_model(case.model), []
    spoken = {name for told in case.grants for names in told.may.values() for name in names}
    for actor, verb, rows in cells(model):
        listed = set(model._default_manager.filter(permitted(model, actor, verb)))
        for row in rows:
            told = case.granted(actor, verb, row)
            answers = {row in listed}
            if not isinstance(actor, System):
                answers.add(actor.has_perm(permission(model, verb), row))
            if answers != {told is not None}:
                found.append(f"{actor} {verb} {row}")
            elif told and fields(actor, verb, row) & spoken != told:
                found.append(f"{actor} {verb} {row}: fields")
    return found


def unrefused(model: type[Model]) -> list[str]:
    """Try what is not allowed; return what is not refused, or not in the way it should be.

    Of the rows to which the same answer is right, one is tried.
    """
    found = []
    for actor, verb, rows in cells(model):
        if verb == READ:
            continue
        allowed = set(model._default_manager.filter(permitted(model, actor, verb)))
        readable = set(model._default_manager.filter(permitted(model, actor, READ)))
        tried: dict[Any, Model] = {}
        for row in rows:
            is_known = verb == CREATE or row in readable
            refused = RefusedError if is_known else ObjectDoesNotExist
            tried.setdefault(None if row in allowed else refused, row)
        if verb == CREATE:
            found += [f"{actor} begins {row}" for row in rows[:2] if is_begun(actor, row)]
        if verb == CREATE and None in tried:
            # What is made here is allowed or not by what it becomes.
            tried = {None: tried[None]}
        found += [
            f"{actor} {verb} {row}"
            for wanted, row in tried.items()
            if answer(actor, verb, row) is not wanted
        ]
    return found


def is_begun(actor: Actor, row: Model) -> bool:
    """Say whether somebody begins to make a row beside this one, who has no role for it.

    They would be told what is wrong with its values before they are told that they may not.
    """
    references = [field.name for field in row._meta.fields if field.many_to_one]
    given = {name: getattr(row, name) for name in references if getattr(row, name) is not None}
    granting = rules_of(type(row)).granting(CREATE)
    scopes = {grant.at.partition("__")[0] for grant in granting} - {""}
    asked = [stored(row).filter(grant.role.held(actor, grant.at)).exists() for grant in granting]
    if any(asked) or is_boundless(actor) or not scopes <= given.keys():
        return False
    begun = False
    with (
        suppress(RefusedError, ValidationError),
        transaction.atomic(),
        writing(actor, CREATE, type(row)(), given),
    ):
        begun = True
        raise RefusedError(row._meta.label, CREATE)
    return begun


def answer(actor: Actor, verb: str, row: Model) -> Any:
    """Return the class of what refuses to write a row as it is, if anything does."""
    try:
        with transaction.atomic(), writing(actor, verb, row, {}):
            pass
    except (RefusedError, ObjectDoesNotExist) as refused:
        return RefusedError if isinstance(refused, RefusedError) else ObjectDoesNotExist
    return None
