//! Text from a spec as text of an emitted language, and nothing but text.
//!
//! One function per language and place. Each returns a value that a template prints as it is; no other way leads
//! from a raw string into an emitted file.

mod json;
mod markdown;
mod python;
mod toml;
mod unseen;
mod xml;

use std::borrow::Cow;

use askama::filters::Safe;

pub use json::json_string;
pub use markdown::{
    markdown_cell, markdown_code, markdown_line, markdown_paragraphs, markdown_prose,
};
pub use python::python_string;
pub(crate) use python::{needs_escape, write_python_string};
pub use toml::toml_string;
pub use xml::xml_text;

/// What a writer has written: a template prints it unchanged.
pub type Written = Safe<String>;

/// YAML reads every JSON string as the same string.
pub fn yaml_string(text: &str) -> Written {
    json_string(text)
}

/// Marks text that is ours, or that the analysis has proven to be an identifier.
///
/// Anything but letters, digits and `_ - . /` is dropped, so that a mistake can't become code.
pub fn word(text: &str) -> Written {
    Safe(
        text.chars()
            .filter(|character| character.is_alphanumeric() || "_-./".contains(*character))
            .collect(),
    )
}

/// Text as lines of a comment behind `# `, as settings and shells have them.
pub fn hash_comment(text: &str) -> Written {
    let lines = text.lines().map(|line| format!("# {}", one_line(line)));
    Safe(lines.collect::<Vec<_>>().join("\n"))
}

/// A string between double quotes with the escapes that JSON and TOML share; `other` writes any other character.
fn double_quoted(text: &str, other: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => other(character, &mut out),
        }
    }
    out.push('"');
    out
}

/// One line of a document: every run of white space and control characters becomes one space, and nothing turns the
/// direction of writing.
fn one_line(text: &str) -> Cow<'_, str> {
    // Most texts are one plain line already.
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") {
        return Cow::Borrowed(text);
    }
    let line = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(unseen::shown)
        .collect();
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_what_an_identifier_may_hold() {
        assert_eq!(word("people/models.py").0, "people/models.py");
        assert_eq!(word("a\"b\nc{{").0, "abc");
    }

    #[test]
    fn no_line_leaves_a_comment() {
        let comment = hash_comment("one\ntwo\rKEY=1\u{2028}KEY=2");
        assert_eq!(comment.0, "# one\n# two KEY=1 KEY=2");
    }

    #[test]
    fn one_line_has_no_line_breaks_of_any_kind() {
        assert_eq!(one_line(" a\r\n\tb\u{2028}c\u{0} "), "a b c");
        assert_eq!(one_line("a\u{202e}b"), "a\u{fffd}b");
    }
}
