"""Who may do what. Each app's ``access.py`` has its rules; here they are asked.

A rule is written once, as a condition about rows. Lists filter by it, ``has_perm`` asks it of one
row, and ``core.writes`` asks it before and after a write. Nothing is allowed that no rule grants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from core.db.expressions import Holds
from core.roles import (
    ANYONE,
    EVERYTHING,
    NOTHING,
    Actor,
    Condition,
    Role,
    System,
    condition,
    is_boundless,
    roles_known,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import Model, QuerySet

    Rows = QuerySet[Any]
    Fields = frozenset[str]

READ, CREATE, UPDATE, DELETE = "read", "create", "update", "delete"
# What Django has for those who sign in. No rule speaks of it.
OF_DJANGO: Final = {"password", "last_login", "is_superuser", "groups", "user_permissions"}


@dataclass(frozen=True)
class May:
    """Something to do with a row, and the fields that it is about: all, some, or all but some."""

    verb: str
    only: tuple[str, ...] | None = None
    but: tuple[str, ...] = ()

    def fields(self, model: type[Model]) -> Fields:
        """Return the fields of a model that it is about."""
        every = fields_of(model) if self.only is None else frozenset(self.only)
        if self.verb in {CREATE, UPDATE}:
            every &= given_of(model, self.verb)
        return every - frozenset(self.but)


@dataclass(frozen=True)
class Grant:
    """What those who have a role may do with some of the rows.

    ``at`` leads from a row to the scope of the role. The message tells what is not granted.
    """

    role: Role
    may: tuple[May, ...]
    at: str = ""
    where: Condition = EVERYTHING
    message: str = ""

    def permission(self, verb: str) -> May | None:
        """Return what it says of a verb."""
        return next((may for may in self.may if may.verb == verb), None)

    def holds(self, actor: Actor) -> Q:
        """Return the rows that it is about, for an actor."""
        return both(self.role.held(actor, self.at), condition(self.where, actor))


@dataclass(frozen=True)
class Way:
    """A grant of a verb to an actor: for these rows, and with these fields."""

    grant: Grant
    rows: Q
    fields: Fields


@dataclass(frozen=True)
class Rules:
    """The rules about the rows of a model: grants, and walls that narrow each of them.

    Nobody gives a value to what the system maintains, and nobody changes what is fixed.
    """

    grants: tuple[Grant, ...] = ()
    walls: tuple[Condition, ...] = ()
    maintained: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    def granting(self, verb: str) -> list[Grant]:
        """Return the grants of a verb."""
        return [grant for grant in self.grants if grant.permission(verb)]

    def verbs(self) -> set[str]:
        """Return what is granted to anybody."""
        return {may.verb for grant in self.grants for may in grant.may}

    def wall(self, actor: Actor) -> Q:
        """Return the rows on an actor's side of every wall. Jobs act on both."""
        found = EVERYTHING
        for wall in () if isinstance(actor, System) else self.walls:
            found &= condition(wall, actor)
        return found


@cache
def rules_of(model: type[Model]) -> Rules:
    """Return the rules about the rows of a model. Where there are none, nothing is granted."""
    name = f"{model._meta.app_config.name}.access"
    if find_spec(name) is None:
        return Rules()
    rules: Rules = getattr(import_module(name), "RULES", {}).get(model, Rules())
    return rules


@cache
def fields_of(model: type[Model]) -> Fields:
    """Return the names of what a row has."""
    meta = model._meta
    names = {field.name for field in (*meta.fields, *meta.many_to_many)}
    names |= set(getattr(model, "derived_values", ()))
    return frozenset(names - OF_DJANGO if issubclass(model, AbstractBaseUser) else names)


@cache
def given_of(model: type[Model], verb: str) -> Fields:
    """Return the names of what people give a row when they make or change it."""
    rules, fields = rules_of(model), (*model._meta.fields, *model._meta.many_to_many)
    names = {field.name for field in fields if field.editable and not field.primary_key}
    kept = rules.maintained if verb == CREATE else rules.maintained + rules.fixed
    return (fields_of(model) & names) - frozenset(kept)


def ways(model: type[Model], actor: Actor, verb: str) -> list[Way]:
    """Return by which grants an actor may do something with rows of a model.

    A superuser may do everything: that is Django's own, and no rule gives it.
    """
    if is_boundless(actor):
        every = May(verb)
        return [Way(Grant(ANYONE, (every,)), EVERYTHING, every.fields(model))]
    rules = rules_of(model)
    wall = rules.wall(actor)
    found = []
    for grant in rules.granting(verb):
        rows = both(grant.holds(actor), wall)
        # What nobody may read does not exist, so it can't be changed.
        if verb not in {READ, CREATE} and grant.permission(READ) is None:
            rows &= permitted(model, actor, READ)
        fields = next(may.fields(model) for may in grant.may if may.verb == verb)
        found.append(Way(grant, rows, fields))
    return found


def reading(model: type[Model], actor: Actor) -> list[Way]:
    """Return the ways in which an actor may read rows, for lists: those of roles that they have.

    A role that is looked up before is no part of the query. What is left finds rows by an index.
    """
    found = ways(model, actor, READ)
    if is_boundless(actor):
        return found
    held = roles_known(actor, {way.grant.role for way in found})
    wall = rules_of(model).wall(actor)
    return [
        way if way.grant.at else replace(way, rows=both(condition(way.grant.where, actor), wall))
        for way in found
        if way.grant.role in held
    ]


def both(one: Q, other: Q) -> Q:
    """Return the rows of which both conditions hold. ``EVERYTHING`` stays what it is."""
    if one is EVERYTHING or other is EVERYTHING:
        return other if one is EVERYTHING else one
    return one & other


def permitted(model: type[Model], actor: Actor, verb: str) -> Q:
    """Return with which rows of a model an actor may do something."""
    found = NOTHING
    for way in ways(model, actor, verb):
        found |= way.rows
    return found


def allows(actor: Actor, verb: str, row: Model) -> bool:
    """Say whether an actor may do something with a row as it is stored."""
    return stored(row).filter(permitted(type(row), actor, verb)).exists()


def holding(actor: Actor, verb: str, row: Model) -> dict[int, Way]:
    """Return the ways that hold for a row as it is stored, each by its place among all."""
    found = ways(type(row), actor, verb)
    asked = {f"way_{place}_": Holds(way.rows) for place, way in enumerate(found)}
    answers = stored(row).annotate(**asked).values_list(*asked).first() if asked else None
    return {place: found[place] for place, holds in enumerate(answers or ()) if holds}


def fields(actor: Actor, verb: str, row: Model) -> Fields:
    """Return the fields of a row that an actor may read, or write in the way that a verb says."""
    return union(holding(actor, verb, row).values())


def ever(actor: Actor, verb: str, model: type[Model]) -> list[Fields]:
    """Return the fields of each grant that could hold for some row: the actor has its role."""
    if is_boundless(actor):
        return [May(verb).fields(model)]
    granted = rules_of(model).granting(verb)
    held = roles_known(actor, {grant.role for grant in granted})
    named = [may for grant in granted if grant.role in held for may in grant.may]
    return [may.fields(model) for may in named if may.verb == verb]


def fields_everywhere(actor: Actor, model: type[Model]) -> Fields:
    """Return the fields that an actor may read of every row that they may read at all.

    Others may be neither searched nor sorted by: that would tell what they hold.
    """
    found = ever(actor, READ, model)
    return frozenset.intersection(*found) if found else frozenset()


def marked(rows: Rows, found: Collection[Way]) -> Rows:
    """Return those of the rows for which one of these ways holds.

    Each row knows by which of them: ``seen`` reads it.
    """
    held = {f"way_{place}_": Holds(way.rows) for place, way in enumerate(found)}
    return cast("Rows", rows.filter(chosen(rows.model, found)).annotate(**held))


def chosen(model: type[Model], found: Collection[Way]) -> Q:
    """Return the rows for which one of these ways holds, so that each way has its own index.

    Of conditions about several tables with an "or" between them, PostgreSQL reads every row.
    """
    if any(way.rows is EVERYTHING for way in found):
        return EVERYTHING
    match [way.rows for way in found]:
        case []:
            return NOTHING
        case [rows]:
            return rows
        case several:
            keys = [model._base_manager.filter(rows).order_by().values("pk") for rows in several]
            return Q(pk__in=keys[0].union(*keys[1:], all=True))


def seen(row: Model, found: Iterable[Way]) -> Fields:
    """Return the fields that somebody may read of a row that is marked with these ways."""
    return union(way for place, way in enumerate(found) if getattr(row, f"way_{place}_"))


def union(found: Iterable[Way]) -> Fields:
    """Return what is granted by one way or another."""
    return frozenset().union(*(way.fields for way in found))


def stored(row: Model) -> Rows:
    """Return the row as a query."""
    return type(row)._base_manager.using(row._state.db).filter(pk=row.pk).order_by()
