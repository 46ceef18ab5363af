"""The ways by which rows are written, each tried by tests: forms, Django, and plain SQL."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.base import ContentFile
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone

from core.testing import (
    BY_TYPE,
    Case,
    Saved,
    Twins,
    enter_beside,
    forms_of,
    made_by,
    making,
    named,
    stored,
    typed,
    undone,
    undrawn,
    write_raw,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from django.forms import BaseForm, BoundField
    from django.test import Client

    from core.testing import Keeping, Strayed


# What a form reads where nothing is typed.
EMPTY: tuple[object, ...] = (None, "")


def passed(case: Case) -> list[str]:
    """Write what breaks a rule by every way; return those that nothing refuses in its name."""
    broken: Any = case.broken()
    ways = {f"new: {name}": way for name, way in making(broken).items()}
    if not points_to_its_kind(case):
        kept: Any = stored(case.kept())
        names = [*{**case.breaks, **case.keeps}]
        ways |= changing(kept, {name: getattr(broken, name) for name in names})
        ways |= emptying(kept, broken, names)
    answers = case.answers()
    refused = {name: answer(way, type(broken)) for name, way in ways.items()}
    return [
        name
        for name, rules in refused.items()
        if rules not in answers and not is_kept_besides(broken, rules)
    ]


def points_to_its_kind(case: Case) -> bool:
    """Say whether the row that breaks the rule points to the one that keeps it, which is there."""
    made = [value for value in case.breaks.values() if isinstance(value, Saved)]
    return any(made_by(value.make) is made_by(case.make) for value in made)


def met(case: Twins) -> list[str]:
    """Write the second row by every way; return those that the rule does not refuse."""
    case.older().save()
    newer: Any = case.newer()
    ways = {f"new: {name}": way for name, way in making(newer).items()}
    found = [name for name, way in ways.items() if answer(way, type(newer)) != [case.rule]]
    if case.beside:
        # A row that stands beside the first one becomes like the second.
        other = stored(case.make(2))
        values = {
            field.name: getattr(newer, field.name)
            for field in other._meta.concrete_fields
            if not field.primary_key
            and not field.generated
            and field.name not in getattr(other, "numbered_fields", ())
            and getattr(newer, field.attname) != getattr(other, field.attname)
        }
        stays = {name for rule in keeping(newer) for name in rule.fields}
        for name, way in changing(other, values if stays.isdisjoint(values) else {}).items():
            refused = answer(way, type(newer))
            if refused != [case.rule] and not is_kept_besides(newer, refused):
                found.append(name)
    return found


def is_kept_besides(row: models.Model, refused: Collection[str]) -> bool:
    """Say whether a change is refused because of what the row was, by rules about that alone."""
    rules = {rule.name for rule in row._meta.constraints if hasattr(rule, "changes")}
    return bool(refused) and rules.issuperset(refused)


def keeping(row: models.Model) -> list[Any]:
    """Return the rules by which a row keeps its fields. Not every project has such."""
    return [rule for rule in row._meta.constraints if hasattr(rule, "holds_for")]


def changing(row: models.Model, values: Mapping[str, Any]) -> dict[str, Callable[[], object]]:
    """Return the ways of giving a stored row other values.

    Where a state changes, the model refuses what is no action; that leaves the ways past it.
    """
    if not values:
        return {}
    model: Any = type(row)
    rows: models.QuerySet[models.Model] = models.QuerySet(model)
    names = list(values)

    def to() -> Any:
        read = model._base_manager.get(pk=row.pk)
        for name, value in values.items():
            setattr(read, name, value)
        return read

    past: dict[str, Callable[[], object]] = {
        "UPDATE": lambda: rows.filter(pk=row.pk).update(**values),
        "raw UPDATE": lambda: write_raw(to(), names),
    }
    states = {rule.field for rule in model.lifecycles()} if hasattr(model, "lifecycles") else set()
    if not states.isdisjoint(names):
        return past
    return {
        "save": lambda: to().save(),
        "update": lambda: model._default_manager.filter(pk=row.pk).update(**values),
        "bulk_update": lambda: model._default_manager.bulk_update([to()], names),
        **past,
    }


def emptying(kept: Any, broken: Any, names: Collection[str]) -> dict[str, Callable[[], object]]:
    """Return the deletion that makes a row like the broken one, if it lacks but one reference."""
    fields = [kept._meta.get_field(name) for name in names]
    differing = [it for it in fields if getattr(kept, it.attname) != getattr(broken, it.attname)]
    if len(differing) != 1 or getattr(broken, differing[0].attname) is not None:
        return {}
    reference, owner = differing[0], getattr(kept, differing[0].name)
    if reference.remote_field is None or reference.remote_field.on_delete is not models.SET_NULL:
        return {}
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([owner])
    except (ProtectedError, RestrictedError):
        # Another reference refuses it.
        return {}
    return {"deletion": models.QuerySet(type(owner)).filter(pk=owner.pk).delete}


def answer(write: Callable[[], object], model: type[models.Model]) -> list[str]:
    """Write; return the rules of a model that the refusal names."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return named(error, model)
    except DataError:
        return [BY_TYPE]
    except ValidationError as refused:
        return [repr(refused)]
    return []


def unasked(case: Case) -> list[str]:
    """Store a row past a rule about new rows; return the ways of writing it that the rule refuses.

    Another rule may keep the row as it is.
    """
    broken: Any = case.broken()
    with undone():
        found = answer(making(broken)["raw SQL"], type(broken))
    row = stored(case.broken())
    ways = changing(row, {name: getattr(row, name) for name in case.breaks})
    answers = {name: " ".join(answer(way, type(row))) for name, way in ways.items()}
    return found + [name for name, said in answers.items() if case.message in said]


def page_of(model: type[models.Model], kind: str, *keys: Any) -> str:
    """Return the address of a page of the admin site."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{kind}", args=keys)


def blank_page(browser: Client, model: type[models.Model]) -> list[BaseForm]:
    """Return the forms of the page that makes a row, that of the row first; none without a page."""
    if not admin.site.is_registered(model):
        return []
    answered = browser.get(page_of(model, "add"))
    return list(forms_of(answered)) if answered.status_code == HTTPStatus.OK else []


def by_hand(forms: list[BaseForm], row: models.Model) -> dict[str, Any]:
    """Return what a browser sends for a row; nothing where it can't be typed as it is."""
    form, *around = forms
    fields = [field for field in row._meta.concrete_fields if field.name in form.fields]
    values = {field.name: getattr(row, field.name) for field in fields}
    known = {field.name for field in [*fields, *row._meta.many_to_many]}
    pictures = [it for it in fields if isinstance(it, models.ImageField) and values[it.name]]
    # What only looks like a picture is none for a form, and nobody knows what else a page asks for.
    if pictures or not set(form.fields) <= known:
        return {}
    sent = typed(form, {name: getattr(value, "pk", value) for name, value in values.items()})
    for name, value in values.items():
        sent |= exactly(form[name], value)
    shown: Any = form
    read = type(shown)(sent, sent, instance=copy(shown.instance))
    unread = set(read.errors)
    if any(
        field.name not in unread and not is_same(getattr(read.instance, field.attname), value)
        for field, value in written(row)
    ):
        return {}
    for other in around:
        sent |= typed(other, {})
    for value in sent.values():
        # The form has read it.
        if isinstance(value, ContentFile):
            value.seek(0)
    return sent


def written(row: models.Model) -> Iterator[tuple[Any, Any]]:
    """Return the fields whose values whoever writes a row gives it, with these values."""
    numbered = getattr(row, "numbered_fields", ())
    for field in row._meta.concrete_fields:
        is_file = isinstance(field, models.FileField)
        if not (field.primary_key or field.generated or is_file or field.name in numbered):
            yield field, getattr(row, field.attname)


def is_same(one: object, other: object) -> bool:
    """Say whether two values are the same; of two rows that are made now, moments are."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < timedelta(minutes=1)
    return one == other or (one in EMPTY and other in EMPTY)


def exactly(field: BoundField, value: Any) -> dict[str, Any]:
    """Return what is sent for values of which pages show less than they hold."""
    if isinstance(value, FieldFile) and value:
        value.seek(0)
        return {field.html_name: ContentFile(value.read(), name=value.name)}
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        day, clock = (f"{field.html_name}_{place}" for place in (0, 1))
        return {day: moment.date().isoformat(), clock: moment.time().isoformat()}
    if isinstance(value, date | time):
        return {field.html_name: value.isoformat()}
    return {}


@undrawn()
def untold_by_pages(
    browser: Client, make: Callable[..., models.Model], case: Case | Twins
) -> list[str]:
    """Type a row into its page of the admin site; return what is not answered right."""
    model = made_by(case.make)
    if enter_beside(browser, make, model) is None:
        return []
    if isinstance(case, Twins):
        case.older().save()
        broken, kept = case.newer(), None
    else:
        broken = case.broken()
        kept = None if points_to_its_kind(case) else case.kept()
    if isinstance(case, Case) and case.by_type:
        # A form refuses what no column holds before anybody asks for the rule.
        return []
    if any("rules_on_create" in vars(row) for row in (broken, kept) if row is not None):
        # It could only be made earlier than now, and pages make rows now.
        return []
    forms, page = blank_page(browser, type(broken)), page_of(type(broken), "add")
    sent = by_hand(forms, broken) if forms else {}
    found = [] if not sent or is_told(browser.post(page, sent), case) else ["broken"]
    sent = by_hand(forms, kept) if forms and kept is not None else {}
    if sent and browser.post(page, sent).status_code != HTTPStatus.FOUND:
        found.append("kept")
    return found


def is_told(answered: Any, case: Case | Keeping | Twins) -> bool:
    """Say whether a page refuses what was typed in the words of the rule."""
    if answered.status_code != HTTPStatus.OK:
        return False
    # Forms ask for what is empty, and for what an address looks like, in words of their own.
    codes = {case.code, "required"} if case.code == "blank" else {case.code}
    errors = next(forms_of(answered)).errors.as_data()
    return any(
        case.message in " ".join(error.messages)
        or (error.code == "invalid" and name != NON_FIELD_ERRORS)
        for name, listed in errors.items()
        for error in listed
        if error.code in codes
    )


@undrawn()
def moved_by_pages(browser: Client, make: Callable[..., models.Model], case: Strayed) -> list[str]:
    """Send another state with the page of a row; return what shows or takes it."""
    model = made_by(case.make)
    if enter_beside(browser, make, model) is None:
        return []
    row = stored(case.make(**case.row))
    page = page_of(model, "change", row.pk)
    forms = list(forms_of(browser.get(page)))
    sent = {name: value for form in forms for name, value in typed(form, {}).items()}
    browser.post(page, sent | {case.field: case.to})
    shown = [*blank_page(browser, model)[:1], forms[0]]
    found = [case.field for form in shown if case.field in form.fields]
    is_moved = getattr(model._base_manager.get(pk=row.pk), case.field) != getattr(row, case.field)
    return [*found, "moved"] if is_moved else found


@undrawn()
def changed_by_pages(
    browser: Client, make: Callable[..., models.Model], case: Keeping
) -> list[str]:
    """Change a row on its page, and delete it there if it stays; return what is not refused."""
    model = made_by(case.make)
    if enter_beside(browser, make, model) is None:
        return []
    row = stored(case.make(**case.row))
    before = model._base_manager.filter(pk=row.pk).values().get()
    to = case.changed(row, case.to)
    page = page_of(model, "change", row.pk)
    asked: Any = browser.get(page)
    forms = list(forms_of(asked))
    typable = by_hand(forms, to)
    # What can't be typed is sent all the same.
    unoffered = [name for name in case.to if name not in forms[0].fields]
    sent = typable | {name: str(getattr(to, name)) for name in unoffered}
    answered = browser.post(page, sent)
    found = []
    is_typed = set(case.to) <= set(forms[0].fields)
    if case.rule in {rule.name for rule in keeping(row)}:
        # What a row keeps is not even offered; what it may become is.
        found += ["offered"] if is_typed else []
    elif is_typed and typable and not is_told(answered, case):
        found.append("untold")
    if case.stays:
        found += ["offered to delete"] if asked.context_data["has_delete_permission"] else []
        browser.post(page_of(model, "delete", row.pk), {"post": "yes"})
    after = model._base_manager.filter(pk=row.pk).values().first() or {}
    names = [field.attname for field in model._meta.concrete_fields if field.name in case.to]
    return found + [name for name in names if after.get(name) != before[name]]
