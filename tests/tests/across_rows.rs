//! Rules that span rows: with rows in the tables, while these change, and with many who write at once.

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, Steps, at_once, build, came, library, surroundings};
use tempfile::TempDir;

/// What the database says to a line that costs more, and to many more of them. One order stays.
const BREAK: &str = "
from django.db import IntegrityError, transaction
from core.errors import explain
from shelf import models
order = getattr(models, 'Order', None) or models.Purchase
line = getattr(models, 'Line', None) or models.Item
amount = 'amount' if hasattr(line, 'amount') else 'price'
def made(number):
    with transaction.atomic():
        row = order.objects.create(number=number, total=5)
        line.objects.create(order=row, **{amount: 5})
    return row
def said(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return explain(error).code
    return 'fine'
if not order.objects.exists():
    made(1)
row = made(2)
tag = getattr(models, 'Tag', None) or models.Label
forbidden = {'allowed' if hasattr(tag, 'allowed') else 'permitted': False}
held = row.extras if hasattr(row, 'extras') else row.labels
depots = models.Depot.objects
closed = depots.create(name='branch', head=depots.create(name='head', open=False))
print(
    said(lambda: line.objects.filter(order=row).update(**{amount: 6})),
    said(lambda: line.objects.bulk_create([line(order=row, **{amount: 0}) for _ in range(9)])),
    said(lambda: held.add(tag.objects.create(name='glass', **forbidden))),
    said(lambda: order.objects.filter(pk=row.pk).update(depot=closed)),
)
row.delete()
";

/// What the database says after each of the specs of the corpus.
const SAID: [(&str, &str); 7] = [
    ("1-before", "fine fine fine fine"),
    (
        "2-added",
        "total_is_sum few_lines tags_allowed head_is_open",
    ),
    (
        "3-renamed_field",
        "total_is_sum few_lines tags_allowed head_is_open",
    ),
    ("4-changed", "fine few_lines tags_allowed head_is_open"),
    ("5-renamed", "fine few_lines tags_allowed head_is_open"),
    ("6-retyped", "fine few_lines tags_allowed head_is_open"),
    ("7-gone", "fine fine fine fine"),
];

#[test]
fn a_rule_is_added_changed_and_dropped_with_rows_in_its_tables() {
    Steps::everywhere("evolution_across", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, BREAK);
            assert!(ran.stdout.lines().any(|line| line == said), "{name}: {ran}");
            // Names of foreign keys outlive those of their tables, and functions all rules.
            if name == "3-renamed_field" {
                steps.judge("schema");
            }
        }
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        steps.judge("makemigrations_check");
    });
}

const SPEC: &str = r#"project shop { title: "Shop" }

enum State { open, closed }

entity Region {
  name: text(40) unique
  open: bool = true
}

entity Depot {
  name: text(40) unique
  active: bool = true
  region: Region on delete protect inverse depots
}

entity Tag {
  name: text(40) unique
  allowed: bool = true
}

entity Ban {
  code: int
}

entity Order {
  number: int unique
  code: int = 0
  tags: many Tag inverse orders
  depot: Depot on delete protect inverse orders
  state: State = open
  total: int = 0

  invariant total_is_sum: total == sum(l.amount for l in lines)
  invariant few_lines: count(l in lines) <= 5
  invariant active_depot: state == closed or depot.active
  invariant open_region: state == closed or depot.region.open
  invariant allowed_tags: all(t in tags have t.allowed)
  invariant not_banned: not exists(b in Ban where b.code == code)
  invariant small_lines: max(l.amount for l in lines) otherwise 0 <= 3

  derive lines_amount: int = sum(l.amount for l in lines)
  derive region_name: text(40) = depot.region.name
}

entity Line {
  order: Order on delete cascade inverse lines
  amount: int = 0
}
"#;

/// How many triggers there are, and what is said of a line that breaks a rule.
const LOOK: &str = "
from django.db import IntegrityError, connection, transaction
from shelf.models import Line, Order
with connection.cursor() as cursor:
    is_sqlite = connection.vendor == 'sqlite'
    cursor.execute(\"SELECT count(*) FROM sqlite_master WHERE type = 'trigger'\" if is_sqlite else
        'SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal')
    print('triggers', cursor.fetchone()[0])
try:
    with transaction.atomic():
        Line.objects.create(order=Order.objects.first(), amount=1)
    print('written')
except IntegrityError:
    print('refused')
";

#[test]
fn rows_that_break_a_new_rule_stop_it_and_leave_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let rules = SPEC.lines().filter(|line| line.contains("invariant"));
    let bare = rules.fold(SPEC.to_owned(), |text, rule| text.replace(rule, ""));
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let project = Project::new(
            folder.path().join(kind.name()),
            surroundings().pythons.first().unwrap(),
        );
        let database = Database::create(kind);
        let migrate = || {
            let migrate = ["migrate", "--no-input"];
            project.manage(Stage::Development, &database, &migrate)
        };
        build(library::spec_of(&bare).path(), &project.root).fine();
        migrate().fine();
        project.shell(&database, MAKE).fine();
        // The second rule: the first one holds by then.
        let break_it = "from shelf.models import Line, Order; \
            Line.objects.bulk_create(Line(order=Order.objects.first()) for _ in range(9))";
        project.shell(&database, break_it).fine();
        build(library::spec_of(SPEC).path(), &project.root).fine();
        let ran = migrate().exits(1);
        assert!(
            ran.stderr
                .contains("shelf.Order: 1 row breaks the new rule shelf_order_few_lines"),
            "{ran}"
        );
        // One more makes the total wrong, if its rule is there.
        let ran = project.shell(&database, LOOK).fine();
        assert!(ran.stdout.contains("triggers 0\nwritten"), "{ran}");
        let mend = "from shelf.models import Line; Line.objects.all().delete()";
        project.shell(&database, mend).fine();
        migrate().fine();
        let ran = project.shell(&database, LOOK).fine();
        assert!(ran.stdout.contains("refused"), "{ran}");
    }
}

/// As many write at once.
const WRITERS: usize = 8;

const MAKE: &str = "
from shelf.models import Depot, Line, Order, Region, Tag
region = Region.objects.create(name='Coast')
depot = Depot.objects.create(name='North', region=region)
Tag.objects.create(name='fragile')
for number in range(8):
    order = Order.objects.create(number=number, depot=depot, code=number)
    Line.objects.bulk_create([Line(order=order) for _ in range(3)])
";

/// What each writer does in one transaction, with orders `a` and `b`.
const CLASSES: [(&str, &str); 9] = [
    // Two lines at once on what one has read of the total.
    (
        "sum",
        "a.total += 1; Line.objects.create(order=a, amount=1); a.save(update_fields=['total'])",
    ),
    // The last place in an order.
    (
        "count",
        "Line.objects.create(order=a) if r.random() < 0.7 else Line.objects.filter(order=a).first().delete()",
    ),
    // Lines of two orders, in either order.
    (
        "two",
        "Line.objects.create(order=a); Line.objects.create(order=b)",
    ),
    // A line goes from one order to another.
    (
        "moved",
        "Line.objects.filter(pk=Line.objects.filter(order=a).first().pk).update(order=b)",
    ),
    // The depot closes while an order opens.
    (
        "path",
        "Depot.objects.update(active=r.random() < 0.5) if r.random() < 0.5 else \
         Order.objects.filter(pk=a.pk).update(state=r.choice(['open', 'closed']))",
    ),
    // The region of the depot closes while an order opens.
    (
        "chain",
        "Region.objects.update(open=r.random() < 0.5) if r.random() < 0.5 else \
         Order.objects.filter(pk=a.pk).update(state=r.choice(['open', 'closed']))",
    ),
    // A tag is forbidden while an order takes it.
    (
        "held",
        "Tag.objects.update(allowed=r.random() < 0.7) if r.random() < 0.4 else \
         a.tags.set(Tag.objects.all() if r.random() < 0.5 else [])",
    ),
    // A code is banned while an order takes it: no row is there yet that one could lock.
    (
        "banned",
        "r.choice([lambda: Ban.objects.create(code=r.randrange(4, 8)), lambda: Ban.objects.all().delete(), \
         lambda: Order.objects.filter(pk=a.pk).update(code=r.randrange(4, 12))])()",
    ),
    // The largest line grows, and another one comes.
    (
        "largest",
        "Line.objects.filter(pk=Line.objects.filter(order=a).first().pk).update(amount=r.randrange(5)); \
         a.total = Order.objects.get(pk=a.pk).lines_amount; a.save(update_fields=['total'])",
    ),
];

fn write(class: &str, deed: &str, writer: usize, attempts: usize) -> String {
    format!(
        "
import random
from collections import Counter
from django.db import IntegrityError, OperationalError, transaction
from shelf.models import Ban, Depot, Line, Order, Region, Tag
r = random.Random('{class} {writer}')
keys = list(Order.objects.order_by('number').values_list('pk', flat=True))
came = Counter()
for _ in range({attempts}):
    first, second = r.sample(keys[:4], 2)
    try:
        with transaction.atomic():
            a, b = Order.objects.get(pk=first), Order.objects.get(pk=second)
            {deed}
        came['done'] += 1
    except IntegrityError:
        came['refused'] += 1
    except AttributeError:
        came['empty'] += 1
    except OperationalError:
        came['ended'] += 1
print('came', *(f'{{what}}={{number}}' for what, number in sorted(came.items())))
"
    )
}

/// What rows have of others is computed with them, in one query.
const READ: &str = "
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shelf.models import Line, Order
row = Order.objects.get(number=1)
Line.objects.filter(order=row).update(amount=1)
Order.objects.filter(pk=row.pk).update(total=3)
with CaptureQueriesContext(connection) as asked:
    rows = [(it.number, it.lines_amount, it.region_name) for it in Order.objects.order_by('-lines_amount', 'number')]
    many = Order.objects.filter(lines_amount__gt=0, region_name='Coast').count()
print(rows[0], rows[1], many, len(asked))
print(Order.objects.get(number=1).lines_amount, row.region_name)
";

#[test]
fn what_is_derived_from_other_rows_is_a_part_of_the_query() {
    let python = surroundings().pythons.first().unwrap();
    for kind in [Kind::Postgres, Kind::Sqlite] {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let spec = library::spec_of(SPEC);
        build(spec.path(), &project.root).fine();
        let database = project.migrated(kind).unwrap();
        project
            .shell(&database, &format!("{IN_ONE}{}", indented(MAKE)))
            .fine();
        let ran = project
            .shell(&database, &format!("{IN_ONE}{}", indented(READ)))
            .fine();
        assert!(
            ran.stdout
                .contains("(1, 3, 'Coast') (0, 0, 'Coast') 1 2\n3 Coast"),
            "{ran}"
        );
    }
}

/// Several statements are one transaction, at whose end the rules are asked.
const IN_ONE: &str = "
from django.db import transaction
with transaction.atomic():
";

fn indented(program: &str) -> String {
    program.replace('\n', "\n    ")
}

/// Where nothing is deferred, each statement is asked, again and again.
const AT_ONCE: &str = "
from django.db import IntegrityError, connection, transaction
from shelf.models import Line, Order
row = Order.objects.get(number=0)
came = []
with transaction.atomic():
    with connection.cursor() as cursor:
        cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
    for amount in (0, 1, 0, 1):
        try:
            with transaction.atomic():
                Line.objects.create(order=row, amount=amount)
            came.append('done')
        except IntegrityError:
            came.append('refused')
print(*came)
with transaction.atomic():
    with connection.cursor() as cursor:
        cursor.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            Line.objects.create(order=row)
            cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
    except Exception as error:
        print(type(error).__name__)
";

#[test]
fn what_is_not_deferred_is_asked_at_once_and_what_sees_too_little_is_refused() {
    let python = surroundings().pythons.first().unwrap();
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), python);
    let spec = library::spec_of(SPEC);
    build(spec.path(), &project.root).fine();
    let database = project.migrated(Kind::Postgres).unwrap();
    project.shell(&database, MAKE).fine();
    let ran = project.shell(&database, AT_ONCE).fine();
    assert!(
        ran.stdout
            .contains("done refused done refused\nNotSupportedError"),
        "{ran}"
    );
}

/// A migration as Django writes it by itself: it adds a rule, and gives the table of the rule another name after that.
const BY_ITSELF: &str = "
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from core.db.across import AcrossRows
from core.errors import names
state = ProjectState()
def apply(*operations):
    global state
    made = type('Migration', (migrations.Migration,), {'operations': operations})('one', 'own')
    with connection.schema_editor(atomic=True) as editor:
        state = made.apply(state, editor)
number, key = models.IntegerField, models.BigAutoField
order = models.ForeignKey('own.Order', models.CASCADE)
apply(
    migrations.CreateModel('Order', [('id', key(primary_key=True)), ('limit', number())]),
    migrations.CreateModel('Line', [('id', key(primary_key=True)), ('amount', number()), ('order', order)]),
)
rule = AcrossRows(
    name='own_line_within',
    violation_error_code='within',
    condition=models.Q(amount__lte=models.F('order__limit')),
    reads={'': ['amount', 'order'], 'order': ['limit']},
)
apply(migrations.AddConstraint('line', rule), migrations.AlterModelTable('line', 'lines'))
order, line = (state.apps.get_model('own', name) for name in ('Order', 'Line'))
line.objects.create(order=order.objects.create(limit=5), amount=5)
try:
    with transaction.atomic():
        line.objects.update(amount=6)
except IntegrityError as error:
    print('refused', names(error, line, rule))
";

#[test]
fn a_rule_stands_on_tables_as_they_are_when_a_migration_ends() {
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), surroundings().python());
    build(library::spec_of(SPEC).path(), &project.root).fine();
    // On SQLite Django makes the table anew at once, and its triggers with it.
    let ran = project.shell(&Database::create(Kind::Postgres), BY_ITSELF);
    assert!(ran.stdout.contains("refused True"), "{ran}");
}

const PAGES: &str = r#"project shop { title: "Shop" }

enum State { open, closed }

entity Depot {
  name: text(40) unique
  active: bool = true
}

entity Tag {
  name: text(40) unique
  allowed: bool = true
}

entity Order {
  number: int unique
  tags: many Tag inverse orders
  depot: Depot on delete protect inverse orders
  state: State = open
  total: int = 0

  invariant total_is_sum: total == sum(l.amount for l in lines)
  invariant few_lines: count(l in lines) <= 5
  invariant active_depot: state == closed or depot.active
  invariant allowed_tags: all(t in tags have t.allowed)
}

entity Line {
  order: Order on delete cascade inverse lines
  amount: int = 0
}
"#;

/// A new order with its lines, in one form: as it should be, with another total, and changed on both sides. No field
/// of a refused form is lost.
const ON_ONE_PAGE: &str = "
from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from shelf.models import Depot, Line, Order, Tag
setup_test_environment()
person = get_user_model()(email='desk@example.com', is_staff=True, is_superuser=True)
person.set_unusable_password()
person.save()
browser = Client()
browser.force_login(person)
depot = Depot.objects.create(name='North')
def send(page, total, *lines, key='', number=7, tags=()):
    stored = sum(1 for line in lines if isinstance(line, tuple))
    data = {
        'number': number, 'depot': depot.pk, 'state': 'open', 'total': total, 'tags': tags,
        'lines-TOTAL_FORMS': len(lines), 'lines-INITIAL_FORMS': stored,
    }
    for place, line in enumerate(lines):
        pk, amount = line if isinstance(line, tuple) else ('', line)
        data |= {f'lines-{place}-amount': amount, f'lines-{place}-id': pk, f'lines-{place}-order': key}
    answer = browser.post(page, data)
    if answer.status_code == 302:
        return 'saved'
    form = answer.context['adminform'].form
    typed = [one['amount'].value() for one in answer.context['inline_admin_formsets'][0].formset.forms]
    return [*form.non_field_errors(), form['total'].value(), *typed]
add = '/admin/shelf/order/add/'
print(send(add, 9, 4, 4))
print(send(add, 8, *[1] * 8))
print(Order.objects.count(), Line.objects.count())
print(send(add, 9, 4, 5))
order = Order.objects.get()
page = f'/admin/shelf/order/{order.pk}/change/'
first, second = ((line.pk, line.amount) for line in order.lines.order_by('amount'))
print(send(page, 9, first, (second[0], 6), key=order.pk))
print(send(page, 10, first, (second[0], 6), key=order.pk))
print(send(page, 13, first, (second[0], 6), 3, key=order.pk))
depot.active = False
print(browser.post(f'/admin/shelf/depot/{depot.pk}/change/', {'name': 'North'}).context['adminform'].form.non_field_errors()[0])
bad, good = Tag.objects.create(name='bad', allowed=False), Tag.objects.create(name='good')
print(send(add, 0, number=8, tags=[bad.pk]), send(add, 0, number=8, tags=[good.pk]))
print(Order.objects.get(number=7).total, sorted(Line.objects.values_list('amount', flat=True)))
";

const ON_ONE_PAGE_SAID: &str = r#"
["The rule 'total is sum' is broken.", '9', '4', '4']
["The rule 'few lines' is broken.", '8', '1', '1', '1', '1', '1', '1', '1', '1']
0 0
saved
["The rule 'total is sum' is broken.", '9', '4', '6']
saved
saved
The rule 'active depot' is broken.
["The rule 'allowed tags' is broken.", '0'] saved
13 [3, 4, 6]
"#;

#[test]
fn the_admin_site_writes_a_row_and_what_it_has_to_have_in_one_page() {
    let folder = TempDir::new().unwrap();
    let spec = library::spec_of(PAGES);
    for (place, python) in surroundings().pythons.iter().enumerate() {
        let project = Project::new(folder.path().join(place.to_string()), python);
        build(spec.path(), &project.root).fine();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            let database = project.migrated(kind).unwrap();
            let ran = project.shell(&database, ON_ONE_PAGE).fine();
            assert!(ran.stdout.ends_with(ON_ONE_PAGE_SAID), "{ran}");
        }
    }
}

const IN_EACH_OTHERS_WAY: &str = r"
from threading import Barrier, Thread
from django.db import OperationalError, connection, transaction
from accounts.models import User
from core.errors import explain
keys = [User.objects.create(email=f'{name}@example.com').pk for name in ('a', 'b')]
both, said = Barrier(2), []
def lock(keys):
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=keys[0])
            both.wait()
            User.objects.select_for_update().get(pk=keys[1])
        said.append('done')
    except OperationalError as error:
        said.append(explain(error).code)
    finally:
        connection.close()
threads = [Thread(target=lock, args=[order]) for order in (keys, keys[::-1])]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(sorted(said))
";

#[test]
fn a_transaction_that_stood_in_the_way_of_another_is_told_to_try_again() {
    let python = surroundings().pythons.first().unwrap();
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), python);
    let spec = library::spec_of(SPEC);
    build(spec.path(), &project.root).fine();
    let database = project.migrated(Kind::Postgres).unwrap();
    let ran = project.shell(&database, IN_EACH_OTHERS_WAY).fine();
    assert!(ran.stdout.ends_with("['busy', 'done']\n"), "{ran}");
}

#[test]
fn many_who_write_at_once_break_no_rule_and_end_in_no_deadlock() {
    let attempts = if surroundings().long { 1_250 } else { 40 };
    let python = surroundings().pythons.first().unwrap();
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), python);
    let spec = library::spec_of(SPEC);
    build(spec.path(), &project.root).fine();
    for (class, deed) in CLASSES {
        let database = project.migrated(Kind::Postgres).unwrap();
        project.shell(&database, MAKE).fine();
        let came = came(&at_once(&project, &database, WRITERS, |writer| {
            write(class, deed, writer, attempts)
        }));
        let number = |what: &str| came.get(what).copied().unwrap_or_default();
        assert_eq!(number("ended"), 0, "{class}: {came:?}");
        assert!(number("done") > 0, "{class}: {came:?}");
        assert!(number("refused") > 0, "{class}: {came:?}");
        // Ends with an error where a row breaks a rule.
        project
            .manage(Stage::Development, &database, &["check_invariants"])
            .fine();
    }
}
