//! Whose file is it: what a build may write, and what it leaves alone.

use std::fs;

use appspec_tests::{Ran, Tree, build, compiler, library};
use tempfile::TempDir;

/// The spec, the project built from it, and its folder.
fn built() -> (TempDir, TempDir, std::path::PathBuf) {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    build(spec.path(), &out).fine();
    (spec, folder, out)
}

/// The file that a user would be most tempted to edit.
fn models(out: &std::path::Path) -> std::path::PathBuf {
    let file = out.join("shelf/models.py");
    if file.exists() {
        file
    } else {
        out.join("shelf/models/book.py")
    }
}

#[test]
fn an_edited_generated_file_stops_the_build_before_it_writes() {
    let (spec, _folder, out) = built();
    let edited = models(&out);
    // At the top, where a shortened difference still shows it.
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, format!("# a change by hand\n{text}")).unwrap();
    // The spec changed too: other files would have to be written.
    library::rewrite(spec.path(), library::second());
    let before = Tree::read(&out);

    let refused = build(spec.path(), &out).exits(4);
    assert_eq!(before, Tree::read(&out), "something was written: {refused}");
    let said = refused.said();
    for word in [
        edited.file_name().unwrap().to_str().unwrap(),
        "a change by hand",
        "--keep",
        "--overwrite",
    ] {
        assert!(
            said.contains(word),
            "the message does not mention `{word}`: {refused}"
        );
    }
}

#[test]
fn keep_leaves_the_edit_and_overwrite_takes_it_back() {
    let (spec, _folder, out) = built();
    let clean = Tree::read(&out);
    let edited = models(&out);
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, format!("{text}\n# a change by hand\n")).unwrap();

    Ran::of(compiler::build_command(spec.path(), &out).arg("--keep")).fine();
    assert!(
        fs::read_to_string(&edited)
            .unwrap()
            .contains("a change by hand")
    );
    // Kept once is not forgotten: the next build still knows that the file is not as it was emitted.
    build(spec.path(), &out).exits(4);
    Ran::of(compiler::build_command(spec.path(), &out).arg("--overwrite")).fine();
    assert_eq!(clean.differences(&Tree::read(&out)), Vec::<String>::new());
    build(spec.path(), &out).fine();
}

#[test]
fn foreign_files_are_never_touched() {
    let (spec, _folder, out) = built();
    let foreign = [
        "notes.txt",
        "shelf/prices.py",
        "shelf/migrations/.keep",
        "docs/mine.md",
        "new/folder/x.bin",
    ];
    for path in foreign {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"mine \xff").unwrap();
    }
    let before = Tree::read(&out);
    library::rewrite(spec.path(), library::second());
    build(spec.path(), &out).fine();
    let after = Tree::read(&out);
    for path in foreign {
        assert_eq!(before.0.get(path), after.0.get(path), "{path}");
    }
}

/// Somebody's own README is in the folder that a first build is pointed at.
#[test]
fn a_foreign_file_in_the_way_stops_the_build() {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("README.md"), "my own").unwrap();
    let before = Tree::read(folder.path());
    let refused = build(spec.path(), folder.path()).exits(4);
    assert_eq!(
        before,
        Tree::read(folder.path()),
        "something was written: {refused}"
    );
    assert!(refused.said().contains("README.md"), "{refused}");
}

/// Without its memory a build would begin anew beside migrations that databases have run.
#[test]
fn a_project_without_its_memory_is_left_alone() {
    for lost in [".appspec", ".appspec/migrations"] {
        let (spec, _folder, out) = built();
        library::rewrite(spec.path(), library::second());
        build(spec.path(), &out).fine();
        fs::remove_dir_all(out.join(lost)).unwrap();
        let before = Tree::read(&out);
        let refused = build(spec.path(), &out).exits(4);
        assert_eq!(before, Tree::read(&out), "something was written: {refused}");
        assert!(refused.said().contains("world::forgotten"), "{refused}");

        // Whoever takes the first migration away for it still has the second.
        fs::remove_file(out.join("shelf/migrations/0001_initial.py")).unwrap();
        build(spec.path(), &out).exits(4);
    }
}

#[test]
fn a_migration_by_hand_stops_only_a_build_that_adds_one() {
    let (spec, _folder, out) = built();
    fs::write(out.join("shelf/migrations/0002_mine.py"), "# by hand\n").unwrap();
    build(spec.path(), &out).fine();
    library::rewrite(spec.path(), library::second());
    let before = Tree::read(&out);
    let refused = build(spec.path(), &out).exits(4);
    assert_eq!(before, Tree::read(&out), "something was written: {refused}");
    assert!(
        refused.said().contains("world::migration_strange"),
        "{refused}"
    );
}

/// A file that merely speaks of appspecc is not one of its own.
#[test]
fn a_file_that_mentions_the_compiler_is_foreign() {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    fs::create_dir_all(out.join("shelf")).unwrap();
    let mine =
        "# My own pages. They replace those \"Generated by appspecc from library's spec\".\n";
    fs::write(out.join("shelf/admin.py"), mine).unwrap();
    let mut command = compiler::build_command(spec.path(), &out);
    let refused = Ran::of(command.arg("--overwrite")).exits(4);
    assert!(refused.said().contains("world::foreign"), "{refused}");
    assert_eq!(
        fs::read_to_string(out.join("shelf/admin.py")).unwrap(),
        mine
    );
}
