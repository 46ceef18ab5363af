//! A rule is added to tables that have rows: rows that break it are named and nothing changes, else it holds from then on.

use std::fs;
use std::path::PathBuf;

use appspec_tests::database::{Kind, psql};
use appspec_tests::{
    Database, Project, Python, Ran, Stage, build, everywhere, oracles, surroundings,
};
use tempfile::TempDir;

const BEFORE: &str = r#"project club {
  title: "Club"
}

entity Member {
  name: text(80)
  mail: email?
  age: int
  left: bool = false
}

entity Booking {
  member: Member on delete protect inverse bookings
  court: int
  from_hour: int
  to_hour: int
  note: text?
}
"#;

/// A CHECK, a unique constraint, a unique index with a condition, and stretches, beside a new field.
const AFTER: [(&str, &str); 2] = [
    (
        "  left: bool = false\n",
        "  left: bool = false\n  since: date?\n  unique (name)\n  unique (mail) where mail is set and not left\n\n  \
         invariant grown_up: age >= 18\n    message \"100 % of age, it's \\\"the law\\\".\"\n",
    ),
    (
        "  note: text?\n",
        "  note: text?\n  no overlap of from_hour until to_hour per court\n  invariant ends: from_hour < to_hour\n",
    ),
];

const INSERT: &str = "
from club.models import Booking, Member
ana = Member.objects.create(name='Ana', mail='ana@example.com', age=17)
Member.objects.create(name='Ana', mail='ana@example.com', age=30)
Member.objects.create(name='Rui', mail='ana@example.com', age=40, left=True)
Booking.objects.create(member=ana, court=1, from_hour=8, to_hour=10)
Booking.objects.create(member=ana, court=1, from_hour=9, to_hour=11)
Booking.objects.create(member=ana, court=2, from_hour=9, to_hour=11)
";

const MEND: &str = "
from club.models import Booking, Member
Member.objects.filter(age=17).update(age=18, name='Bia', mail=None)
Booking.objects.filter(court=1, from_hour=8).update(to_hour=9)
";

/// Each write breaks one rule, past every validation; prints the rule's name as the database gives it.
const BREAK: &str = "
from django.db import IntegrityError, transaction
from club.models import Booking, Member
from core.errors import names
ana = Member.objects.filter(name='Ana').order_by('-age').first()
def refused(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        rules = [(model, rule) for model in (Member, Booking) for rule in model._meta.constraints]
        print(*sorted(rule.name for model, rule in rules if names(error, model, rule)))
    else:
        print('stored')
refused(lambda: Member.objects.filter(pk=ana.pk).update(age=1))
refused(lambda: Member.objects.create(name='Ana', age=20))
refused(lambda: Member.objects.create(name='Eva', mail='ana@example.com', age=20))
refused(lambda: Member.objects.create(name='Ivo', mail='ana@example.com', age=20, left=True))
refused(lambda: Booking.objects.create(member=ana, court=2, from_hour=10, to_hour=12))
refused(lambda: Booking.objects.create(member=ana, court=2, from_hour=12, to_hour=12))
";

const REFUSALS: &str = "club_member_grown_up\nclub_member_name_unique\nclub_member_mail_unique\nstored\n\
    club_booking_court_from_hour_overlap\nclub_booking_ends\n";

#[test]
fn rows_that_break_new_rules_are_named_and_nothing_changes() {
    everywhere(|kind, python| {
        let club = Club::with_rows(kind, python);
        club.grow();

        let refused = club.migrate(&[]);
        assert!(!refused.status.success(), "{refused}");
        for part in [
            "club.Member: 1 row breaks the new rule club_member_grown_up: ",
            "club.Member: 2 rows break the new rule club_member_name_unique: ",
            "club.Member: 2 rows break the new rule club_member_mail_unique: ",
            "club.Booking: 2 rows break the new rule club_booking_court_from_hour_overlap: ",
            "Nothing was changed. Mend these rows, then migrate again.",
        ] {
            assert!(refused.stderr.contains(part), "{part}: {refused}");
        }
        assert!(!refused.stderr.contains("club_booking_ends"), "{refused}");
        assert!(!refused.stderr.contains("Traceback"), "{refused}");
        let after = club.project.shell(&club.database, BREAK).fine();
        assert_eq!(after.stdout.matches("stored").count(), 6, "{after}");
    });
}

#[test]
fn rules_hold_once_the_rows_follow_them() {
    everywhere(|kind, python| {
        let club = Club::with_rows(kind, python);
        club.grow();
        club.project.shell(&club.database, MEND).fine();
        club.migrate(&[]).fine();
        club.holds();

        // Back, and forth again.
        club.migrate(&["club", "0001"]).fine();
        club.migrate(&[]).fine();
        club.holds();
        for oracle in ["makemigrations_check", "schema"] {
            let oracle = oracles::named(&format!("{oracle}_{}", kind.name()));
            (oracle.judge)(&club.project)
                .unwrap_or_else(|findings| panic!("{}: {findings}", oracle.name));
        }
    });
}

/// What a killed migration leaves: rules that are there already, one of them not validated, an index that nobody finished.
#[test]
fn a_migration_that_was_killed_runs_again() {
    for python in &surroundings().pythons {
        let club = Club::with_rows(Kind::Postgres, python);
        club.grow();
        club.project.shell(&club.database, MEND).fine();
        let url = club.database.url();
        let name = url.rsplit('/').next().unwrap();
        club.migrate(&["club", "0002"]).fine();
        for left in [
            "ALTER TABLE club_member ADD CONSTRAINT club_member_grown_up CHECK (age >= 99) NOT VALID",
            "CREATE UNIQUE INDEX club_member_name_unique ON club_member (name)",
            "ALTER TABLE club_booking ADD CONSTRAINT club_booking_ends CHECK (from_hour < to_hour)",
        ] {
            psql(name, left).fine();
        }
        club.migrate(&[]).fine();
        club.holds();
    }
}

struct Club {
    project: Project,
    database: Database,
    folder: TempDir,
}

impl Club {
    /// The project before its rules, with rows that break most of them.
    fn with_rows(kind: Kind, python: &Python) -> Self {
        let folder = TempDir::new().unwrap();
        let club = Self {
            project: Project::new(folder.path().join("project"), python),
            database: Database::create(kind),
            folder,
        };
        club.build(BEFORE);
        club.migrate(&[]).fine();
        club.project.shell(&club.database, INSERT).fine();
        club
    }

    fn build(&self, spec: &str) {
        let path = self.spec();
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("club.appspec"), spec).unwrap();
        build(&path, &self.project.root).fine();
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("spec")
    }

    /// Builds the spec with its rules.
    fn grow(&self) {
        let grown = AFTER
            .iter()
            .fold(BEFORE.to_owned(), |spec, (old, new)| spec.replace(old, new));
        self.build(&grown);
    }

    fn migrate(&self, arguments: &[&str]) -> Ran {
        let arguments = [&["migrate", "--no-input"], arguments].concat();
        self.project
            .manage(Stage::Development, &self.database, &arguments)
    }

    fn holds(&self) {
        let ran = self.project.shell(&self.database, BREAK).fine();
        assert!(ran.stdout.ends_with(REFUSALS), "{ran}");
        self.project
            .shell(
                &self.database,
                "from club.models import Member\nMember.objects.filter(name='Ivo').delete()\n",
            )
            .fine();
    }
}
