"""Helpers of the tests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints
from unittest.mock import patch
from uuid import UUID

from django.apps import apps
# if access
from django.contrib.auth import get_user_model
# end
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.sql import DeleteQuery, InsertQuery, UpdateQuery
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from core import demo
from core.acting import acting
from core.audit import AuditEntry, TrailKeptError
from core.db.across import AcrossRows, ask_now, uninstall
from core.db.audit import TRAIL, Audited
from core.db.lifecycles import any_state
from core.db.terms import KeptFor, StillKeptError, too_early
from core.errors import explain, names
from core.lifecycles import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from django.forms import BaseForm
    from django.test import Client

    from core.models import Record
    from core.seeding import Row

_Model = TypeVar("_Model", bound=models.Model)

# How a file of each kind begins, as far as anybody looks at it.
BEGINNINGS: Mapping[str, bytes] = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "webp": b"RIFF....WEBP",
    "pdf": b"%PDF-",
    "zip": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "mp3": b"ID3",
    "mp4": b"....ftyp",
}

# So long that no row is kept any more.
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

# The database refuses a number that its column can't hold before it asks for any rule.
BY_TYPE = "(the type of the column)"


@contextmanager
def undrawn() -> Iterator[None]:
    """Draw no page: that takes time, and most tests only ask what its forms say."""
    with patch.object(SimpleTemplateResponse, "rendered_content", ""):
        yield


@dataclass(frozen=True)
class Case:
    """A rule, values that break it, and values that keep it and differ little.

    The same values break nothing else that validation speaks of, and in the database what is
    listed. Where they are computed into a column that can't hold the result, its type comes first.
    """

    make: Callable[..., models.Model]
    rule: str
    breaks: Mapping[str, Any]
    keeps: Mapping[str, Any]
    code: str
    message: str = ""
    also: Collection[str] = ()
    by_type: bool = False

    def __str__(self) -> str:
        return self.rule

    def answers(self) -> list[list[str]]:
        """Return what the database may say: of the rules that are broken, it names one."""
        named = [[rule] for rule in (self.rule, *self.also)]
        return [*named, [BY_TYPE]] if self.by_type else named

    def broken(self) -> models.Model:
        """Make the row that breaks the rule."""
        return self.make(**self.breaks)

    def kept(self) -> models.Model:
        """Make the row that keeps it."""
        return self.make(**self.keeps)


@dataclass(frozen=True)
class Stored:
    """A rule, and values that break it which Django would not write.

    The same values break what is listed, too.
    """

    make: Callable[..., models.Model]
    rule: str
    values: Mapping[str, Any]
    also: Collection[str] = ()

    def __str__(self) -> str:
        return self.rule

    def answers(self) -> list[list[str]]:
        """Return what the database may say: of the rules that are broken, it names one."""
        return [[rule] for rule in (self.rule, *self.also)]


@dataclass(frozen=True)
class Twins:
    """A unique rule, and the values of two rows of which each can stand but not both.

    A row may be known that stands beside the first one: number 2 of the factory.
    """

    make: Callable[..., models.Model]
    rule: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    code: str
    message: str = ""
    beside: bool = False

    def __str__(self) -> str:
        return self.rule

    def older(self) -> models.Model:
        """Make the first row."""
        return self.make(**self.first)

    def newer(self) -> models.Model:
        """Make the second row."""
        return self.make(**self.second)


@dataclass(frozen=True)
class Saved:
    """A row that others point to: one and the same for the same number."""

    make: Callable[..., models.Model]
    number: int = 1

    def row(self) -> models.Model:
        """Return the row, saved."""
        model = made_by(self.make)
        is_counted = isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
        # Far from what the database counts.
        key = self.number + 1_000_000 if is_counted else UUID(int=self.number)
        known = model._base_manager.filter(pk=key).first()
        if known is not None:
            return known
        row = self.make(self.number)
        row.pk = key
        row.save()
        return row


@cache
def made_by(make: Callable[..., models.Model]) -> type[models.Model]:
    """Return the model of which a factory makes rows."""
    model: type[models.Model] = get_type_hints(make)["return"]
    return model


def build(model: type[_Model], values: Mapping[str, Any], *, earlier: bool = False) -> _Model:
    """Make a row; it is not saved, what it points to is.

    One that could only be made earlier than now is not asked for the rules about new rows.
    """
    row = model(**resolved(values))
    if earlier:
        vars(row)["rules_on_create"] = ()
    return row


def resolved(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the rows that they name, saved."""
    return {
        name: value.row() if isinstance(value, Saved) else value for name, value in values.items()
    }


def upload(kind: str, size: int = 0) -> ContentFile[bytes]:
    """Return a file of a kind, filled up to a size."""
    return ContentFile(BEGINNINGS.get(kind, b"a").ljust(size, b"\n"), name=f"a.{kind}")


def refusals(row: models.Model, words: str = "") -> list[str]:
    """Return the codes of what validation has against a row; an error without the words whole."""
    try:
        row.full_clean()
    except ValidationError as refused:
        errors = [error for listed in refused.error_dict.values() for error in listed]
        return [
            str(error.code) if words in " ".join(error.messages) else repr(error)
            for error in errors
        ]
    return []


def named_by_insert(row: models.Model) -> list[str]:
    """Insert a row past the checks of Django; return the rules that the refusal names."""
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    try:
        with transaction.atomic():
            rows.bulk_create([row])
    except IntegrityError as error:
        return named(error, type(row))
    except DataError:
        return [BY_TYPE]
    return []


def named_by_update(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Save a row, change it past the checks of Django; return the rules that the refusal names."""
    row.save()
    try:
        with transaction.atomic():
            models.QuerySet(type(row)).filter(pk=row.pk).update(**resolved(values))
    except IntegrityError as error:
        return named(error, type(row))
    except DataError:
        return [BY_TYPE]
    return []


def named(error: Exception, model: type[models.Model]) -> list[str]:
    """Return the rules of a model that a refusal of its table names; a lone column by its name."""
    rules = {rule.name: rule for rule in model._meta.constraints}
    for each in model._meta.local_fields:
        if each.unique:
            stored = unique_index(model, str(each.column))
            rules[each.name] = models.UniqueConstraint(fields=[each.name], name=stored)
    return [name for name, rule in rules.items() if names(error, model, rule)]


def unique_index(model: type[models.Model], column: str) -> str:
    """Return what the database calls the unique index of a column; SQLite never says it."""
    if connection.vendor == "sqlite":
        return column
    with connection.cursor() as cursor:
        stored = connection.introspection.get_constraints(cursor, model._meta.db_table)
    unique = [name for name, one in stored.items() if one["unique"] and one["columns"] == [column]]
    return str(unique[0])


def missing_rules(model: str, rules: Iterable[str]) -> list[str]:
    """Return the rules that the table of a model lacks, and the triggers of these that it lacks."""
    found = apps.get_model(model)
    table = found._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s", [table])
            statements = " ".join(sql for (sql,) in cursor.fetchall() if sql)
            missing = [rule for rule in rules if f'"{rule}"' not in statements]
        else:
            stored = connection.introspection.get_constraints(cursor, table)
            missing = [rule for rule in rules if rule not in stored]
    there, made = triggers_there(), triggers_of(found, rules)
    return missing + [name for name in made if name not in there and name not in missing]


def triggers_there() -> set[str]:
    """Return the names of the triggers that the database has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


def triggers_of(model: type[models.Model], rules: Iterable[str]) -> list[str]:
    """Return the names of the triggers by which rules about single rows are kept."""
    editor: Any = connection.SchemaEditorClass(connection)
    wanted, found = set(rules), []
    for rule in model._meta.constraints:
        if rule.name not in wanted:
            continue
        made: Iterable[Any] = ()
        if connection.vendor != "sqlite" and hasattr(rule, "turns"):
            # A constraint keeps stretches apart, and a trigger those who write at once.
            made = [rule.turns(model, editor)]
        elif hasattr(rule, "triggers"):
            made = rule.triggers(model, editor)
        found += [str(each.parts["name"]).strip('"') for each in made]
    return found


@dataclass(frozen=True)
class Acting:
    """An action, a row that it moves or refuses, and what it is given."""

    make: Callable[..., models.Model]
    action: Callable[..., None]
    row: Mapping[str, Any]
    code: str
    given: Mapping[str, Any] = field(default_factory=dict)
    becomes: Mapping[str, Any] = field(default_factory=dict)
    sets: Collection[str] = ()
    message: str = ""
    repeats: bool = False

    def __str__(self) -> str:
        return self.rule

    @property
    def rule(self) -> str:
        """Return the name of the action's function."""
        return self.action.__name__

    def stored(self) -> models.Model:
        """Store the row as it was before the action."""
        return stored(self.make(**self.row))

    def run(self, row: models.Model, **other: Any) -> None:
        """Do it."""
# if access
        self.action(row, by=boundless(), **resolved({**self.given, **other}))
# else
        self.action(row, **resolved({**self.given, **other}))
# end


def stored(row: models.Model) -> models.Model:
    """Insert a row in the middle of its life, past the checks of Django."""
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    with any_state():
        return rows.bulk_create([row])[0]


# if access
def boundless() -> Any:
    """Return somebody whom no rule keeps from anything."""
    return get_user_model()(is_active=True, is_superuser=True)


# end
def once(cases: list[Acting]) -> list[Acting]:
    """Return the actions that can't be done twice."""
    return [case for case in cases if not case.repeats]


def asking(cases: list[Acting]) -> list[Acting]:
    """Return the actions that ask for something."""
    return [case for case in cases if case.given]


def unmoved(case: Acting) -> list[str]:
    """Do it; return the fields that are not as they should be then."""
    row = case.stored()
    before = {name: getattr(row, name) for name in case.sets}
    case.run(row)
    read = type(row)._base_manager.get(pk=row.pk)
    wrong = [name for name, state in case.becomes.items() if getattr(read, name) != state]
    return wrong + [name for name, value in before.items() if getattr(read, name) == value]


def repeatable(case: Acting) -> list[str]:
    """Do it twice; return what was not refused as something that is not possible then."""
    row = case.stored()
    case.run(row)
    return unrefused(case, row)


def unguarded(case: Acting) -> list[str]:
    """Try it; return what was not refused in the words of the action."""
    row = case.stored()
    before = type(row)._base_manager.filter(pk=row.pk).values().get()
    found = unrefused(case, row)
    after = type(row)._base_manager.filter(pk=row.pk).values().get()
    return found + [name for name, value in after.items() if before[name] != value]


def unrefused(case: Acting, row: models.Model) -> list[str]:
    """Try an action; return its name unless it is refused with its code and message."""
    try:
        with transaction.atomic():
            case.run(row)
    except ActionRefusedError as refused:
        is_told = refused.code == case.code and case.message in " ".join(refused.messages)
        return [] if is_told else [repr(refused)]
    return [case.rule]


def dispensable(case: Acting) -> list[str]:
    """Leave out one input after the other; return those that nobody asks for."""
    found = []
    row = case.stored()
    for name in case.given:
        try:
            with transaction.atomic():
                case.run(row, **{name: None})
        except ValidationError as refused:
            errors = getattr(refused, "error_dict", {}).get(name.rstrip("_"), [])
            if [error.code for error in errors] == ["required"]:
                continue
        found.append(name)
    return found


@dataclass(frozen=True)
class Later:
    """A lifecycle, and a row that is not in its first state."""

    make: Callable[..., models.Model]
    rule: str
    field: str
    row: Mapping[str, Any]
    code: str
    message: str

    def __str__(self) -> str:
        return self.rule


def begun(case: Later) -> list[str]:
    """Make a row in a later state by every way; return those that nothing refuses."""

    def row() -> Any:
        return case.make(**case.row)

    manager = type(row())._default_manager
    found = [] if refusals(row(), case.message) == [case.code] else ["full_clean"]
    ways: Mapping[str, Callable[[], object]] = {
        "save": lambda: row().save(),
        "bulk_create": lambda: manager.bulk_create([row()]),
    }
    found += accepted(ways, case.code)
    return found if named_by_insert(row()) == [case.rule] else [*found, "INSERT"]


@dataclass(frozen=True)
class Strayed(Later):
    """A lifecycle, a row, and a state that no action leads to from the row's."""

    to: str = ""
    also: Collection[str] = ()

    def answers(self) -> list[list[str]]:
        """Return what the database may say: of the rules that are broken, it names one."""
        return [[rule] for rule in (self.rule, *self.also)]


def moved(case: Strayed) -> list[str]:
    """Move a row by every way that is no action; return those that nothing refuses."""
    pk = stored(case.make(**case.row)).pk
    model = type(case.make())
    manager = model._default_manager
    rows: models.QuerySet[models.Model] = models.QuerySet(model)

    def row() -> Any:
        read = manager.get(pk=pk)
        setattr(read, case.field, case.to)
        return read

    found = [] if case.code in refusals(row(), case.message) else ["full_clean"]
    ways: Mapping[str, Callable[[], object]] = {
        "save": lambda: row().save(),
        "save with update_fields": lambda: row().save(update_fields=[case.field]),
        "update": lambda: manager.filter(pk=pk).update(**{case.field: case.to}),
        "bulk_update": lambda: manager.bulk_update([row()], [case.field]),
    }
    found += accepted(ways, case.code)
    try:
        with transaction.atomic():
            rows.filter(pk=pk).update(**{case.field: case.to})
    except IntegrityError as error:
        return found if named(error, model) in case.answers() else [*found, repr(error)]
    return [*found, "UPDATE"]


@dataclass(frozen=True)
class Keeping:
    """A rule about what rows keep, a row that it concerns, and what the row may not become.

    Another row, which it does not concern, may change.
    """

    make: Callable[..., models.Model]
    rule: str
    row: Mapping[str, Any]
    to: Mapping[str, Any]
    code: str
    message: str
    stays: bool = False
    free: Mapping[str, Any] | None = None
    becomes: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.rule

    def changed(self, row: Any, to: Mapping[str, Any]) -> Any:
        """Return the stored row as it would be."""
        read = type(row)._default_manager.get(pk=row.pk)
        for name, value in resolved(to).items():
            setattr(read, name, value)
        return read


def staying(cases: list[Keeping]) -> list[Keeping]:
    """Return the rules that keep rows from being deleted."""
    return [case for case in cases if case.stays]


def partial(cases: list[Keeping]) -> list[Keeping]:
    """Return the rules that leave some rows alone."""
    return [case for case in cases if case.free is not None]


def changed(case: Keeping) -> list[str]:
    """Change a row by every way; return those that the rule does not refuse."""
    row = stored(case.make(**case.row))
    model = type(row)
    manager = model._default_manager
    rows: models.QuerySet[models.Model] = models.QuerySet(model)
    names, values = list(case.to), resolved(case.to)

    def to() -> Any:
        return case.changed(row, case.to)

    found = [] if refusals(to(), case.message) == [case.code] else ["full_clean"]
    ways: Mapping[str, Callable[[], object]] = {
        "save": lambda: to().save(),
        "save with update_fields": lambda: to().save(update_fields=names),
        "update": lambda: manager.filter(pk=row.pk).update(**values),
        "bulk_update": lambda: manager.bulk_update([to()], names),
        "UPDATE": lambda: rows.filter(pk=row.pk).update(**values),
    }
    return found + unnamed(ways, model, case.rule)


def deleted(case: Keeping) -> list[str]:
    """Delete a row for good by every way; return those that the rule does not refuse."""
    row = stored(case.make(**case.row))
    model: Any = type(row)
    ways: dict[str, Callable[[], object]] = {
        "delete": lambda: model._default_manager.get(pk=row.pk).delete(),
        "delete of many": lambda: model._base_manager.filter(pk=row.pk).delete(),
    }
    if hasattr(model, "deleted_at"):
        # Django marks it, and then no other rule keeps it.
        rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(pk=row.pk)
        rows.update(deleted_at=timezone.now())
        ways = {"purge": model.all_objects.filter(pk=row.pk).purge, "delete of many": rows.delete}
    return unnamed(ways, model, case.rule)


def unnamed(
    ways: Mapping[str, Callable[[], object]], model: type[models.Model], rule: str
) -> list[str]:
    """Return the ways of writing that the database does not refuse in the name of a rule."""
    found = []
    for name, write in ways.items():
        try:
            with transaction.atomic():
                write()
        except IntegrityError as error:
            if named(error, model) == [rule]:
                continue
        found.append(name)
    return found


def bound(case: Keeping) -> list[str]:
    """Change a row that the rule leaves alone, and delete it; return what is refused."""
    row = stored(case.make(**case.free or {}))
    changed = case.changed(row, case.becomes)
    found = refusals(changed)
    # What it becomes may be one that the rule keeps.
    with undone():
        if not found:
            changed.save()
        read = type(row)._base_manager.get(pk=row.pk)
        values = resolved(case.becomes)
        found += [name for name, value in values.items() if getattr(read, name) != value]
    return found if row.delete()[0] else [*found, "delete"]


@dataclass(frozen=True)
class Numbering:
    """A rule that numbers rows, and the field that holds the number.

    Of some rows none is known that can stand beside another.
    """

    make: Callable[..., models.Model]
    rule: str
    field: str
    code: str
    message: str
    alone: bool = False

    def __str__(self) -> str:
        return self.rule


def beside(cases: list[Numbering]) -> list[Numbering]:
    """Return the rules about rows of which two can stand beside each other."""
    return [case for case in cases if not case.alone]


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def making(row: models.Model, *, without: str = "") -> Mapping[str, Callable[[], object]]:
    """Return the ways of making a row; raw SQL may leave out a column."""
    fields = [field for field in row._meta.concrete_fields if field.name != without]
    # Keys that the database counts are left out as well.
    fields = [field for field in fields if not isinstance(field, models.BigAutoField) or row.pk]
    insert: Any = InsertQuery(type(row))
    insert.insert_values([field for field in fields if not field.generated], [row])

    def raw() -> None:
        with connection.cursor() as cursor:
            for statement, values in insert.get_compiler(connection=connection).as_sql():
                cursor.execute(statement, values)

    manager = type(row)._default_manager
    return {"save": row.save, "bulk_create": lambda: manager.bulk_create([row]), "raw SQL": raw}


def unnumbered(case: Numbering) -> list[str]:
    """Make a row by every way; return those that do not give it the same first number."""
    numbers: dict[str, str] = {}
    for way in making(case.make()):
        with any_state(), undone():
            row = case.make()
            table = type(row)._base_manager
            before = list(table.values_list("pk", flat=True))
            making(row, without=case.field)[way]()
            numbers[way] = table.exclude(pk__in=before).values_list(case.field, flat=True).get()
            if way != "raw SQL" and getattr(row, case.field) != numbers[way]:
                numbers[way] = ""
    first = numbers["save"]
    return [way for way, number in numbers.items() if not first or number != first]


def numbered_by_hand(case: Numbering) -> list[str]:
    """Make a row that brings a number by every way; return those that the rule does not refuse."""

    def row() -> models.Model:
        return case.make(**{case.field: "1"})

    with any_state():
        found = [] if refusals(row(), case.message) == [case.code] else ["full_clean"]
        return found + unnamed(making(row()), type(row()), case.rule)


def repeated(case: Numbering) -> list[str]:
    """Set the counters back between two rows; return the second if its number is accepted."""
    with any_state(), undone():
        first = stored(case.make())
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM numbering WHERE serial = %s", [case.rule])
        rules = first._meta.constraints
        unique = [rule for rule in rules if isinstance(rule, models.UniqueConstraint)]
        (apart,) = [rule for rule in unique if case.field in rule.fields]
        shared = {name: getattr(first, name) for name in apart.fields if name != case.field}
        answer = named_by_insert(case.make(2, **shared))
        # Where both rows are counted for the same, they may have more in common.
        others = {rule.name for rule in unique if rule is not apart}
        is_refused = answer == [apart.name] or (answer and others.issuperset(answer))
        return [] if is_refused else [repr(answer)]


@dataclass(frozen=True)
class Marking:
    """A row that is marked when it is deleted, and the rule that it is."""

    make: Callable[..., models.Model]
    rule: str
    row: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.rule


def unmarked(case: Marking) -> list[str]:
    """Delete a row and restore it; return the ways of deleting that lose it, or show it."""
    row = stored(case.make(**case.row))
    model: Any = type(row)
    rows = model.all_objects.filter(pk=row.pk)
    ways: Mapping[str, Callable[[], object]] = {
        "delete": lambda: model.objects.get(pk=row.pk).delete(),
        "delete of many": lambda: model.objects.filter(pk=row.pk).delete(),
    }
    found = []
    for name, delete in ways.items():
        delete()
        is_shown = model.objects.filter(pk=row.pk).exists()
        was_there = rows.deleted().exists()
        rows.restore()
        if is_shown or not was_there or not model.objects.filter(pk=row.pk).exists():
            found.append(name)
    return found


def lost(case: Marking) -> list[str]:
    """Delete a row that is not marked, past the project; return the ways that are not refused."""
    row = stored(case.make(**case.row))
    ways: Mapping[str, Callable[[], object]] = {
        "delete of Django": lambda: type(row)._base_manager.filter(pk=row.pk).delete(),
        "DELETE": lambda: delete_raw(row),
    }
    return unnamed(ways, type(row), case.rule)


def unpurged(case: Marking) -> list[str]:
    """Purge a row before and after it is marked; return what is not as it should be then."""
    row = stored(case.make(**case.row))
    model: Any = type(row)
    rows = model.all_objects.filter(pk=row.pk)
    rows.purge()
    found = [] if rows.exists() else ["purged"]
    rows.delete()
    rows.purge()
    return [*found, "kept"] if rows.exists() else found


def enter(browser: Client, make: Callable[..., models.Model], number: int = 1) -> Any:
    """Sign in as a superuser, who may be somebody that rows point to; return who that is."""
    person: Any = Saved(make, number).row()
    people: models.QuerySet[models.Model] = models.QuerySet(type(person))
    people.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    browser.force_login(person)
    return person


def enter_beside(
    browser: Client, make: Callable[..., models.Model], model: type[models.Model]
) -> Any:
    """Sign in as somebody who needs no row of a model; return who that is, or nothing."""
    if model is not made_by(make):
        person = enter(browser, make)
        return None if model._base_manager.exists() else person
    first, second = (vars(make(number))["email"] for number in (1, 2))
    return enter(browser, make, 2) if first != second else None


def untold_by_pages(browser: Client, make: Callable[..., models.Model], case: Marking) -> list[str]:
    """Delete, restore and purge a row on the pages of the admin site; return what went wrong."""
    model: Any = made_by(case.make)
    if enter_beside(browser, make, model) is None:
        return []
    row = stored(case.make(**case.row))
    rows = model.all_objects.filter(pk=row.pk)
    place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page, listed = reverse(f"{place}_delete", args=[row.pk]), reverse(f"{place}_changelist")
    deleted = f"{listed}?deleted=yes"

    def shown(address: str) -> bool:
        """Say whether a list has the row."""
        return row.pk in [each.pk for each in browser.get(address).context["cl"].result_list]

    def act(address: str, action: str) -> None:
        """Do something with the row of a list."""
        browser.post(address, {"action": action, "_selected_action": str(row.pk), "post": "yes"})

    steps: Mapping[str, tuple[Callable[[], object], tuple[bool, bool]]] = {
        "as it is": (lambda: None, (True, False)),
        "deleted": (lambda: browser.post(page, {"post": "yes"}), (False, True)),
        "restored": (lambda: act(deleted, "restore_selected"), (True, False)),
        "deleted in the list": (lambda: act(listed, "delete_selected"), (False, True)),
        "purged": (lambda: act(deleted, "purge_selected"), (False, False)),
    }
    found = []
    for name, (step, expected) in steps.items():
        step()
        if (shown(listed), shown(deleted)) != expected:
            found.append(name)
    return [*found, "kept"] if rows.exists() else found


def taken(case: Twins) -> list[str]:
    """Put a row in the place of a deleted one, and restore that; return what went wrong."""
    first = stored(case.older())
    model: Any = type(first)
    rows = model.all_objects.filter(pk=first.pk)
    rows.delete()
    stored(case.newer())
    try:
        rows.restore()
    except ValidationError as refused:
        is_told = refused.code == case.code and case.message in " ".join(refused.messages)
        return [] if is_told else [repr(refused)]
    return ["restored"]


@dataclass(frozen=True)
class Pointing:
    """A row that points to one that is deleted, and what is to become of it."""

    make: Callable[..., models.Model]
    row: Mapping[str, Any]
    field: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.make.__name__[len('make_') :]}.{self.field}"


def misled(case: Pointing) -> list[str]:
    """Delete a row and restore it; return what is wrong with the one that points to it."""
    row = stored(case.make(**case.row))
    model: Any = type(row)
    target: Any = getattr(row, case.field)
    targets = type(target).all_objects.filter(pk=target.pk)

    def is_there() -> bool:
        return bool(model._default_manager.filter(pk=row.pk).exists())

    try:
        targets.delete()
    except (ProtectedError, RestrictedError):
        is_refused = case.becomes in {"protect", "restrict"}
        return [] if is_refused and not targets.deleted().exists() else ["refused"]
    if case.becomes == "set null":
        kept = model._base_manager.get(pk=row.pk)
        return [] if is_there() and getattr(kept, case.field) is None else ["not emptied"]
    if case.becomes != "cascade":
        return ["not refused"]
    found = ["shown"] if is_there() else []
    targets.restore()
    return found if is_there() else [*found, "not restored"]


@dataclass(frozen=True)
class Term:
    """A rule that rows stay for some years, and what makes a row one that no other rule keeps."""

    make: Callable[..., models.Model]
    rule: str
    row: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.rule

    def ending(self, then: datetime) -> Any:
        """Return a stored row that is kept until a moment; where it can be marked, it is."""
        row = self.make(**self.row)
        (rule,) = [one for one in row._meta.constraints if isinstance(one, KeptFor)]
        month = then.astimezone(UTC).replace(day=1)
        made = month.replace(year=month.year - rule.years) + (then - month)
        setattr(row, rule.since, made)
        kept = stored(row)
        if hasattr(kept, "deleted_at"):
            models.QuerySet(type(kept)).filter(pk=kept.pk).update(deleted_at=timezone.now())
        return kept

    def ways(self, row: Any) -> Mapping[str, Callable[[], object]]:
        """Return the ways of deleting a row for good through Django."""
        model: Any = type(row)
        rows: models.QuerySet[models.Model] = models.QuerySet(model)
        is_marked = hasattr(model, "deleted_at")
        return {
            "purge" if is_marked else "delete": (
                model.all_objects.filter(pk=row.pk).purge if is_marked else row.delete
            ),
            "delete of many": rows.filter(pk=row.pk).delete,
        }


def gone_early(case: Term) -> list[str]:
    """Delete a row shortly before its time by every way; return those that are not refused."""
    row = case.ending(timezone.now() + timedelta(minutes=1))
    told = too_early(row)
    found = []
    for name, delete in case.ways(row).items():
        try:
            with transaction.atomic():
                delete()
        except StillKeptError as error:
            if told is not None and explain(error).messages == told.messages:
                continue
        found.append(name)
    for each in row._meta.concrete_fields:
        owner = getattr(row, each.name) if isinstance(each, models.ForeignKey) else None
        if owner is None or each.remote_field.on_delete is not models.CASCADE:
            continue
        try:
            with transaction.atomic():
                models.QuerySet(type(owner)).filter(pk=owner.pk).delete()
        except (ProtectedError, RestrictedError):
            continue
        found.append(f"along with {each.name}")
    return found + unnamed({"DELETE": lambda: delete_raw(row)}, type(row), case.rule)


def gone_late(case: Term) -> list[str]:
    """Delete a row whose time is over by every way; return those that leave it."""
    # On a 29th of February, what was made on a 1st of March stays for another day.
    row = case.ending(timezone.now() - timedelta(days=2))
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    ways: Mapping[str, Callable[[], object]] = {
        **case.ways(row),
        "DELETE": lambda: delete_raw(row),
    }
    found = []
    for name, delete in ways.items():
        with undone():
            delete()
            if rows.filter(pk=row.pk).exists():
                found.append(name)
    return found


def gone_from_pages(browser: Client, make: Callable[..., models.Model], case: Term) -> list[str]:
    """Delete a row before its time on the pages of the admin site; return what went wrong."""
    if enter_beside(browser, make, made_by(case.make)) is None:
        return []
    row = case.ending(timezone.now() + timedelta(minutes=1))
    told = too_early(row)
    place = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    page, sent = reverse(f"{place}_delete", args=[row.pk]), {"post": "yes"}
    if hasattr(row, "deleted_at"):
        page = f"{reverse(f'{place}_changelist')}?deleted=yes"
        sent |= {"action": "purge_selected", "_selected_action": str(row.pk)}
    answer = browser.post(page, sent, follow=True)
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    found = [] if rows.filter(pk=row.pk).exists() else ["deleted"]
    is_told = told is not None and escape(told.messages[0]) in answer.content.decode()
    return found if is_told else [*found, "untold"]


@dataclass(frozen=True)
class Auditing:
    """A rule that changes of rows are recorded, a row, and what it may become."""

    make: Callable[..., models.Model]
    rule: str
    row: Mapping[str, Any] = field(default_factory=dict)
    to: Mapping[str, Any] = field(default_factory=dict)
    goes: bool = False

    def __str__(self) -> str:
        return self.rule

    def traced(self, row: models.Model) -> list[models.Field[Any, Any]]:
        """Return the columns of which changes are recorded."""
        rules = [rule for rule in row._meta.constraints if isinstance(rule, Audited)]
        names = {name for rule in rules for name in rule.fields}
        return [field for field in row._meta.concrete_fields if field.name in names]

    def told(self, write: Callable[[], object]) -> list[AuditEntry]:
        """Write, and return what is recorded of rows of this kind."""
        entries = AuditEntry.objects.filter(model=made_by(self.make)._meta.label_lower)
        last = entries.order_by("-id").values_list("id", flat=True).first() or 0
        write()
        return list(entries.filter(id__gt=last).order_by("id"))


def changing(cases: list[Auditing]) -> list[Auditing]:
    """Return those of which a change is known."""
    return [case for case in cases if case.to]


def going(cases: list[Auditing]) -> list[Auditing]:
    """Return those of which a row may be deleted."""
    return [case for case in cases if case.goes]


def made_unrecorded(case: Auditing) -> list[str]:
    """Make a row by every way; return those that the trail does not tell, once and in full."""
    found = []
    for way in making(case.make(**case.row)):
        with any_state(), undone():
            row = case.make(**case.row)
            table = type(row)._base_manager
            before = list(table.values_list("pk", flat=True))
            numbered = next(iter(getattr(row, "numbered_fields", ())), "")
            told = case.told(making(row, without=numbered)[way])
            made = table.exclude(pk__in=before).values().get()
            filled = {it.name for it in case.traced(row) if made[it.attname] is not None}
            said = [(entry.event, entry.row, set(entry.changes)) for entry in told]
            if said != [("created", str(made[row._meta.pk.attname]), filled)]:
                found.append(way)
    return found


def changed_unrecorded(case: Auditing) -> list[str]:
    """Change a row by every way; return those that the trail does not tell, once."""
    row: Any = stored(case.make(**case.row))
    manager = type(row)._default_manager
    values = resolved(case.to)
    names = list(values)
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))

    def to() -> Any:
        read = manager.get(pk=row.pk)
        for name, value in values.items():
            setattr(read, name, value)
        return read

    ways: Mapping[str, Callable[[], object]] = {
        "save": lambda: to().save(),
        "save with update_fields": lambda: to().save(update_fields=names),
        "update": lambda: manager.filter(pk=row.pk).update(**values),
        "bulk_update": lambda: manager.bulk_update([to()], names),
        "UPDATE": lambda: rows.filter(pk=row.pk).update(**values),
        "raw SQL": lambda: write_raw(to(), names),
    }
    written = {field.name for field in case.traced(row) if field.name in values}
    found = []
    for way, write in ways.items():
        with undone():
            said = [(it.event, it.row, set(it.changes)) for it in case.told(write)]
            if said != [("changed", str(row.pk), written)] or case.told(write):
                found.append(way)
    return found


def deleted_unrecorded(case: Auditing) -> list[str]:
    """Delete a row by every way; return those that the trail does not tell, once."""
    row: Any = stored(case.make(**case.row))
    rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
    is_marked = hasattr(row, "deleted_at")
    ways: dict[str, Callable[[], object]] = {
        "delete": lambda: type(row)._default_manager.get(pk=row.pk).delete(),
        "delete of many": lambda: type(row)._default_manager.filter(pk=row.pk).delete(),
    }
    if not is_marked:
        ways["raw SQL"] = lambda: delete_raw(row)
    for each in row._meta.concrete_fields:
        owner = getattr(row, each.name) if isinstance(each, models.ForeignKey) else None
        if owner is not None and each.remote_field.on_delete is models.CASCADE:
            ways[f"along with {each.name}"] = owner.delete
    found = []
    for way, delete in ways.items():
        with undone():
            try:
                with transaction.atomic():
                    told = case.told(delete)
            except (IntegrityError, ProtectedError, RestrictedError):
                # Something else keeps what it would go along with.
                if not way.startswith("along"):
                    found.append(way)
                continue
            said = [(entry.event, entry.row) for entry in told if entry.row == str(row.pk)]
            if said != [("changed" if is_marked else "deleted", str(row.pk))]:
                found.append(way)
            if is_marked:
                purge = type(row).all_objects.filter(pk=row.pk).purge
                if [entry.event for entry in case.told(purge)] != ["deleted"]:
                    found.append(f"purge behind {way}")
    return [] if rows.filter(pk=row.pk).exists() else [*found, "lost"]


def emptied_unrecorded(case: Auditing) -> list[str]:
    """Empty the whole table, as PostgreSQL can; return what the trail does not say of that."""
    table = connection.ops.quote_name(made_by(case.make)._meta.db_table)

    def truncate() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")

    if connection.vendor == "sqlite":
        return []
    told = case.told(truncate)
    return [] if [entry.event for entry in told] == ["emptied"] else ["TRUNCATE"]


def unnamed_by_pages(
    browser: Client, make: Callable[..., models.Model], case: Auditing
) -> list[str]:
    """Delete a row on its page of the admin site; return what the trail does not say of that."""
    person = enter_beside(browser, make, made_by(case.make))
    if person is None:
        return []
    row = stored(case.make(**case.row))
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    seen = browser.get(reverse(f"{page}_history", args=[row.pk]), follow=True)
    found = [] if [it.row for it in seen.context["cl"].result_list] == [str(row.pk)] else ["page"]
    address = reverse(f"{page}_delete", args=[row.pk])
    (entry,) = case.told(lambda: browser.post(address, {"post": "yes"}))
    said = {
        "source": "request",
        "origin": f"{page}_delete",
        "user_key": str(person.pk),
        "user_name": str(person),
    }
    found += [name for name, value in said.items() if getattr(entry, name) != value]
    # Whoever comes next is somebody else.
    (after,) = case.told(lambda: stored(case.make(**case.row)))
    return [*found, "leaked"] if after.user_key or after.source == "request" else found


def not_told_apart(case: Auditing) -> list[str]:
    """Make a row in a command, a job and a shell; return those that the trail does not name."""
    found = []
    for source, origin in (("command", "seed"), ("job", "remind"), ("shell", "")):
        with undone(), acting(source, origin):
            told = case.told(lambda: stored(case.make(**case.row)))
            said = [(entry.source, entry.origin, entry.user_key) for entry in told]
            if said != [(source, origin, "")]:
                found.append(source)
    return found


def edited(case: Auditing) -> list[str]:
    """Edit the trail by every way; return those that are not refused."""
    (entry,) = case.told(lambda: stored(case.make(**case.row)))
    entries: models.QuerySet[AuditEntry] = AuditEntry.objects.filter(id=entry.id)
    past: models.QuerySet[AuditEntry] = models.QuerySet(AuditEntry)
    forged = AuditEntry(at=timezone.now(), event="created", changes={}, source="shell")
    by_django: dict[str, Callable[[], object]] = {
        "save": entry.save,
        "delete": entry.delete,
        "update": lambda: entries.update(user_name=""),
        "delete of many": entries.delete,
        "bulk_create": lambda: AuditEntry.objects.bulk_create([forged]),
        "bulk_update": lambda: AuditEntry.objects.bulk_update([entry], ["user_name"]),
    }
    past_it: dict[str, Callable[[], object]] = {
        "INSERT": lambda: past.bulk_create([forged]),
        "UPDATE": lambda: past.filter(id=entry.id).update(user_name=""),
        "DELETE": lambda: delete_raw(entry),
    }
    if connection.vendor == "postgresql":
        past_it["TRUNCATE"] = lambda: connection.cursor().execute(f"TRUNCATE {TRAIL}")
    found = []
    for refusal, ways in ((TrailKeptError, by_django), (IntegrityError, past_it)):
        for name, write in ways.items():
            try:
                with transaction.atomic():
                    write()
            except refusal:
                continue
            found.append(name)
    return found


@dataclass(frozen=True)
class Breaking:
    """A rule that spans rows, and what happens to one example so that one breaks it.

    It is changed, holds other rows, or there are copies of it; where nothing is so, it goes.
    """

    rule: str
    row: Row
    written: Row
    code: str
    change: Mapping[str, Any] = field(default_factory=dict)
    holds: Mapping[str, list[Row]] = field(default_factory=dict)
    copies: int = 0
    # Whether the page of the row that breaks the rule has what is changed.
    is_on_page: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.written.handle}"


def accepted_across(case: Breaking) -> list[str]:
    """Go every way of writing the change; return those that the database has not refused."""
    stored = demo.load().rows
    ask_now()
    row = stored[case.written]
    values = {
        name: demo.resolved(value, stored, demo.monday()) for name, value in case.change.items()
    }
    table = type(row)._base_manager
    for name, value in values.items():
        setattr(row, name, value)
    ways: dict[str, Callable[[], object]] = {
        "save": lambda: models.Model.save(row),
        "update": lambda: table.filter(pk=row.pk).update(**values),
        "bulk_update": lambda: table.bulk_update([row], list(values)),
        "bulk_create": lambda: table.bulk_create(
            [row], update_conflicts=True, unique_fields=["pk"], update_fields=list(values)
        ),
        "raw SQL": lambda: write_raw(row, list(values)),
    }
    if getattr(row, "numbered_fields", ()):
        # Whoever inserts what has a number is refused for that.
        del ways["bulk_create"]
    if case.copies:
        ways = {
            "save": lambda: save_copies(row, case.copies),
            "bulk_create": lambda: table.bulk_create([copied(row) for _ in range(case.copies)]),
        }
    elif case.holds:
        held = {name: [stored[row] for row in rows] for name, rows in case.holds.items()}
        ways = {"set": lambda: hold(row, held), "bulk_create": lambda: hold_pairs(row, held)}
    elif not values:
        ways = {
            "delete": lambda: table.filter(pk=row.pk).delete(),
            "raw SQL": lambda: delete_raw(row),
        }
    model = apps.get_model(case.row.model)
    return [name for name, way in ways.items() if asked(way, model) != [case.rule]]


def asked(way: Callable[[], object], model: type[models.Model]) -> list[str]:
    """Write, and return the rules of the model that are named when they are asked."""
    try:
        with transaction.atomic():
            way()
            ask_now()
    except IntegrityError as error:
        return named(error, model)
    return []


def save_copies(row: models.Model, number: int) -> None:
    """Save copies of a row one by one."""
    for _ in range(number):
        models.Model.save(copied(row))


def copied(row: _Model) -> _Model:
    """Return a copy of a row, under a key of its own."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for name in (row._meta.pk.attname, *getattr(row, "numbered_fields", ())):
        del values[name]
    return type(row)(**values)


def write_raw(row: models.Model, fields: list[str]) -> None:
    """Write columns by a statement of SQL."""
    change: Any = type(row)._base_manager.filter(pk=row.pk).query.chain(UpdateQuery)
    change.add_update_values({name: getattr(row, name) for name in fields})
    execute(change)


def delete_raw(row: models.Model) -> None:
    """Delete a row by a statement of SQL, which knows nothing of the rows that point to it."""
    execute(type(row)._base_manager.filter(pk=row.pk).query.chain(DeleteQuery))


def execute(query: Any) -> None:
    """Send what a query says as plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(*query.get_compiler(connection=connection).as_sql())


def hold(row: models.Model, held: Mapping[str, list[models.Model]]) -> None:
    """Let a row hold other rows."""
    for name, rows in held.items():
        getattr(row, name).set(rows)


def hold_pairs(row: models.Model, held: Mapping[str, list[models.Model]]) -> None:
    """Let a row hold other rows, by writing the pairs themselves."""
    for name, rows in held.items():
        many: Any = row._meta.get_field(name)
        pairs = many.remote_field.through._base_manager
        here, there = many.m2m_field_name(), many.m2m_reverse_field_name()
        pairs.filter(**{here: row}).delete()
        pairs.bulk_create([pairs.model(**{here: row, there: other}) for other in rows])


def unsaid_across(case: Breaking) -> list[str]:
    """Return the code of the rule, unless validation says it of the row that would break it."""
    stored = demo.load().rows
    row = stored[case.written]
    for name, value in case.change.items():
        setattr(row, name, demo.resolved(value, stored, demo.monday()))
    broken: Any = row if case.row == case.written else stored[case.row]
    said: list[str] = []
    with transaction.atomic():
        if case.copies:
            type(row)._base_manager.bulk_create([copied(row) for _ in range(case.copies)])
        elif case.holds:
            hold(row, {name: [stored[it] for it in rows] for name, rows in case.holds.items()})
        elif not case.change:
            type(row)._base_manager.filter(pk=row.pk).delete()
        elif broken is not row:
            models.Model.save(row)
        said += refusals(broken)
        # What was written is not meant to stay.
        transaction.set_rollback(True)
    return [] if case.code in said else [case.code]


def on_page(cases: list[Breaking]) -> list[Breaking]:
    """Return those that can be typed on the page of the row that breaks the rule."""
    return [case for case in cases if case.is_on_page]


@undrawn()
def unsaid_by_admin(browser: Client, case: Breaking) -> list[str]:
    """Save the page of a row as it is, then with the change; return what is not answered right."""
    stored = demo.load().rows
    ask_now()
    person: Any = next(row for row in stored.values() if isinstance(row, AbstractBaseUser))
    type(person)._base_manager.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    browser.force_login(person)
    broken, written = stored[case.row], stored[case.written]
    values = {
        name: demo.resolved(value, stored, demo.monday()) for name, value in case.change.items()
    }
    change = {name: getattr(value, "pk", value) for name, value in values.items()}
    meta = broken._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[broken.pk])
    forms = list(forms_of(browser.get(page)))
    data = {name: value for form in forms for name, value in typed(form, {}).items()}
    found = [] if browser.post(page, data).status_code == HTTPStatus.FOUND else ["as it is"]
    for form in forms:
        if getattr(form, "instance", None) == written:
            data |= typed(form, change)
    answer = browser.post(page, data)
    is_saved = answer.status_code == HTTPStatus.FOUND
    said = [] if is_saved else next(forms_of(answer)).non_field_errors()
    rules = {rule.name: rule for rule in meta.constraints}
    is_said = rules[case.rule].get_violation_error_message() in said
    return found if is_said else [*found, case.code]


def forms_of(answer: Any) -> Iterator[BaseForm]:
    """Return the forms of a page: that of its row, and those of the rows around it."""
    yield answer.context_data["adminform"].form
    for inline in answer.context_data["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def typed(form: BaseForm, change: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a browser sends for a form in which some values are changed."""
    sent = {}
    for bound in form:
        value = bound.value()
        if bound.name in change:
            value = bound.field.prepare_value(change[bound.name])
        widget: Any = bound.field.widget
        # The admin site wraps a choice of rows in links.
        widget = getattr(widget, "widget", widget)
        shown = widget.get_context(bound.html_name, value, {})["widget"]
        for part in shown.get("subwidgets", [shown]):
            if part.get("type") == "checkbox":
                part["value"] = "on" if "checked" in part["attrs"] else None
            if part["value"] is not None:
                sent[part["name"]] = part["value"]
    return sent


def missing_triggers(model: str, rules: Iterable[str]) -> list[str]:
    """Return the triggers of rules that span rows which the database does not have."""
    found = apps.get_model(model)
    editor: Any = connection.SchemaEditorClass(connection)
    there = triggers_there()
    declared: dict[str, Any] = {rule.name: rule for rule in found._meta.constraints}
    missing = [rule for rule in rules if rule not in declared]
    return missing + [
        name
        for rule in rules
        if rule not in missing
        for name in declared[rule].statements(found, editor)
        if name not in there
    ]


@contextmanager
def alone() -> Iterator[None]:
    """Let each rule be asked by itself: those that span rows are away until the test ends."""
    found: list[tuple[Any, AcrossRows]] = [
        (model, rule)
        for model in apps.get_models()
        for rule in model._meta.constraints
        if isinstance(rule, AcrossRows)
    ]
    if found:
        uninstall([rule for _, rule in found], connection.SchemaEditorClass(connection))
    asked = {model: model.rules_with_others for model, _ in found}
    for model in asked:
        model.rules_with_others = ()
    try:
        yield
    finally:
        for model, rules in asked.items():
            model.rules_with_others = rules


def accepted(ways: Mapping[str, Callable[[], object]], code: str) -> list[str]:
    """Return the ways of writing that are not refused with a code."""
    found = []
    for name, write in ways.items():
        try:
            with transaction.atomic():
                write()
        except ValidationError as refused:
            if refused.code == code:
                continue
        found.append(name)
    return found


def validate(model: str, rule: str, values: Mapping[str, Any]) -> None:
    """Let the database judge a row by one rule; raise ``ValidationError`` if it breaks it."""
    found = apps.get_model(model)
    row = found(**values)
    judges = [constraint for constraint in found._meta.constraints if constraint.name == rule]
    for constraint in judges:
        constraint.validate(found, row)
    if not judges:
        message = f"{model} has no rule {rule}."
        raise LookupError(message)


def create(model: str, rule: str, values: Mapping[str, Any]) -> None:
    """Judge a new row by one rule about the creation of rows, as ``save`` does."""
    found: type[Record] = apps.get_model(model)
    if rule not in {moment.code for moment in found.rules_on_create}:
        message = f"{model} has no rule {rule}."
        raise LookupError(message)
    try:
        found(**values).check_rules_on_create()
    except ValidationError as error:
        if rule in {each.code for each in error.error_list}:
            raise


@dataclass(frozen=True)
class Chosen:
    """A reference to rows of several models, the one of them for a model, and a row of that."""

    make: Callable[..., models.Model]
    name: str
    reference: str
    target: Saved

    def __str__(self) -> str:
        return self.reference


def astray(case: Chosen) -> list[str]:
    """Point to a row and to none; return the references that do not follow."""
    record, row = case.make(), case.target.row()
    parts = [part.name for part in vars(type(record))[case.name].references]
    found = []
    for wanted in (row, None):
        setattr(record, case.name, wanted)
        set_now = {case.reference} if wanted else set()
        held = {part for part in parts if getattr(record, part) is not None}
        if held != set_now or getattr(record, case.name) != wanted:
            found.append(f"{case.name} = {wanted!r}: {sorted(held)}")
    try:
        setattr(record, case.name, Chosen)
    except TypeError:
        return found
    return [*found, f"{case.name} takes what is no row of its models"]
