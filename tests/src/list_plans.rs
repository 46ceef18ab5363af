//! How PostgreSQL finds the rows of a long list for somebody of each role: `tests/oracles/list_plans.py`.

use tempfile::TempDir;

use crate::compiler::build;
use crate::database::{Database, Kind};
use crate::oracles::configuration;
use crate::project::{Project, Stage};
use crate::ran::Ran;
use crate::surroundings::{surroundings, tests_folder};
use crate::tree;

/// Asks for the longest list of an app with so many rows; `--judge` finds what reads all of them for a few.
pub fn ask(app: &str, rows: usize, options: &[&str]) -> Ran {
    let folder = TempDir::new().expect("make a temporary folder");
    let spec = folder.path().join("spec");
    tree::copy(&tests_folder().join("apps").join(app), &spec);
    let project = Project::new(folder.path().join("project"), surroundings().python());
    build(&spec, &project.root).fine();
    let database = Database::create(Kind::Postgres);
    let migrate = ["migrate", "--no-input", "-v", "0"];
    project
        .manage(Stage::Development, &database, &migrate)
        .fine();
    let mut command = project.command(&project.python.interpreter, Stage::Test, &database);
    command
        .arg(configuration("list_plans.py"))
        .args([app, &rows.to_string()])
        .args(options)
        .env("PYTHONPATH", &project.root);
    Ran::of(&mut command)
}
