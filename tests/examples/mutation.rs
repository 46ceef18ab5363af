//! The share of mistakes that the checker finds, and those that it does not find, operator by operator:
//! `cargo run --release -p appspec-tests --example mutation [FILTER]`.
//!
//! With `UPDATE_DOCS=1` and without a filter it writes the table of docs/design/mutation.md.

use std::path::Path;

use appspec_tests::mutation::{OPERATORS, SAMPLE, mutants, originals, sample, table, tally};

fn main() {
    let filter = std::env::args().nth(1).unwrap_or_default();
    let originals = originals();
    let mut rows = Vec::new();
    let (mut all, mut caught) = (0, 0);
    for operator in OPERATORS.iter().filter(|it| it.name.contains(&filter)) {
        let mutants = mutants(&originals, operator);
        let found = tally(&mutants);
        println!("{}", operator.name);
        for (code, count) in &found.codes {
            println!("  {count:5}  {code}");
        }
        for line in &found.survivors {
            println!("      -  {line}");
        }
        all += found.mutants();
        caught += found.caught();
        let sample = tally(&sample(mutants, SAMPLE));
        rows.push(table::row(operator.name, &found, &sample));
    }
    println!("\n{}", rows.join("\n"));
    println!("\n{all} mutants, {caught} caught");
    if filter.is_empty() && std::env::var_os("UPDATE_DOCS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/design/mutation.md");
        let page = std::fs::read_to_string(&path).expect("the page");
        let page = table::replaced(&page, &rows).expect("the page has its table");
        std::fs::write(&path, page).expect("the page can be written");
    }
}
