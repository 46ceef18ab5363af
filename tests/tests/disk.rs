//! A full disk and a disk that can't be written to: the project stays as it was.

use std::fs;

use appspec_tests::sandbox::{self, Mounts};
use appspec_tests::{Ran, Tree, build, compiler, library};
use tempfile::TempDir;

struct Change {
    old: TempDir,
    new: TempDir,
    folder: TempDir,
}

impl Change {
    fn new() -> Self {
        let made = || TempDir::new().unwrap();
        let change = Self {
            old: made(),
            new: made(),
            folder: made(),
        };
        library::write_many(change.old.path(), 1);
        library::write_many(change.new.path(), 2);
        change
    }

    /// A project of the old version, with a file of its owner.
    fn start(&self, name: &str) -> std::path::PathBuf {
        let out = self.folder.path().join(name);
        build(self.old.path(), &out).fine();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        out
    }
}

/// One message that says what failed, and where.
#[track_caller]
fn one_clear_message(ran: &Ran, words: &[&str]) {
    let said = ran.said().to_lowercase();
    assert!(
        words.iter().any(|word| said.contains(word)),
        "none of {words:?} is in: {ran}"
    );
    assert!(
        ran.said().lines().count() <= 12,
        "more than a message: {ran}"
    );
}

#[test]
fn a_full_disk_changes_nothing() {
    println!("a disk of its own: {:?}", sandbox::mounts());
    let change = Change::new();
    let reference = change.start("reference");
    build(change.new.path(), &reference).fine();
    let complete = Tree::read(&reference);
    let (mut refused, mut room) = (0, 0_u64);
    for round in 0..10 {
        let out = change.start(&format!("project{round}"));
        let before = Tree::read(&out);
        let ran = sandbox::with_bytes_left(
            &compiler::build_command(change.new.path(), &out),
            &out,
            room,
        )
        .answers();
        let after = Tree::read(&out);
        if ran.code() == Some(0) {
            assert_eq!(
                complete.differences(&after),
                Vec::<String>::new(),
                "{room} bytes left: {ran}"
            );
        } else {
            refused += 1;
            assert_eq!(ran.code(), Some(3), "{room} bytes left: {ran}");
            let differences = before.differences(&after);
            assert_eq!(
                differences,
                Vec::<String>::new(),
                "{room} bytes left: {ran}"
            );
            one_clear_message(&ran, &["space", "file too large", "full"]);
            // With room again, the build ends as if nothing had been.
            build(change.new.path(), &out).fine();
            assert_eq!(
                complete.differences(&Tree::read(&out)),
                Vec::<String>::new()
            );
        }
        room = if room == 0 { 4_096 } else { room * 3 };
    }
    assert!(refused > 0, "the disk was never full");
}

#[test]
fn a_read_only_disk_is_named() {
    let change = Change::new();
    let out = change.start("project");
    let before = Tree::read(&out);
    let ran = sandbox::read_only(&compiler::build_command(change.new.path(), &out), &out).exits(3);
    one_clear_message(&ran, &["read-only", "permission"]);
    assert!(
        ran.said().contains("project"),
        "the message does not say where: {ran}"
    );
    assert_eq!(before, Tree::read(&out));
}

/// Nothing to write: nothing to complain about.
#[test]
fn an_unchanged_project_on_a_read_only_disk_is_fine() {
    let change = Change::new();
    let out = change.start("project");
    let before = Tree::read(&out);
    sandbox::read_only(
        compiler::build_command(change.old.path(), &out).arg("--check"),
        &out,
    )
    .fine();
    assert_eq!(before, Tree::read(&out));
}

#[test]
fn a_first_build_into_a_read_only_folder_is_refused() {
    let change = Change::new();
    let parent = change.folder.path().join("parent");
    fs::create_dir(&parent).unwrap();
    let command = compiler::build_command(change.new.path(), &parent.join("project"));
    let ran = sandbox::read_only(&command, &parent).exits(3);
    one_clear_message(&ran, &["read-only", "permission"]);
    assert_eq!(Tree::read(&parent), Tree::default());
}

#[test]
fn the_sandbox_is_as_strong_as_the_machine_allows() {
    // As root a mount must work: permissions would not bind.
    let id = Ran::of(std::process::Command::new("id").arg("-u"));
    assert!(id.stdout.trim() != "0" || sandbox::mounts() == Mounts::Root);
}
