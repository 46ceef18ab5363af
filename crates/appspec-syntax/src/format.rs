//! The one layout of a spec. See `docs/design/formatting.md`.

mod auth;
mod block;
mod cursor;
mod doc;
mod errors;
mod expression;
mod field;
mod grant;
mod lines;
mod list;
mod member;
mod proof;

use appspec_diagnostics::{Diagnostics, FileId};

use crate::parse::read;

use cursor::Cursor;
use errors::Errors;
use lines::Lines;
pub use proof::Difference;

/// A file in its one layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The whole file.
    pub text: String,
    /// Parts of it have mistakes and were left as they are.
    pub has_mistakes: bool,
}

/// Why a file could not be formatted.
#[derive(Debug)]
pub enum FormatError {
    /// It is too large or nests too deep to be read at all.
    Unreadable(Diagnostics),
    /// The result would not read as the file does: a bug of the formatter.
    Unproven(Difference),
}

/// Lays out one file. What has a syntax error is copied; what is returned reads exactly as `text` does, and formatting it
/// again changes nothing.
pub fn format(text: &str) -> Result<Formatted, FormatError> {
    let first = once(text)?;
    if !first.has_mistakes {
        return Ok(first);
    }
    // Another layout can show where a mistake ends, so that more of the file can be laid out.
    let mut last = first;
    for _ in 0..MOST_ROUNDS {
        let next = once(&last.text)?;
        if next.text == last.text {
            return Ok(last);
        }
        last = next;
    }
    Ok(Formatted {
        text: text.to_owned(),
        has_mistakes: true,
    })
}

/// After so many rounds, a file with mistakes stays as it is.
const MOST_ROUNDS: usize = 4;

fn once(text: &str) -> Result<Formatted, FormatError> {
    let mut found = Diagnostics::new();
    let mut pieces = Vec::new();
    let before = read(FileId(0), text, &mut found, |base, piece| {
        pieces.push((base, piece));
    });
    if before.refused {
        return Err(FormatError::Unreadable(found));
    }
    let unchanged = Formatted {
        text: text.to_owned(),
        has_mistakes: !found.is_empty(),
    };
    if !found.unread().is_empty() || before.trivia.has_masks() {
        // With so many mistakes, not every place of one is known.
        return Ok(unchanged);
    }
    let mut lines = Lines::new(Cursor::new(text, &before.trivia));
    block::file(&mut lines, pieces, &Errors::new(&found));
    let formatted = with_line_ends_of(text, lines.into_text());
    // What stays as it is needs no proof.
    if formatted == text {
        return Ok(unchanged);
    }
    match proof::compare((text, before, &found), &formatted) {
        Ok(()) => Ok(Formatted {
            text: formatted,
            ..unchanged
        }),
        Err(difference) if found.is_empty() => Err(FormatError::Unproven(difference)),
        // Where a mistake ends is a guess, which another layout may change. Then all of it stays.
        Err(_) => Ok(unchanged),
    }
}

/// The first line says how the file ends its lines.
fn with_line_ends_of(text: &str, out: String) -> String {
    let first = text.find('\n').unwrap_or(0);
    let is_dos = text.get(..first).is_some_and(|line| line.ends_with('\r'));
    if is_dos {
        out.replace('\n', "\r\n")
    } else {
        out
    }
}
