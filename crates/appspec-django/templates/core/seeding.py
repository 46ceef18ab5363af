"""Rows that every installation has."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.lookups import Exact

from core.db.expressions import SameLetters
from core.errors import REFUSALS, explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class RefusedSeedError(Exception):
    """A seed row that other rows do not allow, or that the database can't store."""


class Row(NamedTuple):
    """Another seed row, by the model and the handle that the specification gives it."""

    model: str
    handle: str


class Seed(NamedTuple):
    """The rows of one model; an existing row is found by its key, as the database compares it."""

    model: str
    key: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Any]]
    ignoring_case: bool = False


def declared() -> Iterator[Seed]:
    """Return the seeds of all apps; those that others refer to come first."""
    for config in apps.get_app_configs():
        name = f"{config.name}.seeds"
        if find_spec(name) is not None:
            yield from import_module(name).SEEDS


def load() -> tuple[int, int]:
    """Create what is missing and update what differs; return how many rows of either kind."""
    return load_into({})


@transaction.atomic
def load_into(stored: dict[Row, Any]) -> tuple[int, int]:
    """Load the rows, and note each one under its name."""
    created_rows = updated_rows = 0
    written = []
    waiting = [(seed, handle) for seed in declared() for handle in seed.rows]
    while waiting:
        later = []
        for seed, handle in waiting:
            values = seed.rows[handle]
            if any(isinstance(value, Row) and value not in stored for value in values.values()):
                later.append((seed, handle))
                continue
            resolved = {
                name: stored[value] if isinstance(value, Row) else value
                for name, value in values.items()
            }
            row, created, changed = store(seed, handle, resolved)
            stored[Row(seed.model, handle)] = row
            created_rows += created
            updated_rows += changed
            if created or changed:
                written.append((seed, handle, row))
        if len(later) == len(waiting):
            message = "Seed rows refer to each other in a circle."
            raise ValueError(message)
        waiting = later
    for seed, handle, row in written:
        check_with_others(seed, handle, row)
    return created_rows, updated_rows


def store(seed: Seed, handle: str, values: Mapping[str, Any]) -> tuple[Any, bool, bool]:
    """Create or update one row; say whether it was created or changed."""
    model = apps.get_model(seed.model)
    # In no order of its own: that may follow references, and no row behind one is to be locked.
    known = model._default_manager.order_by("pk").filter(*same_key(seed, values))
    row = known.select_for_update(of=("self",)).first()
    if row is None:
        row = model(**values)
        save(seed, handle, row)
        return row, True, False
    changed = any(getattr(row, name) != value for name, value in values.items())
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
        save(seed, handle, row)
    return row, False, changed


def save(seed: Seed, handle: str, row: Any) -> None:
    """Validate and store a row, or say which seed row it is that is refused, and why.

    Those around it may come later, so nobody asks about them yet.
    """
    row.comes_with_others = True
    try:
        row.full_clean()
        row.save()
    except ValidationError as error:
        raise refused(seed, handle, error) from error
    except REFUSALS as error:
        raise refused(seed, handle, explain(error)) from error


def check_with_others(seed: Seed, handle: str, row: Any) -> None:
    """Say which seed row breaks a rule about the rows around it, now that all are there."""
    row.comes_with_others = False
    try:
        row.check_rules(row.rules_with_others, ())
    except ValidationError as error:
        raise refused(seed, handle, error) from error


def refused(seed: Seed, handle: str, error: ValidationError) -> RefusedSeedError:
    """Return what a refusal says, with the name of its row."""
    return RefusedSeedError(f"{seed.model} {handle}: {' '.join(error.messages)}")


def same_key(seed: Seed, values: Mapping[str, Any]) -> list[Q | Exact]:
    """Return what is true of the row that has the key of a seed row."""
    if seed.ignoring_case:
        return [Exact(SameLetters(name), SameLetters(Value(values[name]))) for name in seed.key]
    return [Q((name, values[name])) for name in seed.key]
