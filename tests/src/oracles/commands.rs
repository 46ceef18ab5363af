//! The management commands that the project documents.

use crate::database::{Database, Kind};
use crate::project::{Project, Stage};
use crate::ran::Verdict;

/// There is one where the spec has seeds.
const SEED: &str = "core/management/commands/seed.py";

pub(super) fn work_on_sqlite(project: &Project) -> Verdict {
    work(project, Kind::Sqlite)
}

pub(super) fn work_on_postgres(project: &Project) -> Verdict {
    work(project, Kind::Postgres)
}

fn work(project: &Project, kind: Kind) -> Verdict {
    let database = project.migrated(kind)?;
    if project.root.join(SEED).is_file() {
        seed(project, &database)?;
    }
    let scan = project.manage(
        Stage::Development,
        &database,
        &["check_invariants", "--json"],
    );
    scan.verdict()?;
    for line in scan.stdout.lines() {
        serde_json::from_str::<serde_json::Value>(line)
            .map_err(|error| format!("not JSON, {error}: {scan}"))?;
    }
    Ok(())
}

/// Seeding twice is seeding once, and seeded rows break no invariant.
fn seed(project: &Project, database: &Database) -> Verdict {
    let manage = |command: &str| project.manage(Stage::Development, database, &[command]);
    manage("seed").verdict()?;
    let first = manage("dumpdata");
    first.verdict()?;
    manage("seed").verdict()?;
    let second = manage("dumpdata");
    second.verdict()?;
    if rows(&first.stdout)? != rows(&second.stdout)? {
        return Err(format!("a second `seed` changed rows:\n{first}\n{second}"));
    }
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
