//! Every oracle, for every app in `tests/apps` under every Django that is here, and for the specs of other domains
//! in `tests/specs` under the first. Each of these is asked about on one database, and on both in a long run.
//!
//! The oracles and the apps are found at run time, so each pair is a test with a name and a verdict
//! of its own: `tests/run oracles mypy`, `tests/run oracles salon`.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use appspec_tests::database::Kind;
use appspec_tests::oracles::{self, Oracle};
use appspec_tests::{Project, Python, build, compiler, surroundings, tree};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

fn main() {
    let arguments = Arguments::from_args();
    let here = surroundings();
    let mut trials = Vec::new();
    let on_disk = std::env::var("APPSPEC_TESTS_PROJECT").unwrap_or_default();
    if !on_disk.is_empty() {
        for (oracle, python) in asked(&here.pythons) {
            let project = Project::new(&on_disk, python);
            trials.push(Trial::test(
                format!("{}::{}", oracle.name, python.name),
                move || (oracle.judge)(&project).map_err(Failed::from),
            ));
        }
        libtest_mimic::run(&arguments, trials).exit();
    }
    for app in compiler::apps() {
        let name = tree::name(&app);
        let built = Arc::new(Built::default());
        for (oracle, python) in asked(&here.pythons) {
            let (built, app) = (Arc::clone(&built), app.clone());
            trials.push(Trial::test(
                format!("{name}::{}::{}", oracle.name, python.name),
                move || judge(&built, &app, *oracle, python),
            ));
        }
    }
    for (place, spec) in compiler::specs().into_iter().enumerate() {
        let name = tree::name(&spec);
        let built = Arc::new(Built::default());
        let other = Kind::ALL[place % Kind::ALL.len()];
        let left_out = |oracle: &&Oracle| !here.long && oracle.is_only_for(other);
        for oracle in oracles::ALL.iter().filter(|oracle| !left_out(oracle)) {
            let (built, spec) = (Arc::clone(&built), spec.clone());
            trials.push(Trial::test(format!("{name}::{}", oracle.name), move || {
                judge(&built, &spec, *oracle, &here.pythons[0])
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Each oracle under every Django that could change its answer.
fn asked(pythons: &'static [Python]) -> impl Iterator<Item = (&'static Oracle, &'static Python)> {
    oracles::ALL.iter().flat_map(move |oracle| {
        let pythons = if oracle.per_django {
            pythons
        } else {
            &pythons[..1]
        };
        pythons.iter().map(move |python| (oracle, python))
    })
}

/// The project of one app: built by the first oracle that needs it, only read by all of them.
#[derive(Default)]
struct Built(OnceLock<Result<TempDir, String>>);

fn judge(built: &Built, app: &Path, oracle: Oracle, python: &Python) -> Result<(), Failed> {
    let folder = built
        .0
        .get_or_init(|| build_app(app))
        .as_ref()
        .map_err(Failed::from)?;
    let project = Project::new(folder.path().join("project"), python);
    (oracle.judge)(&project).map_err(Failed::from)
}

fn build_app(app: &Path) -> Result<TempDir, String> {
    let folder = TempDir::new().map_err(|error| error.to_string())?;
    // A copy, so that nothing is ever built into the repository.
    let spec = folder.path().join("spec");
    tree::copy(app, &spec);
    build(&spec, &folder.path().join("project")).verdict()?;
    Ok(folder)
}
