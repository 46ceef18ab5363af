//! What the language promises, asked of a running project: the same answers on both databases.

use std::fs;

use appspec_tests::database::Kind;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Project, Ran, Stage, build, surroundings};
use tempfile::TempDir;

#[test]
fn promises_are_kept_on_sqlite() {
    promises_are_kept(Kind::Sqlite);
}

#[test]
fn promises_are_kept_on_postgres() {
    promises_are_kept(Kind::Postgres);
}

fn promises_are_kept(kind: Kind) {
    let from = tests_folder().join("semantics");
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir(&spec).unwrap();
    fs::copy(from.join("shop.appspec"), spec.join("shop.appspec")).unwrap();
    let root = folder.path().join("project");
    build(&spec, &root).fine();
    for python in &surroundings().pythons {
        let project = Project::new(&root, python);
        let database = project.migrated(kind).unwrap();
        let mut command = project.command(&python.interpreter, Stage::Development, &database);
        command
            .arg(from.join("promises.py"))
            .env("PYTHONPATH", &root);
        let ran = Ran::of(&mut command).fine();
        assert!(ran.stdout.contains(" promises kept, 0 broken"), "{ran}");
    }
}
