//! The management commands that the project documents.

use crate::database::Kind;
use crate::project::{Project, Stage};
use crate::ran::Verdict;

pub(super) fn work_on_sqlite(project: &Project) -> Verdict {
    work(project, Kind::Sqlite)
}

pub(super) fn work_on_postgres(project: &Project) -> Verdict {
    work(project, Kind::Postgres)
}

/// Seeding twice is seeding once, and seeded rows break no invariant.
fn work(project: &Project, kind: Kind) -> Verdict {
    let database = project.migrated(kind)?;
    project
        .manage(Stage::Development, &database, &["seed"])
        .verdict()?;
    let first = project.manage(Stage::Development, &database, &["dumpdata"]);
    first.verdict()?;
    project
        .manage(Stage::Development, &database, &["seed"])
        .verdict()?;
    let second = project.manage(Stage::Development, &database, &["dumpdata"]);
    second.verdict()?;
    if rows(&first.stdout)? != rows(&second.stdout)? {
        return Err(format!("a second `seed` changed rows:\n{first}\n{second}"));
    }
    let scan = project.manage(
        Stage::Development,
        &database,
        &["check_invariants", "--json"],
    );
    scan.verdict()?;
    serde_json::from_str::<serde_json::Value>(&scan.stdout)
        .map_err(|error| format!("not JSON, {error}: {scan}"))?;
    Ok(())
}

/// What a dump says, apart from the moments at which rows were touched: seeding may update those.
fn rows(dump: &str) -> Result<Vec<String>, String> {
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(dump).map_err(|error| format!("not JSON, {error}: {dump}"))?;
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row["model"], row["pk"]))
        .collect();
    lines.sort();
    Ok(lines)
}
