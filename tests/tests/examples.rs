//! Every entity of the larger specs has rows to look at when the project is first run, and so has every entity of the specs that
//! `appspecc new` starts from.

use std::path::{Path, PathBuf};

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::render::{Files, short};
use appspec_django::Django;
use appspec_evolve::{History, diff};
use appspec_ir::Compiled;
use appspec_tests::spec;

/// The folders in a folder, each a spec.
fn specs(of: &str) -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join(of);
    let mut found: Vec<PathBuf> = std::fs::read_dir(&all)
        .expect("a folder of specs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    assert!(found.len() > 2, "{}", all.display());
    found
}

/// What is built of a spec, and what it says.
fn built(folder: &Path) -> (Compiled, Artifacts) {
    let mut sources = spec::folder(folder);
    let (compiled, mut findings) = appspec_analysis::compile(&mut sources);
    let compiled = compiled
        .filter(|_| !findings.has_errors())
        .unwrap_or_else(|| panic!("{}", short(&findings, &Files::new(&sources))));
    let nothing = History::default();
    let changes = diff(&nothing, &compiled.spec, &mut findings);
    let mut files = Artifacts::new();
    Django.emit(&compiled, &changes, &mut files);
    (compiled, files)
}

/// Which entities of a spec have fewer example rows than that, each with its number of rows.
fn poor(folder: &Path, wanted: usize) -> Vec<String> {
    let (compiled, files) = built(folder);
    let mut rows = Vec::new();
    for (path, file) in files.iter() {
        if path.ends_with("/examples.py") {
            rows.extend(counted(&file.content));
        }
    }
    let seeded = compiled.spec.walk_entities().filter(|entity| {
        let mut seeds = compiled.spec.seeds.ids();
        seeds.any(|seed| {
            let seed = compiled.spec.walk(seed);
            seed.entity == entity.id && !seed.rows.is_empty()
        })
    });
    let all = compiled.spec.walk_entities().count();
    assert_eq!(rows.len() + seeded.count(), all, "{}", folder.display());
    rows.into_iter()
        .filter(|(_, count)| *count < wanted)
        .map(|(model, count)| format!("{}: {count} of {model}", folder.display()))
        .collect()
}

/// The models of a file of examples, each with the number of its rows: `"team_3": {`. Some may be left out in between.
fn counted(text: &str) -> Vec<(String, usize)> {
    text.split(" Examples(")
        .skip(1)
        .map(|part| {
            let model = part.split('"').nth(1).unwrap_or_default();
            let mut before: Vec<&str> = part.split("\": {").collect();
            before.pop();
            (
                model.to_owned(),
                before.into_iter().filter(is_handle).count(),
            )
        })
        .collect()
}

/// Whether a text ends with the name of a row: `… "team_3`.
fn is_handle(text: &&str) -> bool {
    let number = text.rsplit('_').next().unwrap_or_default();
    number.len() < text.len() && !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())
}

#[test]
fn every_entity_has_several_rows() {
    let mut poor_ones = Vec::new();
    for of in ["apps", "specs", "../crates/appspecc/src/command/new/specs"] {
        for folder in specs(of) {
            poor_ones.extend(poor(&folder, 3));
        }
    }
    assert!(poor_ones.is_empty(), "{}", poor_ones.join("\n"));
}

#[test]
fn what_rows_are_about_lies_behind_us_and_ahead() {
    // The salon takes no booking for yesterday.
    for app in ["league", "shop"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps").join(app);
        let (_, files) = built(&folder);
        let mut moments = (0, 0);
        for (path, file) in files
            .iter()
            .filter(|(path, _)| path.ends_with("/examples.py"))
        {
            for start in [" Day(", " At("] {
                let behind = file.content.matches(&format!("{start}-")).count();
                let all = file.content.matches(start).count();
                moments = (moments.0 + behind, moments.1 + all - behind);
            }
            assert!(!file.content.contains("Station station"), "{path}");
        }
        let (behind, ahead) = moments;
        assert!(behind >= 10 && ahead >= 10, "{app}: {moments:?}");
    }
}

#[test]
fn rows_that_are_missing_are_seen() {
    let text = "EXAMPLES = [\n    Examples(model=\"a.B\", rows={}),\n    Examples(\n        model=\"a.C\",\n        rows={\n            \"c_1\": {},\n            \"c_2\": {\n";
    let expected = vec![("a.B".to_owned(), 0), ("a.C".to_owned(), 2)];
    assert_eq!(counted(text), expected);
}
