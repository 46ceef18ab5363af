"""Says how PostgreSQL finds a page of the longest list of an app, for somebody of each role.

Runs inside the emitted project of `tests/apps/salon` or `tests/apps/shop`, on a migrated database that is
thrown away, with the number of rows of that list as its argument. With `--judge`, that somebody who may read few
of them makes the database read all of them is a finding.
"""

import json
import logging
import sys

import django

django.setup()
logging.disable(logging.WARNING)

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from core.demo import load
from core.roles import Granted
from core.testing_access import ROLES

# Whoever may read a larger part of the rows is no finding: reading all of a small table is the best plan then.
FEW = 0.005


def key(label, number):
    """The key of a row that has been copied, as SQL."""
    return f"md5('{label}' || ({number}))::uuid"


def copy(label, count, **columns):
    """Copy an example row so many times, with other values in these columns; `n` is the number of the copy."""
    model = apps.get_model(label)
    row = model._base_manager.values().first()
    fields = [f for f in model._meta.concrete_fields if not getattr(f, "generated", False)]
    columns = {"id": key(label, "n"), **columns}
    values, texts = [], []
    for field in fields:
        if field.column in columns:
            texts.append(columns[field.column].replace("%", "%%"))
        else:
            texts.append("%s")
            values.append(field.get_db_prep_save(row[field.attname], connection))
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        # The rows are plausible; that they keep the rules that span rows is not the question here.
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(texts)} FROM generate_series(1, {count}) AS n', values
        )
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER ALL')


def salon(count):
    """A chain of salons: each client has ten visits, each stylist a thousandth of them, each salon a fiftieth."""
    clients = max(count // 10, 2000)
    copy("accounts.User", clients, email="'person' || n || '@example.com'")
    copy("people.Salon", 100, name="'Salon ' || n", slug="'salon-' || n", active="true", retired_on="NULL")
    scope = key("people.Salon", "1 + n % 100")
    working = {"active": "true", "retired_on": "NULL"}
    person = key("accounts.User", "n")
    copy("people.Stylist", 1000, user_id=person, salon_id=scope, badge="NULL", mentor_id="NULL", **working)
    copy(
        "people.Staff",
        300,
        user_id=key("accounts.User", "1000 + n"),
        salon_id=scope,
        kind="CASE WHEN n <= 100 THEN 'owner' WHEN n <= 200 THEN 'front_desk' ELSE 'apprentice' END",
        **working,
    )
    begin = "timestamptz '2020-01-01' + n * interval '1 minute'"
    copy(
        "booking.Appointment",
        count,
        number="'A-2020-' || n",
        client_id=key("accounts.User", f"1 + n % {clients}"),
        stylist_id=key("people.Stylist", "1 + n % 1000"),
        starts_at=begin,
        ends_at=f"{begin} + interval '45 minutes'",
        status="'done'",
        price="20 + n % 50",
        deposit="NULL",
        reason="NULL",
        cancelled_at="NULL",
        follows_id="NULL",
    )
    people = {"Client": 1900, "Hairdresser": 7, "Owner": 1007, "Receptionist": 1107, "Employee": 1207}
    return "/api/booking/appointments/", people, ("status=done", "ordering=price", "starts_at__gte=2020-03-01T00:00:00Z")


def shop(count):
    """A shop: each customer has ten orders."""
    customers = max(count // 10, 2000)
    copy("accounts.User", customers, email="'person' || n || '@example.com'", works_at_id="NULL", badge="NULL")
    copy(
        "orders.Customer",
        customers,
        account_id=key("accounts.User", "n"),
        unsubscribe="left(md5('unsubscribe' || n), 24)",
        email="'customer' || n || '@example.com'",
    )
    copy(
        "orders.Order",
        count,
        number="'2020-' || lpad(n::text, 7, '0')",
        customer_id=key("orders.Customer", f"1 + n % {customers}"),
        placed_at="timestamptz '2020-01-01' + n * interval '1 minute'",
        status="CASE WHEN n % 200 = 0 THEN 'paid' ELSE 'placed' END",
        replaces_id="NULL",
        coupon_id="NULL",
        cancelled_at="NULL",
        cancel_reason="NULL",
        paid_at="CASE WHEN n % 200 = 0 THEN timestamptz '2026-01-01' END",
        shipped_at="NULL",
        delivered_at="NULL",
    )
    return "/api/orders/orders/", {"Visitor": 1901, "Shopper": 1900}, ("status=placed", "ordering=goods", "placed_at__gte=2020-03-01T00:00:00Z")


def people(numbered):
    """Somebody of each role: those that rows make, by their numbers, and those that are given by a group."""
    users = get_user_model()._base_manager
    for role in ROLES:
        if role.name in numbered:
            yield role.name, users.get(email=f"person{numbered[role.name]}@example.com")
        elif isinstance(role, Granted):
            person = get_user_model().objects.create_user(f"{role.name}@example.com")
            person.groups.add(Group.objects.get_or_create(name=role.name)[0])
            yield role.name, person


def scans(plan, table):
    """The nodes of a plan that read a table."""
    if plan.get("Relation Name") == table:
        yield plan
    for inner in plan.get("Plans", ()):
        yield from scans(inner, table)


def explained(client, address, table):
    """The slowest question that a page asks of a table, and how it was answered."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}: {answer.content.decode()}")
    found = []
    for query in queries.captured_queries:
        if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
                (plans,) = cursor.fetchone()
            found.append((plans if isinstance(plans, list) else json.loads(plans))[0] | {"sql": query["sql"]})
    return max(found, key=lambda each: each["Execution Time"]), len(answer.json()["results"])


def main():
    """Print how each list is found."""
    name, count = sys.argv[1], int(sys.argv[2])
    setup_test_environment()
    connection.force_debug_cursor = True
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    load()
    address, numbered, asked = {"salon": salon, "shop": shop}[name](count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    from config.api import router

    model = next(v.queryset.model for prefix, v, _ in router.registry if address == f"/api/{prefix}/")
    table, findings = model._meta.db_table, []
    print("| who | list | rows | milliseconds | pages | read by |\n|---|---|---|---|---|---|")
    for role, person in people(numbered):
        client = Client()
        client.force_login(person)
        if client.get(address).status_code == 403:
            print(f"| {role} | | refused | | | |")
            continue
        from core.access import READ, permitted

        readable = model._default_manager.filter(permitted(model, person, READ)).distinct().count()
        for query in ("", *asked):
            plan, shown = explained(client, f"{address}?{query}", table)
            nodes = list(scans(plan["Plan"], table))
            pages = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
            ways = {f"{n['Node Type']} {n.get('Index Name', '')}".strip() for n in nodes}
            print(f"| {role} | `{query}` | {shown} of {readable} | {plan['Execution Time']:.1f} | {pages} | {', '.join(sorted(ways))} |")
            if any(n["Node Type"] == "Seq Scan" for n in nodes) and readable < FEW * count:
                findings.append(f"{role} {query}: {plan['sql']}\n{json.dumps(plan['Plan'], indent=1)}")
            if "--sql" in sys.argv:
                print(plan["sql"])
    if "--judge" in sys.argv and findings:
        sys.exit("\n".join(["Lists of few rows that read all of them:", *findings]))


main()
