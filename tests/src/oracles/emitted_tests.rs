//! The tests that were emitted with the project.

use crate::database::{Database, Kind};
use crate::project::Project;
use crate::ran::Verdict;

pub(super) fn on_sqlite(project: &Project) -> Verdict {
    pass(project, Kind::Sqlite)
}

pub(super) fn on_postgres(project: &Project) -> Verdict {
    pass(project, Kind::Postgres)
}

/// All pass, and none is skipped, expected to fail, or noisy.
fn pass(project: &Project, kind: Kind) -> Verdict {
    let ran = project.pytest(&Database::create(kind));
    ran.verdict()?;
    let closing = ran.stdout.lines().last().unwrap_or_default();
    let clean = closing.contains(" passed")
        && ![
            "skipped",
            "xfailed",
            "xpassed",
            "deselected",
            "warning",
            "error",
        ]
        .iter()
        .any(|word| closing.contains(word));
    if clean { Ok(()) } else { Err(ran.to_string()) }
}
