//! The formatter proves itself: what it wrote reads as what it was given.

use appspec_diagnostics::{Diagnostics, FileId};

use crate::parse::{Read, read};
use crate::scan::Trivia;

use super::cursor::{BLANKS, BYTE_ORDER_MARK, Cursor};

/// What would have been different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The syntax tree.
    Tree,
    /// The mistakes that are found in it.
    Findings,
    /// The comments, their texts or their order.
    Comments,
    /// The letters, digits and signs.
    Characters,
}

/// Compares what was read from both texts.
pub(super) fn compare(before: (&str, Read, &Diagnostics), after: &str) -> Result<(), Difference> {
    let (text, read_before, found_before) = before;
    let mut found = Diagnostics::new();
    let read_after = read(FileId(0), after, &mut found, |_, _| ());
    if comments(text, &read_before.trivia) != comments(after, &read_after.trivia) {
        return Err(Difference::Comments);
    }
    if counts(text, &read_before.trivia) != counts(after, &read_after.trivia) {
        return Err(Difference::Characters);
    }
    if findings(found_before) != findings(&found) {
        return Err(Difference::Findings);
    }
    if read_before.tree.without_spans() != read_after.tree.without_spans() {
        return Err(Difference::Tree);
    }
    Ok(())
}

/// Every comment, line ends and blanks at the end of a line apart.
fn comments<'t>(text: &'t str, trivia: &Trivia) -> Vec<Vec<&'t str>> {
    let comments = trivia.skipped().iter();
    comments
        .map(|range| {
            let comment = text.get(range.clone()).unwrap_or("");
            let comment = comment.trim_end_matches(BLANKS);
            comment
                .split(['\n', '\r'])
                .filter(|it| !it.is_empty())
                .collect()
        })
        .collect()
}

/// How often each byte stands outside of comments, without blanks and commas.
fn counts(text: &str, trivia: &Trivia) -> Vec<usize> {
    let mut counts = vec![0; 256];
    let mut add = |part: &str, sign: isize| {
        for byte in part.bytes() {
            if let Some(count) = counts.get_mut(usize::from(byte)) {
                *count += sign;
            }
        }
    };
    // The byte order mark is dropped.
    let (start, first) = Cursor::new(text, trivia).peek();
    add(text, 1);
    if first == Some(BYTE_ORDER_MARK) {
        add(
            text.get(start..start + BYTE_ORDER_MARK.len_utf8())
                .unwrap_or(""),
            -1,
        );
    }
    for range in trivia.skipped() {
        add(text.get(range.clone()).unwrap_or(""), -1);
    }
    for skipped in b" \t\r\n," {
        if let Some(count) = counts.get_mut(usize::from(*skipped)) {
            *count = 0;
        }
    }
    counts.into_iter().map(isize::unsigned_abs).collect()
}

/// What is found. A piece that can't be read may end at a `}` or at the end of the file, and then at
/// the end of a line: that is no other mistake.
fn findings(found: &Diagnostics) -> Vec<(&'static str, &str)> {
    let mut all: Vec<_> = found
        .iter()
        .map(|it| (it.code.id, it.message.as_str()))
        .map(|(code, message)| match message.split_once(", found ") {
            Some((expected, "`}`" | "the end of the line" | "the end of the file")) => {
                (code, expected)
            }
            _ => (code, message),
        })
        .collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::{Difference, compare};
    use crate::parse::read;
    use appspec_diagnostics::{Diagnostics, FileId};

    fn proven(before: &str, after: &str) -> Result<(), Difference> {
        let mut found = Diagnostics::new();
        let read = read(FileId(0), before, &mut found, |_, _| ());
        compare((before, read, &found), after)
    }

    const BEFORE: &str =
        "entity A { // a\n  b: int unique = 60 in 1..90 // b\n  /// C.\n  c: duration = 60s\n}\n";

    #[test]
    fn another_layout_is_no_difference() {
        let after = "entity A {\n  // a\n  b: int in 1..90 = 60 unique // b\n  /// C.\n  c: duration = 60s\n}";
        assert_eq!(proven(BEFORE, after), Ok(()));
    }

    #[test]
    fn everything_else_is() {
        for (from, to, difference) in [
            ("// a", "", Difference::Comments),
            ("// a", "// A", Difference::Comments),
            ("/// C.", "// C.", Difference::Comments),
            ("60s", "1min", Difference::Characters),
            ("60 in", "060 in", Difference::Characters),
            ("unique ", "", Difference::Characters),
            ("1..90", "9..10", Difference::Tree),
            ("b: int", "int: b", Difference::Tree),
            (
                "c: duration = 60s",
                "c: = duration60s",
                Difference::Findings,
            ),
            (
                "  /// C.\n  c: duration = 60s\n",
                "  c: duration = 60s\n  /// C.\n",
                Difference::Findings,
            ),
        ] {
            assert!(BEFORE.contains(from), "{from}");
            let after = BEFORE.replace(from, to);
            assert_eq!(proven(BEFORE, &after), Err(difference), "{from} to {to}");
        }
    }
}
