//! Specs that nobody wrote come out right: each seed gives a valid spec, whose project passes what every project has to pass.
//!
//! 25 seeds cover the language, and all but the [`OPEN`] ones are judged in every run. `tests/run --specs 500 generated` judges
//! as many as one likes, and shrinks what fails.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use appspec_tests::generate::{self, coverage, judge, print, shrink};
use appspec_tests::{Python, random, surroundings};
use libtest_mimic::{Arguments, Failed, Trial};

/// The seeds of every run. Together they have everything in [`coverage::wanted`].
const FIXED: RangeInclusive<u64> = 1..=25;
/// Seeds of those whose projects are known to be wrong, and why: they count for what occurs, and are judged when somebody asks
/// for them.
const OPEN: &[(u64, &str)] = &[];
/// With `--long`, where nothing else is said.
const LONG: u64 = 100;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_part_of_the_language_occurs", || {
            covers().map_err(Failed::from)
        }),
        Trial::test("a_seed_is_one_spec", || is_one_spec().map_err(Failed::from)),
        Trial::test("the_front_page_says_how_many_pass", || {
            is_said().map_err(Failed::from)
        }),
    ];
    for seed in random::seeds(FIXED, 1..=LONG) {
        if let Some((_, why)) = OPEN.iter().find(|(open, _)| *open == seed)
            && !is_asked_for()
        {
            eprintln!("seed {seed} is not judged: {why}");
            continue;
        }
        trials.push(Trial::test(format!("seed_{seed:06}"), move || {
            attempt(seed).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn covers() -> Result<(), String> {
    let mut found = BTreeSet::new();
    for seed in FIXED {
        found.extend(coverage::found(&generate::spec(seed)?));
    }
    let missing: Vec<String> = coverage::wanted().difference(&found).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "no spec of the seeds {FIXED:?} has: {}",
        missing.join(", ")
    ))
}

/// The limits on the front page name what is open, and nothing else.
fn is_said() -> Result<(), String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let page = std::fs::read_to_string(page).map_err(|error| error.to_string())?;
    let says_all = page.contains("Those of every run pass everything;");
    if says_all == OPEN.is_empty() {
        return Ok(());
    }
    Err(format!(
        "README.md says that all pass: {says_all}; known to fail: {OPEN:?}"
    ))
}

fn is_one_spec() -> Result<(), String> {
    for seed in FIXED {
        let texts = [generate::spec(seed)?, generate::spec(seed)?].map(|spec| print::text(&spec));
        if texts[0] != texts[1] {
            return Err(format!("seed {seed} gives two specs"));
        }
    }
    Ok(())
}

/// Generates, builds and judges; a failure is shrunk and written down.
fn attempt(seed: u64) -> Result<(), String> {
    let again = format!("again: tests/run --specs {seed}..{seed} generated");
    let spec = generate::spec(seed).map_err(|told| {
        format!("the compiler refuses a spec that should be valid\n{again}\n{told}")
    })?;
    let folder = folder_of(seed);
    for python in pythons() {
        let Err(failure) = judge::judge(&spec, &folder.join("whole"), python, &[]) else {
            continue;
        };
        // Hundreds of seeds take an hour, and what fails is told at the end: who waits reads it here.
        let _ = std::fs::write(folder.join("told.txt"), &failure.told);
        let step = failure.step.as_str();
        if !shrinks() {
            let told = &failure.told;
            return Err(format!(
                "{step} under {} fails\n{again}, which also shrinks it\n{told}",
                python.name
            ));
        }
        let small = shrink::shrink(&spec, &mut |smaller| {
            let told = judge::judge(smaller, &folder.join("smaller"), python, &[step]);
            told.is_err_and(|other| other.step == step)
        });
        let kept = folder.join("shrunk");
        judge::write(&small, &kept);
        return Err(format!(
            "{step} under {} fails\n{again}\nthe shrunk spec is in {}:\n\n{}\n{}",
            python.name,
            kept.display(),
            print::text(&small),
            failure.told
        ));
    }
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

/// Whether somebody wants to know about these seeds: shrinking one takes minutes, which a run of everything does not have.
fn is_asked_for() -> bool {
    surroundings().long || std::env::var_os("APPSPEC_TESTS_SPECS").is_some_and(|it| !it.is_empty())
}

/// Whether what fails is to be made smaller.
fn shrinks() -> bool {
    is_asked_for() && std::env::var_os("APPSPEC_TESTS_WHOLE").is_none_or(|it| it.is_empty())
}

/// Every Django with `--long`, otherwise the first.
fn pythons() -> &'static [Python] {
    let all = &surroundings().pythons;
    if surroundings().long { all } else { &all[..1] }
}

fn folder_of(seed: u64) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated/{seed}"))
}
