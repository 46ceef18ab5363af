"""Asks a running project of hostile texts for each of them: Django's metadata, validation, the database, the admin site.

Runs inside the project, on a migrated database with seeds; the same on SQLite and PostgreSQL.
Arguments: what the texts are, as JSON, and the parts to ask. The part `admin` also writes the elements of every page into
the file that the variable ELEMENTS names; a harmless twin has the same.
"""

import json
import os
import sys
import unicodedata
import uuid
from html.parser import HTMLParser
from pathlib import Path

import django

django.setup()

from accounts.models import User
from core.admin_site import TITLE
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import NOT_PROVIDED
from django.test import Client
from django.urls import reverse
from report import FAILED, close, held

EXPECTED = json.loads(Path(sys.argv[1]).read_text("utf-8"))
ENTITIES = EXPECTED["entities"]
SQLITE = connection.vendor == "sqlite"
DEFAULTS = len(ENTITIES[0]["defaults"])
COMMENTED = ["key", "kind", "matched", *(f"f{place}" for place in range(DEFAULTS))]
# Pages of so many entities are looked at.
SHOWN = 8


def same(found, expected, where):
    held(found == expected, f"{where}: {found!r}, not {expected!r}")


def comment(doc):
    """Return documentation as a comment of the database: one line without control characters."""
    visible = "".join(" " if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 else c for c in doc)
    return " ".join(visible.split())


def each():
    for entity in ENTITIES:
        yield entity, apps.get_model("hostile", entity["name"])


def metadata():
    """What Django knows about its models."""
    same(TITLE, EXPECTED["title"], "the title of the admin site")
    for entity, model in each():
        name, options = entity["name"], model._meta
        same(str(options.verbose_name), entity["label"], f"{name}, label")
        same(str(options.verbose_name_plural), entity["plural"], f"{name}, plural")
        choices = [(value, label) for value, label in options.get_field("kind").choices]
        same(choices, [(stored, label) for label, stored in entity["choices"]], f"{name}, choices")
        given = [("matched", entity["matched"]), ("typed", entity["typed"])]
        given += [(f"f{place}", text) for place, text in enumerate(entity["defaults"])]
        for field, text in given:
            same(options.get_field(field).default, text, f"{name}.{field}, default")
            held(options.get_field(field).db_default is not NOT_PROVIDED, f"{name}.{field} has no default in the database")


def refused(action):
    """Return the messages of a refusal, by field; none where it was accepted."""
    try:
        action()
    except ValidationError as error:
        return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return {}


def validation():
    """Messages are those of the specification, letter for letter."""
    for entity, model in each():
        name = entity["name"]
        for field, message in (("matched", entity["matched_message"]), ("typed", entity["typed_message"])):
            checked = model._meta.get_field(field)
            said = refused(lambda checked=checked: checked.run_validators("other"))
            same(said, {"": [message]}, f"{name}.{field}, message")
            fits = refused(lambda checked=checked, field=field: checked.run_validators(entity[field]))
            same(fits, {}, f"{name}.{field}, its own pattern")
        broken = {
            "unequal": {"f0": entity["unequal"]},
            "outside": {"f1": entity["outside"][1]},
            "without": {"f2": "a" + entity["contained"] + "z"},
        }
        for message, (rule, values) in zip(entity["messages"], broken.items(), strict=False):
            said = refused(lambda values=values: model(key=f"new {name}", **values).full_clean())
            held(message in said.get("__all__", ()), f"{name}, {rule}: {said!r}, not {message!r}")
        moment = refused(lambda: model(key=f"new {name}", f3=entity["at_creation"]).save())
        same(moment, {"": [entity["messages"][3]]}, f"{name}, created")
        values = {"f4": entity["unique_where"], "f2": "two", "f3": "three"}
        with transaction.atomic():
            model.objects.create(key=f"one {name}", **values)
            said = refused(lambda: model(key=f"other {name}", **values).full_clean())
            transaction.set_rollback(True)
        held(entity["unique_message"] in said.get("__all__", ()), f"{name}, unique: {said!r}")


def execute(statement, values=()):
    """Run a statement, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def read(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def accepts(table, key, column, value):
    """Say which rule the database refuses a value by."""
    try:
        execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "id" = %s', (value, key))  # noqa: S608 - our own names
    except IntegrityError as error:
        return str(error)
    return ""


def database():
    """Defaults, comments and rules hold the texts inside the database."""
    for entity, model in each():
        name, table = entity["name"], model._meta.db_table
        key = uuid.uuid4().hex
        execute(f'INSERT INTO "{table}" ("id", "key", "several") VALUES (%s, %s, %s)', (key, "raw", "[]"))
        columns = ["kind", "matched", "typed", *(f"f{place}" for place in range(DEFAULTS)), "same"]
        listed = ", ".join(f'"{column}"' for column in columns)
        row = dict(zip(columns, read(f'SELECT {listed} FROM "{table}" WHERE "id" = %s', (key,))[0], strict=True))
        same(row["kind"], entity["choices"][0][1], f"{name}.kind in the database")
        same(row["matched"], entity["matched"], f"{name}.matched in the database")
        same(row["typed"], entity["typed"], f"{name}.typed in the database")
        for place, text in enumerate(entity["defaults"]):
            same(row[f"f{place}"], text, f"{name}.f{place} in the database")
        same(bool(row["same"]), True, f"{name}.same, computed by the database")
        if not SQLITE:
            comments(entity, table)
        for _, stored in entity["choices"]:
            same(accepts(table, key, "kind", stored), "", f"{name}.kind")
        refusals = [
            ("kind", "kind__choice", "other"),
            ("matched", "matched__matches", entity["matched"] + "x"),
            ("typed", "typed__matches", "x" + entity["typed"]),
            ("f0", "unequal", entity["unequal"]),
            ("f1", "outside", entity["outside"][0]),
            ("f1", "outside", entity["outside"][1]),
            ("f2", "without", "a" + entity["contained"] + "z"),
        ]
        for column, rule, value in refusals:
            said = accepts(table, key, column, value)
            held(f"hostile_{name.lower()}_{rule}" in said, f"{name}.{column} = {value!r}: {said!r}")
        execute(f'UPDATE "{table}" SET "f1" = %s WHERE "id" = %s', (entity["begins"] + "z", key))
        same(bool(read(f'SELECT "begins" FROM "{table}" WHERE "id" = %s', (key,))[0][0]), True, f"{name}.begins")
        execute(f'DELETE FROM "{table}" WHERE "id" = %s', (key,))


def comments(entity, table):
    found = read("SELECT obj_description(%s::regclass)", (table,))[0][0]
    same(found, comment(entity["doc"]), f"{table}, comment")
    for column, doc in zip(COMMENTED, entity["docs"], strict=True):
        statement = (
            "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
        )
        same(read(statement, (table, column))[0][0], comment(doc), f"{table}.{column}, comment")


def seeds():
    """Rows of the specification are in the database as they are."""
    for entity, model in each():
        found = {(row.key, row.f5, row.f6, *row.several) for row in model.objects.all()}
        same(found, {tuple(row) for row in entity["rows"]}, f"{entity['name']}, rows")


class Page(HTMLParser):
    """The elements of a page, and its texts: what stands in elements, and in values of attributes."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts = [], [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, sorted(name for name, _ in attributes)])
        self.texts += [value for _, value in attributes if value is not None]
        self.texts.append("")

    def handle_endtag(self, tag):
        self.texts.append("")

    def handle_data(self, data):
        self.texts[-1] += data

    def shows(self, text):
        return any(text in each for each in self.texts)


def listed(text):
    """Return the beginning of a name as a list shows it: composed, and cut short where it is long."""
    return unicodedata.normalize("NFC", text)[:40]


def admin():
    """Pages show the texts, and have no element that their twins lack."""
    person = User.objects.create_superuser(email="root@example.com", password="made-up 4711")
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    elements = {}

    def page(address, *texts):
        response = client.get(address)
        policy = response.headers.get("Content-Security-Policy", "")
        held("script-src" in policy or "default-src" in policy, f"{address} has no policy about scripts")
        found = Page(response.content.decode())
        same(response.status_code, 200, address)
        elements[address] = sorted(found.elements)
        for text in texts:
            held(found.shows(text), f"{address} does not show {text!r}")

    page(reverse("admin:index"), EXPECTED["title"], *(capital(entity["plural"]) for entity in ENTITIES))
    for entity, model in list(each())[:SHOWN]:
        name = model._meta.model_name
        label, plural = entity["label"], entity["plural"]
        labels = [text for text, _ in entity["choices"]]
        row = model.objects.get(key=entity["rows"][0][0])
        page(reverse(f"admin:hostile_{name}_changelist"), plural, *(listed(cells[0]) for cells in entity["rows"]), *labels)
        page(reverse(f"admin:hostile_{name}_add"), label, *entity["defaults"], *labels)
        change = reverse(f"admin:hostile_{name}_change", args=["KEY"])
        response = client.get(change.replace("KEY", str(row.pk)))
        found = Page(response.content.decode())
        elements[change] = sorted(found.elements)
        for text in (label, *entity["rows"][0][:3], *labels):
            held(found.shows(text), f"{change} does not show {text!r}")
        answer = client.post(reverse(f"admin:hostile_{name}_add"), {"key": "new", "matched": "other", "kind": "other"})
        found = Page(answer.content.decode())
        elements[f"{name}, refused"] = sorted(found.elements)
        held(found.shows(entity["matched_message"]), f"{name} is not refused with {entity['matched_message']!r}")
    Path(os.environ["ELEMENTS"]).write_text(json.dumps(elements, indent=0), "utf-8")


def capital(text):
    return text[:1].upper() + text[1:]


for part in sys.argv[2:]:
    try:
        {"metadata": metadata, "validation": validation, "database": database, "seeds": seeds, "admin": admin}[part]()
    except Exception as error:  # every part is asked, not only the first
        FAILED.append(f"{part}: {type(error).__name__}: {error}")
close()
