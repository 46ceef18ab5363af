"""Shows what goes wrong in a project that was built although the compiler found errors.

Runs inside the project on a migrated, empty PostgreSQL. Each wrong example of an error page is an app of its own; the
functions below are named after the code and take the app's models. What the compiler calls impossible must be refused by
the database, and what it calls useless must let the bad rows in.
"""

import datetime
import io
import itertools
import sys
import time
import uuid
from decimal import Decimal
from importlib import import_module
from unittest import mock

import django

django.setup()

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

HAPPENED = []
MISSED = []
MORNING = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)


def happens(code, block=0):
    """Try what a wrong example leads to, with the models of its app."""

    def run(function):
        label = f"{code.replace('::', '_')}_{block}"
        models = {model.__name__: model for model in apps.get_app_config(label).get_models()}
        try:
            function(**models)
        except Exception as error:  # every example is reported, not only the first
            MISSED.append(f"{code} {block}: {type(error).__name__}: {error}")
        else:
            HAPPENED.append(f"{code} {block}")
        return function

    return run


def refused(why, write, *errors):
    """A whole transaction is refused, and the refusal names the reason."""
    try:
        with transaction.atomic(durable=True):
            write()
    except errors or (IntegrityError,) as error:
        assert why in str(error), f"refused for another reason: {error}"
        return
    raise AssertionError("accepted")


def refuses_every_row(model, why, rows):
    """None of these rows can be saved."""
    count = 0
    for row in rows:
        refused(why, lambda row=row: model.objects.create(**row), DatabaseError)
        count += 1
    assert count > 0
    assert not model.objects.exists()


def keeps_its_price(model, why):
    """Cost what they cost for ever."""
    model.objects.create(price=5)
    for price in (*range(-20, 5), *range(6, 31)):
        refused(why, lambda price=price: model.objects.update(price=price))
    assert model.objects.get().price == 5


def load(model):
    """Load the seeds of one app."""
    seeds = import_module(f"{model._meta.app_label}.seeds").SEEDS
    with mock.patch("core.seeding.declared", lambda: iter(seeds)):
        call_command("seed", stdout=io.StringIO())


def nobody_is_first(*sides):
    """No side can be saved before the other."""
    for model, field in sides:
        refused("null value", model.objects.create)
        other = {f"{field}_id": uuid.uuid4()}
        refused("foreign key", lambda: model.objects.create(**other))
        refused(field, model(**other).full_clean, ValidationError)
        assert not model.objects.exists()


@happens("invariant::never_true")
def no_order_is_sane(Order):
    refuses_every_row(Order, "sane", ({"total": total} for total in range(-20, 21)))


@happens("invariant::never_true", 1)
def no_order_is_between(Order):
    refuses_every_row(Order, "sane", ({"total": total} for total in range(-20, 21)))


@happens("invariant::never_true", 2)
def no_price_changes_a_little(Product):
    keeps_its_price(Product, "a_little")


@happens("invariant::contradiction")
def no_order_of_moments_is_right(Visit):
    moments = [MORNING + datetime.timedelta(hours=hour) for hour in range(3)]
    rows = itertools.product(moments, repeat=3)
    names = ("opens_at", "starts_at", "ends_at")
    refuses_every_row(Visit, "check constraint", (dict(zip(names, row)) for row in rows))


@happens("invariant::contradiction", 1)
def no_heavy_parcel_has_a_weight(Parcel):
    refused("heavy", lambda: Parcel.objects.create(pieces=1, grams=5))
    refused("out of range", lambda: Parcel.objects.create(pieces=1, grams=3_000_000_000), DataError)


@happens("invariant::contradiction", 2)
def no_price_goes_up_and_down(Product):
    keeps_its_price(Product, "only_")


@happens("invariant::contradiction", 3)
def no_order_is_worth_it_and_small(Order, Line):
    def write(total, amount):
        order = Order.objects.create(total=total)
        Line.objects.create(order=order, amount=amount)

    for total, amount, rule in (
        (40, 40, "worth_it"),
        (60, 60, "small_orders"),
        (40, 60, "total_is_the_lines"),
    ):
        refused(rule, lambda total=total, amount=amount: write(total, amount))
    assert not Order.objects.exists()


@happens("invariant::contradiction", 4)
def no_lesson_finds_room(Course, Lesson):
    course = Course.objects.create(seats=30)
    for guests in (0, 30):
        refused(
            "room_for_guests",
            lambda guests=guests: Lesson.objects.create(course=course, guests=guests),
        )
    refused("seats", lambda: Course.objects.create(seats=40))


@happens("invariant::pattern_never_fits")
def no_code_is_short_and_long(Product):
    codes = ["", "A", "AB", "ABC", "ABCD", "ABCDE", "ABCDEF", "abc"]
    refuses_every_row(Product, "", ({"code": code} for code in codes))


@happens("invariant::pattern_never_fits", 1)
def no_code_is_long_and_short(Product):
    codes = ["", "A", "AB", "ABC", "ABCD", "ABCDE", "ABCDEFGHI"]
    refuses_every_row(Product, "", ({"code": code} for code in codes))


@happens("invariant::default_breaks_rule")
def the_default_is_refused(Line):
    refused("some", Line.objects.create)
    Line.objects.create(quantity=1)


@happens("invariant::default_breaks_rule", 1)
def the_default_is_past(Visit):
    refused("ahead", Visit.objects.create, ValidationError)
    Visit.objects.create(starts_at=timezone.now() + datetime.timedelta(days=1))


@happens("invariant::default_breaks_rule", 2)
def what_is_copied_is_refused(Service, Visit):
    service = Service.objects.create(price=100)
    refused("total", lambda: Visit.objects.create(service=service))
    Visit.objects.create(service=service, total=50)


@happens("invariant::default_breaks_rule", 3)
def today_is_refused(Coupon):
    refused("ends_on", Coupon.objects.create)
    Coupon.objects.create(ends_on=datetime.date(2020, 12, 31))


@happens("invariant::defaults_contradict")
def the_defaults_are_refused(Invoice):
    refused("something_to_pay", Invoice.objects.create)
    Invoice.objects.create(net=1)


@happens("invariant::seed_breaks_rule")
def the_seed_is_refused(Level):
    refused("Level", lambda: call_command("seed"), CommandError)
    assert not Level.objects.exists()


@happens("invariant::seed_breaks_rule", 1)
def the_saws_are_below_the_tools(Category):
    refused("below", lambda: load(Category), CommandError)
    assert not Category.objects.exists()


@happens("invariant::touched_breaks_rule")
def what_every_write_sets_is_refused(Order):
    refuses_every_row(Order, "as_it_was", [{"number": 1}, {"number": 1, "changed_at": None}])


@happens("invariant::touched_breaks_rule", 1)
def every_write_is_out_of_range(Order):
    refuses_every_row(Order, "changed_at", [{"number": 1}, {"number": 1, "changed_at": MORNING}])


@happens("invariant::touched_breaks_rule", 2)
def the_write_is_past_when_it_is_judged(Order):
    refused("changed later", lambda: Order.objects.create(number=1), ValidationError)
    far = timezone.now() + datetime.timedelta(days=1)
    refused("changed later", lambda: Order.objects.create(number=1, changed_at=far), ValidationError)
    assert not Order.objects.exists()


@happens("invariant::only_empty")
def the_field_stays_empty(Product):
    rows = [{"price": p, "discount": d} for p in range(0, 101, 20) for d in range(0, 101, 10)]
    refuses_every_row(Product, "large_discount", rows)
    Product.objects.create(price=50)


@happens("invariant::unique_optional")
def rows_without_a_card_are_not_told_apart(Member):
    Member.objects.create()
    Member.objects.create()
    assert Member.objects.filter(card=None).count() == 2


@happens("invariant::overlap_backwards")
def a_visit_goes_backwards(Visit):
    hour = datetime.timedelta(hours=1)
    backwards = {"chair": 1, "starts_at": MORNING, "ends_at": MORNING - hour}
    refused("range lower bound", lambda: Visit.objects.create(**backwards), DataError)


@happens("invariant::overlap_backwards", 1)
def a_stay_goes_backwards(Stay):
    night = datetime.timedelta(days=1)
    today = MORNING.date()
    backwards = {"room": 1, "first_night": today, "last_night": today - night}
    refused("range lower bound", lambda: Stay.objects.create(**backwards), DataError)
    Stay.objects.create(room=1, first_night=today, last_night=today)


@happens("invariant::overlap_empty")
def a_visit_takes_up_nothing(Visit):
    hour = datetime.timedelta(hours=1)
    Visit.objects.create(chair=1, starts_at=MORNING - hour, ends_at=MORNING + hour)
    # Neither another visit is in the way, nor are they in each other's.
    for _ in range(2):
        Visit.objects.create(chair=1, starts_at=MORNING, ends_at=MORNING)
    assert Visit.objects.count() == 3


@happens("relation::required_cycle")
def neither_can_be_first(Team, Member):
    nobody_is_first((Team, "lead"), (Member, "team"))


@happens("relation::required_cycle", 1)
def the_rule_lets_none_be_first(Team, Member):
    refused("led", Team.objects.create)
    refused("foreign key", lambda: Team.objects.create(lead_id=uuid.uuid4()))
    refused("null value", Member.objects.create)
    refused("foreign key", lambda: Member.objects.create(team_id=uuid.uuid4()))
    assert not Team.objects.exists() and not Member.objects.exists()


@happens("relation::one_to_one_both_required")
def neither_side_can_be_first(Car, Papers):
    nobody_is_first((Car, "papers"), (Papers, "car"))


@happens("relation::required_self")
def the_first_would_have_to_be_there(Employee):
    refused("null value", Employee.objects.create)
    refused("foreign key", lambda: Employee.objects.create(manager_id=uuid.uuid4()))
    first = Employee()
    first.manager = first
    refused("manager", first.full_clean, ValidationError)


@happens("relation::set_null_required")
def the_shelf_stays(Shelf, Book):
    shelf = Shelf.objects.create(number=1)
    Book.objects.create(shelf=shelf)
    refused("null value", shelf.delete)


@happens("relation::delete_breaks_rule")
def the_courier_stays(Courier, Parcel):
    courier = Courier.objects.create(name="Ana")
    Parcel.objects.create(courier=courier)
    refused("has_courier", courier.delete)


@happens("relation::delete_breaks_rule", 1)
def the_courier_behind_a_rule_stays(Courier, Parcel):
    courier = Courier.objects.create(name="Ana")
    Parcel.objects.create(courier=courier)
    refused("has_courier", courier.delete)


@happens("relation::delete_breaks_rule", 2)
def the_courier_stays_with_the_parcel(Courier, Parcel):
    courier = Courier.objects.create(name="Ana")
    Parcel.objects.create(courier=courier)
    refused("stays_with_someone", courier.delete)


@happens("relation::delete_can_break_rule")
def the_courier_of_a_sent_parcel_stays(Courier, Parcel):
    ana, rui = (Courier.objects.create(name=name) for name in ("Ana", "Rui"))
    Parcel.objects.create(courier=ana, step="packed")
    Parcel.objects.create(courier=rui, step="sent")
    ana.delete()
    refused("sent_by_someone", rui.delete)


@happens("relation::delete_can_break_rule", 1)
def the_stylist_of_a_day_that_is_open_stays(Stylist, Shift):
    ana, rui = (Stylist.objects.create(name=name) for name in ("Ana", "Rui"))
    Shift.objects.create(stylist=ana, day=MORNING)
    Shift.objects.create(stylist=rui, day=MORNING)
    ana.delete()
    refused("day", rui.delete)


@happens("relation::delete_can_break_rule", 2)
def one_of_two_members_stays(Band, Person, Membership):
    people = [Person.objects.create(name=name) for name in ("Ana", "Rui", "Eva")]
    with transaction.atomic():
        band = Band.objects.create(name="Band")
        for person in people:
            Membership.objects.create(band=band, person=person)
    people[0].delete()
    refused("at_least_two", people[1].delete)


@happens("relation::cascade_blocked")
def the_customer_stays(Customer, Order, Invoice):
    customer = Customer.objects.create(name="Ana")
    Invoice.objects.create(customer=customer, order=Order.objects.create(customer=customer))
    refused("Invoice", customer.delete, ProtectedError)


@happens("relation::cascade_blocked", 1)
def the_customer_stays_with_the_invoice(Customer, Invoice):
    customer = Customer.objects.create(name="Ana")
    Invoice.objects.create(customer=customer)
    refused("kept until", customer.delete, ProtectedError)


@happens("relation::pair_twice")
def a_member_is_listed_twice(Club, Person, Membership):
    club, person = Club.objects.create(), Person.objects.create(name="Ana")
    for _ in range(2):
        Membership.objects.create(club=club, person=person)
    assert club.members.count() == 2


@happens("relation::numbers_repeat")
def a_visit_goes_along_with_the_stylist(Salon, Stylist, Visit):
    salons = [Salon.objects.create(name=name) for name in "ab"]
    stylists = [Stylist.objects.create(salon=salon) for salon in salons]
    for stylist in stylists:
        Visit.objects.create(stylist=stylist)
    Stylist.objects.filter(pk=stylists[0].pk).update(salon=salons[1])
    there = Visit.objects.filter(stylist__salon=salons[1])
    assert list(there.values_list("number", flat=True)) == ["0001", "0001"]
    Visit.objects.create(stylist=stylists[0])
    assert there.filter(number="0002").exists()


@happens("relation::unique_caps_rows")
def the_second_shop_has_no_hours(Shop, OpeningHours):
    one, two = (Shop.objects.create(name=name) for name in ("one", "two"))
    opens = datetime.time(9)
    OpeningHours.objects.create(shop=one, weekday="monday", opens=opens)
    row = {"shop": two, "weekday": "monday", "opens": opens}
    refused("weekday", lambda: OpeningHours.objects.create(**row))


def action(model, name):
    """Return an action of a model."""
    return getattr(import_module(f"{model._meta.app_label}.services"), f"{name}_{model._meta.model_name}")


@happens("state::transition_never_fires")
def no_invoice_is_below_nothing(Invoice):
    for total in (0, 7):
        invoice = Invoice.objects.create(total=total)
        refused("not possible", lambda: action(Invoice, "send")(invoice), ValidationError)


@happens("state::transition_never_fires", 1)
def no_draft_has_a_number(Invoice):
    invoice = Invoice.objects.create()
    refused("not possible", lambda: action(Invoice, "send")(invoice), ValidationError)


@happens("state::transition_breaks_invariant")
def a_sent_invoice_lacks_its_time(Invoice):
    invoice = Invoice.objects.create()
    refused("sent has a time", lambda: action(Invoice, "send")(invoice), ValidationError)


@happens("state::transition_breaks_invariant", 1)
def a_sent_invoice_has_a_remark(Invoice):
    invoice = Invoice.objects.create()
    send = action(Invoice, "send")
    refused("no remark when sent", lambda: send(invoice, remark="late"), ValidationError)


@happens("state::transition_breaks_invariant", 2)
def no_review_has_ten_stars(Review):
    review = Review.objects.create()
    refused("less than or equal to 5", lambda: action(Review, "praise")(review), ValidationError)


@happens("state::transition_breaks_invariant", 3)
def no_account_loses_a_penny(Account):
    account = Account.objects.create()
    refused("only more", lambda: action(Account, "close")(account), ValidationError)


@happens("state::transition_breaks_invariant", 4)
def no_order_is_closed_with_lines_or_without(Order, Line):
    empty, full = Order.objects.create(), Order.objects.create()
    Line.objects.create(order=full, pieces=1)
    for order in (empty, full):
        refused("closed", lambda order=order: action(Order, "close")(order), ValidationError, IntegrityError)


@happens("state::action_changes_kept")
def what_is_done_stays_done(Order):
    order = Order.objects.create(number="1")
    action(Order, "finish")(order)
    refused("not changed", lambda: action(Order, "reopen")(order), ValidationError)


@happens("state::action_changes_kept", 1)
def nobody_is_named_later(Order):
    order = Order.objects.create(number="1")
    refused("never changes", lambda: action(Order, "finish")(order, closed_by="Ana"), ValidationError)


@happens("state::action_changes_kept", 2)
def a_row_that_stays_is_never_done(Order):
    order = Order.objects.create(number="1")
    refused("never changed", lambda: action(Order, "finish")(order), ValidationError)


@happens("relation::delete_changes_kept")
def an_order_with_payments_stays(Order, Payment):
    order = Order.objects.create(number=1)
    Payment.objects.create(order=order)
    refused("append_only", order.delete)


@happens("relation::delete_changes_kept", 1)
def who_has_placed_an_order_stays(Person, Order):
    person = Person.objects.create(name="Ana")
    Order.objects.create(placed_by=person)
    refused("placed_by_immutable", person.delete)


@happens("relation::delete_changes_kept", 2)
def who_has_taken_an_order_stays(Person, Order):
    person = Person.objects.create(name="Ana")
    Order.objects.create(taken_by=person)
    refused("frozen", person.delete)


@happens("relation::cascade_loses_rows")
def an_order_with_lines_is_not_marked(Order, Line):
    order = Order.objects.create(number=1)
    Line.objects.create(order=order, amount=1)
    refused("order_is_live", order.delete)


@happens("relation::cascade_loses_rows", 1)
def an_order_with_notes_stays(Order, Note):
    order = Order.objects.create(number=1)
    Note.objects.create(order=order)
    refused("soft_delete", order.delete)


@happens("relation::unique_caps_rows", 1)
def the_second_customer_has_no_main_address(Customer, Address):
    one, two = (Customer.objects.create(name=name) for name in ("one", "two"))
    Address.objects.create(customer=one, town="Porto", main=True)
    Address.objects.create(customer=two, town="Porto")
    row = {"customer": two, "town": "Faro", "main": True}
    refused("main", lambda: Address.objects.create(**row))


@happens("invariant::rounding_dependent")
def no_total_is_a_tenth_of_a_cent(Line):
    kilos, price = Decimal("0.001"), Decimal("1.00")
    totals = [Decimal(cents) / 100 for cents in range(-1, 3)]
    rows = ({"kilos": kilos, "price": price, "total": total} for total in totals)
    refuses_every_row(Line, "total_is_right", rows)
    Line.objects.create(kilos=1, price=price, total=price)


@happens("relation::unique_default")
def the_second_ticket_is_refused(Ticket):
    Ticket.objects.create(title="one")
    refused("number", lambda: Ticket.objects.create(title="two"))


@happens("type::default_does_not_fit")
def the_default_is_too_long(Coupon):
    refused("too long", Coupon.objects.create, DatabaseError)
    Coupon.objects.create(code="abc")


@happens("type::bound_does_not_fit")
def no_quantity_lies_between(Order):
    rows = ({"quantity": quantity} for quantity in range(-2, 15))
    refuses_every_row(Order, "quantity", rows)


@happens("type::lossy_literal")
def no_total_is_exact(Order):
    totals = ["1.00", "1.005", "1.01", "0.99"]
    refuses_every_row(Order, "exact", ({"total": Decimal(total)} for total in totals))


@happens("invariant::time_dependent")
def what_was_right_is_wrong_later(Order):
    soon = timezone.now() + datetime.timedelta(seconds=1)
    order = Order.objects.create(due=soon, number=1)
    time.sleep(1.2)
    order.number = 2
    refused("due_later", order.save)


@happens("seed::missing_value")
def a_row_lacks_its_position(Category):
    refused("null", lambda: load(Category), CommandError, DatabaseError)


@happens("seed::value_does_not_fit")
def a_row_has_another_position(Category):
    refused("9", lambda: load(Category), CommandError)


@happens("seed::duplicate_key")
def one_row_takes_the_place_of_the_other(Category):
    load(Category)
    assert Category.objects.get().position == 2


@happens("seed::cycle")
def no_row_is_first(Category):
    refused("circle", lambda: load(Category), CommandError, ValueError)


for line in HAPPENED:
    print(f"happens {line}")
sys.exit("\n".join(MISSED) if MISSED else 0)
