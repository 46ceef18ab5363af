//! kill -9 at random moments of a build: every file is wholly old or wholly new, nothing of the
//! user's is lost, and the next build ends where an undisturbed one would have.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use appspec_tests::{Random, Tree, build, compiler, library, surroundings, tree};
use tempfile::TempDir;

/// Files that a build did not make and must not lose.
const OWN: [(&str, &str); 3] = [
    ("notes.txt", "mine"),
    ("part0/prices.py", "PRICE = 1\n"),
    ("part1/migrations/README", "careful\n"),
];

#[test]
fn a_build_over_an_old_project_survives_kill_9() {
    let (old, new) = specs();
    let folder = TempDir::new().unwrap();
    let start = folder.path().join("start");
    build(old.path(), &start).fine();
    for (path, text) in OWN {
        fs::write(start.join(path), text).unwrap();
    }
    survives(new.path(), &start, 0x5eed_0001);
}

#[test]
fn a_first_build_survives_kill_9() {
    let (_, new) = specs();
    let folder = TempDir::new().unwrap();
    let start = folder.path().join("start");
    fs::create_dir(&start).unwrap();
    fs::write(start.join("notes.txt"), "mine").unwrap();
    survives(new.path(), &start, 0x5eed_0002);
}

fn specs() -> (TempDir, TempDir) {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    library::write_many(old.path(), 1);
    library::write_many(new.path(), 2);
    (old, new)
}

/// Half of the moments are spread over the whole build; half of them over the part in which the
/// disk changes, which is short and the only one where something can go wrong.
fn survives(spec: &Path, start: &Path, seed: u64) {
    let kills = if surroundings().long { 1_000 } else { 150 };
    let old = Tree::read(start);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");

    let (mut whole, mut writing) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..5 {
        reset(start, &out);
        let (took, wrote) = timed(spec, &out, &old);
        whole = whole.max(took);
        writing = writing.max(wrote);
    }
    let new = Tree::read(&out);
    assert!(
        old.differences(&new).len() > 20,
        "the build under test changes too little"
    );

    // The same moments in every run, as far as a clock allows.
    let mut random = Random::new(seed);
    let (mut before, mut amid, mut after) = (0, 0, 0);
    for round in 0..kills {
        reset(start, &out);
        let span = if round % 2 == 0 {
            whole
        } else {
            writing.mul_f64(1.2)
        };
        let moment = span.mul_f64(random.fraction());
        let moment = if round % 2 == 0 {
            moment
        } else {
            whole.saturating_sub(span) + moment
        };
        let mut child = compiler::build_command(spec, &out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep_exactly(moment);
        child.kill().unwrap();
        child.wait().unwrap();

        let what = format!("round {round}, killed after {moment:?} of {whole:?}");
        let found = Tree::read(&out);
        match (
            old.differences(&found).is_empty(),
            new.differences(&found).is_empty(),
        ) {
            (true, _) => before += 1,
            (_, true) => after += 1,
            _ => amid += 1,
        }
        wholly_old_or_new(&found.without_state(), &old, &new, &what);
        build(spec, &out).fine();
        let recovered = Tree::read(&out);
        assert_eq!(
            new.differences(&recovered),
            Vec::<String>::new(),
            "{what}: the next build differs"
        );
    }
    println!("{kills} kills: {before} before the first write, {amid} amid, {after} after the last");
    assert!(
        amid > kills / 20,
        "too few kills ({amid}) hit the writing: {before} before, {after} after"
    );
}

fn wholly_old_or_new(found: &Tree, old: &Tree, new: &Tree, what: &str) {
    for path in found.paths() {
        let now = found.bytes(path);
        assert!(
            now == old.bytes(path) || now == new.bytes(path),
            "{what}: {path} is neither as before nor as it should become"
        );
    }
    for path in old
        .paths()
        .into_iter()
        .filter(|path| !path.starts_with(".appspec/"))
    {
        let may_go = new.bytes(path).is_none();
        assert!(
            may_go || found.bytes(path).is_some(),
            "{what}: {path} is gone"
        );
    }
}

fn reset(start: &Path, out: &Path) {
    if out.exists() {
        fs::remove_dir_all(out).unwrap();
    }
    tree::copy(start, out);
}

/// How long a build takes, and the part of it from the first change on the disk.
fn timed(spec: &Path, out: &Path, old: &Tree) -> (Duration, Duration) {
    let state = out.join(".appspec");
    let entries = |folder: &Path| {
        fs::read_dir(folder)
            .map(Iterator::count)
            .unwrap_or_default()
    };
    let at_rest = (entries(out), entries(&state));
    let started = Instant::now();
    let mut child = compiler::build_command(spec, out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first_change = None;
    while child.try_wait().unwrap().is_none() {
        if first_change.is_none() && (entries(out), entries(&state)) != at_rest {
            first_change = Some(started.elapsed());
        }
        thread::sleep(Duration::from_micros(100));
    }
    let whole = started.elapsed();
    assert!(
        !old.differences(&Tree::read(out)).is_empty(),
        "the undisturbed build wrote nothing"
    );
    (
        whole,
        whole.saturating_sub(first_change.unwrap_or_default()),
    )
}

/// A thread that sleeps wakes up late; the last stretch is waited out.
fn sleep_exactly(moment: Duration) {
    let started = Instant::now();
    thread::sleep(moment.saturating_sub(Duration::from_millis(1)));
    while started.elapsed() < moment {
        std::hint::spin_loop();
    }
}
