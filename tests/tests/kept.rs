//! What rows keep is changed by nobody: with rows in the table, whatever is built on it, and by every way of writing.

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, Steps, build, everywhere, library, surroundings};
use tempfile::TempDir;

/// What the database says to raw SQL about rows that are kept, as far as there are rules; the rows of before are there
/// in each step, and stay what they were.
const ASK: &str = "
from django.db import IntegrityError, connection, transaction
from core.errors import explain
from shelf import models
Order = getattr(models, 'Order', None) or models.Purchase
number = 'number' if hasattr(Order(), 'number') else 'code'
done = Order._meta.get_field('status').choices[1][0]
if not Order.objects.exists():
    Order.objects.create(**{number: 1})
    Order.objects.create(**{number: 2}, status=done)
    models.Entry.objects.create(amount=5)
order, entry = Order._meta.db_table, models.Entry._meta.db_table
asked = {
    'number': f'UPDATE {order} SET {number} = 7 WHERE {number} = 1',
    'open': f\"UPDATE {order} SET note = 'a' WHERE {number} = 1\",
    'reopen': f\"UPDATE {order} SET status = 'open' WHERE {number} = 2\",
    'note': f\"UPDATE {order} SET note = 'b' WHERE {number} = 2\",
    'delete': f'DELETE FROM {order} WHERE {number} = 2',
    'amount': f'UPDATE {order} SET amount = 9 WHERE {number} = 2',
    'seen': f'UPDATE {order} SET seen = (1 = 1) WHERE {number} = 2',
    'entry': f'UPDATE {entry} SET amount = 6',
    'same': f'UPDATE {entry} SET amount = amount',
    'entries': f'DELETE FROM {entry}',
}
said = []
for name, sql in asked.items():
    if name in ('amount', 'seen') and not hasattr(Order(), name):
        continue
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            said.append(f'{name}:{cursor.rowcount}')
            transaction.set_rollback(True)
    except IntegrityError as error:
        said.append(f'{name}:{explain(error).code}')
print('said', *said)
print('rows', *Order.objects.order_by(number).values_list(number, 'status'), *models.Entry.objects.values_list('amount'))
";

/// After each of the specs of the corpus.
const SAID: [(&str, &str); 6] = [
    (
        "1-before",
        "said number:1 open:1 reopen:1 note:1 delete:1 entry:1 same:1 entries:1",
    ),
    (
        "2-added",
        "said number:number_immutable open:1 reopen:frozen note:1 delete:frozen entry:append_only \
         same:append_only entries:append_only",
    ),
    (
        "3-fields",
        "said number:number_immutable open:1 reopen:frozen note:1 delete:frozen amount:frozen seen:1 \
         entry:append_only same:append_only entries:append_only",
    ),
    (
        "4-renamed",
        "said number:code_immutable open:1 reopen:frozen note:1 delete:frozen amount:frozen seen:1 \
         entry:append_only same:append_only entries:append_only",
    ),
    (
        "5-retyped",
        "said number:code_immutable open:1 reopen:frozen note:1 delete:frozen amount:frozen seen:1 \
         entry:append_only same:append_only entries:append_only",
    ),
    (
        "6-gone",
        "said number:1 open:1 reopen:1 note:1 delete:1 amount:1 seen:1 entry:1 same:1 entries:1",
    ),
];

/// Stores a letter, and asks whether what is kept is kept.
const WRITE: &str = "
from django.apps import apps
from django.db import DatabaseError, transaction
Letter, Room = (apps.get_model('shelf', name) for name in ('Letter', 'Room'))
room, _ = Room.objects.get_or_create(name='North')
if not Letter.objects.exists():
    Letter.objects.create(code=1, room=room, from_day=1, to_day=3)
try:
    with transaction.atomic():
        Letter.objects.update(code=2)
except DatabaseError:
    print('kept', Letter.objects.get().number)
";

#[test]
fn columns_are_documented_that_triggers_name() {
    Steps::everywhere("evolution_documented", |steps| {
        for name in ["1-before", "2-documented", "1-before"] {
            let ran = steps.take(name, WRITE);
            assert!(ran.stdout.contains("kept L-001"), "{name}: {ran}");
            steps.judge("schema");
            steps.judge("makemigrations_check");
        }
    });
}

#[test]
fn what_rows_keep_is_added_changed_and_dropped_with_rows_in_their_tables() {
    Steps::everywhere("evolution_kept", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, ASK);
            assert!(ran.stdout.lines().any(|line| line == said), "{name}: {ran}");
            let done = if name < "4" { "done" } else { "closed" };
            let rows = format!("rows (1, 'open') (2, '{done}') (5,)");
            assert!(ran.stdout.lines().any(|line| line == rows), "{name}: {ran}");
            // The function that refuses rows stays when the last rule is gone.
            if name == "5-retyped" {
                steps.judge("schema");
            }
        }
        steps.judge("makemigrations_check");
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        let ran = steps.ask(ASK);
        assert!(
            ran.stdout.contains("rows (1, 'open') (2, 'closed') (5,)"),
            "{ran}"
        );
    });
}

const SPEC: &str = r#"project shop { title: "Shop" }

enum Status { open, done }

entity Account {
  name: text(40) unique
}

entity Order {
  number: int unique immutable
  account: Account on delete cascade inverse orders
  total: decimal(8, 2)
  note: text?
  seen_by: Account? on delete set null inverse seen
  changed_at: datetime touched
  status: Status = open
  lifecycle status {
    finish: open -> done needs note
    final done
  }
  frozen when status == done and total > 0.50 except (note)
}

entity Entry {
  append only
  account: Account on delete protect inverse entries
  amount: decimal(8, 2)
}

// Names that differ only where triggers would be cut.
entity EntryOfTheLedgerOfTheRegionalAssociationOfShopkeepersA {
  stage: Status = open
  note: text?
  lifecycle stage {
    shut: open -> done
    final done
  }
  frozen when stage == done
}

entity EntryOfTheLedgerOfTheRegionalAssociationOfShopkeepersB {
  stage: Status = open
  note: text?
  lifecycle stage {
    shut: open -> done
    final done
  }
  frozen when stage == done
}

"#;

/// Cascades, stale records, files of other people's rows, the admin site, and what may be done all the same.
const TOGETHER: &str = r#"
from decimal import Decimal
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from core.errors import explain
from shelf import models
from shelf.models import Account, Entry, Order
from shelf.services import finish_order

def told(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return explain(error).code
    except ValidationError as error:
        return ' '.join(sorted(each.code for listed in error.error_dict.values() for each in listed))
    return 'accepted'

def same(found, wanted):
    assert found == wanted, (found, wanted)

house, other = (Account.objects.create(name=name) for name in ('a', 'b'))
order = Order.objects.create(number=1, account=house, total=Decimal('0.60'), seen_by=other)
cheap = Order.objects.create(number=2, account=house, total=Decimal('0.50'))
stale = Order.objects.get(pk=order.pk)
for row in (order, cheap):
    finish_order(row, note='all there')
order.note = 'changed'
order.full_clean()
order.save()
# Read before it was finished, and so before it was frozen.
stale.total = Decimal('3.00')
same(told(stale.full_clean), 'frozen')
same(told(stale.save), 'frozen')
order.number = 9
same(told(order.full_clean), 'frozen number_immutable')
cheap.total = Decimal('7.00')
cheap.full_clean()
cheap.save()
cheap.total = Decimal('8.00')
same(told(cheap.save), 'frozen')
# What takes it along, or empties it.
same(told(house.delete), 'frozen')
same(told(Account.objects.filter(pk=house.pk).delete), 'frozen')
same(told(other.delete), 'frozen')
same(told(lambda: Order.objects.all().update(account=other)), 'frozen')
same(told(lambda: Order.objects.all().update(note='for all')), 'accepted')
entry = Entry.objects.create(account=house, amount=Decimal('1.00'))
same(told(entry.full_clean), 'accepted')
same(told(entry.save), 'append_only')
entry.amount = Decimal('2.00')
same(told(entry.full_clean), 'append_only')
same(told(lambda: Entry.objects.bulk_update([entry], ['amount'])), 'append_only')
same(told(lambda: Entry.objects.update_or_create(pk=entry.pk, defaults={'amount': 3})), 'append_only')
same(told(entry.delete), 'append_only')
text = serializers.serialize('json', [entry])
same(told(lambda: [row.save() for row in serializers.deserialize('json', text)]), 'append_only')
# What people see.
user = get_user_model()
person = user(email='root@example.com', is_staff=True, is_superuser=True)
person.set_password('Sesame-1000')
person.save()
client = Client(SERVER_NAME='localhost')
client.force_login(person)
page = client.get(f'/admin/shelf/entry/{entry.pk}/change/').content.decode()
assert 'field-amount' in page and '_save' not in page and 'deletelink' not in page, page
same(client.post(f'/admin/shelf/entry/{entry.pk}/delete/', {'post': 'yes'}).status_code, 403)
same(client.post(f'/admin/shelf/entry/{entry.pk}/change/', {'amount': '9'}).status_code, 403)
page = client.get(f'/admin/shelf/order/{order.pk}/change/').content.decode()
assert 'name="note"' in page and 'name="total"' not in page and 'deletelink' not in page, page
fresh = Order.objects.create(number=3, account=other, total=1)
page = client.get(f'/admin/shelf/order/{fresh.pk}/change/').content.decode()
assert 'name="total"' in page and 'name="number"' not in page and 'deletelink' in page, page
assert 'name="number"' in client.get('/admin/shelf/order/add/').content.decode()
# One account has entries; what is emptied when the other one goes, Django does not look at before.
for account in (house, other):
    path = f'/admin/shelf/account/{account.pk}/delete/'
    client.post(path, {'post': 'yes'})
    assert Account.objects.filter(pk=account.pk).exists()
assert 'only Note can change' in client.get(path).content.decode()
lone = Account.objects.create(name='c')
Order.objects.filter(number=2).update(note='again')
taken = Order.objects.create(number=4, account=lone, total=1)
finish_order(taken, note='done')
same(client.post(f'/admin/shelf/account/{lone.pk}/delete/', {'post': 'yes'}).status_code, 403)
many = {'action': 'delete_selected', '_selected_action': [str(order.pk)], 'post': 'yes'}
same(client.post('/admin/shelf/order/', many).status_code, 403)
same(Order.objects.count(), 4)
same(fresh.delete()[0], 1)
for model in (
    models.EntryOfTheLedgerOfTheRegionalAssociationOfShopkeepersA,
    models.EntryOfTheLedgerOfTheRegionalAssociationOfShopkeepersB,
):
    long = model.objects.create()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET stage = 'done'")
    same(told(model.objects.filter(pk=long.pk).delete), 'frozen')
    same(told(lambda: model.objects.update(note='late')), 'frozen')
# For tests: every table is empty then.
call_command('flush', interactive=False, verbosity=0)
same((Order.objects.count(), Entry.objects.count()), (0, 0))
print('together')
"#;

#[test]
fn what_rows_keep_stays_whatever_comes_together() {
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

/// Seeds of rows that keep what they hold: loaded twice they change nothing, and what would change is named.
const SEEDED: &str = r#"project shop { title: "Shop" }

entity Rate {
  code: text(10) unique immutable
  percent: int immutable
  append only
}

seed Rate {
  full { code: "full", percent: 23 }
}
"#;

#[test]
fn seeds_of_kept_rows_are_loaded_again_and_not_changed() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let python = surroundings().pythons.first().unwrap();
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let text = SEEDED.replace(" immutable", "");
        let spec = library::spec_of(&text);
        build(spec.path(), &project.root).fine();
        for arguments in [&["migrate", "--no-input"][..], &["seed"], &["seed"]] {
            project
                .manage(Stage::Development, &database, arguments)
                .fine();
        }
        library::rewrite(spec.path(), text.replace("23", "21").into_bytes());
        build(spec.path(), &project.root).fine();
        let ran = project.manage(Stage::Development, &database, &["seed"]);
        let told = format!("{ran}");
        assert!(
            told.contains("shelf.Rate full: It is never changed or deleted."),
            "{told}"
        );
    }
}
