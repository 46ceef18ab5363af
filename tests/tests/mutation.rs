//! Mistakes are found: of a sample of each kind, no fewer than docs/design/mutation.md says.

use std::path::Path;

use appspec_tests::mutation::{Fate, OPERATORS, SAMPLE, mutants, originals, sample, table, tally};

const UPDATE: &str = "UPDATE_DOCS=1 cargo run --release -p appspec-tests --example mutation";

#[test]
fn no_fewer_mistakes_are_found_than_written_down() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/design/mutation.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let originals = originals();
    let mut all = 0;
    let mut fallen = Vec::new();
    for operator in OPERATORS {
        let mutants = mutants(&originals, operator);
        all += mutants.len();
        let found = tally(&sample(mutants, SAMPLE));
        let Some((caught, size)) = table::recorded(&page, operator.name) else {
            panic!("the table has no line for `{}`: {UPDATE}", operator.name);
        };
        if found.caught() * size < caught * found.mutants() {
            fallen.push(format!(
                "{}: {} of {} caught, {caught} of {size} are written down; not caught:\n  {}",
                operator.name,
                found.caught(),
                found.mutants(),
                found.survivors.join("\n  ")
            ));
        }
    }
    assert!(all >= 500, "{all} mutants");
    assert!(
        fallen.is_empty(),
        "if a spec has changed, write the table anew: {UPDATE}\n{}",
        fallen.join("\n")
    );
}

/// The sentence below the table is about all of it.
#[test]
fn the_page_sums_its_table_up() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/design/mutation.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let (mut all, mut caught) = (0, 0);
    for line in page.lines().filter(|line| line.contains(" % | ")) {
        let cells: Vec<usize> = line
            .split('|')
            .filter_map(|cell| cell.trim().parse().ok())
            .collect();
        let [mutants, errors, warnings, _] = cells[..] else {
            panic!("not four numbers: {line}");
        };
        all += mutants;
        caught += errors + warnings;
    }
    let thousands = |number: usize| format!("{},{:03}", number / 1000, number % 1000);
    let sentence = format!(
        "Of {} mutants {} are caught.",
        thousands(all),
        thousands(caught)
    );
    assert!(page.contains(&sentence), "{sentence}");
}

/// A sample says something only if what is not a mistake is not counted as one.
#[test]
fn specs_without_a_mistake_are_not_caught() {
    let originals = originals();
    assert!(originals.len() > 10, "{}", originals.len());
    for original in &originals {
        assert_eq!(original.untouched(), Fate::Survived, "{}", original.name);
    }
}
