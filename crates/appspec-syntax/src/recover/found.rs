//! How the text at a place is called in a message.

use crate::invisible;

/// The token that begins at `offset`, as people see it.
pub(super) fn describe(text: &str, offset: usize) -> (String, usize) {
    let rest = text.get(offset..).unwrap_or("");
    let Some(first) = rest.chars().next() else {
        return ("the end of the file".to_owned(), 0);
    };
    if matches!(first, '\n' | '\r') {
        return ("the end of the line".to_owned(), 0);
    }
    if rest.starts_with("//") {
        return ("the end of the line".to_owned(), 0);
    }
    let length = length(rest, first);
    let token = rest.get(..length).unwrap_or("");
    if invisible::is_invisible(first) {
        return (invisible::name(first), length);
    }
    if first.is_control() {
        return (
            format!("the control character U+{:04X}", u32::from(first)),
            length,
        );
    }
    let shown: String = token.chars().take(MOST_SHOWN).collect();
    let more = if shown.len() < token.len() { "…" } else { "" };
    (format!("`{}{more}`", invisible::shown(&shown)), length)
}

const MOST_SHOWN: usize = 40;

pub(super) fn length(rest: &str, first: char) -> usize {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    if let Some(raw) = rest.strip_prefix("r\"") {
        let line = raw.lines().next().unwrap_or("");
        return 2 + line.find('"').map_or(line.len(), |at| at + 1);
    }
    if is_word(first) {
        return rest.find(|it| !is_word(it)).unwrap_or(rest.len());
    }
    if first == '"' || first == '\'' {
        let line = rest.lines().next().unwrap_or("");
        let closing = line.char_indices().skip(1).find(|(_, it)| *it == first);
        return closing.map_or(line.len(), |(at, quote)| at + quote.len_utf8());
    }
    let two = [
        "==", "!=", "<=", ">=", "&&", "||", "..", "@@", "->", "=>", "::",
    ];
    match two.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => symbol.len(),
        None => first.len_utf8(),
    }
}

/// What to do about a token that is wrong in itself, or where it stands.
pub(super) fn help(before: &str, rest: &str) -> Option<&'static str> {
    let first = rest.chars().next()?;
    let behind = rest.trim_start_matches(|it: char| it.is_alphanumeric() || it == '_');
    if behind.len() < rest.len() && behind.trim_start().starts_with(": ") {
        return Some("begin the next member on a line of its own");
    }
    let text = rest.strip_prefix('r').unwrap_or(rest);
    if text.starts_with('"') && !closed(text) {
        return Some(
            "a text ends with `\"` on the line that it begins on; `\\n` is a newline in it",
        );
    }
    let word = rest
        .find(|it: char| !it.is_alphabetic())
        .map_or(rest, |end| rest.get(..end).unwrap_or(""));
    if UNITS.contains(&word) && ends_with_number(before) {
        return Some("write number and unit as one word: `30s`, `15min`, `24h`, `5MB`");
    }
    if first.is_ascii_digit() {
        let behind = rest.trim_start_matches(|it: char| it.is_ascii_digit());
        if behind.starts_with(|it: char| it.is_alphabetic() || it == '_') {
            return Some(
                "a duration is written `100ms`, `30s`, `15min`, `24h` or `30d`, a size `5MB`, a date `2026-03-01`",
            );
        }
    }
    None
}

/// Whether the last word is a number, `15 ` of `15 min`.
fn ends_with_number(before: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let before = before.trim_end();
    let word = before.trim_end_matches(is_word).len();
    let word = before.get(word..).unwrap_or("");
    word.starts_with(|it: char| it.is_ascii_digit())
}

fn closed(text: &str) -> bool {
    let mut escaped = false;
    let line = text.lines().next().unwrap_or("");
    line.chars().skip(1).any(|it| {
        let closes = it == '"' && !escaped;
        escaped = it == '\\' && !escaped;
        closes
    })
}

const UNITS: &[&str] = &[
    "ms", "s", "sec", "seconds", "min", "minutes", "h", "hours", "d", "days", "KB", "MB", "GB",
];
