//! The corpus `tests/cases/build`: small specs and the files that are made of them. A snapshot holds both, so that a
//! reviewer reads one file. `INSTA_UPDATE=always` writes the snapshots anew.
//!
//! A file is a spec that is built once. A folder is a spec that is built several times, once per file in the order of
//! their names, each build remembering the migrations of those before it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use appspec_backend::Artifacts;
use appspec_evolve::History;
use appspec_tests::spec::{self, Built};
use libtest_mimic::{Arguments, Failed, Trial};

/// A spec that says nothing: what is built of it is not shown again.
const NOTHING: &str = "project shop { title: \"Shop\" }\n";

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/build");
    let trials = cases(&folder).into_iter().map(|path| {
        let name = path.file_stem().expect("a case has a name");
        let name = name.to_string_lossy().into_owned();
        Trial::test(name.clone(), move || case(&name, &path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// The specs and the folders of specs, in the order of their names.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut cases = entries(folder);
    cases.retain(|path| path.is_dir() || is_spec(path));
    assert!(!cases.is_empty(), "no case in {}", folder.display());
    cases
}

fn case(name: &str, path: &Path) -> Result<(), Failed> {
    let shown = if path.is_dir() {
        let steps: Vec<_> = entries(path).into_iter().filter(|p| is_spec(p)).collect();
        if steps.len() < 2 {
            return Err("a folder holds two specs at least: one before, one after".into());
        }
        evolution(name, &steps)?
    } else {
        let text = std::fs::read_to_string(path)?;
        let nothing = build(NOTHING, &History::default())?;
        let built = build(&text, &History::default())?;
        format!("{text}\n{}", files(name, &built.files, &nothing.files))
    };

    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(path.parent().expect("a case lies in a folder"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
    Ok(())
}

/// Every spec, each after the first with the files that its build adds or changes.
fn evolution(name: &str, steps: &[PathBuf]) -> Result<String, Failed> {
    let mut shown = String::new();
    let mut before: Option<Built> = None;
    for path in steps {
        let step = path.file_name().expect("a step has a name");
        let text = std::fs::read_to_string(path)?;
        let history = before.as_ref().map(|built| built.history.clone());
        let built = build(&text, &history.unwrap_or_default())?;
        writeln!(shown, "──── {}\n\n{text}", step.to_string_lossy())?;
        if let Some(before) = &before {
            shown.push_str(&files(name, &built.files, &before.files));
        }
        // The same spec once more: nothing is left to do.
        let again = build(&text, &built.history)?;
        if again.history != built.history {
            return Err(format!("{}: a second build migrates again", path.display()).into());
        }
        before = Some(built);
    }
    Ok(shown)
}

fn build(text: &str, history: &History) -> Result<Built, Failed> {
    spec::build(text, history).map_err(Failed::from)
}

/// The files of the apps that depend on what a case is about: those that differ from the files of `other`. Example rows are
/// shown by the cases that are about them, and nothing else by those.
fn files(case: &str, all: &Artifacts, other: &Artifacts) -> String {
    let mut shown = String::new();
    for (path, file) in all.iter().filter(|(path, _)| is_of_interest(path)) {
        if path.ends_with("/examples.py") != case.starts_with("examples") {
            continue;
        }
        if other.get(path) != Some(file) {
            writeln!(shown, "==== {path}\n\n{}", file.content).expect("a text has room");
        }
    }
    shown
}

/// What the schema and its rows are made of; the tests, the documents and the settings have tests of their own.
fn is_of_interest(path: &str) -> bool {
    let Some((app, rest)) = path.split_once('/') else {
        return false;
    };
    let is_app = !matches!(app, "config" | "core" | "docs") && !app.starts_with('.');
    is_app
        && is_python(rest)
        && !rest.starts_with("tests/")
        && !rest.ends_with("__init__.py")
        && rest != "apps.py"
}

fn is_python(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "py")
}

fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "appspec")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    entries.sort();
    entries
}
