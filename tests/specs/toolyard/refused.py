"""What before/schema.sql takes and the project that is built from the spec refuses.

Runs inside the project, on a migrated, empty PostgreSQL. Every write goes past Django, straight to the
database. Prints a line for each: what was tried, and the rule with which the database refused it.
"""

from datetime import date

import django

django.setup()

from customers.tests.factories import make_review
from django.db import DatabaseError, transaction
from django.db.models.deletion import ProtectedError
from rentals.tests.factories import make_payment, make_rental


def refused(what, write):
    try:
        with transaction.atomic():
            write()
    except ProtectedError as error:
        print(f"{what}: {len(error.protected_objects)} row points to it")
    except DatabaseError as error:
        why = error.__cause__.diag
        print(f"{what}: {why.constraint_name or f'{why.column_name} is missing'}")
    else:
        print(f"{what}: accepted")


def insert(row):
    """Straight into the table: no form, no validation."""
    type(row).objects.bulk_create([row])


RENTAL, PAYMENT, REVIEW = make_rental(), make_payment(external_id="pi_1"), make_review()
for row in (RENTAL, PAYMENT, REVIEW):
    row.save()

MONDAY, TUESDAY, FRIDAY, SATURDAY = (date(2027, 5, day) for day in (3, 4, 7, 8))
RENTAL_AGAIN = {"order": RENTAL.order, "tool": RENTAL.tool, "status": "cancelled", "reason": "rain"}
REVIEW_AGAIN = {"product": REVIEW.product, "customer": REVIEW.customer}


def rental(**values):
    insert(make_rental(2, **values))


def change(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


refused("from Friday back to Monday", lambda: rental(first_day=FRIDAY, last_day=MONDAY))
refused("for less than nothing", lambda: rental(day_rate=-10))
refused("one tool twice in one order", lambda: rental(**RENTAL_AGAIN))
refused("a rental of no tool", lambda: change(RENTAL, tool=None))
refused("a status of nobody's", lambda: change(RENTAL, status="overdu"))
refused("cancelled without a word", lambda: change(RENTAL, status="cancelled"))
refused("900 stars", lambda: change(REVIEW, stars=900))
refused("a second review", lambda: insert(make_review(2, **REVIEW_AGAIN)))
refused("a payment of -500", lambda: change(PAYMENT, amount=-500))
refused("one receipt twice", lambda: insert(make_payment(external_id="pi_1")))
refused("a tool in condition `godo`", lambda: change(RENTAL.tool, condition="godo"))
refused("a rented tool deleted", lambda: RENTAL.tool.delete())

change(RENTAL, first_day=MONDAY, last_day=FRIDAY)
refused("the tool again from Monday", lambda: rental(tool=RENTAL.tool, first_day=MONDAY, last_day=MONDAY))
refused("the tool again from Tuesday", lambda: rental(tool=RENTAL.tool, first_day=TUESDAY, last_day=FRIDAY))
refused("the tool again from Saturday", lambda: rental(tool=RENTAL.tool, first_day=SATURDAY, last_day=SATURDAY))
