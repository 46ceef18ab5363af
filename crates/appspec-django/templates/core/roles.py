"""What a role is: whether a person has it, and at which rows of its scope.

The roles of the project are declared in ``accounts/roles.py``. Each answers with a condition for a
query, so that membership is looked up by the query that needs it, and is never stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.db.models import Exists, Q, QuerySet, Value

from core.db.expressions import Holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from accounts.models import User

EVERYTHING: Final = Q(Value(value=True))
NOTHING: Final = Q(pk__in=())


class System:
    """Jobs and commands that act for nobody. They need grants of their own."""


SYSTEM: Final = System()

Actor: TypeAlias = "User | AnonymousUser | System"
Condition: TypeAlias = "Q | Callable[[User], Q]"


def signed_in(actor: Actor) -> User | None:
    """Return the person who acts, if one is known and may sign in."""
    if isinstance(actor, AnonymousUser | System) or not actor.is_active:
        return None
    return actor


def is_boundless(actor: Actor) -> bool:
    """Say whether no rule binds an actor: a superuser, which is Django's own and no role."""
    person = signed_in(actor)
    return person is not None and person.is_superuser


def condition(where: Condition, actor: Actor) -> Q:
    """Return a condition as it is for an actor: one that asks who acts is true for people alone."""
    if isinstance(where, Q):
        return where
    person = signed_in(actor)
    return NOTHING if person is None else where(person)


@dataclass(frozen=True, eq=False)
class Role:
    """Somebody to whom rules grant something. Whoever has a role that includes it has it, too."""

    name: str
    label: str = ""
    included_in: tuple[Role, ...] = ()

    def held(self, actor: Actor, at: str = "") -> Q:
        """Return which rows an actor has the role for; ``at`` leads from a row to its scope."""
        person = signed_in(actor)
        found: list[Q] = []
        scopes: list[QuerySet[Any]] = []
        for role in self.with_included():
            scope = None if person is None else role.scopes(person, at)
            if scope is None:
                found.append(role.held_itself(actor, at))
            else:
                scopes.append(scope)
        if scopes:
            # One list of scopes leads to the rows by an index, and two with an "or" do not.
            every = scopes[0].union(*scopes[1:], all=True) if len(scopes) > 1 else scopes[0]
            found.append(Q((f"{at}__in", every)))
        return reduce(or_, found)

    def with_included(self) -> Iterator[Role]:
        """Return the role, and those whose holders have it, too."""
        yield self
        for role in self.included_in:
            yield from role.with_included()

    def scopes(self, _person: User, _at: str) -> QuerySet[Any] | None:
        """Return at what a person has the role, where it is had somewhere and not everywhere."""
        return None

    def held_itself(self, actor: Actor, at: str) -> Q:
        """Return for which rows it is held, other roles aside."""
        person = signed_in(actor)
        return NOTHING if person is None else self.held_by(person, at)

    def held_by(self, _person: User, _at: str) -> Q:
        """Return for which rows a person has it: everybody who is signed in has it for all."""
        return EVERYTHING


class Anyone(Role):
    """Whoever asks, signed in or not. Jobs are nobody."""

    def held_itself(self, actor: Actor, _at: str) -> Q:
        """Return all rows."""
        return NOTHING if isinstance(actor, System) else EVERYTHING


class Jobs(Role):
    """The system itself."""

    def held_itself(self, actor: Actor, _at: str) -> Q:
        """Return all rows to the system, none to people."""
        return EVERYTHING if isinstance(actor, System) else NOTHING


ANYONE: Final = Anyone("Anyone")
SIGNED_IN: Final = Role("Signed in")
JOBS: Final = Jobs("System")


@dataclass(frozen=True, eq=False)
class Granted(Role):
    """A role that people give to each other: a group, and the names of the roles that give it."""

    granted_by: tuple[str, ...] = ()

    def held_by(self, person: User, _at: str) -> Q:
        """Return all rows to the members of the group."""
        return Q(Exists(Group.objects.filter(name=self.name, user=person)))


@dataclass(frozen=True, eq=False)
class Derived(Role):
    """A role that follows from rows: whoever one of them names has it, at the scope it names."""

    model: str = ""
    person: str = ""
    scope: str = ""
    where: Condition = EVERYTHING

    def held_by(self, person: User, _at: str) -> Q:
        """Return all rows to whoever a row names."""
        return Q(Exists(self.rows(person)))

    def scopes(self, person: User, at: str) -> QuerySet[Any] | None:
        """Return what the rows name with the person."""
        return self.rows(person).values(self.scope) if self.scope and at else None

    def rows(self, person: User) -> QuerySet[Any]:
        """Return the rows that give the role to a person."""
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.order_by()
        return rows.filter(condition(self.where, person), **{self.person: person.pk})


def roles_held(actor: Actor, roles: Iterable[Role]) -> list[Role]:
    """Return those of the roles that an actor has, at whatever rows."""
    named = list(roles)
    person = signed_in(actor)
    if person is None:
        return [role for role in named if role.held(actor) is EVERYTHING]
    people = get_user_model()._base_manager.filter(pk=person.pk)
    asked = {f"role_{place}_": Holds(role.held(actor)) for place, role in enumerate(named)}
    answers = people.annotate(**asked).values_list(*asked).first() if asked else None
    return [role for role, has in zip(named, answers or (), strict=False) if has]


def roles_known(actor: Actor, roles: Iterable[Role]) -> list[Role]:
    """Return those of the roles that an actor has, each asked for once.

    The person remembers the answers, as Django's do their permissions: for one request.
    """
    person = signed_in(actor)
    if person is None:
        return roles_held(actor, roles)
    known: dict[Role, bool] = vars(person).setdefault("_roles_known", {})
    named = list(roles)
    unknown = [role for role in named if role not in known]
    held = roles_held(person, unknown)
    known.update({role: role in held for role in unknown})
    return [role for role in named if known[role]]
