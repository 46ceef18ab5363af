//! The stack that the grammar needs: it goes one level deeper with each bracket that is open.
//!
//! Where a text, a comment or a bracket begins is not the same in every reading of a line with mistakes: `'"'` is a text in single
//! quotes where a value can stand, and begins one in double quotes elsewhere. So the brackets are counted here for all readings at once.

use pest::error::{Error, ErrorVariant};
use pest::iterators::Pairs;
use pest::{Parser as _, Position};

use crate::grammar::{Grammar, Rule};
use crate::limits::{MAX_NESTING, MAX_OPEN};

/// What one level takes at most: the rules between two brackets. Twice what `tests/stack.rs` was seen to need.
const LEVEL: usize = if cfg!(debug_assertions) { 24 } else { 8 } * 1024;

/// What is needed before the first bracket, and by whatever is called at the deepest place.
const BASE: usize = 256 * 1024;

/// What the tree builder takes at most between two brackets: an operator of each strength, as many prefixes as there may be, and a finding.
const BETWEEN: usize = if cfg!(debug_assertions) { 1536 } else { 512 } * 1024;

/// Reads a text that is not the piece as it stands: a part of it, or what it could have been. Joined lines and the signs that are
/// masked in a piece show brackets that its own count left out.
pub(crate) fn parse(rule: Rule, text: &str) -> Result<Pairs<'_, Rule>, Box<Error<Rule>>> {
    let read = enough_for(text, || Grammar::parse(rule, text).map_err(Box::new));
    read.unwrap_or_else(|at| {
        let variant = ErrorVariant::ParsingError {
            positives: Vec::new(),
            negatives: Vec::new(),
        };
        let place = Position::new(text, at).unwrap_or(Position::from_start(text));
        Err(Box::new(Error::new_from_pos(variant, place)))
    })
}

/// Does what goes one bracket deeper into what the grammar has read.
pub(crate) fn deeper<T>(inside: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(BETWEEN, 4 * BETWEEN, inside)
}

/// Does `read` with as much stack as the brackets of this text need. The offset of a bracket that is one too many otherwise.
pub(crate) fn enough_for<T>(text: &str, read: impl FnOnce() -> T) -> Result<T, usize> {
    let all = text
        .bytes()
        .filter(|byte| matches!(byte, b'(' | b'[' | b'{'));
    let open = if all.count() > MAX_NESTING {
        most_open(text)?
    } else {
        MAX_NESTING
    };
    let needed = BASE + open.max(MAX_NESTING) * LEVEL;
    Ok(stacker::maybe_grow(needed, needed, read))
}

/// How many brackets can be open at once in any reading of the text; the offset of the first that is more than [`MAX_OPEN`].
///
/// No text goes on behind the end of its line. So a line is counted as it stands, or, where it can be read in more than one way, with all
/// that it opens and nothing that it closes. A `/*` in such a line may make the same of all lines behind it.
fn most_open(text: &str) -> Result<usize, usize> {
    let (mut open, mut most, mut begin) = (0_usize, 0, 0);
    let mut in_comment = false;
    for line in text.split_inclusive(['\n', '\r']) {
        let bytes = line.as_bytes();
        let sure = brackets(bytes).filter(|_| !in_comment);
        in_comment |= sure.is_none() && line.contains("/*");
        let is_sure = sure.is_some();
        for at in sure.unwrap_or_else(|| (0..bytes.len()).collect()) {
            match bytes.get(at) {
                Some(b'(' | b'[' | b'{') => open += 1,
                Some(b')' | b']' | b'}') if is_sure => open = open.saturating_sub(1),
                _ => {}
            }
            if open > MAX_OPEN {
                return Err(begin + at);
            }
            most = most.max(open);
        }
        begin += line.len();
    }
    Ok(most)
}

/// Where the brackets of a line stand that are no part of a text or a comment; `None` when the line can be read in more than one way.
fn brackets(line: &[u8]) -> Option<Vec<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    // Whether it is raw, or may be: the `r` can be the end of a word.
    let mut text: Option<bool> = None;
    while let Some(byte) = line.get(at) {
        let next = line.get(at + 1);
        match (text, byte) {
            (None, b'"') => text = Some(line.get(..at).is_some_and(|it| it.ends_with(b"r"))),
            (Some(_), b'"') => text = None,
            (Some(true), b'\\') if next == Some(&b'"') => return None,
            (Some(false), b'\\') => at += 1,
            (None, b'\'') => return None,
            (None, b'/') if next == Some(&b'/') => break,
            (None, b'/') if next == Some(&b'*') => return None,
            (None, b'(' | b'[' | b'{' | b')' | b']' | b'}') => found.push(at),
            _ => {}
        }
        at += 1;
    }
    text.is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_every_reading_are_counted() {
        for (text, most) in [
            ("a: f(b, [c])", 2),
            ("{\n  a: (b)\n  c: (d)\n}\n{ (e) }", 2),
            (r#"a: "((" + (b)"#, 1),
            // Of the two readings of what stands between single quotes, the one with more.
            (r#"a: '"' + ((b)) + '"'"#, 2),
            ("a: '\"'(\nb: (c)", 2),
            (r#"×r"\" ((" "#, 2),
            ("a: b // (c)\nd: (e)", 1),
            (r#"a: "\"(" ((b))"#, 2),
            ("a: b\nc: \"/*\" ((\n))((", 2),
            ("/* ) */ ((\n))((", 4),
            ("a: \"open (\nb: (c)", 2),
            ("))) ((", 2),
        ] {
            assert_eq!(most_open(text), Ok(most), "{text}");
        }
    }

    #[test]
    fn more_than_any_stack_holds_is_refused() {
        let text = format!("a: '\"' + {}", "(".repeat(MAX_OPEN + 1));
        assert_eq!(most_open(&text), Err(text.len() - 1));
    }

    #[test]
    fn deep_brackets_are_read_on_a_small_stack() {
        let grown = std::thread::Builder::new()
            .stack_size(64 * 1024)
            .spawn(|| enough_for(&"(".repeat(500), stacker::remaining_stack));
        let remaining = grown.unwrap().join().unwrap().unwrap().unwrap();
        assert!(remaining > 500 * LEVEL / 2, "{remaining}");
    }
}
