"""Rows that show the project at work while it is developed."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.seeding import Row, load_into

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db import models


class Examples(NamedTuple):
    """The rows of one model, by the names under which others refer to them."""

    model: str
    rows: Mapping[str, Mapping[str, Any]]


class Day(NamedTuple):
    """A day, so many days after the Monday of a week."""

    days: int

    def resolved(self, monday: date) -> date:
        """Return the day."""
        return monday + timedelta(days=self.days)


class At(NamedTuple):
    """A moment of such a day, by the clock of the project's time zone."""

    days: int
    hour: int
    minute: int = 0

    def resolved(self, monday: date) -> datetime:
        """Return the moment."""
        day = monday + timedelta(days=self.days)
        local = timezone.get_current_timezone()
        return datetime.combine(day, time(self.hour, self.minute), tzinfo=local)


class Sample(NamedTuple):
    """A small file of a kind."""

    kind: str

    def content(self) -> ContentFile[bytes]:
        """Return the file."""
        return ContentFile(SAMPLES.get(self.kind, b"An example.\n"), name=f"example.{self.kind}")


class Loaded(NamedTuple):
    """What was stored, and why the rest was not."""

    created: list[models.Model]
    left_out: list[str]
    unknown: list[str]
    rows: Mapping[Row, models.Model]


# How a file of each kind begins; the picture is one transparent dot.
SAMPLES: Mapping[str, bytes] = {
    "png": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    ),
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "webp": b"RIFF....WEBP",
    "pdf": b"%PDF-1.4\n",
    "json": b"{}\n",
    "zip": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "mp3": b"ID3",
    "mp4": b"....ftyp",
}


def monday() -> date:
    """Return the first day of this week: what depends on the day of the week stays as it is."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def declared() -> Iterator[Examples]:
    """Return the examples of all apps."""
    for config in apps.get_app_configs():
        name = f"{config.name}.examples"
        if find_spec(name) is not None:
            yield from import_module(name).EXAMPLES


@transaction.atomic
def load() -> Loaded:
    """Fill the tables that are empty; one that has rows is left as it is."""
    stored: dict[Row, models.Model] = {}
    load_into(stored)
    loaded = Loaded([], [], [], stored)
    waiting: list[tuple[Row, Mapping[str, Any]]] = []
    for model, rows in declared():
        existing = list(apps.get_model(model)._base_manager.order_by("pk")[: len(rows)])
        if existing:
            # Others refer to what is there.
            named = [Row(model, handle) for handle in rows]
            stored.update(zip(named, cycle(existing), strict=False))
        elif rows:
            waiting += [(Row(model, handle), values) for handle, values in rows.items()]
        else:
            loaded.unknown.append(model)
    while waiting:
        ready = [(row, values) for row, values in waiting if needed(values) <= stored.keys()]
        if not ready:
            break
        waiting = [(row, values) for row, values in waiting if needed(values) - stored.keys()]
        for row, values in ready:
            try:
                stored[row] = store(row, values, stored)
            except ValidationError as error:
                reason = " ".join(error.messages)
                loaded.left_out.append(f"{row.model} {row.handle}: {reason}")
            else:
                loaded.created.append(stored[row])
    loaded.left_out.extend(
        f"{row.model} {row.handle}: a row that it refers to is not there." for row, _ in waiting
    )
    return loaded


def needed(values: Mapping[str, Any]) -> set[Row]:
    """Return the rows that have to be there before one with these values."""
    named = {value for value in values.values() if isinstance(value, Row)}
    for value in values.values():
        if isinstance(value, list):
            named.update(item for item in value if isinstance(item, Row))
    return named


def store(row: Row, values: Mapping[str, Any], stored: Mapping[Row, models.Model]) -> models.Model:
    """Validate and store one row with its links."""
    # Examples are in the middle of their lives.
    in_any_state = getattr(apps.get_model(row.model), "in_any_state", nullcontext)
    with in_any_state():
        record = accepted(row, values, stored)
        record.save()
    for name in linked(type(record)) & values.keys():
        getattr(record, name).set([stored[target] for target in values[name]])
    return record


def accepted(
    row: Row, values: Mapping[str, Any], stored: Mapping[Row, models.Model]
) -> models.Model:
    """Return the valid record, in the first week of a year whose days break no rule."""
    first = monday()
    try:
        return made(row, values, stored, first)
    except ValidationError:
        if any(isinstance(value, Day | At) for value in values.values()):
            for weeks in range(1, 53):
                with suppress(ValidationError):
                    return made(row, values, stored, first + timedelta(weeks=weeks))
        raise


def made(
    row: Row, values: Mapping[str, Any], stored: Mapping[Row, models.Model], monday: date
) -> models.Model:
    """Return the validated record of a week; it is not saved."""
    model = apps.get_model(row.model)
    many = linked(model)
    record: models.Model = model(
        **{
            name: resolved(value, stored, monday)
            for name, value in values.items()
            if name not in many
        }
    )
    if isinstance(record, AbstractBaseUser):
        # Nobody signs in with it.
        record.set_unusable_password()
    # Those around it come later: when all are there, the database asks.
    vars(record)["comes_with_others"] = True
    record.full_clean()
    del vars(record)["comes_with_others"]
    return record


def linked(model: type[models.Model]) -> set[str]:
    """Return the names of its fields that hold many rows."""
    return {field.name for field in model._meta.many_to_many}


def resolved(value: Any, stored: Mapping[Row, models.Model], monday: date) -> Any:
    """Return what a value stands for in the week that begins on that day."""
    if isinstance(value, Row):
        return stored[value]
    if isinstance(value, Day | At):
        return value.resolved(monday)
    if isinstance(value, Sample):
        return value.content()
    return value
