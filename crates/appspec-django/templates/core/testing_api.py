"""Asks the API what the rules allow, for everybody, and compares its answers with the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client

from config.api import router
from core.access import DELETE, READ, UPDATE, ever, fields, permitted, rules_of
from core.roles import System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from accounts.models import User

    Person = User | AnonymousUser

VIEWS: dict[str, Any] = {f"/api/{prefix}/": views for prefix, views, _ in router.registry}
ADDRESSES = {views.queryset.model: address for address, views in VIEWS.items()}
JSON = "application/json"
# Nobody is signed in, it is not allowed, there is no such row, nobody may do it at all.
REFUSED = {401, 403, 404, 405}
LARGEST = 200


def client_of(actor: Person) -> Client:
    """Return a browser in which somebody has signed in."""
    client = Client()
    if not isinstance(actor, AnonymousUser):
        client.force_login(actor)
        # Whoever was switched off meanwhile is signed in no more.
        type(actor)._base_manager.filter(pk=actor.pk).update(is_active=actor.is_active)
    return client


def other_answers(actor: Person | System, model: type[Model]) -> Iterator[str]:
    """Return what the API answers otherwise than the rules, asked by somebody."""
    if isinstance(actor, System):
        return
    client, address = client_of(actor), ADDRESSES[model]
    rows = list(model._default_manager.order_by("pk"))
    readable = set(model._default_manager.filter(permitted(model, actor, READ)))
    yield from other_lists(client, actor, model, readable)
    for verb in sorted({UPDATE, DELETE} | rules_of(model).verbs() - {READ, "create"}):
        allowed = set(model._default_manager.filter(permitted(model, actor, verb)))
        # Of the rows to which the same answer is right, one is tried.
        tried = {(row in readable, row in allowed): row for row in rows}
        for (is_readable, is_allowed), row in tried.items():
            status, is_changed = ask(client, f"{address}{row.pk}/", verb, model)
            right = set(range(600)) - REFUSED if is_allowed else REFUSED
            if not is_readable and ever(actor, verb, model):
                right = {404}
            if status not in right:
                yield f"{actor} {verb} {row}: {status}"
            if is_changed and not is_allowed:
                yield f"{actor} {verb} {row}: something changed"


def other_lists(
    client: Client, actor: Person, model: type[Model], readable: set[Model]
) -> Iterator[str]:
    """Return what a list shows otherwise than the rules."""
    answer = client.get(ADDRESSES[model], {"page_size": LARGEST})
    if not ever(actor, READ, model):
        if answer.status_code not in REFUSED:
            yield f"{actor} list {model.__name__}: {answer.status_code}"
        return
    shown = {row["id"]: row for row in answer.json()["results"]}
    if shown.keys() != {key_of(row) for row in readable}:
        yield f"{actor} list {model.__name__}: other rows"
        return
    served = known_fields(model)
    for row in readable:
        wanted = (fields(actor, READ, row) & served) | {"id"}
        if shown[key_of(row)].keys() != wanted:
            yield f"{actor} list {row}: other fields"


def ask(client: Client, address: str, verb: str, model: type[Model]) -> tuple[int, bool]:
    """Ask the API to do something; return the status, and whether a row was changed by it.

    Afterwards nothing is.
    """
    rows = model._base_manager.order_by("pk").values()
    with transaction.atomic():
        before = list(rows.all())
        if verb == UPDATE:
            answer = client.patch(address, {}, JSON)
        elif verb == DELETE:
            answer = client.delete(address)
        else:
            answer = client.post(f"{address}{verb.replace('_', '-')}/", {}, JSON)
        is_changed = before != list(rows.all())
        transaction.set_rollback(True)
    return answer.status_code, is_changed


def key_of(row: Model) -> Any:
    """Return the key of a row as JSON has it."""
    return row.pk if isinstance(row.pk, int) else str(row.pk)


def known_fields(model: type[Model]) -> set[str]:
    """Return the fields of a row that the API knows."""
    return set(VIEWS[ADDRESSES[model]].serializer_class.Meta.fields)


def pages(client: Client, address: str, ordering: str) -> Iterator[str]:
    """Return the keys of all rows of a list, page by page."""
    following: str | None = f"{address}?page_size=1&ordering={ordering}"
    while following:
        page = client.get(following).json()
        yield from (row["id"] for row in page["results"])
        following = page["next"]
