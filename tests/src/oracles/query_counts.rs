//! Admin lists ask the database the same number of questions however many rows there are.

use crate::database::Kind;
use crate::oracles::configuration;
use crate::project::{Project, Stage};
use crate::ran::{Ran, Verdict};

pub(super) fn are_constant(project: &Project) -> Verdict {
    let database = project.migrated(Kind::Sqlite)?;
    let mut command = project.command(&project.python.interpreter, Stage::Test, &database);
    command
        .arg(configuration("query_counts.py"))
        .env("PYTHONPATH", &project.root);
    Ran::of(&mut command).verdict()
}
