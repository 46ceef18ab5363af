//! `like` and `between` inside of a rule.

use super::lines::words;
use super::phrases::{Phrase, operand};
use super::{is_member, parts};

/// Answers a rule that could be read up to a comparison of SQL at `at`.
pub(super) fn comparison(line: &str, before: &str, behind: &str, at: usize) -> Option<Phrase> {
    let (asked, is_not) = match negated(before) {
        Some(rest) => (rest, true),
        None => (before, false),
    };
    let value = operand(asked);
    let is_path = !value.is_empty() && parts::path(value).0 == value;
    if !is_path || value.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let start = asked.len() - value.len();
    let asked = Asked {
        value,
        is_not,
        // Of `a`, and of `a not`.
        start,
        line,
    };
    if let Some(length) = words(behind, "between") {
        return between(&asked, at + length);
    }
    let (length, ignores_case) = match words(behind, "like") {
        Some(length) => (length, false),
        None => (words(behind, "ilike")?, true),
    };
    like(&asked, at + length, ignores_case)
}

/// The value that is asked about.
struct Asked<'t> {
    value: &'t str,
    is_not: bool,
    start: usize,
    line: &'t str,
}

/// What stands before `not` at the end.
fn negated(before: &str) -> Option<&str> {
    let rest = before
        .strip_suffix("not")
        .or_else(|| before.strip_suffix("NOT"))?;
    let value = rest.trim_end();
    (value.len() < rest.len()).then_some(value)
}

/// `n between 1 and 5`, where `behind` is the place of the lower end.
fn between(asked: &Asked<'_>, behind: usize) -> Option<Phrase> {
    let rest = asked.line.get(behind..)?;
    let line = rest.lines().next()?;
    let and = until(line, &["and"])?;
    let low = line.get(..and)?;
    let start = and + words(line.get(and..)?, "and")?;
    let rest = parts::without_remark(line.get(start..)?);
    let end = until(rest, &["and", "or", "implies", "message"]).unwrap_or(rest.len());
    let high = rest.get(..end)?.trim_end();
    let written = line.get(..start + high.len())?;
    let (low, high) = (bare(low), bare(high));
    let not = if asked.is_not { "not " } else { "" };
    let meant = format!("{not}in {low}..{high}");
    let value = asked.value;
    if !is_member(&format!("invariant x: {value} {meant}")) {
        return None;
    }
    // The name and the blanks behind it stay.
    let start = asked.start + value.len();
    let gap = asked.line.get(start..)?;
    let start = start + gap.len() - gap.trim_start().len();
    Some(Phrase {
        place: start..behind + written.len(),
        help: format!("write `{value} {meant}`"),
        edit: Some(meant.clone()),
        meant: format!("`{meant}`"),
    })
}

/// Where one of these words begins that stands in no brackets and no quotes, or a bracket is closed that was opened before.
fn until(text: &str, ends: &[&str]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = text.get(at..)
        && let Some(it) = rest.chars().next()
    {
        let before = text.get(..at).unwrap_or("");
        let is_start = depth == 0 && before.ends_with([' ', '\t', ')', '"', '\'']);
        if is_start && ends.iter().any(|end| words(rest, end) == Some(end.len())) {
            return Some(at);
        }
        match it {
            '\'' | '"' => {
                at += parts::quoted(rest).max(1);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        at += it.len_utf8();
    }
    None
}

/// A date that stands in quotes elsewhere, without them.
fn bare(end: &str) -> &str {
    let end = end.trim();
    let inner = parts::unquoted(end).unwrap_or(end);
    let form: String = inner.chars().take(5).collect();
    let is_digit = |it: char| it.is_ascii_digit();
    let is_date = form.ends_with('-') && form.matches(is_digit).count() == 4;
    let is_time = form.get(2..3) == Some(":") && form.matches(is_digit).count() == 4;
    if is_date || is_time { inner } else { end }
}

/// `a like "x%"`, where `behind` is the place of the pattern.
fn like(asked: &Asked<'_>, behind: usize, ignores_case: bool) -> Option<Phrase> {
    let rest = asked.line.get(behind..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let pattern = rest.get(blanks..)?;
    let pattern = pattern.get(..parts::quoted(pattern))?;
    let inner = parts::unquoted(pattern)?;
    let value = asked.value;
    let place = asked.start..behind + blanks + pattern.len();
    let Some((function, part)) = function(inner) else {
        return Some(Phrase {
            place,
            meant: "`starts_with(…)`, `ends_with(…)` or `contains(…)`".to_owned(),
            help: "ask for each part: `contains(text, part)`; the form of a whole field is a bound behind its type: \
                   `matches r\"…\"`"
                .to_owned(),
            edit: None,
        });
    };
    let (text, part) = if ignores_case {
        (format!("lower({value})"), part.to_lowercase())
    } else {
        (value.to_owned(), part.to_owned())
    };
    let meant = match (function, asked.is_not) {
        ("", false) => format!("{text} == \"{part}\""),
        ("", true) => format!("{text} != \"{part}\""),
        (function, false) => format!("{function}({text}, \"{part}\")"),
        (function, true) => format!("not {function}({text}, \"{part}\")"),
    };
    // `lower` changes the letters `a` to `z` alone.
    let is_certain = !ignores_case || part.is_ascii();
    is_member(&format!("invariant x: {meant}")).then(|| Phrase {
        place,
        meant: format!("`{meant}`"),
        help: format!("write `{meant}`"),
        edit: is_certain.then(|| meant.clone()),
    })
}

/// The function that asks what a pattern does, none where it has no joker, and the text in it.
fn function(pattern: &str) -> Option<(&'static str, &str)> {
    let (is_open_before, rest) = match pattern.strip_prefix('%') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (is_open_behind, part) = match rest.strip_suffix('%') {
        Some(part) => (true, part),
        None => (false, rest),
    };
    if part.is_empty() || part.contains(['%', '_', '\\']) {
        return None;
    }
    let function = match (is_open_before, is_open_behind) {
        (true, true) => "contains",
        (false, true) => "starts_with",
        (true, false) => "ends_with",
        (false, false) => "",
    };
    Some((function, part))
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
    fn between_is_a_range() {
        for (written, meant) in [
            ("n between 1 and 5", "n in 1..5"),
            ("n BETWEEN 1 AND 5 and b", "n in 1..5 and b"),
            ("n not between 1 and 5 or b", "n not in 1..5 or b"),
            ("(b or n between 1 and 5)", "(b or n in 1..5)"),
            ("n between low(1) and high + 1", "n in low(1)..high + 1"),
            (
                "d between '2026-01-01' and '2026-02-01' // x",
                "d in 2026-01-01..2026-02-01 // x",
            ),
        ] {
            let word = if written.contains("BETWEEN") {
                "BETWEEN"
            } else {
                "between"
            };
            assert_eq!(mended(written, word), meant);
        }
    }

    #[test]
    fn like_asks_for_a_part() {
        for (written, meant) in [
            ("n like \"x%\"", "starts_with(n, \"x\")"),
            ("n like '%x' and b", "ends_with(n, \"x\") and b"),
            ("n not like \"%x%\"", "not contains(n, \"x\")"),
            ("n like \"x\"", "n == \"x\""),
            ("n ilike \"X%\"", "starts_with(lower(n), \"x\")"),
        ] {
            let word = if written.contains("ilike") {
                "ilike"
            } else {
                "like"
            };
            assert_eq!(mended(written, word), meant);
        }
        assert!(mended("n like \"x_y\"", "like").starts_with("ask for each part"));
    }
}
