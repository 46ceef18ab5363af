//! The page `docs/design/checks.md` against the declared codes: what it calls built exists, and what exists is on it.

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Code, codes};

/// The page itself.
const PAGE: &str = include_str!("../../docs/design/checks.md");

/// The catalogue has about this many checks; a table that was cut off must not pass.
const FEWEST: usize = 160;

/// The cells of the rows of every table in a part of the page, heads left out.
fn rows(part: &str) -> Vec<[&str; 3]> {
    let lines = part.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
            let [first, second, third] = cells[..] else {
                panic!("a row has three cells: {line}")
            };
            [first.trim(), second.trim(), third.trim()]
        })
        .collect()
}

/// What stands between backticks and looks like `group::name`.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains("::"))
}

/// The two parts of the page.
fn parts() -> (&'static str, &'static str) {
    PAGE.split_once("## Codes beyond the catalogue")
        .expect("the page has both tables")
}

#[test]
fn every_check_of_the_catalogue_is_built_waiting_or_dropped() {
    let catalogue = rows(parts().0);
    assert!(catalogue.len() >= FEWEST, "{} rows", catalogue.len());
    let mut seen = BTreeSet::new();
    for [check, state, text] in catalogue {
        assert!(seen.insert(check), "{check} stands there twice");
        assert!(!text.is_empty(), "{check}: no code and no reason");
        match state {
            "built" => {
                let named: Vec<_> = ids(text).collect();
                assert!(!named.is_empty(), "{check} is built: as which code?");
                for id in named {
                    assert!(codes::find(id).is_some(), "{check}: `{id}` is no code");
                }
            }
            "waiting" | "dropped" => {
                assert_eq!(
                    ids(text).next(),
                    None,
                    "{check} is {state} and names a code"
                );
            }
            _ => panic!("{check} is `{state}`"),
        }
    }
}

#[test]
fn every_code_is_on_the_page_once() {
    let (catalogue, beyond) = parts();
    let in_catalogue: BTreeSet<&str> = rows(catalogue)
        .into_iter()
        .flat_map(|[_, _, text]| ids(text))
        .collect();
    let beyond: BTreeMap<&str, [&str; 2]> = rows(beyond)
        .into_iter()
        .map(|[code, severity, title]| (code.trim_matches('`'), [severity, title]))
        .collect();
    for id in beyond.keys() {
        assert!(codes::find(id).is_some(), "`{id}` is no code");
        assert!(!in_catalogue.contains(id), "`{id}` is in both tables");
    }
    let expected: BTreeMap<&str, [&str; 2]> = codes::all()
        .filter(|code| !in_catalogue.contains(code.id))
        .map(|code: &Code| (code.id, [code.severity.word(), code.title]))
        .collect();
    let differing: Vec<_> = expected
        .iter()
        .filter(|(id, row)| beyond.get(*id) != Some(row))
        .collect();
    assert!(
        differing.is_empty(),
        "the second table needs these rows: {differing:?}"
    );
}
