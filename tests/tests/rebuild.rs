//! The second build of an unchanged spec writes nothing.

use std::time::Duration;

use appspec_tests::{Tree, build, compiler, library, tree};
use tempfile::TempDir;

#[test]
fn an_unchanged_spec_writes_nothing() {
    for app in compiler::apps() {
        let folder = TempDir::new().unwrap();
        let spec = folder.path().join("spec");
        tree::copy(&app, &spec);
        let out = folder.path().join("project");
        let first = build(&spec, &out).fine();
        let before = Tree::read(&out);
        assert!(
            before.0.len() > 20,
            "a project has more files: {:?}\n{first}",
            before.paths()
        );

        // Time stamps are compared: one that is written again must not get the same one.
        std::thread::sleep(Duration::from_millis(20));
        let second = build(&spec, &out).fine();
        let after = Tree::read(&out);
        let touched: Vec<&str> = (after.0.iter())
            .filter(|(path, file)| before.0.get(*path) != Some(*file))
            .map(|(path, _)| path.as_str())
            .collect();
        assert!(
            touched.is_empty(),
            "written although nothing changed: {touched:?}\n{second}"
        );
        assert_eq!(before.differences(&after), Vec::<String>::new());
        let unchanged = before.without_state().0.len();
        let summary = second.said();
        assert!(
            summary.contains(&unchanged.to_string()),
            "{unchanged} files are unchanged; the summary: {second}"
        );
    }
}

#[test]
fn what_is_said_of_an_unchanged_project_is_the_same_whether_it_is_emitted_or_not() {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    let stamps = out.join(".appspec/stamps.json");
    let said = || {
        let mut command = compiler::build_command(spec.path(), &out);
        appspec_tests::Ran::of(command.arg("--verbose"))
            .fine()
            .said()
            .clone()
    };
    build(spec.path(), &out).fine();
    std::fs::remove_file(&stamps).expect("a build leaves stamps");
    // What was written in the same moment as the stamps is not trusted.
    std::thread::sleep(Duration::from_millis(20));
    let emitted = said();
    let taken = Tree::modified(&stamps);
    let spared = said();
    assert_eq!(emitted, spared);
    assert_eq!(taken, Tree::modified(&stamps), "it was emitted again");
    std::fs::write(out.join("manage.py"), "edited\n").unwrap();
    build(spec.path(), &out).exits(4);
}

#[test]
fn the_same_spec_gives_the_same_bytes_anywhere() {
    let spec = library::spec_of(library::first());
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    build(spec.path(), &one.path().join("a")).fine();
    build(spec.path(), &two.path().join("another-name")).fine();
    let differences = Tree::read(&one.path().join("a"))
        .differences(&Tree::read(&two.path().join("another-name")));
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn check_mode_tells_whether_a_build_would_write() {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    let would_write =
        || appspec_tests::Ran::of(compiler::build_command(spec.path(), &out).arg("--check"));

    would_write().exits(4);
    assert!(!out.exists(), "--check made {}", out.display());
    build(spec.path(), &out).fine();
    would_write().fine();
    let before = Tree::read(&out);
    library::rewrite(spec.path(), library::second());
    would_write().exits(4);
    assert_eq!(before, Tree::read(&out), "--check wrote something");
}
