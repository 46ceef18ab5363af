"""Holds the project that was built from shop.appspec to what the language promises.

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

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from shop.models import Customer, Line, Purchase

FAILED = []
KEPT = []


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


def refused_by_validation(row, code):
    """`full_clean` says no, with this code."""
    try:
        row.full_clean()
    except ValidationError as error:
        codes = [each.code for errors in error.error_dict.values() for each in errors]
        assert code in codes, f"refused as {codes}, not as {code}"
        return error
    raise AssertionError(f"accepted by validation: {code}")


def refused_by_database(action):
    """The database says no, by itself."""
    try:
        with transaction.atomic():
            action()
    except DatabaseError:
        return
    raise AssertionError("accepted by the database")


def customer(email="ann@example.com", **values):
    return Customer.objects.create(email=email, **{"code": "AB1", **values})


def purchase(**values):
    return Purchase.objects.create(customer=values.pop("customer", None) or customer(), **values)


def line(**values):
    given = {"position": 1, "quantity": 3, "price": Decimal("0.10"), "total": Decimal("0.30")}
    given.update(values)
    if "purchase" not in given:
        given["purchase"] = purchase()
    return Line(**given)


@promise
def decimals_are_exact():
    row = line()
    row.full_clean()
    row.save()
    for quantity, price in [(7, "0.07"), (1000, "999999.99"), (49, "1.15"), (3, "33.33")]:
        row = line(purchase=row.purchase, position=row.position + 1, quantity=quantity, price=Decimal(price))
        row.total = quantity * row.price
        if row.total < 10**8:
            row.full_clean()
            row.save()


@promise
def a_wrong_sum_is_refused_with_the_rules_name_and_message():
    row = line(total=Decimal("0.31"))
    error = refused_by_validation(row, "adds_up")
    assert "The total is the quantity times the price." in str(error), error
    refused_by_database(row.save)
    refused_by_database(lambda: Line.objects.bulk_create([row]))


@promise
def a_standing_rule_holds_for_updates():
    row = line()
    row.save()
    refused_by_database(lambda: Line.objects.update(total=Decimal("0.29")))


@promise
def an_optional_value_that_is_missing_breaks_no_rule_about_it():
    line(weight=None).save()
    row = line(purchase=Purchase.objects.get(), position=2, weight=100.5)
    refused_by_validation(row, "light")
    refused_by_database(row.save)


@promise
def a_rule_that_asks_for_a_value_is_not_satisfied_by_its_absence():
    row = Purchase(customer=customer(), status="P")
    refused_by_validation(row, "paid_has_moment")
    refused_by_database(row.save)
    row.paid_at = timezone.now() + datetime.timedelta(minutes=1)
    row.full_clean()
    row.save()


@promise
def a_conditional_unique_counts_only_its_rows():
    buyer = customer()
    moment = timezone.now() + datetime.timedelta(minutes=1)
    purchase(customer=buyer)
    purchase(customer=buyer, status="P", paid_at=moment)
    purchase(customer=buyer, status="void")
    second = Purchase(customer=buyer)
    try:
        second.full_clean()
    except ValidationError:
        pass
    else:
        raise AssertionError("validation accepts a second open purchase")
    refused_by_database(second.save)


@promise
def a_unique_pair_is_unique():
    first = line()
    first.save()
    refused_by_database(line(purchase=first.purchase).save)


@promise
def an_email_is_stored_in_lower_case():
    row = customer(email="Ann.Bee@Example.COM")
    row.refresh_from_db()
    assert row.email == "ann.bee@example.com", row.email
    refused_by_database(lambda: customer(email="ANN.BEE@example.com"))
    assert Customer.objects.filter(email="ANN.bee@example.com").exists()


@promise
def text_is_never_blank():
    row = customer()
    for field in ["code", "nickname"]:
        refused_by_database(lambda field=field: Customer.objects.filter(pk=row.pk).update(**{field: ""}))


@promise
def a_pattern_matches_the_whole_value():
    for code in ["ab1", "AB", "xAB1", "AB1x", "AB1\n", "\nAB1"]:
        row = Customer(email="x@example.com", code=code)
        try:
            row.full_clean()
        except ValidationError:
            pass
        else:
            # A form field strips white space before it looks; a row must not.
            raise AssertionError(f"validation accepts {code!r}")
        refused_by_database(row.save)


@promise
def a_state_that_does_not_exist_is_refused_by_the_database():
    row = purchase()
    refused_by_database(lambda: Purchase.objects.filter(pk=row.pk).update(status="nonsense"))
    refused_by_database(lambda: Purchase.objects.filter(pk=row.pk).update(status="paid"))


@promise
def bounds_hold_in_the_database():
    row = line()
    row.save()
    for change in [{"position": 0}, {"position": 101}, {"discount": Decimal("100.01")}, {"discount": -1}]:
        refused_by_database(lambda change=change: Line.objects.filter(pk=row.pk).update(**change))
    refused_by_validation(line(purchase=row.purchase, position=101), "max_value")


@promise
def a_moment_is_checked_when_a_row_is_made_and_not_later():
    old = timezone.now() - datetime.timedelta(days=2)
    buyer = customer()
    for action in [
        lambda: Purchase(customer=buyer, placed_at=old).full_clean(),
        lambda: Purchase(customer=buyer, placed_at=old).save(),
        lambda: Purchase.objects.create(customer=buyer, placed_at=old),
        lambda: Purchase.objects.bulk_create([Purchase(customer=buyer, placed_at=old)]),
    ]:
        try:
            with transaction.atomic():
                action()
        except ValidationError as error:
            assert "A purchase is entered on its day." in str(error), error
        else:
            raise AssertionError("an old purchase was entered")
    row = purchase(customer=buyer)
    Purchase.objects.filter(pk=row.pk).update(placed_at=old)
    row.refresh_from_db()
    row.full_clean()
    row.save()


@promise
def a_derived_value_is_never_stale():
    row = line()
    row.save()
    assert row.pieces == 4, row.pieces
    row.quantity, row.total = 5, Decimal("0.50")
    row.save()
    assert row.pieces == 6, row.pieces
    assert Line.objects.get(pk=row.pk).pieces == 6
    assert Line.objects.filter(pieces=6).exists()


@promise
def what_hangs_on_a_time_zone_is_computed_by_each_query():
    row = Purchase(customer=customer(), placed_at=timezone.now())
    try:
        row.placed_on
    except ValueError as error:
        assert "placed_on" in str(error), error
    else:
        raise AssertionError("the database computed from a row that it does not have")
    row.save()
    day = timezone.localdate(row.placed_at)
    assert row.placed_on == day, row.placed_on
    assert Purchase.objects.get(placed_on=day) == row


@promise
def deletion_does_what_the_relation_says():
    row = line()
    row.save()
    try:
        row.purchase.customer.delete()
    except ProtectedError:
        pass
    else:
        raise AssertionError("a protected customer was deleted")
    row.purchase.delete()
    assert not Line.objects.exists()


@promise
def defaults_are_also_the_databases():
    # By hand, as another program would: Django gives every column a value.
    purchase(status="void")
    table, key = Purchase._meta.db_table, uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, customer_id, placed_at) SELECT %s, customer_id, placed_at FROM {table}",
            [Purchase._meta.pk.get_db_prep_value(key, connection)],
        )
    assert Purchase.objects.get(pk=key).status == "open"
    assert Purchase().status == "open"


def manage(*arguments):
    return subprocess.run([sys.executable, "manage.py", *arguments], capture_output=True, text=True, check=False)


def a_scan_finds_what_got_past_the_database():
    """Not rolled back: another process has to see the rows."""
    row = line()
    row.save()
    clean = manage("check_invariants", "--json")
    assert clean.returncode == 0, clean
    name = next(constraint.name for constraint in Line._meta.constraints if "adds_up" in constraint.name)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute(f"ALTER TABLE {Line._meta.db_table} DROP CONSTRAINT {name}")
    Line.objects.update(total=Decimal("0.99"))
    dirty = manage("check_invariants", "--json")
    assert dirty.returncode == 1, dirty
    (found,) = map(json.loads, dirty.stdout.splitlines())
    assert (found["rule"], found["key"]) == (name, str(row.pk)), found
    row.purchase.delete()
    row.purchase.customer.delete()


def a_scan_finds_what_points_to_a_row_that_is_gone():
    """Not rolled back either; nothing else is asked of the database afterwards."""
    row = line()
    row.save()
    clean = manage("check_invariants", "--json")
    assert clean.returncode == 0, clean
    table = Line._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            for name, stored in connection.introspection.get_constraints(cursor, table).items():
                if stored["foreign_key"]:
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(f"DELETE FROM {Purchase._meta.db_table}")
    dirty = manage("check_invariants", "--json")
    assert dirty.returncode == 1, dirty
    (found,) = map(json.loads, dirty.stdout.splitlines())
    assert (found["rule"], found["key"]) == ("purchase__reference", str(row.pk)), found
    Line.objects.all().delete()


def seeds_are_updated_and_never_deleted():
    assert manage("seed").returncode == 0
    house = Customer.objects.get(email="house@example.com")
    Customer.objects.filter(pk=house.pk).update(code="XX9")
    customer(email="other@example.com")
    assert manage("seed").returncode == 0
    house.refresh_from_db()
    assert house.code == "HO1", house.code
    assert Customer.objects.filter(email="other@example.com").exists()


for last in [
    seeds_are_updated_and_never_deleted,
    a_scan_finds_what_got_past_the_database,
    a_scan_finds_what_points_to_a_row_that_is_gone,
]:
    try:
        last()
    except Exception as error:
        FAILED.append(f"{last.__name__}: {type(error).__name__}: {error}")
    else:
        KEPT.append(last.__name__)

print(f"{len(KEPT)} promises kept, {len(FAILED)} broken")
sys.exit("\n".join(FAILED) if FAILED else 0)
