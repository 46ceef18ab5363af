//! The API keeps what its description promises, whoever asks.

use crate::database::Kind;
use crate::oracles::configuration;
use crate::project::{Project, Stage};
use crate::ran::{Ran, Verdict};
use crate::surroundings;

pub(super) fn is_kept_on_sqlite(project: &Project) -> Verdict {
    is_kept(project, Kind::Sqlite)
}

pub(super) fn is_kept_on_postgres(project: &Project) -> Verdict {
    is_kept(project, Kind::Postgres)
}

fn is_kept(project: &Project, kind: Kind) -> Verdict {
    if !project.root.join("config/api.py").exists() {
        return Ok(());
    }
    let database = project.migrated(kind)?;
    let mut command = project.command(&project.python.interpreter, Stage::Test, &database);
    command
        .arg(configuration("api_contract.py"))
        .env("PYTHONPATH", &project.root);
    if surroundings().long {
        command.arg("--long");
    }
    Ran::of(&mut command).verdict()
}
