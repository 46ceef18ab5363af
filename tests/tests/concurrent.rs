//! Two builds at once: one after the other, or one and a clear refusal; never a mixture.

use appspec_tests::{Ran, Tree, build, compiler, library};
use std::thread;
use tempfile::TempDir;

#[test]
fn two_builds_at_once_never_mix() {
    const ROUNDS: usize = 12;
    const BUILDS: usize = 4;
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    library::write_many(old.path(), 1);
    library::write_many(new.path(), 2);
    let reference = TempDir::new().unwrap();
    let reference = reference.path().join("project");
    build(old.path(), &reference).fine();
    build(new.path(), &reference).fine();
    let reference = Tree::read(&reference);

    for round in 0..ROUNDS {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("project");
        build(old.path(), &out).fine();
        let ran: Vec<Ran> = thread::scope(|scope| {
            let running: Vec<_> = (0..BUILDS)
                .map(|_| scope.spawn(|| build(new.path(), &out)))
                .collect();
            running
                .into_iter()
                .map(|build| build.join().unwrap().answers())
                .collect()
        });
        let fine = ran.iter().filter(|ran| ran.code() == Some(0)).count();
        assert!(fine >= 1, "round {round}: no build succeeded\n{}", ran[0]);
        for refused in ran.iter().filter(|ran| ran.code() != Some(0)) {
            assert_eq!(refused.code(), Some(3), "round {round}: {refused}");
            assert!(
                refused.said().to_lowercase().contains("another build"),
                "round {round}: {refused}"
            );
        }
        let differences = reference.differences(&Tree::read(&out));
        assert_eq!(differences, Vec::<String>::new(), "round {round}");
    }
}

/// A build that was killed leaves no lock that somebody has to remove by hand.
#[test]
fn a_killed_build_does_not_lock_others_out() {
    let spec = TempDir::new().unwrap();
    library::write_many(spec.path(), 1);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    let mut child = compiler::build_command(spec.path(), &out)
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(std::time::Duration::from_millis(8));
    child.kill().unwrap();
    child.wait().unwrap();
    build(spec.path(), &out).fine();
}
