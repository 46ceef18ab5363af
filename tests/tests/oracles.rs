//! Every oracle, for every app in `tests/apps` on both databases and under every Django that is here, and for the specs
//! of other domains in `tests/specs` on one database under the first. A database meets one Django, and each in a long run.
//!
//! The oracles and the apps are found at run time, so each pair is a test with a name and a verdict
//! of its own: `tests/run oracles mypy`, `tests/run oracles salon`.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use appspec_tests::database::Kind;
use appspec_tests::oracles::{self, Oracle};
use appspec_tests::{Project, Python, build, compiler, pythons_for, surroundings, tree};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

fn main() {
    let arguments = Arguments::from_args();
    let here = surroundings();
    let mut trials = Vec::new();
    let on_disk = std::env::var("APPSPEC_TESTS_PROJECT").unwrap_or_default();
    if !on_disk.is_empty() {
        for python in &here.pythons {
            let project = Project::finished(&on_disk, python);
            for oracle in asked(python) {
                let project = project.clone();
                trials.push(Trial::test(
                    format!("{}::{}", oracle.name, python.name),
                    move || (oracle.judge)(&project).map_err(Failed::from),
                ));
            }
        }
        libtest_mimic::run(&arguments, trials).exit();
    }
    for app in compiler::apps() {
        let name = tree::name(&app);
        for python in &here.pythons {
            let built = Arc::new(Built::default());
            for oracle in asked(python) {
                let (built, app) = (Arc::clone(&built), app.clone());
                trials.push(Trial::test(
                    format!("{name}::{}::{}", oracle.name, python.name),
                    move || judge(&built, &app, *oracle, python),
                ));
            }
        }
    }
    for (place, spec) in compiler::specs().into_iter().enumerate() {
        let name = tree::name(&spec);
        let built = Arc::new(Built::default());
        let other = Kind::ALL[place % Kind::ALL.len()];
        // The projects' own configuration is the same for all but their names, and weaker than the judges' one.
        let is_spared = |oracle: &Oracle| {
            oracle.database() == Some(other) || oracle.name == "own_configuration"
        };
        let left_out = |oracle: &&Oracle| !here.long && is_spared(oracle);
        for oracle in oracles::ALL.iter().filter(|oracle| !left_out(oracle)) {
            let (built, spec) = (Arc::clone(&built), spec.clone());
            trials.push(Trial::test(format!("{name}::{}", oracle.name), move || {
                judge(&built, &spec, *oracle, &here.pythons[0])
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The oracles under one Django: those whose answer it could change and whose database meets it. The rest is asked
/// under the first.
fn asked(python: &Python) -> impl Iterator<Item = &'static Oracle> {
    let is_first = python.name == surroundings().pythons[0].name;
    // What it finds is about the API, whose code asks no database which it is; the tests of the project ask both.
    let is_spared = |oracle: &&Oracle| !surroundings().long && oracle.name == "api_contract_sqlite";
    oracles::ALL
        .iter()
        .filter(move |oracle| !is_spared(oracle))
        .filter(move |oracle| match oracle.database() {
            Some(kind) => pythons_for(kind).any(|met| met.name == python.name),
            None => oracle.per_django || is_first,
        })
}

/// The project of one app under one Django: built by the first oracle that needs it, only read by all of them.
#[derive(Default)]
struct Built(OnceLock<Result<(TempDir, Project), String>>);

fn judge(built: &Built, app: &Path, oracle: Oracle, python: &Python) -> Result<(), Failed> {
    let (_, project) = built
        .0
        .get_or_init(|| build_app(app, python))
        .as_ref()
        .map_err(Failed::from)?;
    (oracle.judge)(project).map_err(Failed::from)
}

fn build_app(app: &Path, python: &Python) -> Result<(TempDir, Project), String> {
    let folder = TempDir::new().map_err(|error| error.to_string())?;
    // A copy, so that nothing is ever built into the repository.
    let spec = folder.path().join("spec");
    tree::copy(app, &spec);
    let root = folder.path().join("project");
    build(&spec, &root).verdict()?;
    Ok((folder, Project::finished(root, python)))
}
