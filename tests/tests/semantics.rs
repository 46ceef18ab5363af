//! What the language promises, asked of a running project: the same answers on both databases.

use std::fs;

use appspec_tests::database::Kind;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Project, Ran, Stage, build, surroundings};
use tempfile::TempDir;

#[test]
fn promises_are_kept_on_sqlite() {
    promises_are_kept(Kind::Sqlite, "shop.appspec", "promises.py");
}

#[test]
fn promises_are_kept_on_postgres() {
    promises_are_kept(Kind::Postgres, "shop.appspec", "promises.py");
}

#[test]
fn limits_hold_on_sqlite() {
    promises_are_kept(Kind::Sqlite, "limits.appspec", "limits_hold.py");
}

#[test]
fn limits_hold_on_postgres() {
    promises_are_kept(Kind::Postgres, "limits.appspec", "limits_hold.py");
}

/// Builds a spec of `tests/semantics` and runs the program that asks the project about it.
fn promises_are_kept(kind: Kind, from: &str, program: &str) {
    let semantics = tests_folder().join("semantics");
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir(&spec).unwrap();
    fs::copy(semantics.join(from), spec.join(from)).unwrap();
    let root = folder.path().join("project");
    build(&spec, &root).fine();
    for python in &surroundings().pythons {
        let project = Project::new(&root, python);
        let database = project.migrated(kind).unwrap();
        let mut command = project.command(&python.interpreter, Stage::Development, &database);
        command
            .arg(semantics.join(program))
            .env("PYTHONPATH", &root);
        let ran = Ran::of(&mut command).fine();
        assert!(ran.stdout.contains(" promises kept, 0 broken"), "{ran}");
    }
}
