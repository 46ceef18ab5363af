//! Where items start, seen by the layout alone. The text is cut at these places and each piece is
//! read for itself, so that no mistake reaches beyond the item that it is in: not a forgotten `}`,
//! not a line that makes no sense.

use appspec_diagnostics::closest;

use crate::foreign;
use crate::words::split;

/// What is open where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between the items.
    Outside,
    /// In brackets whose content is indented, so that an unindented line stands out.
    Indented,
    /// In brackets whose content is not indented: layout says nothing.
    Flat,
}

/// Whether an unindented line begins an item, or what somebody meant to be one.
///
/// A name behind the first word is asked for, because no line of a block begins with two names
/// but `predicate name = …`; words that can follow a name are no names here.
pub(super) fn begins_item(line: &str, place: Place) -> bool {
    if place == Place::Flat {
        return false;
    }
    let (word, behind) = split(line);
    if word.is_empty() {
        return false;
    }
    let next = behind.trim_start_matches([' ', '\t']);
    let (second, rest) = split(next);
    let names_something = next.len() < behind.len()
        && second.starts_with(|it: char| !it.is_ascii_digit())
        && !FOLLOWING.contains(&second);
    let outside = place == Place::Outside;
    if ITEMS.contains(&word) {
        return match (names_something, word) {
            (true, "predicate") => outside || !rest.trim_start().starts_with('='),
            (true, "suppress") => outside || rest.starts_with("::"),
            (true, _) => true,
            (false, _) => {
                outside
                    && next.starts_with(|it: char| matches!(it, '{' | '"') || it.is_ascii_digit())
            }
        };
    }
    if foreign::begins_item(line) {
        return names_something || (outside && next.starts_with(['{', '"', '\'']));
    }
    let opens = || rest.contains(['{', '(', '=']);
    names_something && (outside || opens()) && is_nearly_an_item(word)
}

/// Whether an indented line begins an item and can't be a member.
pub(super) fn is_item(line: &str) -> bool {
    let (word, _) = split(line);
    word != "predicate" && ITEMS.contains(&word) && begins_item(line, Place::Indented)
}

/// What an unindented line between items is, by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It goes on with the line above: an operator, a bracket, a clause.
    Rest,
    /// A remark as another language writes it; several in a row are one.
    Remark(char),
    /// Words; several lines of them in a row are one paragraph.
    Words,
    /// Anything else: a thought of its own.
    Own,
}

/// What an unindented line between items is, when no operator goes on to it.
pub(super) fn kind(line: &str) -> Line {
    let first = line.chars().next().unwrap_or(' ');
    if first == '#' || line.starts_with("--") || line.starts_with("/*") {
        return Line::Remark(first);
    }
    let (word, behind) = split(line);
    if word.is_empty() {
        return if matches!(first, '@' | '\'' | '`' | '<' | '$') {
            Line::Own
        } else {
            Line::Rest
        };
    }
    let next = behind.trim_start_matches([' ', '\t']);
    if word == "r" && next.starts_with('"') || goes_on_with(word, next) {
        return Line::Rest;
    }
    let text = line
        .find("//")
        .and_then(|at| line.get(..at))
        .unwrap_or(line);
    let is_word =
        |it: char| it.is_alphanumeric() || matches!(it, ' ' | '\t' | '_' | ',' | '.' | '\'' | '-');
    let is_item = (ITEMS.contains(&word) && next.is_empty()) || begins_item(line, Place::Outside);
    if !is_item && text.chars().all(is_word) {
        Line::Words
    } else {
        Line::Own
    }
}

/// Whether a line is the header of a block whose `{` stands elsewhere, or nowhere.
pub(super) fn is_bare_header(line: &str) -> bool {
    let (word, _) = split(line);
    BLOCKS.contains(&word) && !line.contains(['{', '='])
}

/// Whether a line looks like a member: in a block whose content is not indented, it is one.
pub(super) fn looks_like_member(line: &str) -> bool {
    let (word, behind) = split(line);
    !word.is_empty() && behind.trim_start_matches([' ', '\t']).starts_with(':')
}

/// The items whose members are written `name: …`.
const BLOCKS: &[&str] = &["entity", "mixin", "extend", "project", "seed"];

/// Whether a line that begins like this can go on with the one above; `and: bool` can't.
fn goes_on_with(word: &str, next: &str) -> bool {
    (FOLLOWING.contains(&word) || word == "with") && !next.starts_with(':')
}

/// Whether the next line belongs to the one that ends with this token.
pub(super) fn goes_on(last: &str) -> bool {
    GOES_ON.contains(&last)
}

const GOES_ON: &[&str] = &[
    "=",
    ":",
    ",",
    "(",
    "[",
    "{",
    "<",
    ">",
    "+",
    "-",
    "*",
    "&",
    "|",
    "!",
    "and",
    "or",
    "implies",
    "otherwise",
    "not",
    "in",
    "with",
    "where",
];

/// Whether an unindented line behind a block's `}` begins something of its own, whatever it is.
pub(super) fn follows_block(line: &str) -> bool {
    let (word, _) = split(line);
    line.starts_with(['@', '#']) || (!word.is_empty() && !FOLLOWING.contains(&word))
}

/// `entty`, `tpye`
fn is_nearly_an_item(word: &str) -> bool {
    word.len() > 2 && closest(word, MISSPELT.iter().copied()).is_some()
}

const MISSPELT: &[&str] = &[
    "entity",
    "enum",
    "type",
    "use",
    "seed",
    "mixin",
    "extend",
    "predicate",
    "project",
];

/// What items begin with, those of later versions too.
const ITEMS: &[&str] = &[
    "entity",
    "enum",
    "type",
    "use",
    "seed",
    "mixin",
    "extend",
    "predicate",
    "project",
    "role",
    "access",
    "job",
    "action",
    "auth",
    "environment",
    "deploy",
    "scenario",
    "report",
    "search",
    "live",
    "api",
    "suppress",
];

/// Words that stand behind a name or a type in a line that goes on: there, the word before them is
/// no keyword, whatever it is.
const FOLLOWING: &[&str] = &[
    "and",
    "or",
    "implies",
    "otherwise",
    "in",
    "is",
    "not",
    "was",
    "stored",
    "desc",
    "where",
    "message",
    "unique",
    "indexed",
    "touched",
    "on",
    "inverse",
    "matches",
    "max",
    "of",
    "through",
    "immutable",
    "personal",
    "secret",
    "public",
];

#[cfg(test)]
mod tests {
    use super::{Place, begins_item};

    #[test]
    fn items_and_what_is_meant_as_one_begin_a_piece() {
        for line in [
            "entity A {",
            "enum E a, b",
            "type T decimal(3, 1)",
            "extend A {",
            "predicate late x: Visit = true",
            "entty A {",
            "class Foo(models.Model):",
            "CREATE TABLE x (",
            "model X {",
            "role Client for signed in",
            "suppress relation::pair_twice \"why\"",
        ] {
            assert!(begins_item(line, Place::Outside), "{line}");
            assert!(begins_item(line, Place::Indented), "{line}");
            assert!(!begins_item(line, Place::Flat), "{line}");
        }
        for line in [
            "seed {",
            "ues std.time",
            "project \"Shop\" {",
            "import \"x\"",
        ] {
            assert!(begins_item(line, Place::Outside), "{line}");
            assert!(!begins_item(line, Place::Indented), "{line}");
        }
    }

    #[test]
    fn lines_that_go_on_begin_nothing() {
        for line in [
            "type: text",
            "type is set",
            "type in {a, b}",
            "use indexed on delete cascade",
            "entity was old",
            "seed desc,",
            "and type is set",
            "message \"x\"",
            "}",
            "{",
            "",
            "user: User",
        ] {
            assert!(!begins_item(line, Place::Outside), "{line}");
            assert!(!begins_item(line, Place::Indented), "{line}");
        }
        for line in ["predicate late = a > b", "type {", "type \"Label\", b"] {
            assert!(!begins_item(line, Place::Indented), "{line}");
        }
    }
}
