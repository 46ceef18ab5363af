//! Many who write at once, each into the way of the others: one of them is in time, the others are refused.

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, at_once, build, came, library, surroundings};
use tempfile::TempDir;

const SPEC: &str = r#"project shop { title: "Shop" }

entity Room { name: text(40) unique }

entity Booking {
  room: Room on delete protect
  from_hour: int in 0..1000
  to_hour: int in 0..1000

  invariant ends_later: from_hour < to_hour
  no overlap of from_hour until to_hour per room
}

entity Price {
  room: Room on delete protect
  amount: int
  active: bool = true

  unique (room) where active
}

entity Item {
  name: text(40) unique
  on_hand: int in 0..
  reserved_most: int in 0..
  reserved: int = 0

  invariant never_more: reserved <= on_hand
  invariant lines_fit: sum(l.pieces for l in reservations) <= reserved_most
}

entity Reservation {
  item: Item on delete protect inverse reservations
  pieces: int in 1..
}
"#;

/// As many write at once.
const WRITERS: usize = 8;

const MAKE: &str = "
from shelf.models import Booking, Item, Price, Room
for name in 'ab':
    room = Room.objects.create(name=name)
    Item.objects.create(name=name, on_hand=10, reserved_most=10)
    Price.objects.create(room=room, amount=1)
";

/// What each writer does in one transaction, in room `a` and with item `x`, and what must be so in the end: that many rows
/// are not there, whatever has been tried.
const CLASSES: [(&str, &str, &str); 6] = [
    (
        "double booking",
        "begins = r.randrange(24)
            if r.random() < 0.3:
                Booking.objects.filter(room=a, from_hour=r.randrange(24)).delete()
            elif r.random() < 0.3:
                Booking.objects.filter(room=a, from_hour=begins).update(from_hour=F('from_hour') + 1, to_hour=F('to_hour') + 1)
            else:
                Booking.objects.create(room=a, from_hour=begins, to_hour=begins + r.randrange(1, 4))",
        "
rows = list(Booking.objects.order_by('room', 'from_hour'))
broken = [one for one, two in zip(rows, rows[1:]) if one.room_id == two.room_id and one.to_hour > two.from_hour]
",
    ),
    // Who writes about both does so in one order.
    (
        "double booking of two rooms",
        "begins = r.randrange(24)
            if r.random() < 0.4:
                Booking.objects.filter(room=a, from_hour=begins).delete()
            else:
                for room in rooms:
                    Booking.objects.create(room=room, from_hour=begins, to_hour=begins + 1)",
        "
rows = list(Booking.objects.order_by('room', 'from_hour'))
broken = [one for one, two in zip(rows, rows[1:]) if one.room_id == two.room_id and one.to_hour > two.from_hour]
",
    ),
    (
        "two active rows",
        "known = Price.objects.filter(room=a)
            r.choice([
                lambda: known.filter(active=True).update(active=False),
                lambda: Price.objects.create(room=a, amount=r.randrange(100)),
                lambda: known.filter(pk=known.order_by('amount').values('pk')[:1]).update(active=True),
            ])()",
        "
counts = [Price.objects.filter(room=room, active=True).count() for room in Room.objects.all()]
broken = [count for count in counts if count > 1]
",
    ),
    // Who exchanges the active row writes two, and so locks what they have in common first.
    (
        "the active row is exchanged",
        "Room.objects.select_for_update().get(pk=a.pk)
            known = Price.objects.filter(room=a)
            if r.random() < 0.7:
                known.filter(active=True).update(active=False)
            if r.random() < 0.5:
                Price.objects.create(room=a, amount=r.randrange(100))
            else:
                known.filter(pk=known.order_by('amount').values('pk')[:1]).update(active=True)",
        "
counts = [Price.objects.filter(room=room, active=True).count() for room in Room.objects.all()]
broken = [count for count in counts if count > 1]
",
    ),
    (
        "last item in stock",
        "Item.objects.filter(pk=x.pk).update(reserved=F('reserved') + (1 if r.random() < 0.6 else -r.randrange(2)))",
        "
broken = [item for item in Item.objects.all() if item.reserved > item.on_hand]
",
    ),
    (
        "overdraft by two lines",
        "known = Reservation.objects.filter(item=x)
            if r.random() < 0.4 and known.exists():
                known.first().delete()
            else:
                Reservation.objects.create(item=x, pieces=r.randrange(1, 4))",
        "
from django.db.models import Sum
sums = [(item, item.reservations.aggregate(all=Sum('pieces'))['all'] or 0) for item in Item.objects.all()]
broken = [item for item, pieces in sums if pieces > item.reserved_most]
",
    ),
];

fn write(class: &str, deed: &str, writer: usize, attempts: usize) -> String {
    format!(
        "
import random
from collections import Counter
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from shelf.models import Booking, Item, Price, Reservation, Room
r = random.Random('{class} {writer}')
rooms, items = list(Room.objects.order_by('name')), list(Item.objects.order_by('name'))
came = Counter()
for _ in range({attempts}):
    a, b = r.sample(rooms, 2)
    x = r.choice(items)
    try:
        with transaction.atomic():
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

#[test]
fn many_who_write_at_once_are_never_both_in_time() {
    let attempts = if surroundings().long { 1_250 } else { 40 };
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), surroundings().python());
    let spec = library::spec_of(SPEC);
    build(spec.path(), &project.root).fine();
    for (class, deed, asked) in CLASSES {
        let database = Database::create(Kind::Postgres);
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        project.shell(&database, MAKE).fine();
        let came = came(&at_once(&project, &database, WRITERS, |writer| {
            write(class, deed, writer, attempts)
        }));
        println!("{class}: {came:?}");
        let number = |what: &str| came.get(what).copied().unwrap_or_default();
        assert_eq!(number("ended"), 0, "{class}: {came:?}");
        assert!(number("done") > 0, "{class}: {came:?}");
        assert!(number("refused") > 0, "{class}: {came:?}");
        let ask = format!(
            "from shelf.models import Booking, Item, Price, Room\n{asked}\nprint('broken', broken)"
        );
        let ran = project.shell(&database, &ask).fine();
        assert!(
            ran.stdout.lines().any(|line| line == "broken []"),
            "{class}: {ran}"
        );
        project
            .manage(Stage::Development, &database, &["check_invariants"])
            .fine();
    }
}
