//! Django's own system checks, with warnings as findings.

use crate::database::{Database, Kind};
use crate::project::{Project, Stage};
use crate::ran::Verdict;

pub(super) fn check_sqlite(project: &Project) -> Verdict {
    check(project, Kind::Sqlite)
}

pub(super) fn check_postgres(project: &Project) -> Verdict {
    check(project, Kind::Postgres)
}

fn check(project: &Project, kind: Kind) -> Verdict {
    let database = Database::create(kind);
    project
        .manage(
            Stage::Development,
            &database,
            &["check", "--fail-level", "WARNING"],
        )
        .verdict()?;
    // Without a database named, Django 5.2 leaves out the checks that look at one.
    project
        .manage(
            Stage::Test,
            &database,
            &["check", "--fail-level", "WARNING", "--database", "default"],
        )
        .verdict()
}

/// The settings of production, with nothing but the documented environment.
pub(super) fn check_deploy(project: &Project) -> Verdict {
    let database = Database::create(Kind::Postgres);
    project
        .manage(
            Stage::Production,
            &database,
            &["check", "--deploy", "--fail-level", "WARNING"],
        )
        .verdict()
}

/// The description of the API, where there is one: every view is described, and every warning is a finding.
pub(super) fn describe_the_api(project: &Project) -> Verdict {
    if !project.root.join("config/api.py").exists() {
        return Ok(());
    }
    let database = Database::create(Kind::Sqlite);
    project
        .manage(
            Stage::Test,
            &database,
            &["spectacular", "--validate", "--fail-on-warn"],
        )
        .verdict()
}
