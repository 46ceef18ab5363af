//! How long rows are kept: with rows in the table, whatever is built on it, and by every way of deleting.

use appspec_tests::{Database, Project, Stage, Steps, build, everywhere, library};
use tempfile::TempDir;

/// What the database says to raw SQL about rows of several ages; those of before are there in each step.
const ASK: &str = "
from datetime import timedelta
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from core.errors import explain
from shelf import models
Invoice = getattr(models, 'Invoice', None) or models.Bill
if not Invoice.objects.exists():
    for title, years in (('new', 0), ('four', 4), ('seven', 7), ('eleven', 11)):
        Invoice.objects.create(title=title, created_at=timezone.now() - timedelta(days=365 * years))
    models.Letter.objects.create(text='old')
invoice, letter = Invoice._meta.db_table, models.Letter._meta.db_table
titles = ('new', 'four', 'seven', 'eleven')
asked = {title: f\"DELETE FROM {invoice} WHERE title = '{title}'\" for title in titles}
asked['moment'] = f'UPDATE {invoice} SET created_at = updated_at'
asked['title'] = f\"UPDATE {invoice} SET title = 'other' WHERE title = 'new'\"
asked['letter'] = f'DELETE FROM {letter}'
said = []
for name, sql in asked.items():
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            said.append(f'{name}:{cursor.rowcount}')
            transaction.set_rollback(True)
    except IntegrityError as error:
        said.append(f'{name}:{explain(error).code}')
print('said', *said)
print('rows', Invoice.objects.count(), models.Letter.objects.count())
";

/// After each of the specs of the corpus.
const SAID: [(&str, &str); 5] = [
    (
        "1-before",
        "said new:1 four:1 seven:1 eleven:1 moment:4 title:1 letter:1",
    ),
    (
        "2-added",
        "said new:keep four:keep seven:1 eleven:1 moment:created_at_immutable title:1 letter:keep",
    ),
    (
        "3-longer",
        "said new:keep four:keep seven:keep eleven:1 moment:created_at_immutable title:1 letter:keep",
    ),
    (
        "4-renamed",
        "said new:keep four:1 seven:1 eleven:1 moment:created_at_immutable title:1 letter:keep",
    ),
    (
        "5-removed",
        "said new:1 four:1 seven:1 eleven:1 moment:4 title:1 letter:1",
    ),
];

#[test]
fn the_time_that_rows_are_kept_is_added_changed_and_dropped_with_rows_in_their_tables() {
    Steps::everywhere("evolution_keep", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, ASK);
            assert!(ran.stdout.lines().any(|line| line == said), "{name}: {ran}");
            assert!(
                ran.stdout.lines().any(|line| line == "rows 4 1"),
                "{name}: {ran}"
            );
            if name == "4-renamed" {
                steps.judge("schema");
            }
        }
        steps.judge("makemigrations_check");
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        let ran = steps.ask(ASK);
        assert!(ran.stdout.contains("rows 4 1"), "{ran}");
    });
}

const SPEC: &str = r#"project shop {
  title: "Shop"
  timezone: "Pacific/Auckland"
}

entity Customer {
  name: text(40) unique
}

entity Order {
  soft delete
  keep 2 years
  number: int unique
}

suppress relation::cascade_blocked "customers without invoices may go"
entity Invoice {
  keep 10 years
  number: int unique
  customer: Customer? on delete cascade inverse invoices
}
"#;

/// Cascades, marks, records that are told something else, the admin site, and what empties tables.
const TOGETHER: &str = r#"
from datetime import UTC, datetime, timedelta
from unittest import mock
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from core.errors import explain
from shelf.models import Customer, Invoice, Order

def told(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return explain(error)
    return None

def same(found, wanted):
    assert found == wanted, (found, wanted)

def raw(row):
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM {row._meta.db_table} WHERE number = {row.number}')

now = timezone.now()
house = Customer.objects.create(name='a')
invoice = Invoice.objects.create(number=1, customer=house)
old = Invoice.objects.create(number=2, created_at=datetime(2001, 1, 1, tzinfo=UTC))
last = f'{timezone.localtime(invoice.created_at).year + 10}'
for write in (
    invoice.delete,
    house.delete,
    Customer.objects.filter(name='a').delete,
    Invoice.objects.all().delete,
    lambda: Invoice._base_manager.filter(number=1).delete(),
):
    refusal = told(write)
    same(refusal.code, 'keep')
    assert refusal.messages[0].startswith('It is kept until ') and last in refusal.messages[0], refusal
for write in (lambda: raw(invoice), lambda: Invoice.objects.filter(number=1)._raw_delete('default')):
    refusal = told(write)
    same((refusal.code, refusal.messages), ('keep', ['It is kept for 10 years after it was made.']))
# A record that is told something else: the database knows better.
invoice.created_at = datetime(2001, 1, 1, tzinfo=UTC)
same(told(invoice.delete).messages, ['It is kept for 10 years after it was made.'])
same(told(lambda: Invoice.objects.update(created_at=now - timedelta(days=9999))).code, 'created_at_immutable')
# The day is that of the people who read it.
leap = Invoice(number=3, created_at=datetime(2020, 2, 29, 13, tzinfo=UTC))
with mock.patch('core.db.terms.timezone.now', return_value=datetime(2030, 3, 1, 12, 59, tzinfo=UTC)):
    (rule,) = [one for one in Invoice._meta.constraints if one.name == 'shelf_invoice_keep']
    assert 'March 2, 2030' in rule.too_early(leap).messages[0], rule.too_early(leap)
with mock.patch('core.db.terms.timezone.now', return_value=datetime(2030, 3, 1, 13, tzinfo=UTC)):
    same(rule.too_early(leap), None)
same(told(old.delete), None)
# Marked and restored at any time, gone when it is over.
order = Order.objects.create(number=1)
gone = Order.objects.create(number=2, created_at=now - timedelta(days=800))
Order.objects.all().delete()
same((Order.objects.count(), Order.all_objects.count()), (0, 2))
same(told(lambda: Order.all_objects.all().purge()).code, 'keep')
same(Order.all_objects.count(), 2)
same(told(lambda: Order.all_objects.filter(number=2).purge()), None)
same(Order.all_objects.filter(number=1).restore(), 1)
# What people see.
user = get_user_model()
person = user(email='root@example.com', is_staff=True, is_superuser=True)
person.set_password('Sesame-1000')
person.save()
client = Client(SERVER_NAME='localhost')
client.force_login(person)
fresh = Invoice.objects.get(number=1)
page = client.get(f'/admin/shelf/invoice/{fresh.pk}/delete/').content.decode()
assert 'It is kept until ' in page and 'type="submit"' not in page.partition('id="content"')[2], page
many = {'action': 'delete_selected', '_selected_action': [str(fresh.pk)], 'post': 'yes'}
assert 'It is kept until ' in client.post('/admin/shelf/invoice/', many).content.decode()
answer = client.post(f'/admin/shelf/customer/{house.pk}/delete/', {'post': 'yes'}, follow=True)
assert 'It is kept until ' in answer.content.decode(), answer.content.decode()
page = client.get(f'/admin/shelf/invoice/{fresh.pk}/change/').content.decode()
assert 'field-created_at' in page and 'name="created_at_0"' not in page, page
assert 'name="created_at_0"' not in client.get('/admin/shelf/invoice/add/').content.decode()
same((Invoice.objects.count(), Customer.objects.count()), (1, 1))
# For tests: every table is empty then.
call_command('flush', interactive=False, verbosity=0)
same((Invoice.objects.count(), Order.all_objects.count()), (0, 0))
print('together')
"#;

#[test]
fn rows_are_kept_whatever_comes_together() {
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(SPEC);
        build(spec.path(), &project.root).fine();
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let ran = project.shell(&database, TOGETHER).fine();
        assert!(ran.stdout.contains("together"), "{}: {ran}", kind.name());
    });
}
