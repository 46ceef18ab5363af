//! What the compiler calls an error about data really happens: the wrong examples of the error pages are built although
//! they are wrong, and `tests/semantics/errors_happen.py` runs into each of them on PostgreSQL.
//!
//! Errors about names and types leave nothing to build, since no value can be held that its type can't hold.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::{Code, Diagnostics, Severity, codes};
use appspec_django::Django;
use appspec_evolve::{History, diff};
use appspec_tests::database::{Database, Kind};
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Project, Ran, Stage, spec, surroundings};
use tempfile::TempDir;

/// Warnings whose consequence is shown as well.
const SHOWN_WARNINGS: [&Code; 8] = [
    &codes::invariant::DEFAULTS_CONTRADICT,
    &codes::invariant::ONLY_EMPTY,
    &codes::invariant::ROUNDING_DEPENDENT,
    &codes::relation::CASCADE_BLOCKED,
    &codes::relation::DELETE_CAN_BREAK_RULE,
    &codes::relation::PAIR_TWICE,
    &codes::relation::UNIQUE_CAPS_ROWS,
    &codes::relation::UNIQUE_DEFAULT,
];

/// Errors of these groups that are about names: they end in Python, not in a database.
const NOT_ABOUT_DATA: [&Code; 1] = [&codes::relation::REVERSE_CLASH];

/// A wrong example, as a module of its own.
struct Example {
    code: &'static Code,
    place: usize,
    members: String,
}

impl Example {
    fn module(&self) -> String {
        format!("{}_{}", self.code.id.replace("::", "_"), self.place)
    }
}

/// The wrong examples of a page from which a spec can be made.
fn examples(code: &'static Code) -> impl Iterator<Item = Example> {
    let (_, rest) = code.page.split_once("\n## Wrong\n").unwrap_or_default();
    let (wrong, _) = rest.split_once("\n## ").unwrap_or((rest, ""));
    let blocks = wrong.split("```appspec\n").skip(1);
    blocks.enumerate().filter_map(move |(place, rest)| {
        let (block, _) = rest.split_once("\n```")?;
        appspec_analysis::compile(&mut spec::sources(block)).0?;
        let lines = block.lines().filter(|line| !line.starts_with("project "));
        Some(Example {
            code,
            place,
            members: lines.collect::<Vec<_>>().join("\n"),
        })
    })
}

/// Every error about data, and the warnings that are shown.
fn about_data() -> Vec<Example> {
    let errors = codes::all().filter(|code| {
        let of_group = code.id.starts_with("invariant::") || code.id.starts_with("relation::");
        of_group && code.severity == Severity::Error && !NOT_ABOUT_DATA.contains(code)
    });
    errors.chain(SHOWN_WARNINGS).flat_map(examples).collect()
}

/// Builds a spec whatever is found in it, as nobody should.
fn build_anyway(text: &str, folder: &Path) -> Vec<String> {
    let mut sources = spec::sources(text);
    let (compiled, findings) = appspec_analysis::compile(&mut sources);
    let compiled = compiled.expect("names and types are right");
    let nothing = History::default();
    let changes = diff(&nothing, &compiled.spec, &mut Diagnostics::new());
    let mut files = Artifacts::new();
    Django.emit(&compiled, &changes, &mut files);
    for (path, file) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, &file.content).expect("a file");
    }
    findings
        .iter()
        .filter_map(|finding| {
            let at = finding.primary.as_ref()?.span.file;
            Some(format!("{} {}", sources.get(at)?.module, finding.code.id))
        })
        .collect()
}

#[test]
fn errors_about_data_happen_on_postgres() {
    let examples = about_data();
    let mut text = "// file: shop.appspec\nproject shop { title: \"Shop\" }\n".to_owned();
    for example in &examples {
        let _ = writeln!(
            text,
            "// file: {}.appspec\n{}",
            example.module(),
            example.members
        );
    }
    let folder = TempDir::new().expect("a folder");
    let found = build_anyway(&text, folder.path());
    for example in &examples {
        let expected = format!("{} {}", example.module(), example.code.id);
        assert!(
            found.contains(&expected),
            "{expected} is not found among all"
        );
    }

    let project = Project::new(folder.path(), surroundings().python());
    let database = Database::create(Kind::Postgres);
    // Django's own checks see one of the mistakes too.
    let migrate = ["migrate", "--no-input", "--skip-checks", "-v", "0"];
    project
        .manage(Stage::Development, &database, &migrate)
        .fine();
    let python = &surroundings().python().interpreter;
    let mut command = project.command(python, Stage::Development, &database);
    command
        .arg(tests_folder().join("semantics/errors_happen.py"))
        .env("PYTHONPATH", folder.path());
    let ran = Ran::of(&mut command).fine();

    let happened: BTreeSet<String> = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("happens ").map(str::to_owned))
        .collect();
    let expected: BTreeSet<String> = examples
        .iter()
        .map(|example| format!("{} {}", example.code.id, example.place))
        .collect();
    assert_eq!(happened, expected, "{ran}");
    assert!(expected.len() >= 20, "{expected:?}");
}
