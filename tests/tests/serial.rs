//! Numbers that rows get: with rows in the table, by whoever writes, and with many who write at once.

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, Steps, at_once, build, library, surroundings};
use tempfile::TempDir;

/// Makes rows where there are none, one more in each step, and tells all numbers.
const MAKE: &str = "
from datetime import UTC, datetime
from django.utils import timezone
from shelf import models
Stylist = getattr(models, 'Stylist', None) or models.Barber
Visit = getattr(models, 'Visit', None) or models.Appointment
stylist = 'stylist' if hasattr(Visit, 'stylist') else 'barber'
salon = 'salon' if hasattr(Stylist, 'salon') else 'shop'
number = 'number' if hasattr(Visit, 'number') else 'code'
if not Visit.objects.exists():
    for name in 'ab':
        Stylist.objects.create(name=name, **{salon: models.Salon.objects.create(name=name)})
    a, b = Stylist.objects.order_by('name')
    for month, who in ((5, a), (3, b), (4, a)):
        made = datetime(2020, month, 1, tzinfo=UTC)
        Visit.objects.create(title=str(month), created_at=made, **{stylist: who})
    models.Entry.objects.bulk_create([models.Entry(title=name) for name in 'xy'])
Visit.objects.create(title='new', **{stylist: Stylist.objects.order_by('name').first()})
models.Entry.objects.create(title='new')
this = str(timezone.now().year)
if hasattr(Visit, number):
    rows = Visit.objects.order_by('created_at')
    told = [getattr(row, stylist).name + ':' + getattr(row, number).replace(this, 'NOW') for row in rows]
    print('said', *told, *sorted(models.Entry.objects.values_list('number', flat=True)))
";

/// What it says after each of the specs of the corpus.
const SAID: [(&str, &str); 4] = [
    ("1-before", ""),
    (
        "2-added",
        "said b:V2020-001 a:V2020-001 a:V2020-002 a:VNOW-001 a:VNOW-002",
    ),
    (
        "3-changed",
        "said b:V2020-001 a:V2020-001 a:V2020-002 a:VNOW-001 a:VNOW-002 a:VNOW/0003",
    ),
    (
        "4-renamed",
        "said b:V2020-001 a:V2020-001 a:V2020-002 a:VNOW-001 a:VNOW-002 a:VNOW/0003 a:VNOW/0004",
    ),
];

#[test]
fn rows_that_are_there_get_numbers_and_counters_go_on_whatever_changes() {
    Steps::everywhere("evolution_serial", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, MAKE);
            // Django leaves the index of a key alone whose table or column is renamed.
            if name == "3-changed" {
                steps.judge("schema");
            }
            let line = ran.stdout.lines().find(|line| line.starts_with("said"));
            let line = line.unwrap_or_default();
            assert!(line.starts_with(said), "{name}: {ran}");
            if name != "1-before" {
                let entries = line.split(' ').filter(|word| word.starts_with(['E', 'F']));
                let count = entries.map(|word| word.trim_start_matches(['E', 'F', '0']));
                let counted: Vec<usize> = count.map(|word| word.parse().unwrap()).collect();
                assert_eq!(
                    counted,
                    (1..=counted.len()).collect::<Vec<_>>(),
                    "{name}: {ran}"
                );
            }
        }
        steps.judge("makemigrations_check");
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
    });
}

/// Makes a booking of each kind in each room, and tells the numbers that came.
const BOOK: &str = "
from shelf.models import Booking, Room
kind = Booking._meta.get_field('kind').choices[0][0]
(code,) = (name for name in ('code', 'tag', 'label') if hasattr(Booking, name))
known = set(Booking.objects.values_list('pk', flat=True))
for name in 'ab':
    room = Room.objects.get_or_create(name=name)[0]
    for each in (kind, 'small', kind):
        Booking.objects.create(room=room, kind=each)
new = Booking.objects.exclude(pk__in=known).order_by('number', 'room__name')
print('said', *(f'{row.room.name}:{row.number[9:12]}:{row.kind}:{getattr(row, code)}' for row in new))
# Nobody gets this number again.
Booking.objects.filter(room__name='a', **{code: '02'}).delete()
";

#[test]
fn counters_go_on_for_whatever_they_count_now() {
    Steps::everywhere("evolution_counted", |steps| {
        for (name, said) in [
            (
                "1-before",
                "said a:001:big:01 a:002:small:01 a:003:big:02 b:004:big:01 b:005:small:01 b:006:big:02",
            ),
            (
                "2-counted",
                "said a:003:huge:03 a:004:small:02 a:005:huge:04 b:007:huge:03 b:008:small:02 b:009:huge:04",
            ),
            // Another pattern, and a rule of another entity that goes with it.
            (
                "3-fewer",
                "said a:006:huge:05 a:007:small:03 a:008:huge:06 b:010:huge:05 b:011:small:03 b:012:huge:06",
            ),
            // Another name and another pattern at once.
            (
                "4-called",
                "said a:009:huge:N07 a:010:small:N04 a:011:huge:N08 b:013:huge:N07 b:014:small:N04 b:015:huge:N08",
            ),
            // And another name for one of the values for which it begins anew.
            (
                "5-valued",
                "said a:012:vast:L09 a:013:small:L05 a:014:vast:L10 b:016:vast:L09 b:017:small:L05 b:018:vast:L10",
            ),
        ] {
            let ran = steps.take(name, BOOK);
            let mut lines = ran.stdout.lines();
            assert_eq!(
                lines.find(|line| line.starts_with("said")),
                Some(said),
                "{ran}"
            );
        }
        steps.judge("makemigrations_check");
    });
}

const SPEC: &str = r#"project shop { title: "Shop" }

entity Salon { name: text(40) unique }

entity Stylist {
  name: text(40)
  salon: Salon on delete protect
}

entity Ticket {
  number: serial "T-{0000}" per stylist.salon
  stylist: Stylist on delete protect
}

entity Receipt {
  number: serial "R-{0000}" per salon gapless
  salon: Salon on delete protect
}
"#;

/// As many write at once.
const WRITERS: usize = 8;

const FILL: &str = "
from shelf.models import Salon, Stylist
for name in 'ab':
    salon = Salon.objects.create(name=name)
    Stylist.objects.create(name=name, salon=salon)
";

/// What each writer does: rows one by one, several at once and by raw SQL, and transactions that fail.
fn write(writer: usize, attempts: usize) -> String {
    format!(
        "
import random
from django.db import IntegrityError, OperationalError, connection, transaction
from shelf.models import Receipt, Salon, Stylist, Ticket
r = random.Random({writer})
salons, stylists = list(Salon.objects.order_by('name')), list(Stylist.objects.order_by('name'))
made = ended = 0
for turn in range({attempts}):
    place, way = r.randrange(2), turn % 4
    try:
        with transaction.atomic():
            if way == 0:
                Receipt.objects.create(salon=salons[place])
            elif way == 1:
                Receipt.objects.bulk_create([Receipt(salon=salons[place]) for _ in range(3)])
            elif way == 2:
                Ticket.objects.create(stylist=stylists[place])
            else:
                row = Receipt(salon=salons[place])
                with connection.cursor() as cursor:
                    cursor.execute('INSERT INTO shelf_receipt (id, salon_id) VALUES (%s, %s)', [row.pk, row.salon_id])
            if r.random() < 0.3:
                raise ValueError
        made += 1
    except ValueError:
        pass
    except (IntegrityError, OperationalError) as error:
        ended += 1
        print(error)
print('came', made, ended)
"
    )
}

const ASK: &str = "
from shelf.models import Receipt, Salon, Ticket
wrong = []
for salon in Salon.objects.all():
    numbers = sorted(Receipt.objects.filter(salon=salon).values_list('number', flat=True))
    wrong += [] if numbers == [f'R-{place:04}' for place in range(1, len(numbers) + 1)] else [numbers]
    tickets = list(Ticket.objects.filter(stylist__salon=salon).values_list('number', flat=True))
    wrong += [] if len(set(tickets)) == len(tickets) else [tickets]
print('rows', Receipt.objects.count() > 20 and Ticket.objects.count() > 5, wrong)
";

#[test]
fn many_who_write_at_once_get_every_number_once_and_none_is_missing() {
    let attempts = if surroundings().long { 2_000 } else { 60 };
    let python = surroundings().pythons.first().unwrap();
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), python);
    let spec = library::spec_of(SPEC);
    build(spec.path(), &project.root).fine();
    let database = Database::create(Kind::Postgres);
    let migrate = ["migrate", "--no-input"];
    project
        .manage(Stage::Development, &database, &migrate)
        .fine();
    project.shell(&database, FILL).fine();
    for ran in at_once(&project, &database, WRITERS, |writer| {
        write(writer, attempts)
    }) {
        let line = ran.stdout.lines().find(|line| line.starts_with("came"));
        let ended = line.and_then(|line| line.rsplit(' ').next());
        assert_eq!(ended, Some("0"), "{ran}");
    }
    let ran = project.shell(&database, ASK).fine();
    assert!(
        ran.stdout.lines().any(|line| line == "rows True []"),
        "{ran}"
    );
}
