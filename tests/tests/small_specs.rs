//! What a spec does not need is not emitted: each small spec of the corpus uses other parts of the language, and
//! the project of each is judged. So are the specs that `appspecc new` starts from.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use appspec_evolve::History;
use appspec_tests::generate::judge::ruff_check;
use appspec_tests::{
    Database, Project, Ran, Stage, build, compiler, everywhere, oracles, spec, surroundings,
};
use tempfile::TempDir;

/// A spec that needs nothing but the users.
const NOTHING: &str = "project shop { title: \"Shop\" }\n";

/// Writes the project of a spec, and asks these oracles about it.
fn judge(text: &str, names: &[&str]) -> Result<(), String> {
    let built = spec::build(text, &History::default())?;
    let folder = TempDir::new().expect("a folder");
    spec::write(&built.files, folder.path());
    let project = Project::new(folder.path(), &surroundings().pythons[0]);
    names.iter().try_for_each(|name| match *name {
        // A name of the spec may be longer than a line.
        "ruff_check" => ruff_check(&project),
        name => (oracles::named(name).judge)(&project),
    })
}

#[test]
fn every_small_project_is_complete_and_has_nothing_to_spare() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/build");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "appspec"))
        .collect();
    cases.sort();
    assert!(cases.len() > 20, "{}", cases.len());
    let findings: Vec<String> = cases
        .iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).expect("a case");
            judge(&text, &["ruff_check", "ruff_format", "no_dead_code"])
                .err()
                .map(|finding| format!("{}: {finding}", path.display()))
        })
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Enum, entities, an action and its service that have the names of tests, in an app with a file for each model.
const CALLED_LIKE_TESTS: &str = "\
project lab { title: \"Laboratory\" }

enum Test { blood, urine }
enum TestState { received, tested }

entity TestResult {
  name: text(40)
  kind: Test = blood
  state: TestState = received
  value: int? in 0..100

  unique (name, kind)
  invariant valued: state == tested implies value is set

  lifecycle state {
    test: received -> tested needs value
    final tested
  }
}

entity Testimonial {
  text: text
  result: TestResult inverse testimonials
}
";

#[test]
fn what_is_called_like_a_test_is_none() {
    let mut text = CALLED_LIKE_TESTS.to_owned();
    for number in 0..14 {
        let _ = writeln!(text, "\nentity Thing{number} {{ name: text }}");
    }
    judge(
        &text,
        &["ruff_check", "mypy_strict", "emitted_tests_sqlite"],
    )
    .unwrap_or_else(|finding| panic!("{finding}"));
}

#[test]
fn a_spec_of_nothing_is_a_project() {
    judge(
        NOTHING,
        &[
            "ruff_check",
            "ruff_format",
            "no_dead_code",
            "mypy_strict",
            "emitted_tests_sqlite",
        ],
    )
    .unwrap();
}

/// What is left out is taken along the path, whatever a rule thinks of it: rows of tests and examples reckon with that.
const ALONG_A_PATH: &str = "project shop { title: \"Shop\" }

enum Level { low, high }

entity Service {
  level: Level? = high
  limit: int? = 9
}

entity Visit {
  service: Service
  level: Level? = service.level unique where level is set
}

entity Note {
  service: Service
  limit: int? = service.limit
  other: int? = service.limit

  invariant small: limit is set implies limit < 5
  invariant none_is_large: other is not set or limit is not set
}

entity Room {
  visit: Visit
  level: Level? = visit.level

  invariant not_high: level is not set or level != high
}
";

#[test]
fn rows_of_tests_reckon_with_what_is_taken_along_a_path() {
    judge(ALONG_A_PATH, &["ruff_check", "emitted_tests_sqlite"]).unwrap();
}

/// The table of users comes first, and so what leads from it to another module last; a number begins anew for what is there,
/// found directly and through a circle of tables of which one waits for the other.
const COUNTED_FAR_AWAY: &str = "project shop { title: \"Shop\" }

use std.auth.{User}

extend entity User {
  team: Team on delete protect
}

entity Team {
  name: text(40)
}

entity Order {
  suppress relation::numbers_repeat \"It tells where it was taken.\"
  number: serial \"{000}\" per seller.team
  seller: User on delete protect
}

entity Ticket {
  suppress relation::numbers_repeat \"It tells where it was drawn.\"
  number: serial \"{000}\" per desk.clerk.team
  desk: Desk on delete protect
}

entity Desk {
  last: Ticket? on delete set null
  clerk: User on delete protect
}
";

#[test]
fn numbers_begin_anew_for_what_is_made_last() {
    // Django's own migrations of this would read the reference before it is there.
    let oracles = [
        "ruff_check",
        "makemigrations_check_sqlite",
        "makemigrations_check_postgres",
        "emitted_tests_sqlite",
        "emitted_tests_postgres",
    ];
    judge(COUNTED_FAR_AWAY, &oracles).unwrap();
}

/// What is derived has to fit its type, so that only some of the values that the bounds allow can be saved: rows of tests and
/// examples are among those.
#[test]
fn rows_of_tests_keep_what_is_derived_from_them_within_its_type() {
    let text = include_str!("../cases/build/derive_that_has_to_fit.appspec");
    judge(text, &["ruff_check", "emitted_tests_sqlite"]).unwrap();
}

#[test]
fn what_a_new_spec_starts_from_is_a_project() {
    let findings: Vec<String> = ["library", "salon", "shop", "league", "blank"]
        .into_iter()
        .filter_map(|template| {
            let folder = TempDir::new().expect("a folder");
            let spec = folder.path().join("mine");
            Ran::of(
                compiler::appspecc()
                    .args(["new", "--from", template])
                    .arg(&spec),
            )
            .fine();
            compiler::check(&spec).fine();
            let out = folder.path().join("project");
            build(&spec, &out).fine();
            let project = Project::new(&out, &surroundings().pythons[0]);
            [
                "ruff_check",
                "ruff_format",
                "no_dead_code",
                "commands_sqlite",
                "emitted_tests_sqlite",
            ]
            .iter()
            .try_for_each(|name| (oracles::named(name).judge)(&project))
            .err()
            .map(|finding| format!("{template}: {finding}"))
        })
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// What is given back on its day can be lent again on that day.
const LENT: &str = r#"project shelf { title: "Shelf" }

entity Loan {
  copy: int
  lent_on: date
  back_on: date?

  invariant back_later: back_on is set implies lent_on <= back_on
  suppress invariant::overlap_empty "What is given back on its day can be lent again on that day."
  no overlap of lent_on until back_on per copy
}
"#;

/// Three loans of one day within a longer one: nothing is in their way, in no layer, however they are written.
const LEND: &str = "
from datetime import date, timedelta
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import Error, transaction
from shelf.models import Loan

today, week = date(2026, 5, 4), timedelta(days=7)
def lend(start, end):
    loan = Loan(copy=1, lent_on=start, back_on=end)
    loan.full_clean()
    loan.save()
    return loan

lend(today - week, today + week)
lend(today, today)
Loan.objects.bulk_create([Loan(copy=1, lent_on=today, back_on=today)])
Loan.objects.filter(lent_on=today).update(lent_on=today + week / 7, back_on=today + week / 7)
last = lend(today + 2 * week, None)
call_command('check_invariants')

def refused(act):
    try:
        with transaction.atomic():
            act()
    except (ValidationError, Error) as error:
        return 'overlap' in str(error) or 'no two' in str(error).lower()
    return False

day = timedelta(days=1)
empty = Loan.objects.filter(lent_on=today + day)
assert empty.count() == 2
assert not Loan(copy=1, lent_on=today, back_on=today).full_clean()
for act in (
    lambda: Loan(copy=1, lent_on=today, back_on=today + day).full_clean(),
    lambda: Loan.objects.bulk_create([Loan(copy=1, lent_on=today, back_on=today + day)]),
    lambda: empty.update(back_on=today + 2 * day),
    lambda: Loan.objects.create(copy=1, lent_on=today + 3 * week, back_on=None),
):
    assert refused(act), act
print('lent', Loan.objects.count())
";

#[test]
fn what_takes_up_nothing_is_in_nobodys_way() {
    judge(LENT, &["mypy_strict", "emitted_tests_sqlite"]).unwrap();
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let spec = folder.path().join("shelf.appspec");
        fs::write(&spec, LENT).unwrap();
        let project = Project::new(folder.path().join("project"), python);
        build(&spec, &project.root).fine();
        let database = Database::create(kind);
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let ran = project.shell(&database, LEND).fine();
        assert!(ran.stdout.contains("lent 4"), "{}: {ran}", kind.name());
    });
}

/// Traits beside one another, each of which has to leave the others alone.
const TRAITS_TOGETHER: &str = r#"project shop { title: "Shop" }
use std.auth

enum State { draft, sent }

extend entity auth.User {
  score: int in 1..
  city: text(40)
}

/// Two numbers, of which one is asked for by a rule with a sign of other languages.
entity Invoice {
  first: serial "A-{000}" gapless
  second: serial "{year}/{000}"
  code: text(20)?
  note: text(80)?
  amount: int = 0
  audited
  frozen when code is set and code == "%s" except (note)
}

/// Replies go along with what they reply to, and come back.
entity Remark {
  text: text(80)
  reply_to: Remark? on delete cascade
  open: bool = true
  soft delete
  keep 2 years
}

/// Frozen letters are not even marked; two of a kind stand beside each other by their days.
entity Letter {
  state: State = draft
  from_day: int = 0
  to_day: int = 1
  scan: file?
  invariant ordered: from_day < to_day
  no overlap of from_day until to_day
  audited
  soft delete
  frozen when state == sent
  lifecycle state {
    send: draft -> sent
    final sent
  }
}
"#;

#[test]
fn traits_leave_each_other_alone() {
    let oracles = [
        "ruff_check",
        "mypy_strict",
        "emitted_tests_sqlite",
        "emitted_tests_postgres",
    ];
    judge(TRAITS_TOGETHER, &oracles).unwrap();
}
