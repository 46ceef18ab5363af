//! What other languages ask of several rows where ours can't be read any further: `lines.every(l => l.x > 3)`,
//! `none(l in lines has …)`, `not exists lines where …`.

use super::field::rule_of;
use super::lines::words;
use super::phrases::{Phrase, operand};
use super::{is_member, names, parts, several};

/// Answers a line that could be read up to `at`.
pub(super) fn phrase(line: &str, at: usize) -> Option<Phrase> {
    none(line, at)
        .or_else(|| for_all(line, at))
        .or_else(|| average(line, at))
        .or_else(|| rows_that_are_there(line, at))
        .or_else(|| each_of(line, at))
}

/// `lines.every(l => l.x > 3)`, read up to the arrow. `at` is behind its `=`.
pub(super) fn arrow(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.strip_suffix('=')?.trim_end();
    // `(l) => …`
    let before = before.trim_end_matches(')').trim_end();
    let row = operand(before);
    names::plain(row).filter(|it| *it == row)?;
    let called = before
        .strip_suffix(row)?
        .trim_end()
        .trim_end_matches('(')
        .trim_end();
    let path = operand(called);
    let (rows, method) = path.rsplit_once('.')?;
    let start = called.len() - path.len();
    let brackets = line.get(called.len()..)?;
    let (inside, behind) = parts::group(brackets.trim_start())?;
    let inside = inside.trim_start_matches('(');
    let (_, said) = inside.split_once("=>")?;
    let said = rule_of(said);
    let (word, behind) = match method {
        "filter" => ("count", counted(behind)?),
        "every" | "all" => ("all", behind),
        "some" | "any" | "find" => ("some", behind),
        _ => ("", behind),
    };
    let ours = several::said(word, &format!("{row} in {rows} => {said}"));
    let place = start..line.len() - behind.len();
    Some(if let Some(ours) = ours {
        Phrase {
            place,
            meant: format!("`{ours}`"),
            help: format!("write `{ours}`"),
            edit: Some(ours),
        }
    } else {
        let each = format!("{row} in {rows}");
        Phrase {
            place,
            meant: "said of the rows themselves".to_owned(),
            help: format!(
                "write `count({each} where …)`, `sum({row}.… for {each})`, `all({each} have …)` or `some({each} has …)`"
            ),
            edit: None,
        }
    })
}

/// `.length` behind what picks some of them.
fn counted(behind: &str) -> Option<&str> {
    let (method, rest) = parts::path(behind.strip_prefix('.')?);
    let is_number = matches!(method, "length" | "size" | "count" | "len");
    is_number.then(|| parts::group(rest).map_or(rest, |(_, rest)| rest))
}

/// `none(l in lines has …)`
fn none(line: &str, at: usize) -> Option<Phrase> {
    let (start, inside, end) = called(line, at, &["none", "no"])?;
    let ours = format!("not {}", several::said("some", inside)?);
    is_member(&format!("invariant x: {ours}")).then(|| Phrase {
        place: start..end,
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: Some(ours),
    })
}

/// `for all l in lines have l.x > 3`, to the end of the rule. The grammar reads `for` as a name.
fn for_all(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.trim_end();
    let start = before.strip_suffix("for")?.len();
    let rest = line.get(at..)?.trim_start();
    let length = ["all", "each", "every"]
        .iter()
        .find_map(|word| words(rest, word))?;
    let rest = rest.get(length..)?.lines().next()?;
    let end = rest.find(" message ").unwrap_or(rest.len());
    let inside = rest.get(..end)?;
    let ours = several::said("all", inside)?;
    Some(Phrase {
        place: start..at + line.get(at..)?.find(inside)? + inside.len(),
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: Some(ours),
    })
}

/// `avg(l.x for l in lines)`
fn average(line: &str, at: usize) -> Option<Phrase> {
    let (start, inside, end) = called(line, at, &["avg", "average", "mean"])?;
    let sum = several::said("sum", inside)?;
    let (_, rows) = inside.split_once(" for ")?;
    let count = several::said("count", rows)?;
    Some(Phrase {
        place: start..end,
        meant: "a comparison of the sum with the number of rows".to_owned(),
        help: format!("write `{sum} > 3 * {count}` for an average above 3"),
        edit: None,
    })
}

/// The last call of one of these before a place, if that is in its brackets: where it begins, what they hold, where it ends.
fn called<'t>(line: &'t str, at: usize, words: &[&str]) -> Option<(usize, &'t str, usize)> {
    let before = line.get(..at)?;
    let found = words
        .iter()
        .filter_map(|word| Some((before.rfind(&format!("{word}("))?, *word)));
    let (start, word) = found.max_by_key(|(start, _)| *start)?;
    let goes_on = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    (!before.get(..start)?.ends_with(goes_on)).then_some(())?;
    let (inside, rest) = parts::group(line.get(start + word.len()..)?)?;
    let end = line.len() - rest.len();
    (at < end).then_some((start, inside, end))
}

/// `exists lines where l.ok`, read up to the rows.
fn rows_that_are_there(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.trim_end();
    let start = before.strip_suffix("exists")?;
    start.ends_with([' ', '(']).then_some(())?;
    let (rows, rest) = parts::path(line.get(at..)?);
    names::plain(rows)?;
    let rest = rest.lines().next()?.trim_start();
    let asked = ["where ", "with ", "has ", "if "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let asked = rule_of(until_message(asked));
    // The row that it speaks of has a name of its own, or none.
    let row = asked.split(['.', ' ']).next()?;
    let speaks = asked.contains(&format!("{row}."));
    let row = if speaks {
        row.to_owned()
    } else {
        names::one(rows)
    };
    let ours = format!("some({row} in {rows} has {asked})");
    let help = if speaks && is_member(&format!("invariant x: {ours}")) {
        format!("write `{ours}`")
    } else {
        format!("write `some({row} in {rows} has {row}.…)`")
    };
    Some(Phrase {
        place: start.len()..at + rows.len(),
        meant: format!("`some({row} in {rows} has …)`"),
        help,
        edit: None,
    })
}

/// `forall l in lines: l.ok`, read up to the row.
fn each_of(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.trim_end();
    let (word, ours) = [
        ("forall", "all"),
        ("every", "all"),
        ("all", "all"),
        ("any", "some"),
        ("some", "some"),
    ]
    .into_iter()
    .find(|(word, _)| before.ends_with(word))?;
    let start = before.len() - word.len();
    before.get(..start)?.ends_with([' ', '(']).then_some(())?;
    let rest = line.get(at..)?.lines().next()?;
    let (_, behind) = parts::path(rest);
    let inside = until_message(rest);
    behind.trim_start().starts_with("in ").then_some(())?;
    let said = several::said(ours, inside)?;
    Some(Phrase {
        place: start..at + inside.len(),
        meant: format!("`{said}`"),
        help: format!("write `{said}`"),
        edit: None,
    })
}

/// What stands before the message of a rule, and before a remark.
fn until_message(rest: &str) -> &str {
    let rest = parts::without_remark(rest);
    rest.split(" message ").next().unwrap_or(rest).trim_end()
}

#[cfg(test)]
mod tests {
    use super::super::phrase;

    /// The line with its edit, or what to do where none is certain.
    fn mended(rule: &str, word: &str) -> String {
        let line = format!("invariant a: {rule}");
        let found = phrase(&line, line.find(word).unwrap()).unwrap();
        match found.edit {
            Some(edit) => format!(
                "{}{edit}{}",
                line.get(13..found.place.start).unwrap(),
                line.get(found.place.end..).unwrap()
            ),
            None => found.help,
        }
    }

    #[test]
    fn functions_of_rows() {
        for (written, ours) in [
            (
                "lines.every(l => l.x === 3)",
                "all(l in lines have l.x == 3)",
            ),
            (
                "b and lines.some((l) => l.x > 3 && l.ok) or c",
                "b and some(l in lines has l.x > 3 and l.ok) or c",
            ),
            (
                "lines.filter(l => l.ok).length > 3",
                "count(l in lines where l.ok) > 3",
            ),
        ] {
            assert_eq!(mended(written, "> l"), ours);
        }
        assert!(
            mended("lines.reduce(l => l.ok) > 3", "> l")
                .starts_with("write `count(l in lines where …)`")
        );
    }

    #[test]
    fn words_about_rows() {
        assert_eq!(
            mended("none(l in lines has l.ok) or b", "has"),
            "not some(l in lines has l.ok) or b"
        );
        assert_eq!(
            mended("avg(l.x for l in lines if l.ok) > 5", "for"),
            "write `sum(l.x for l in lines where l.ok) > 3 * count(l in lines where l.ok)` for an average above 3"
        );
        assert_eq!(
            mended("not exists lines where l.ok message \"No.\"", "lines"),
            "write `some(l in lines has l.ok)`"
        );
        assert_eq!(
            mended("exists lines where ok", "lines"),
            "write `some(line in lines has line.…)`"
        );
        assert_eq!(
            mended("forall l in lines: l.ok", "l in"),
            "write `all(l in lines have l.ok)`"
        );
    }
}
