"""Writes by people: rules are asked before and after, and what is refused has changed nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy

from core.access import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Grant,
    Way,
    allows,
    holding,
    permitted,
    rules_of,
    stored,
    union,
    ways,
)
from core.db.across import ask_now
from core.errors import RefusedError
from core.roles import is_boundless, roles_held

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from core.roles import Actor

    Given = Mapping[str, Any]


@contextmanager
def writing(actor: Actor, verb: str, row: models.Model, given: Given) -> Iterator[None]:
    """Ask whether an actor may write a row, let the block do it, and ask again.

    What is given are the new values. A grant counts if it holds before and after, so that nobody
    moves a row into their reach, or out of it. An action of a lifecycle may end what allowed it.
    """
    with transaction.atomic(using=row._state.db):
        before = asked(actor, verb, row, given)
        refuse_fields(actor, verb, row, given.keys() - union(before.values()))
        refuse_unknown(actor, row, given)
        yield
        # What is counted or computed from other rows is right again when these rules are asked.
        ask_now()
        if verb in {CREATE, UPDATE}:
            after = holding(actor, verb, row)
            kept = [way for place, way in before.items() if place in after]
            refuse_fields(actor, verb, row, given.keys() - union(kept))
            if not kept:
                raise refusal(actor, verb, row)
        elif verb != DELETE and not is_inside(actor, row):
            raise refusal(actor, verb, row)


def create(actor: Actor, row: models.Model, given: Given) -> None:
    """Save a new row with these values. A person that is made so has no password yet."""
    if isinstance(row, AbstractBaseUser):
        row.set_unusable_password()
    with writing(actor, CREATE, row, given):
        write(row, given)


def update(actor: Actor, row: models.Model, given: Given) -> None:
    """Change values of a row."""
    with writing(actor, UPDATE, row, given):
        # What others have changed since the row was read stays as it is.
        row.refresh_from_db()
        write(row, {**given, **with_hidden_links(actor, row, given)})


def delete(actor: Actor, row: models.Model) -> None:
    """Delete a row."""
    with writing(actor, DELETE, row, {}):
        row.delete()


def write(row: models.Model, given: Given) -> None:
    """Validate and save a row with new values, and what it is linked to."""
    many = {field.name for field in row._meta.many_to_many}
    for name in given.keys() - many:
        setattr(row, name, given[name])
    row.full_clean()
    row.save()
    for name in given.keys() & many:
        getattr(row, name).set(given[name])


def asked(actor: Actor, verb: str, row: models.Model, given: Given) -> dict[int, Way]:
    """Return what allows a write; raise what says that nothing does, or that there is no such row.

    From here on nobody else changes the row.
    """
    if verb == CREATE:
        found = possible(actor, type(row), given)
    else:
        stored(row).select_for_update(of=("self",)).first()
        found = holding(actor, verb, row)
    if found:
        return found
    if verb == CREATE or allows(actor, READ, row):
        raise refusal(actor, verb, row)
    message = f"{type(row).__name__} matching query does not exist."
    raise ObjectDoesNotExist(message)


def possible(actor: Actor, model: type[models.Model], given: Given) -> dict[int, Way]:
    """Return the ways to make a row of which the actor has the role, at what the row refers to.

    Nobody else learns what is wrong with the values: that would tell of rows that they can't read.
    """
    found = dict(enumerate(ways(model, actor, CREATE)))
    held = roles_held(actor, [way.grant.role for way in found.values()])
    return {
        place: way
        for place, way in found.items()
        if way.grant.role in held and is_in_scope(actor, way.grant, given)
    }


def is_in_scope(actor: Actor, grant: Grant, given: Given) -> bool:
    """Say whether a new row refers to a scope for which the actor has the role of a grant."""
    first, _, rest = grant.at.partition("__")
    scope = given.get(first)
    if scope is None:
        return True
    return stored(scope).filter(grant.role.held(actor, rest or "pk")).exists()


def refuse_fields(actor: Actor, verb: str, row: models.Model, names: Iterable[str]) -> None:
    """Raise what says that some fields may not be written, if there are any."""
    refused = sorted(names)
    if refused:
        raise refusal(actor, verb, row, refused)


def refuse_unknown(actor: Actor, row: models.Model, given: Given) -> None:
    """Raise ``ValidationError`` for references to rows that do not exist for the actor."""
    for name, value in given.items():
        field: Any = row._meta.get_field(name)
        if not field.is_relation or value is None:
            continue
        named = {each.pk for each in ([value] if field.many_to_one or field.one_to_one else value)}
        target = field.related_model
        known = target._base_manager.filter(permitted(target, actor, READ), pk__in=named)
        if known.count() < len(named):
            message = gettext_lazy("Select a valid choice. That choice is not one of the available")
            raise ValidationError({name: ValidationError(message, code="invalid_choice")})


def with_hidden_links(actor: Actor, row: models.Model, given: Given) -> dict[str, Any]:
    """Return the rows that a row is to be linked to, with those that the actor does not know of."""
    found = {}
    for field in row._meta.many_to_many:
        if field.name in given:
            target: Any = field.related_model
            unknown = getattr(row, field.name).exclude(
                pk__in=target._base_manager.filter(permitted(target, actor, READ)).values("pk")
            )
            found[field.name] = [*given[field.name], *unknown]
    return found


def is_inside(actor: Actor, row: models.Model) -> bool:
    """Say whether a row is on the actor's side of every wall."""
    return is_boundless(actor) or stored(row).filter(rules_of(type(row)).wall(actor)).exists()


def refusal(
    actor: Actor, verb: str, row: models.Model, fields: Collection[str] = ()
) -> RefusedError:
    """Return what says that something is not granted, in the words of the rule that comes close.

    That is one of a role which the actor has for the row, and about the fields.
    """
    for grant in rules_of(type(row)).granting(verb):
        may = grant.permission(verb)
        is_about = grant.message and may and may.fields(type(row)).issuperset(fields)
        if is_about and stored(row).filter(grant.role.held(actor, grant.at)).exists():
            return RefusedError(grant.message, verb, fields)
    message = f"You may not write {', '.join(fields)}." if fields else "You may not do this."
    return RefusedError(message, verb, fields)
