//! The table of docs/design/mutation.md.

use super::Tally;

/// The head of the table.
pub const HEAD: &str =
    "| mistake | mutants | errors | warnings | nothing | caught | of the sample |";

/// One line.
pub fn row(name: &str, all: &Tally, sample: &Tally) -> String {
    format!(
        "| {name} | {} | {} | {} | {} | {} % | {} of {} |",
        all.mutants(),
        all.refused,
        all.warned,
        all.survivors.len(),
        all.share(),
        sample.caught(),
        sample.mutants()
    )
}

/// What a line says of the sample: how many were caught, of how many.
pub fn recorded(page: &str, name: &str) -> Option<(usize, usize)> {
    let start = format!("| {name} |");
    let line = page.lines().find(|line| line.starts_with(&start))?;
    let last = line.trim_end_matches('|').rsplit('|').next()?;
    let (caught, size) = last.trim().split_once(" of ")?;
    Some((caught.parse().ok()?, size.parse().ok()?))
}

/// The page with other lines in its table.
pub fn replaced(page: &str, rows: &[String]) -> Option<String> {
    let start = page.find(HEAD)?;
    let end = page[start..].find("\n\n").map(|at| start + at)?;
    let rule = "|---|---|---|---|---|---|---|";
    let table = [HEAD, rule]
        .into_iter()
        .chain(rows.iter().map(String::as_str));
    let table: Vec<&str> = table.collect();
    Some([&page[..start], &table.join("\n"), &page[end..]].concat())
}
