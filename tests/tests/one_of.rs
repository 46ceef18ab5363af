//! A row that points to one of several: by every way of writing, by every way of deleting, and while it is built on.

use std::fs;
use std::path::Path;

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, Steps, build, everywhere, library};
use tempfile::TempDir;

const SPEC: &str = r#"project shop { title: "Shop" }

entity Order {
  shown as name
  name: text(20) unique
  total: int = 5
}

entity Invoice {
  identified by int
  shown as name
  name: text(20)
}

entity Note {
  text: text(20)
  subject: one of Order, Invoice, Note on delete cascade inverse notes message "Choose one."

  unique (subject, text)
  invariant dear: subject_order is set implies subject_order.total > 3
}

entity Lock {
  code: text(20)
  subject: one of Order, Invoice immutable on delete protect
}

entity Mark {
  code: text(20)
  subject: one of Order, Invoice? unique where subject is set on delete set null
}

seed Order {
  first { name: "first" }
}

seed Note {
  of_first { text: "seeded", subject_order: first }
}
"#;

const WRITES: &str = r#"
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.contrib.auth import get_user_model
from core.errors import explain
from shelf.models import Invoice, Lock, Mark, Note, Order

def told(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return explain(error)
    return None

def refused(write, code='subject'):
    refusal = told(write)
    assert refusal is not None and refusal.code == code, (refusal and refusal.code, code)
    return refusal

def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)

order, bill = Order.objects.create(name='o'), Invoice.objects.create(name='i')
about_order = Note.objects.create(text='a', subject=order)
about_bill = Note.objects.create(text='a', subject_invoice=bill)
about_note = Note(text='a')
about_note.subject = about_order
about_note.save()
for note, row in ((about_order, order), (about_bill, bill), (about_note, about_order)):
    assert Note.objects.get(pk=note.pk).subject == row
assert list(order.notes.all()) == [about_order] and list(bill.notes.all()) == [about_bill]
# None and two, by every way of writing.
none = lambda: Note(text='x')
both = lambda: Note(text='x', subject_order=order, subject_invoice=bill)
for make in (none, both):
    assert refused(lambda: make().save()).messages == ['Choose one.']
    refused(lambda: Note.objects.bulk_create([make()]))
    try:
        make().full_clean()
    except ValidationError as error:
        (problem,) = error.error_dict['__all__']
        assert (problem.code, problem.message) == ('subject', 'Choose one.'), problem
    else:
        raise AssertionError('validated')
rows = Note.objects.filter(pk=about_order.pk)
refused(lambda: rows.update(subject_order=None))
refused(lambda: rows.update(subject_invoice=bill))
table = Note._meta.db_table
refused(lambda: raw(f"UPDATE {table} SET subject_order_id = NULL"))
refused(lambda: raw(f"INSERT INTO {table} (id, text) VALUES ('{'0' * 32}', 'x')"))
assert told(lambda: rows.update(subject_order=None, subject_invoice=Invoice.objects.create(name='j'))) is None
assert told(lambda: rows.update(subject_order=order, subject_invoice=None)) is None
# One of several things, in Python.
try:
    about_order.subject = Lock()
except TypeError as error:
    assert 'Order, Invoice, Note' in str(error), error
else:
    raise AssertionError('taken')
fresh = Note.objects.select_related('subject_order', 'subject_invoice', 'subject_note').get(pk=about_bill.pk)
with CaptureQueriesContext(connection) as queries:
    assert fresh.subject == bill
    fresh.subject = order
    assert (fresh.subject, fresh.subject_invoice, fresh.subject_note) == (order, None, None)
assert len(queries) == 0, queries.captured_queries
# What is said of the whole is said of each.
refused(lambda: Note(text='a', subject=order).save(), 'unique')
refused(lambda: Note(text='a', subject=bill).save(), 'unique')
assert told(lambda: Note(text='b', subject=bill).save()) is None
cheap = Order.objects.create(name='cheap', total=1)
refused(lambda: Note(text='c', subject=cheap).save(), 'dear')
lock = Lock.objects.create(code='l', subject=bill)
lock.subject = order
assert told(lock.save) is not None
empty, full = Mark.objects.create(code='e'), Mark.objects.create(code='f', subject=bill)
assert (Mark.objects.get(pk=empty.pk).subject, full.subject) == (None, bill)
assert told(lambda: Mark.objects.create(code='g', subject=bill)) is not None
refused(lambda: Mark.objects.create(code='h', subject_order=order, subject_invoice=Invoice.objects.create(name='k')))
# Deletions.
try:
    bill.delete()
except ProtectedError:
    pass
else:
    raise AssertionError('deleted')
Lock._base_manager.all().delete()
bill.delete()
assert not Note.objects.filter(pk=about_bill.pk).exists()
assert Mark.objects.get(pk=full.pk).subject is None
order.delete()
assert not Note.objects.filter(text='a').exists(), 'with the order, its note and the note about that'
# Seeds and pages.
call_command('seed', verbosity=0)
assert Note.objects.get(text='seeded').subject == Order.objects.get(name='first')
user = get_user_model()
person = user(email='root@example.com', is_staff=True, is_superuser=True)
person.set_password('Sesame-1000')
person.save()
client = Client(SERVER_NAME='localhost')
client.force_login(person)
page = client.get('/admin/shelf/note/').content.decode()
assert 'column-subject' in page and 'column-subject_order' not in page and '>first<' in page, page
answer = client.post('/admin/shelf/note/add/', {'text': 'z'}).content.decode()
assert 'Choose one.' in answer, answer
answer = client.post('/admin/shelf/note/add/', {'text': 'z', 'subject_order': Order.objects.get(name='first').pk})
assert answer.status_code == 302 and Note.objects.filter(text='z').exists(), answer.content.decode()
call_command('check_invariants')
print('written')
"#;

#[test]
fn a_row_points_to_one_of_several_whoever_writes() {
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(SPEC);
        build(spec.path(), &project.root).fine();
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let ran = project.shell(&database, WRITES).fine();
        assert!(ran.stdout.contains("written"), "{}: {ran}", kind.name());
    });
}

/// What each note points to; those of before are there in each step.
const ASK: &str = "
from shelf import models
Order = getattr(models, 'Order', None) or models.Purchase
Note = models.Note
if not Note.objects.exists():
    Note.objects.create(text='first', order=Order.objects.create(number='1'))
held = ('order', 'topic', 'subject')
for note in Note.objects.order_by('text'):
    (row,) = [getattr(note, name) for name in held if hasattr(note, name)]
    print('held', note.text, type(row).__name__, row.number)
";

const HELD: [(&str, &str); 5] = [
    ("1-a_reference", "held first Order 1"),
    ("2-one_of_two", "held first Order 1"),
    ("3-one_of_three", "held first Order 1"),
    ("4-renamed", "held first Purchase 1"),
    ("5-required_again", "held first Purchase 1"),
];

#[test]
fn rows_keep_what_they_point_to_while_it_is_built_on() {
    Steps::everywhere("evolution_one_of", |steps| {
        for (name, held) in HELD {
            let ran = steps.take(name, ASK);
            assert!(ran.stdout.lines().any(|line| line == held), "{name}: {ran}");
        }
        // PostgreSQL keeps the name of an index whose column gets another one; SQLite makes the table anew.
        if steps.kind == Kind::Sqlite {
            steps.judge("schema");
        }
        steps.judge("makemigrations_check");
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
    });
}

const EMPTY: &str = "
from shelf.models import Note
for text in ('first', 'second'):
    Note.objects.create(text=text)
";

/// Rows that point to none stop the migration that asks for one.
#[test]
fn rows_without_any_stop_the_migration() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/build/evolution_one_of");
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(fs::read(specs.join("4-renamed.appspec")).unwrap());
        let migrate = || project.manage(Stage::Development, &database, &["migrate", "--no-input"]);
        build(spec.path(), &project.root).fine();
        migrate().fine();
        project.shell(&database, EMPTY).fine();
        library::rewrite(
            spec.path(),
            fs::read(specs.join("5-required_again.appspec")).unwrap(),
        );
        build(spec.path(), &project.root).fine();
        let ran = migrate();
        let said = format!("{ran}");
        assert!(ran.code() != Some(0), "{}: {said}", kind.name());
        assert!(
            said.contains("2 rows") && said.contains("subject"),
            "{}: {said}",
            kind.name()
        );
    });
}
