//! `check_invariants` finds every row that breaks a rule, whatever kind of rule it is and however the row came there.

use std::collections::BTreeMap;

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Stage, build, library, surroundings};
use tempfile::TempDir;

const SPEC: &str = r#"project shop { title: "Shop" }

enum State { open, closed }

entity Room {
  name: text(40) unique
}

entity Order {
  identified by int
  email: email
  room: Room on delete protect
  state: State = open
  starts_on: date
  ends_on: date
  total: int = 0
  tags: list of text(5) = []

  invariant ends_later: starts_on <= ends_on
  unique (total) where state == open
  no overlap of starts_on through ends_on per room
  invariant total_is_sum: total == sum(l.amount for l in lines)
}

entity Line {
  order: Order on delete cascade inverse lines
  amount: int
}
"#;

/// Rows that keep every rule, and rows by which each rule is broken, written while all rules are away.
const BREAK: &str = "
from datetime import date
from uuid import UUID
from django.db import connection
from shelf.models import Line, Order, Room
RULES = '''
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
FROM pg_constraint WHERE conrelid::regclass::text LIKE 'shelf_%' AND contype IN ('c', 'f', 'u', 'x')
UNION ALL
SELECT format('DROP INDEX IF EXISTS %I', indexname) FROM pg_indexes
WHERE tablename LIKE 'shelf_%' AND indexname NOT LIKE '%_pkey'
UNION ALL
SELECT format('ALTER TABLE %I DISABLE TRIGGER ALL', tablename) FROM pg_tables WHERE tablename LIKE 'shelf_%'
'''
RULES_IN_SQLITE = '''
SELECT 'DROP ' || type || ' ' || name FROM sqlite_master
WHERE type IN ('trigger', 'index') AND tbl_name LIKE 'shelf_%' AND sql IS NOT NULL
'''
with connection.cursor() as cursor:
    is_sqlite = connection.vendor == 'sqlite'
    if is_sqlite:
        cursor.execute('PRAGMA foreign_keys = OFF')
        cursor.execute('PRAGMA ignore_check_constraints = ON')
    cursor.execute(RULES_IN_SQLITE if is_sqlite else RULES)
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
north, south = Room(name='North'), Room(name='South')
Room.objects.bulk_create([north, south])
def add(key, **values):
    day = date(2026, 1, key % 28 + 1)
    usual = dict(email=f'{key}@example.com', room=north, starts_on=day, ends_on=day, total=key)
    row = Order(pk=key, **(usual | values))
    row.save_base(force_insert=True, raw=True)
    if 'total' not in values:
        Line(order=row, amount=key).save_base(force_insert=True, raw=True)
for key in (1, 2, 3):
    add(key)
add(11, ends_on=date(2026, 1, 1), room=south)
add(12, state='lost')
add(13, total=14, state='closed')
for key in (14, 15):
    add(key, total=0, room=south)
for key in range(100, 130):
    add(key, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 2))
add(16, room_id=UUID(int=7))
add(17, email='nobody')
add(18, tags=['far too long'])
add(19, email='')
";

/// The rules that are broken, and by how many rows.
const BROKEN: [(&str, usize); 9] = [
    ("email__form", 1),
    ("room__reference", 1),
    ("shelf_order_email__filled", 1),
    ("shelf_order_ends_later", 1),
    ("shelf_order_room_starts_on_overlap", 30),
    ("shelf_order_state__choice", 1),
    ("shelf_order_total_is_sum", 1),
    ("shelf_order_total_unique", 2),
    ("tags__form", 1),
];

#[test]
fn each_kind_of_rule_finds_its_rows() {
    let folder = TempDir::new().unwrap();
    let spec = library::spec_of(SPEC);
    let project = Project::new(folder.path().join("project"), &surroundings().pythons[0]);
    build(spec.path(), &project.root).fine();
    for kind in Kind::ALL {
        let database = Database::create(kind);
        let scan = |options: &[&str]| {
            let command = [&["check_invariants"], options].concat();
            project.manage(Stage::Development, &database, &command)
        };
        let migrate = ["migrate", "--no-input"];
        project
            .manage(Stage::Development, &database, &migrate)
            .fine();
        project.shell(&database, BREAK).fine();
        let ran = scan(&["--json"]).exits(1);
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for line in ran.stdout.lines() {
            let row: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
            assert_eq!(row["model"], "shelf.Order");
            assert!(row["key"].parse::<u32>().is_ok(), "{line}");
            *found.entry(row["rule"].clone()).or_default() += 1;
        }
        let found: Vec<(&str, usize)> = found
            .iter()
            .map(|(rule, rows)| (rule.as_str(), *rows))
            .collect();
        assert_eq!(found, BROKEN, "{}", kind.name());
        assert!(
            ran.stderr
                .contains("Rules broken: 9. Rows that break one: 39."),
            "{ran}"
        );

        let ran = scan(&["--limit", "2"]).exits(1);
        let overlap: Vec<&str> = ran
            .stdout
            .lines()
            .filter(|line| line.ends_with("shelf_order_room_starts_on_overlap"))
            .collect();
        assert_eq!(
            overlap,
            [
                "shelf.Order 100: shelf_order_room_starts_on_overlap",
                "shelf.Order 101: shelf_order_room_starts_on_overlap",
                "shelf.Order and 28 more rows: shelf_order_room_starts_on_overlap",
            ]
        );
        // No line about the progress reaches a file.
        assert!(!ran.stderr.contains('\r'), "{ran}");
    }
}
