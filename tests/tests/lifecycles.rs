//! States change by actions, and in no other way: with rows in the table, and with many who act at once.

use appspec_tests::database::Kind;
use appspec_tests::{
    Database, Project, Stage, Steps, at_once, build, everywhere, library, surroundings,
};
use tempfile::TempDir;

/// A row more, and what the database says to a jump of it.
const JUMP: &str = "
from django.db import IntegrityError, connection, transaction
from core.errors import explain
from shelf import models
model = getattr(models, 'Order', None) or models.Purchase
state = 'status' if model.__name__ == 'Order' else 'state'
number = model.objects.count() + 1
row = model(number=number)
row.save()
jump = f'UPDATE {model._meta.db_table} SET {state} = %s WHERE number = %s'
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(jump, ['sent', number])
    print('sent', end=' ')
except IntegrityError as error:
    print(explain(error).code, end=' ')
print(*model.objects.order_by('number').values_list(state, flat=True))
";

/// What the database says after each of the specs of the corpus.
const SAID: [(&str, &str); 6] = [
    ("1-before", "sent sent"),
    ("2-added", "status_lifecycle sent open"),
    ("3-code_alone", "status_lifecycle sent open open"),
    ("4-other_moves", "sent sent open open sent"),
    ("5-longer_states", "sent sent open open sent sent"),
    ("6-renamed", "sent sent placed placed sent sent sent"),
];

#[test]
fn a_lifecycle_is_added_changed_and_renamed_with_rows_in_its_table() {
    Steps::everywhere("evolution_lifecycle", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, JUMP);
            assert!(ran.stdout.lines().any(|line| line == said), "{name}: {ran}");
        }
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        for oracle in ["makemigrations_check", "schema"] {
            steps.judge(oracle);
        }
    });
}

const SPEC: &str = r#"project shop { title: "Shop" }

enum Status { placed, paid, cancelled }

entity Order {
  number: int unique
  status: Status = placed
  paid_by: int?
  cancelled_by: int?

  invariant paid_by_somebody: (status == paid) == (paid_by is set)
  invariant cancelled_by_somebody: (status == cancelled) == (cancelled_by is set)

  lifecycle status {
    pay: placed -> paid needs paid_by
    cancel: placed -> cancelled needs cancelled_by
    final paid, cancelled
  }
}
"#;

/// As many act at once.
const WRITERS: usize = 8;

/// Each writer tries both actions on every row, in an order of its own.
fn act(writer: usize) -> String {
    format!(
        "
import random
from core.lifecycles import ActionRefusedError
from shelf.models import Order
from shelf.services import cancel_order, pay_order
rows = list(Order.objects.all())
random.Random({writer}).shuffle(rows)
done = 0
for row in rows:
    ways = [lambda: pay_order(row, paid_by={writer}), lambda: cancel_order(row, cancelled_by={writer})]
    random.Random(row.number + {writer}).shuffle(ways)
    for way in ways:
        try:
            way()
            done += 1
        except ActionRefusedError as refused:
            assert refused.code == 'status_lifecycle', refused
print('done', done)
"
    )
}

#[test]
fn of_many_actions_on_a_row_one_is_done() {
    // Each writer tries two actions on each.
    let rows = if surroundings().long { 625 } else { 100 };
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let python = surroundings().pythons.first().unwrap();
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(SPEC);
        build(spec.path(), &project.root).fine();
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let make = format!(
            "from shelf.models import Order\nOrder.objects.bulk_create([Order(number=n) for n in range({rows})])"
        );
        project.shell(&database, &make).fine();
        let ran = at_once(&project, &database, WRITERS, act);
        let done = ran.iter().map(|ran| {
            let mut lines = ran.stdout.lines();
            let line = lines.find_map(|line| line.strip_prefix("done "));
            line.unwrap().parse::<usize>().unwrap()
        });
        let done: usize = done.sum();
        assert_eq!(done, rows, "{}", kind.name());
    }
}

/// A lifecycle that comes back to where it was.
const ROUND: &str = r#"project shop { title: "Shop" }

enum Light { red, green }

entity Lamp {
  number: int unique
  light: Light = red
  note: text?

  lifecycle light {
    go: red -> green
    halt: green -> red
  }
}
"#;

/// What no test of a single way of writing shows.
const TOGETHER: &str = "
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from core.db.lifecycles import any_state
from shelf.choices import Light
from shelf.models import Lamp
from shelf.services import go_lamp, halt_lamp

def refused(error, write):
    try:
        with transaction.atomic():
            write()
    except error:
        return True
    return False

Lamp.objects.create(number=1)
first, stale = Lamp.objects.get(), Lamp.objects.get()
go_lamp(first)
assert first.light == Light.GREEN
stale.note = 'read before'
stale.save()
held = Lamp.objects.get()
# An action leads from green to red, and nobody has done it.
assert (held.light, held.note) == (Light.GREEN, 'read before'), (held.light, held.note)
halt_lamp(stale)
assert stale.light == Light.RED
held = Lamp.objects.only('note').get()
held.note = 'without its state'
held.save()
assert refused(ValidationError, lambda: Lamp.objects.update_or_create(number=1, defaults={'light': 'green'}))
assert refused(ValidationError, lambda: Lamp.objects.get_or_create(number=2, defaults={'light': 'green'}))
assert refused(ValidationError, lambda: Lamp.objects.bulk_create(
    [Lamp(number=1)], update_conflicts=True, update_fields=['light'], unique_fields=['number']))
# What `loaddata` does.
rows = [Lamp(number=3, light=Light.GREEN)]
text = serializers.serialize('json', rows)
load = lambda: [row.save() for row in serializers.deserialize('json', text)]
assert refused(IntegrityError, load)
with any_state():
    load()
    with any_state():
        Lamp.objects.create(number=4, light=Light.GREEN)
    Lamp.objects.create(number=5, light=Light.GREEN)
    lamp = Lamp.objects.get(number=5)
    lamp.light = Light.RED
    assert refused(ValidationError, lamp.save)
assert refused(ValidationError, lambda: Lamp.objects.create(number=6, light=Light.GREEN))
print('together', Lamp.objects.filter(light=Light.GREEN).count())
";

#[test]
fn a_state_is_written_by_actions_whatever_comes_together() {
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(ROUND);
        build(spec.path(), &project.root).fine();
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let ran = project.shell(&database, TOGETHER).fine();
        assert!(ran.stdout.contains("together 3"), "{}: {ran}", kind.name());
    });
}
