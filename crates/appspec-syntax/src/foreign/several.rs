//! What is said of several rows, as other languages say it: `count(lines)`, `any(l.paid for l in lines)`, `lines.length`.

use std::ops::Range;

use super::phrases::Phrase;
use super::{is_member, names, parts};

/// What `word(inside)` is here, if it speaks of rows that can be named.
pub(crate) fn said(word: &str, inside: &str) -> Option<String> {
    let inside = inside.trim();
    let ours = match (word, Rows::of(inside)?) {
        ("count" | "len" | "size", rows) => match rows.asked() {
            Some(asked) => format!("count({} where {asked})", rows.each()),
            None if rows.tail.is_empty() && rows.value.is_none() => {
                format!("count({})", rows.each())
            }
            None => format!("count({} where {})", rows.each(), rows.value.clone()?),
        },
        ("sum" | "min" | "max", rows) => match &rows.value {
            // The rows that the condition leaves out count in no sum.
            Some(value) => match rows.narrowed() {
                Some((narrowed, _)) => {
                    format!("{word}({value} for {} where {narrowed})", rows.each())
                }
                None => format!("{word}({value} for {})", rows.each()),
            },
            None => format!("{word}({} for {})", rows.had()?, rows.each()),
        },
        ("all" | "each" | "every" | "forall", rows) => match rows.narrowed() {
            Some((narrowed, asked)) => format!(
                "all({} have {} implies {})",
                rows.each(),
                grouped(&narrowed),
                grouped(&asked)
            ),
            None => format!(
                "all({} have {})",
                rows.each(),
                rows.value.clone().or_else(|| rows.asked())?
            ),
        },
        ("some" | "any" | "exists", rows) => match rows.narrowed() {
            Some((narrowed, asked)) => format!(
                "some({} has {} and {})",
                rows.each(),
                grouped(&narrowed),
                grouped(&asked)
            ),
            None => match rows.value.clone().or_else(|| rows.asked()) {
                Some(asked) => format!("some({} has {asked})", rows.each()),
                None if rows.tail.is_empty() => format!("count({}) > 0", rows.each()),
                None => return None,
            },
        },
        _ => return None,
    };
    let is_number = matches!(word, "count" | "len" | "size" | "sum" | "min" | "max");
    let compared = if is_number { " == 1" } else { "" };
    is_member(&format!("invariant x: {ours}{compared}")).then_some(ours)
}

/// Rows, and how one of them is called.
struct Rows<'t> {
    row: String,
    they: &'t str,
    /// What stands before `for`.
    value: Option<String>,
    tail: &'t str,
}

impl<'t> Rows<'t> {
    /// `l in lines where …`, `l.amount for l in lines`, `lines`, `lines.amount`
    fn of(inside: &'t str) -> Option<Self> {
        if let Some((value, rest)) = inside.split_once(" for ") {
            let mut rows = Self::named(rest)?;
            rows.value = Some(value.trim().to_owned());
            // What follows and is no condition is nothing that can be left out.
            let is_whole = rows.tail.is_empty() || rows.asked().is_some();
            return is_whole.then_some(rows);
        }
        if let Some(rows) = Self::named(inside) {
            return Some(rows);
        }
        let (path, rest) = parts::path(inside);
        rest.trim().is_empty().then_some(())?;
        let (rows, value) = match path.split_once('.') {
            Some((rows, value)) => (rows, Some(value)),
            None => (path, None),
        };
        names::plain(rows).filter(|it| it.starts_with(|it: char| it.is_lowercase()))?;
        let row = names::one(rows);
        Some(Self {
            value: value.map(|value| format!("{row}.{value}")),
            row,
            they: rows,
            tail: "",
        })
    }

    /// `l in lines …`
    fn named(text: &'t str) -> Option<Self> {
        let (row, rest) = parts::path(text);
        let rest = rest.trim_start().strip_prefix("in ")?;
        let (rows, tail) = parts::path(rest.trim_start());
        // Rows that a name in capitals stands for are those of an entity, whatever they are related to.
        rows.starts_with(|it: char| it.is_lowercase())
            .then_some(())?;
        Some(Self {
            row: names::plain(row)?.to_owned(),
            they: rows,
            value: None,
            tail: tail.trim(),
        })
    }

    fn each(&self) -> String {
        format!("{} in {}", self.row, self.they)
    }

    /// What is asked of each.
    fn asked(&self) -> Option<String> {
        let words = [
            "where ",
            "have ",
            "has ",
            "with ",
            "if ",
            "satisfies ",
            "| ",
            ": ",
            "=> ",
        ];
        let asked = words.iter().find_map(|word| self.tail.strip_prefix(word))?;
        Some(asked.trim().to_owned())
    }

    /// What each of them has, where no condition says which of them are meant.
    fn had(&self) -> Option<String> {
        let narrows = ["where ", "if "];
        let narrows = narrows.iter().any(|word| self.tail.starts_with(word));
        self.asked().filter(|_| !narrows)
    }

    /// `where a have b`, `b for … where a`
    fn narrowed(&self) -> Option<(String, String)> {
        let asked = self.asked()?;
        if let Some(value) = &self.value {
            return Some((asked, value.clone()));
        }
        let (narrowed, asked) = asked
            .split_once(" have ")
            .or_else(|| asked.split_once(" has "))?;
        Some((narrowed.trim().to_owned(), asked.trim().to_owned()))
    }
}

/// In parentheses where another operator could come between.
fn grouped(condition: &str) -> String {
    let joins = [" and ", " or ", " implies "];
    if joins.iter().any(|word| condition.contains(word)) {
        format!("({condition})")
    } else {
        condition.to_owned()
    }
}

/// `any(l in lines has …)`, `every(…)`, which the grammar takes for functions until it can't go on.
pub(super) fn phrase(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?;
    let (start, word) = ["any", "each", "every", "forall", "len", "size"]
        .iter()
        .filter_map(|word| Some((before.rfind(&format!("{word}("))?, *word)))
        .max_by_key(|(start, _)| *start)?;
    let is_word = before
        .get(..start)?
        .ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == '.');
    let (inside, rest) = parts::group(line.get(start + word.len()..)?)?;
    let place: Range<usize> = start..line.len() - rest.len();
    (!is_word && place.contains(&at)).then_some(())?;
    let ours = said(word, inside)?;
    Some(Phrase {
        place,
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: Some(ours),
    })
}

#[cfg(test)]
mod tests {
    use super::{phrase, said};

    #[test]
    fn rows_in_other_words() {
        for (word, inside, ours) in [
            ("count", "loans", "count(loan in loans)"),
            (
                "count",
                "l in loans has l.fee > 0",
                "count(l in loans where l.fee > 0)",
            ),
            ("sum", "l in loans have l.fee", "sum(l.fee for l in loans)"),
            ("sum", "loans.fee", "sum(loan.fee for loan in loans)"),
            (
                "sum",
                "l.fee for l in loans if l.open or l.lost",
                "sum(l.fee for l in loans where l.open or l.lost)",
            ),
            (
                "max",
                "l.fee for l in loans if l.open",
                "max(l.fee for l in loans where l.open)",
            ),
            (
                "all",
                "l.fee > 0 for l in loans",
                "all(l in loans have l.fee > 0)",
            ),
            (
                "all",
                "l in loans where l.open have l.fee > 0",
                "all(l in loans have l.open implies l.fee > 0)",
            ),
            (
                "any",
                "l.fee > 0 or l.open for l in loans",
                "some(l in loans has l.fee > 0 or l.open)",
            ),
            (
                "exists",
                "l in loans where l.open",
                "some(l in loans has l.open)",
            ),
            ("exists", "l in loans", "count(l in loans) > 0"),
        ] {
            assert_eq!(said(word, inside).as_deref(), Some(ours), "{inside}");
        }
        for (word, inside) in [
            ("count", "*"),
            ("count", "l in loans where ("),
            ("exists", "s in Stylist where s.open"),
            ("sum", "loans"),
            ("sum", "l in loans where l.fee > 3"),
            ("sum", "l.fee for l in loans order by l.fee"),
            ("sum", "p.fee for l in loans for p in l.parts"),
            ("sum", "l.fee for l in loans if l.open if l.lost"),
            ("sum", "l.fee if l.open else 0 for l in loans"),
        ] {
            assert_eq!(said(word, inside), None, "{inside}");
        }
    }

    #[test]
    fn a_function_that_is_none() {
        let line = "invariant x: n > 3 and any(l in loans has l.fee > 0)";
        let found = phrase(line, line.find("has").unwrap()).unwrap();
        assert_eq!(line.get(found.place), Some("any(l in loans has l.fee > 0)"));
        assert_eq!(
            found.edit.as_deref(),
            Some("some(l in loans has l.fee > 0)")
        );
    }
}
