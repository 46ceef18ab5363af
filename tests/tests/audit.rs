//! The audit trail: with rows in the table, whatever is built on it, and by every way of writing.

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, Steps, build, everywhere, library};
use tempfile::TempDir;

/// A write past Django, and what the trail says of it.
const ASK: &str = "
import json
from django.db import connection
from shelf import models
Price = getattr(models, 'Price', None) or models.Tariff
table = Price._meta.db_table
number = 'amount' if hasattr(Price, 'amount') else 'value'
if not Price.objects.exists():
    Price.objects.create(article='old', **{number: 1})

def trail():
    if 'core_auditentry' not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute('SELECT model, event, changes FROM core_auditentry ORDER BY id')
        rows = [(model, event, json.loads(said) if isinstance(said, str) else said) for model, event, said in cursor]
    return [(model, event, *sorted(said)) for model, event, said in rows]

before = len(trail())
with connection.cursor() as cursor:
    cursor.execute(f'UPDATE {table} SET {number} = {number} + 1')
    cursor.execute(f'UPDATE {table} SET {number} = {number}')
print('said', *(':'.join(entry) for entry in trail()[before:]))
print('had', before)
";

/// After each of the specs of the corpus.
const SAID: [(&str, &str, &str); 4] = [
    ("1-before", "said", "had 0"),
    ("2-added", "said shelf.price:changed:amount", "had 0"),
    ("3-changed", "said shelf.tariff:changed:value", "had 1"),
    ("4-removed", "said", "had 2"),
];

/// Makes a row of each kind, and tells how much is recorded about the rows of a kind, and about the first of them.
const TRAILS: &str = "
from core.audit import AuditEntry
from shelf import models
for name in ('Purchase', 'Order'):
    model = getattr(models, name, None)
    if model:
        row = model.objects.filter(parent=None).first() or model.objects.create(title='x')
        model.objects.create(title='y', parent=row)
        model.objects.filter(pk=row.pk).update(title=row.title + '!')
        of_kind = AuditEntry.objects.filter(model=model._meta.label_lower).count()
        print('said', name, of_kind, AuditEntry.objects.about(row).count())
for name in ('Cart', 'Basket'):
    model = getattr(models, name, None)
    if model:
        basket = model.objects.create()
        getattr(basket, 'labels', getattr(basket, 'tags', None)).create(name=str(models.Tag.objects.count()))
";

#[test]
fn a_trail_follows_its_model_and_leaves_the_old_name_to_others() {
    Steps::everywhere("evolution_name_again", |steps| {
        for (name, said) in [
            ("1-before", &["said Order 3 2"][..]),
            ("2-renamed", &["said Purchase 5 3"]),
            ("3-again", &["said Purchase 7 4", "said Order 3 2"]),
        ] {
            let ran = steps.take(name, TRAILS);
            let lines = ran.stdout.lines().filter(|line| line.starts_with("said"));
            assert_eq!(lines.collect::<Vec<_>>(), said, "{name}: {ran}");
        }
        steps.judge("makemigrations_check");
    });
}

#[test]
fn what_is_recorded_is_added_changed_and_dropped_with_rows_in_their_tables() {
    Steps::everywhere("evolution_audited", |steps| {
        for (name, said, had) in SAID {
            let ran = steps.take(name, ASK);
            for wanted in [said, had] {
                let mut lines = ran.stdout.lines();
                assert!(lines.any(|line| line == wanted), "{name}: {wanted}: {ran}");
            }
            if name == "3-changed" {
                steps.judge("schema");
            }
        }
        steps.judge("makemigrations_check");
        // Back to the tables without triggers, and again through those with them; the trail stays.
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        let ran = steps.ask(ASK);
        assert!(ran.stdout.lines().any(|line| line == "had 2"), "{ran}");
    });
}

const SPEC: &str = r#"project shop { title: "Shop" }

entity Customer {
  name: text(40) unique
}

entity Order {
  audited
  customer: Customer? on delete cascade inverse orders
  gift_for: Customer? on delete set null inverse gifts
  number: int unique
  price: decimal(8, 2) = 1
  is_gift: bool = false
  placed_at: datetime?
  key: token = token()
}
"#;

/// Values, who acts, savepoints, what goes along, and what is taken back.
const TOGETHER: &str = r#"
from datetime import UTC, datetime
from decimal import Decimal
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from core.acting import acting
from core.audit import AuditEntry
from shelf.models import Customer, Order

def same(found, wanted):
    assert found == wanted, (found, wanted)

def told(write):
    last = AuditEntry.objects.order_by('-id').values_list('id', flat=True).first() or 0
    write()
    return list(AuditEntry.objects.filter(id__gt=last).order_by('id'))

moment = datetime(2026, 1, 2, 3, 4, 5, 600000, tzinfo=UTC)
house, other = Customer.objects.create(name='a'), Customer.objects.create(name='b')
order = Order(number=1, customer=house, gift_for=other, is_gift=True, placed_at=moment)
(made,) = told(order.save)
changes = made.changes
at = datetime.fromisoformat(changes.pop('placed_at')[1])
same(at, moment)
same(changes, {
    'customer': [None, str(house.pk)], 'gift_for': [None, str(other.pk)], 'number': [None, 1],
    'price': [None, 1], 'is_gift': [None, True], 'key': [],
})
same((made.model, made.row, made.event, made.user_key), ('shelf.order', str(order.pk), 'created', ''))
same([entry.id for entry in order.audit_trail], [made.id])
assert order.key not in str(AuditEntry.objects.values_list())
# What a deletion takes along, and what it empties.
key, empties = str(order.pk), str(other.pk)
(emptied,) = told(other.delete)
same((emptied.event, emptied.changes), ('changed', {'gift_for': [empties, None]}))
(gone,) = told(house.delete)
same((gone.event, gone.row, gone.changes['number']), ('deleted', key, [1, None]))

# Who acts: in a transaction, beside one, and behind a savepoint that is taken back.
def broken():
    with transaction.atomic(), acting('job', 'a'):
        Order.objects.create(number=2)
        try:
            with transaction.atomic(), acting('job', 'b'):
                Order.objects.create(number=3)
                raise ValueError
        except ValueError:
            pass
        Order.objects.create(number=4)
        point = transaction.savepoint()
        with acting('job', 'c'):
            Order.objects.create(number=5)
        transaction.savepoint_rollback(point)
        Order.objects.create(number=6)
same([entry.origin for entry in told(broken)], ['a', 'a', 'a'])
with acting('job', 'alone'):
    same([entry.origin for entry in told(lambda: Order.objects.filter(number=2).update(price=2))], ['alone'])
same([entry.source for entry in told(lambda: Order.objects.filter(number=2).update(price=3))], ['shell'])
with acting('command', 'x'), connection.cursor() as cursor:
    raw = told(lambda: cursor.execute('UPDATE shelf_order SET price = 9 WHERE number = 2'))
same([(entry.origin, entry.changes) for entry in raw], [('x', {'price': [3, 9]})])

# A person, by the admin site; nobody else afterwards.
user = get_user_model()
person = user(email='root@example.com', is_staff=True, is_superuser=True)
person.set_password('Sesame-1000')
person.save()
client = Client(SERVER_NAME='localhost')
client.force_login(person)
typed = {'number': '70', 'price': '5', 'key': 'a' * 32, 'customer': '', 'gift_for': ''}
(entry,) = told(lambda: client.post('/admin/shelf/order/add/', typed))
same((entry.source, entry.origin, entry.user_key, entry.user_name),
     ('request', 'admin:shelf_order_add', str(person.pk), str(person)))
made = Order.objects.get(number=70)
page = client.get(f'/admin/shelf/order/{made.pk}/history/', follow=True).content.decode()
assert 'admin:shelf_order_add' in page, page
same(client.get('/admin/core/auditentry/add/').status_code, 403)
same(client.post(f'/admin/core/auditentry/{entry.pk}/delete/', {'post': 'yes'}).status_code, 403)
assert 'name="_save"' not in client.get(f'/admin/core/auditentry/{entry.pk}/change/').content.decode()
same([entry.user_key for entry in told(made.delete)], [''])
person.delete()
same(AuditEntry.objects.get(pk=entry.pk).user_name, 'root@example.com')

if connection.vendor == 'postgresql':
    with connection.cursor() as cursor:
        cursor.execute('SELECT current_setting(%s, true)', ['audit.context'])
        assert not cursor.fetchone()[0]
    # Past the project: the user of the database.
    past = connection.copy()
    past.connect()
    past.execute_wrappers.clear()
    with past.cursor() as cursor:
        cursor.execute('UPDATE shelf_order SET price = 12 WHERE number = 2')
    past.close()
    last = AuditEntry.objects.order_by('-id').first()
    same((last.source, last.user_key, last.changes), ('database', '', {'price': [9, 12]}))
    assert last.origin
    for statement in ('TRUNCATE core_auditentry', 'UPDATE core_auditentry SET user_name = 1::text WHERE false',
                      'DELETE FROM core_auditentry WHERE false'):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
            raise AssertionError(statement)
        except IntegrityError:
            pass
    with transaction.atomic(), connection.cursor() as cursor:
        same([entry.event for entry in told(lambda: cursor.execute('TRUNCATE shelf_order'))], ['emptied'])
        transaction.set_rollback(True)
print('together')
"#;

/// Eight at once.
const AT_ONCE: &str = r"
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from core.acting import acting
from core.audit import AuditEntry
from shelf.models import Order
Order.objects.create(number=1000, price=0)

def write(who):
    try:
        for step in range(5):
            with acting('job', f'{who}'):
                Order.objects.create(number=2000 + who * 100 + step)
    finally:
        connection.close()

with ThreadPoolExecutor(8) as pool:
    list(pool.map(write, range(8)))
entries = AuditEntry.objects.filter(source='job', event='created')
made = ((entry.changes['number'][1], entry.origin) for entry in entries)
# What was written before has smaller numbers.
told = sorted(one for one in made if one[0] >= 2000)
wanted = sorted((2000 + who * 100 + step, f'{who}') for who in range(8) for step in range(5))
assert told == wanted, told
print('at once')
";

#[test]
fn each_change_is_recorded_whatever_comes_together() {
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
        if kind == Kind::Postgres {
            let ran = project.shell(&database, AT_ONCE).fine();
            assert!(ran.stdout.contains("at once"), "{ran}");
        }
    });
}
