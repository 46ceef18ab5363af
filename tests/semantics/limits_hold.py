"""Holds the project that was built from limits.appspec to what both databases promise about large and odd values.

Runs inside the project on a migrated, empty database; the same on SQLite and PostgreSQL.
"""

import datetime
import json
import subprocess
import sys
import uuid
from decimal import Decimal

import django

django.setup()

from accounts.models import User
from core.seeding import RefusedSeedError, Seed, store
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from limits.models import Dossier, Note, Sum, Visit

FAILED = []
KEPT = []
SQLITE = connection.vendor == "sqlite"
INT = 2**31 - 1
BIGINT = 2**63 - 1
REFUSALS = (DatabaseError, OverflowError)


def promise(function):
    """Try one promise, in a transaction that is rolled back."""
    try:
        with transaction.atomic():
            function()
            transaction.set_rollback(True)
    except Exception as error:  # every promise is reported, not only the first
        FAILED.append(f"{function.__name__}: {type(error).__name__}: {error}")
    else:
        KEPT.append(function.__name__)
    return function


def accepted(row):
    """Validation and the database both say yes."""
    row.full_clean()
    row.save()
    row.refresh_from_db()
    return row


def refused(row):
    """Validation and the database both say no, each by itself; return what validation says."""
    try:
        with transaction.atomic():
            row.save()
    except REFUSALS:
        pass
    else:
        raise AssertionError("accepted by the database")
    row._state.adding = True
    try:
        row.full_clean()
    except ValidationError as error:
        return str(error)
    raise AssertionError("accepted by validation")


def refused_by_database(action):
    """The database says no, by itself."""
    try:
        with transaction.atomic():
            action()
    except REFUSALS:
        return
    raise AssertionError("accepted by the database")


def total(**values):
    given = {"count": 1, "times": 1, "wide": 1, "amount": Decimal(1), "rate": Decimal(1), "total": Decimal(0)}
    return Sum(**{**given, **values})


def execute(statement, values=()):
    """Say something to the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def set_past_django(row, column, value):
    """Write a value as another program would."""
    table = type(row)._meta.db_table
    key = type(row)._meta.pk.get_db_prep_value(row.pk, connection)
    execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, key])


@promise
def decimals_are_compared_exactly_beyond_the_digits_of_a_float():
    # The product lies 0.00000001 below a total of 15 digits: a float can't tell the two apart.
    amount, rate, above = Decimal("9999999999.99"), Decimal("999.000001"), Decimal("9990000009990.01")
    assert amount * rate == above - Decimal("0.00000001"), amount * rate
    assert float(amount) * float(rate) == float(above)
    accepted(total(amount=amount, rate=rate, total=above - Decimal("0.01")))
    assert "The total is not above" in refused(total(amount=amount, rate=rate, total=above))
    accepted(total(amount=Decimal("0.10"), rate=Decimal(3), total=Decimal("0.30")))
    refused(total(amount=Decimal("0.10"), rate=Decimal(3), total=Decimal("0.31")))


@promise
def a_computed_decimal_is_exact_and_fits():
    row = accepted(total(amount=Decimal("1.05"), rate=Decimal("1.1")))
    assert row.charged == Decimal("1.16"), row.charged
    row = accepted(total(amount=Decimal("-1.05"), rate=Decimal("1.1"), total=Decimal(-2)))
    assert row.charged == Decimal("-1.16"), row.charged
    assert row.charged == Sum.objects.get(charged=Decimal("-1.16")).charged
    assert "computed charged" in refused(total(amount=Decimal("9999999999.99"), rate=Decimal("999999.999999")))


@promise
def products_of_integers_do_not_overflow():
    # Each fits its column, the product has 28 digits.
    assert "The width is bounded" in refused(total(wide=BIGINT, times=INT))
    accepted(total(wide=-BIGINT, times=INT))
    accepted(total(wide=10**14, times=10**9))
    refused(total(wide=10**14 + 1, times=10**9))
    # The bound has 24 digits.
    accepted(total(wide=2**62, times=21684))
    accepted(total(count=1, least=-INT))
    # A constant is narrow too, unless something is done about it.
    assert "Not seven" in refused(total(count=7))
    accepted(total(count=2**30 - 1))


@promise
def a_computed_integer_that_does_not_fit_is_refused_by_name():
    assert accepted(total(count=2**30 - 1)).doubled == 2**31 - 2
    assert accepted(total(count=-(2**30))).doubled == -(2**31)
    assert "computed doubled" in refused(total(count=2**30))
    assert "computed next" in refused(total(least=INT))
    assert accepted(total(count=2**30 - 1, times=INT)).product == (2**30 - 1) * INT


@promise
def membership_of_a_computed_decimal_is_exact():
    for amount in ["0.10", "10", "1.11"]:
        accepted(total(amount=Decimal(amount), total=Decimal("0.07")))
    refused(total(amount=Decimal("0.11"), total=Decimal("0.07")))


@promise
def integers_have_the_range_of_their_type():
    for field, bits in [("count", 31), ("least", 31), ("wide", 63)]:
        for value in [2**bits, -(2**bits) - 1]:
            refused(total(**{field: value}))
            refused_by_database(lambda: Sum.objects.bulk_create([total(**{field: value})]))
    accepted(total(wide=BIGINT))
    accepted(total(wide=-BIGINT - 1))
    row = accepted(total())
    refused_by_database(lambda: set_past_django(row, "count", 2**31))
    if SQLITE:
        refused_by_database(lambda: set_past_django(row, "count", 1.5))
        refused_by_database(lambda: set_past_django(row, "count", "many"))


@promise
def decimals_are_finite_and_have_their_digits():
    row = accepted(total())
    refused_by_database(lambda: set_past_django(row, "amount", 10**10))
    refused_by_database(lambda: set_past_django(row, "amount", "NaN"))
    refused_by_database(lambda: set_past_django(row, "amount", "Infinity"))
    for wrong in ["NaN", "Infinity", "sNaN"]:
        try:
            total(amount=Decimal(wrong)).full_clean()
        except ValidationError:
            continue
        raise AssertionError(f"validation accepts {wrong}")


@promise
def texts_have_the_length_of_their_type():
    accepted(Note(name="ä" * 40))
    refused(Note(name="ä" * 41))
    refused(Note(name="a", tag="123456"))
    refused_by_database(lambda: Note.objects.bulk_create([Note(name="b" * 41)]))
    refused_by_database(lambda: Note(name="a\0b").save() or SQLITE or None)


@promise
def a_null_character_is_refused_everywhere():
    for values in [{"name": "a\0b"}, {"name": "c", "body": "a\0b"}]:
        try:
            Note(**values).full_clean()
        except ValidationError:
            pass
        else:
            raise AssertionError(f"validation accepts {values}")
        try:
            with transaction.atomic():
                Note(**values).save()
        except (DatabaseError, ValueError):
            continue
        raise AssertionError(f"the database accepts {values}")


@promise
def ignoring_case_means_the_same_letters():
    # The first two of a line are one name, the last is another.
    for first, second, other in [
        ("ÄRGER", "ärger", "arger"),
        ("Grün", "GRÜN", "GRUN"),
        ("İzmir", "i̇zmir", "izmir"),
        ("ISPARTA", "isparta", "ısparta"),
        ("Fuß", "FUẞ", "FUSS"),
        ("ΌΔΟΣ", "όδος", "ΟΔΟΣ"),
        ("Ёлка", "ёЛКА", "Елка"),
    ]:
        accepted(Note(name=first))
        assert "already" in refused(Note(name=second)), second
        accepted(Note(name=other))


@promise
def lower_changes_ascii_letters_alone_and_keeps_the_length():
    assert accepted(Note(name=" ÄrGER ")).quiet == "Ärger"
    name = "İ" * 40
    assert accepted(Note(name=name)).quiet == name


@promise
def lists_keep_the_limits_of_their_items():
    row = accepted(Note(name="a", prices=["12.50", "-0.01", "9999.99"], flags=["abc"]))
    assert row.prices == ["12.50", "-0.01", "9999.99"], row.prices
    assert Note(name="b").extra == []
    for values in [{"prices": ["12.505"]}, {"prices": [12.5]}, {"prices": ["NaN"]}, {"flags": ["abcdef"]}]:
        try:
            Note(name="b", **values).full_clean()
        except ValidationError:
            continue
        raise AssertionError(f"validation accepts {values}")


@promise
def a_file_has_a_name():
    row = accepted(Note(name="a"))
    refused_by_database(lambda: set_past_django(row, "paper", ""))


@promise
def whether_there_is_a_file_is_asked_of_the_row_as_of_the_column():
    bare = accepted(Dossier(kind="bare"))
    assert "has no paper" in refused(Dossier(kind="bare", paper="a.pdf"))
    assert "has no paper" in refused(Dossier(kind="bare", scan="a.png"))
    proof = accepted(Dossier(kind="proof", paper="a.pdf"))
    for none in [{}, {"paper": None}, {"paper": ""}, {"scan": "a.png"}]:
        assert "has its paper" in refused(Dossier(kind="proof", **none)), none
    assert "has a picture" in refused(Dossier(kind="seen", paper="a.pdf"))
    accepted(Dossier(kind="seen", scan="a.png"))
    for row, paper in [(bare, "a.pdf"), (proof, None)]:
        refused_by_database(lambda: Dossier.objects.filter(pk=row.pk).update(paper=paper))
    for paper in ["", "a.pdf"]:
        accepted(Dossier(kind="one", body="one", paper=paper))
    accepted(Dossier(kind="one", body="one"))
    assert "a body of its own" in refused(Dossier(kind="one", body="one", paper="b.pdf"))


@promise
def a_rule_about_the_creation_asks_for_the_file_too():
    accepted(Dossier(kind="filed", paper="a.pdf"))
    for act in [Dossier(kind="filed").full_clean, Dossier(kind="filed").save]:
        try:
            act()
        except ValidationError as error:
            assert "File it with" in str(error), error
        else:
            raise AssertionError("a new row without its file is accepted")


def visit(**values):
    return Visit(**{"starts_at": datetime.datetime(2026, 3, 28, 12, tzinfo=datetime.UTC), **values})


@promise
def moments_moved_by_lengths_of_time_are_kept_in_columns_and_indexes():
    row = accepted(visit(lasts=datetime.timedelta(days=1)))
    # A day has 24 hours, though the clocks of Lisbon go forward in this night.
    assert row.ends_at - row.starts_at == datetime.timedelta(hours=24), row.ends_at
    assert Visit.objects.filter(ends_at=row.ends_at).exists()
    assert row.due == datetime.date(2026, 1, 11), row.due
    accepted(visit())
    late = {"starts_at": datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)}
    accepted(visit(**late))
    assert "already" in refused(visit(**late))


@promise
def a_length_of_time_has_no_direction():
    accepted(visit(lasts=datetime.timedelta(days=-3)))
    accepted(visit(lasts=datetime.timedelta(days=3)))
    assert "three days" in refused(visit(lasts=datetime.timedelta(days=-3, microseconds=-1)))
    assert "three days" in refused(visit(lasts=datetime.timedelta(days=3, microseconds=1)))


@promise
def a_computed_moment_has_a_name():
    end = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    accepted(visit(starts_at=end - datetime.timedelta(hours=1)))
    assert "computed ends at" in refused(visit(starts_at=end))
    start = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    assert "computed ends at" in refused(visit(starts_at=start, lasts=datetime.timedelta(hours=-1)))
    accepted(visit(day=datetime.date(9999, 12, 21)))
    assert "computed due" in refused(visit(day=datetime.date(9999, 12, 22)))


def signed_in():
    User.objects.create_superuser("root@example.com", "made-up-password", nickname="Root", badge=1)
    client = Client(headers={"host": "localhost"})
    assert client.login(username="root@example.com", password="made-up-password")
    return client


@promise
def a_person_is_added_with_what_is_required_and_what_a_rule_asks_for():
    assert User.REQUIRED_FIELDS == ["nickname", "badge"]
    client = signed_in()
    page = reverse("admin:accounts_user_add")
    given = {
        "email": "anna@example.com",
        "usable_password": "true",
        "password1": "made-up-password",
        "password2": "made-up-password",
        "nickname": "Anna",
    }
    answer = client.post(page, given, secure=True)
    assert b"Everybody has a badge." in answer.content
    assert client.post(page, {**given, "badge": 7}, secure=True).status_code == 302
    assert User.objects.get(email="anna@example.com").check_password("made-up-password")


@promise
def what_the_database_cannot_store_is_an_error_in_the_form():
    client = signed_in()
    page = reverse("admin:limits_sum_add")
    good = {"count": 1, "times": 1, "wide": 1, "amount": "1", "rate": "1", "total": "0", "least": 1}
    for wrong in [
        {"wide": str(10**30)},
        {"count": str(2**31)},
        {"count": str(2**30)},
        {"amount": "9999999999.99", "rate": "999999.999999"},
        {"amount": "NaN"},
        {"amount": "1e400"},
    ]:
        answer = client.post(page, {**good, **wrong}, secure=True)
        assert answer.status_code == 200, (wrong, answer.status_code)
        assert b"errornote" in answer.content, wrong
    assert client.post(page, good, secure=True).status_code == 302
    page = reverse("admin:limits_note_add")
    for wrong in [{"name": "a\0b"}, {"name": "a", "body": "a\0b"}, {"name": "a", "extra": '["\\u0000"]'}]:
        answer = client.post(page, {"flags": "[]", "prices": "[]", "extra": "[]", **wrong}, secure=True)
        # SQLite can store a null character inside of JSON.
        assert answer.status_code == (302 if SQLITE and "extra" in wrong else 200), (wrong, answer.status_code)
    for field in ["extra", "flags"]:
        for wrong in ['["\\ud800"]', "[" * 5000, "[" * 500 + "]" * 500, "[NaN]", "[1e400]", "[" + "9" * 5000 + "]"]:
            sent = {"name": "a", "flags": "[]", "prices": "[]", "extra": "[]", field: wrong}
            answer = client.post(page, sent, secure=True)
            assert answer.status_code == 200, (field, wrong[:20], answer.status_code)
            assert b"Enter a valid JSON" in answer.content, (field, wrong[:20])
    page = reverse("admin:limits_visit_add")
    for day, time in [("9999-12-31", "23:59:59"), ("10000-01-01", "00:00"), ("0000-01-01", "00:00")]:
        sent = {"starts_at_0": day, "starts_at_1": time, "day": "2026-01-01", "lasts": "01:00:00"}
        answer = client.post(page, sent, secure=True)
        assert answer.status_code == 200, (day, answer.status_code)
        assert b"errornote" in answer.content, day
    sent = {"starts_at_0": "2026-01-01", "starts_at_1": "00:00", "day": "2026-01-01", "lasts": "99999999999 00:00:00"}
    assert client.post(page, sent, secure=True).status_code == 200


def manage(*arguments):
    return subprocess.run([sys.executable, "manage.py", *arguments], capture_output=True, text=True, check=False)


def without_checks(model):
    """Let the database accept what another program could have written before the rules."""
    if SQLITE:
        execute("PRAGMA ignore_check_constraints = ON")
        return
    for constraint in model._meta.constraints:
        execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT IF EXISTS {constraint.name}")


def a_scan_finds_what_no_check_of_the_database_looks_at():
    """Not rolled back: another process has to see the rows."""
    without_checks(Note)
    without_checks(Visit)
    without_checks(Sum)
    clean = manage("check_invariants", "--json")
    assert clean.returncode == 0, clean
    broken = {
        "flags": json.dumps(["far too long"]),
        "prices": json.dumps(["12.50", "1.005"]),
        "email": "nobody",
        "site": "nowhere",
        "paper": "",
    }
    if SQLITE:
        broken |= {"address": "no.address", "name": "x" * 41, "body": "a\0b"}
    else:
        broken |= {"address": "10.0.0.0/8"}
    rows = {column: Note.objects.create(name=f"row {column}") for column in broken}
    for column, value in broken.items():
        set_past_django(rows[column], column, value)
    late = visit(day=datetime.date(2026, 1, 2))
    late.save()
    days = ["infinity", "10000-01-01"] if SQLITE else ["infinity", "20000-01-01", "-infinity"]
    if not SQLITE:
        set_past_django(late, "starts_at", "20000-01-01T00:00Z")
    for day in days:
        row = visit()
        row.save()
        set_past_django(row, "day", day)
    if SQLITE:
        row = total()
        row.save()
        set_past_django(row, "count", 2**31)
    dirty = manage("check_invariants", "--json")
    assert dirty.returncode == 1, dirty
    found = {}
    for each in map(json.loads, dirty.stdout.splitlines()):
        found.setdefault((each["model"], each["rule"]), []).append(each["key"])
    for column, row in rows.items():
        named = [keys for (model, rule), keys in found.items() if model == "limits.Note" and f"{column}__" in rule]
        assert named, (column, found)
        assert all(keys == [str(row.pk)] for keys in named), (column, found)
    assert len(found["limits.Visit", "day__type"]) == len(days), found
    if SQLITE:
        assert ("limits.Sum", "count__type") in found, found
    else:
        assert found["limits.Visit", "starts_at__type"] == [str(late.pk)], found
    said = manage("check_invariants")
    assert said.returncode == 1 and f"Note {rows['email'].pk}: email__form" in said.stdout, said


@promise
def a_seed_row_with_more_digits_than_sqlite_keeps_is_refused_by_name():
    seed = Seed(model="limits.Sum", key=("wide",), rows={})
    given = {"count": 1, "times": 1, "wide": 7, "amount": 1, "rate": 1, "total": 0}
    try:
        with transaction.atomic():
            store(seed, "most", {**given, "reserve": Decimal(10) ** 15})
    except RefusedSeedError as refusal:
        assert SQLITE, refusal
        assert str(refusal).startswith("limits.Sum most: The database can't store one of these"), refusal
    else:
        assert not SQLITE
        assert Sum.objects.get(wide=7).reserve == Decimal(10) ** 15


def a_seed_row_is_found_as_its_unique_rule_compares():
    assert manage("seed").returncode == 0
    Note.objects.filter(name="Straße").update(name="STRAẞE")
    assert manage("seed").returncode == 0
    assert Note.objects.get().name == "Straße", list(Note.objects.all())
    Note.objects.all().delete()


for last in [
    a_seed_row_is_found_as_its_unique_rule_compares,
    a_scan_finds_what_no_check_of_the_database_looks_at,
]:
    try:
        last()
    except Exception as error:
        FAILED.append(f"{last.__name__}: {type(error).__name__}: {error}")
    else:
        KEPT.append(last.__name__)

print(f"{len(KEPT)} promises kept, {len(FAILED)} broken")
sys.exit("\n".join(FAILED) if FAILED else 0)
