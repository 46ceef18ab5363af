//! Documentation of a spec as the docstring of a class.

use super::layout::{LIMIT, width};
use crate::literal::needs_escape;

/// A docstring, indented, or `None` for a text that says nothing.
///
/// The first line is a sentence of its own; the rest follows after a blank line. A docstring has no escapes:
/// a triple quote becomes three single ones, typographic signs become their plain forms.
pub(crate) fn docstring(text: &str, indent: usize) -> Option<String> {
    let plain = plain(text);
    if plain.is_empty() {
        return None;
    }
    let pad = " ".repeat(indent);
    let raw = if plain.contains('\\') { "r" } else { "" };
    let room = LIMIT.saturating_sub(indent + raw.len() + 3);
    let (summary, rest) = summary(&plain, room);
    let mut out = format!("{pad}{raw}\"\"\"{summary}");
    if rest.is_empty() && width(&summary) + 3 <= room {
        out.push_str("\"\"\"");
        return Some(out);
    }
    if !rest.is_empty() {
        out.push('\n');
    }
    for line in wrapped(&rest, LIMIT.saturating_sub(indent)) {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(&line);
        }
    }
    out.push('\n');
    out.push_str(&pad);
    out.push_str("\"\"\"");
    Some(out)
}

/// The text with nothing in it that a docstring or its reader could stumble over; it ends with a full stop.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.trim().chars() {
        match character {
            '\u{2018}' | '\u{2019}' | '\u{b4}' => out.push('\''),
            '\u{201c}' | '\u{201d}' => out.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            '\u{2026}' => out.push_str("..."),
            '\u{d7}' => out.push('x'),
            '\n' => out.push('\n'),
            _ if needs_escape(character) => out.push(' '),
            _ => out.push(character),
        }
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in out.lines().map(str::trim) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    let mut out = lines.join("\n").replace("\"\"\"", "'''");
    if out.starts_with('"') {
        // Behind the three that open a docstring, a fourth one would be read as one of them.
        out.replace_range(..1, "'");
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() && !out.ends_with('.') {
        out.push('.');
    }
    out
}

/// The first sentence, if it fits a line, and what follows it; otherwise its beginning and the whole text.
fn summary(text: &str, room: usize) -> (String, String) {
    let paragraph = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
    let sentence = match paragraph.find(". ") {
        Some(end) => paragraph.get(..=end).unwrap_or(&paragraph).to_owned(),
        None => paragraph,
    };
    let stands = sentence.ends_with('.') && !sentence.starts_with("This");
    if stands && width(&sentence) <= room {
        let rest = text.get(sentence.len()..).unwrap_or("").trim().to_owned();
        return (sentence, rest);
    }
    let mut start = String::from("About:");
    for word in sentence.split(' ') {
        if width(&start) + width(word) + 5 > room {
            break;
        }
        start.push(' ');
        start.push_str(word);
    }
    (format!("{start} ..."), text.to_owned())
}

/// The lines of a text, broken at blanks.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split_whitespace() {
            if !current.is_empty() && width(&current) + 1 + width(word) > room {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_cannot_be_left() {
        assert_eq!(
            docstring("a\"\"\" + __import__('os')\\", 4).unwrap(),
            "    r\"\"\"a''' + __import__('os')\\.\"\"\""
        );
    }

    #[test]
    fn it_begins_with_a_sentence() {
        assert_eq!(
            docstring("One visit. It has\na length", 4).unwrap(),
            "    \"\"\"One visit.\n\n    It has\n    a length.\n    \"\"\""
        );
        assert_eq!(docstring(" \n ", 0), None);
    }

    #[test]
    fn no_line_is_too_long() {
        for line in docstring(&"word ".repeat(90), 4).unwrap().lines() {
            assert!(line.len() <= 100, "{line}");
        }
    }
}
