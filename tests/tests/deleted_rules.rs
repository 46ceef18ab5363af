//! No emitted test is vacuous: whatever rule is deleted from the emitted salon, its own tests turn red.

use std::fs;

use appspec_tests::database::Kind;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Database, Project, Ran, Stage, build, surroundings};
use tempfile::TempDir;

/// No row breaks one of these and nothing else, or Python can't calculate with it: only the test that asks the database for
/// the names of its constraints misses it.
const MISSED_BY_NAME: [&str; 12] = [
    "billing.Voucher: billing_voucher_value__finite",
    "billing.Voucher: billing_voucher_spent__finite",
    "billing.Voucher: billing_voucher_soft_delete",
    "billing.Payment: billing_payment_amount__finite",
    "billing.Payment: billing_payment_tip__finite",
    "billing.Payment: billing_payment_refunded__finite",
    "billing.Payment: billing_payment_salon_reference_unique",
    "booking.Appointment: booking_appointment_deposit__finite",
    "booking.Appointment: booking_appointment_minutes__finite",
    "booking.Appointment: booking_appointment_extras_on_the_list",
    "people.Stylist: people_stylist_mentors_have_time",
    "people.Category: people_category_divided_once",
];

fn salon(folder: &TempDir) -> Project {
    let root = folder.path().join("project");
    build(&tests_folder().join("apps/salon"), &root).fine();
    Project::new(root, surroundings().python())
}

#[test]
fn every_deleted_rule_is_missed_by_its_own_tests() {
    let folder = TempDir::new().unwrap();
    let project = salon(&folder);
    let ran = judged(&project, "without_rules.py", Kind::Sqlite);
    let missed = |line: &str| line.strip_prefix("missed by name ").map(str::to_owned);
    let by_name: Vec<String> = ran.stdout.lines().filter_map(missed).collect();
    assert_eq!(by_name, MISSED_BY_NAME, "{ran}");
    let noticed = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("noticed "));
    let (noticed, closing) = (noticed.count(), ran.stdout.lines().last());
    assert!(noticed > 130, "{ran}");
    let closes = format!("{} rules deleted, 0 unnoticed", noticed + by_name.len());
    assert_eq!(closing, Some(closes.as_str()), "{ran}");
}

/// Only the test that looks for their names misses these: no example is known that breaks the rule by the rows that the
/// trigger looks at, or it is about many who write at once, which tests of their own are.
const TRIGGERS_MISSED_BY_NAME: [(Kind, usize); 2] = [(Kind::Sqlite, 25), (Kind::Postgres, 26)];

#[test]
fn every_dropped_trigger_is_missed_by_the_tests_of_its_rule() {
    let folder = TempDir::new().unwrap();
    let project = salon(&folder);
    for (kind, by_name) in TRIGGERS_MISSED_BY_NAME {
        let ran = judged(&project, "without_triggers.py", kind);
        let of = |what: &str| {
            ran.stdout
                .lines()
                .filter(|line| line.starts_with(what))
                .count()
        };
        assert_eq!(of("missed by name "), by_name, "{ran}");
        let closing = format!("{} triggers dropped, 0 unnoticed", of("noticed ") + by_name);
        assert_eq!(ran.stdout.lines().last(), Some(closing.as_str()), "{ran}");
        // What belongs to no rule keeps the audit trail, whose tests go past Django.
        let others =
            |line: &str| line.starts_with("of no rule ") && !line.contains("core_auditentry_kept");
        assert!(!ran.stdout.lines().any(others), "{ran}");
    }
}

/// No row of the salon is append only, and no emitted test tries a list with one wrong item. The last two are about no rule
/// of a spec: a derived value of a record that is not saved, and a value that no column of its type could hold.
const GUARDS_UNNOTICED: [&str; 4] = [
    "has_change_permission 1",
    "__call__ 2",
    "__get__ 1",
    "prepare_to_write 1",
];

#[test]
fn every_deleted_guard_is_missed_by_a_test() {
    let folder = TempDir::new().unwrap();
    let project = salon(&folder);
    let ran = judged(&project, "without_guards.py", Kind::Sqlite);
    let unnoticed = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("UNNOTICED "));
    let unnoticed: Vec<&str> = unnoticed
        .filter_map(|line| line.split(": ").nth(1))
        .collect();
    assert_eq!(unnoticed, GUARDS_UNNOTICED, "{ran}");
    let noticed = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("noticed "));
    assert!(noticed.count() > 15, "{ran}");
}

/// A program of `tests/oracles` about a project.
fn judged(project: &Project, program: &str, kind: Kind) -> Ran {
    let database = Database::create(kind);
    let mut command = project.command(&project.python.interpreter, Stage::Test, &database);
    command
        .arg(tests_folder().join("oracles").join(program))
        .arg(&project.root);
    Ran::of(&mut command).fine()
}

#[test]
fn the_tests_of_an_app_read_as_written_by_hand() {
    let folder = TempDir::new().unwrap();
    let project = salon(&folder);
    for file in ["factories", "test_rules"] {
        let path = format!("billing/tests/{file}.py");
        let text = fs::read_to_string(project.root.join(path)).unwrap();
        insta::assert_snapshot!(file, text);
    }
}
