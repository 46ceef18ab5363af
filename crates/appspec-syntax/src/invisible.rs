//! Characters that nobody sees: a no-break space or a zero-width one, pasted from a page of the web. They are named, never
//! printed, because they look like nothing or like a space that is right.

use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::build::Context;

/// Whether it looks like a space and is none.
pub(crate) fn is_blank(it: char) -> bool {
    it.is_whitespace() && !matches!(it, ' ' | '\t' | '\n' | '\r') && !it.is_control()
        || it == '\u{2800}'
}

/// Whether it takes no place at all.
fn has_no_width(it: char) -> bool {
    matches!(
        it,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Whether it can't be told from a space or from nothing.
pub(crate) fn is_invisible(it: char) -> bool {
    is_blank(it) || has_no_width(it)
}

/// How it is called in a message.
pub(crate) fn name(it: char) -> String {
    format!("the invisible character U+{:04X}", u32::from(it))
}

/// Text of a spec for a message, in which everything can be seen.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        if is_invisible(it) {
            shown.extend(it.escape_unicode());
        } else {
            shown.push(it);
        }
    }
    shown
}

/// Reports the invisible character at `at`, with the edits that take all of them out of the piece that it stands in;
/// whether there is one. What stands in texts and comments is meant.
pub(crate) fn report(
    cx: &mut Context<'_>,
    at: usize,
    piece: std::ops::Range<usize>,
    expected: &str,
) -> bool {
    let first = cx.text().get(at..).and_then(|rest| rest.chars().next());
    let Some(first) = first.filter(|it| is_invisible(*it)) else {
        return false;
    };
    let place = cx.range(at, at + first.len_utf8());
    let found = name(first);
    let message = if expected.is_empty() {
        format!("{found} stands here")
    } else {
        format!("expected {expected}, found {found}")
    };
    let (label, help) = if is_blank(first) {
        ("looks like a space and is none", "write a plain space")
    } else {
        ("has no width", "remove it")
    };
    let mut finding = Diagnostic::new(&syntax::UNEXPECTED, place, message)
        .label(label)
        .help(help);
    let text = cx.text().get(piece.clone()).unwrap_or("");
    for (offset, it) in outside_of_texts(text) {
        let place = cx.range(piece.start + offset, piece.start + offset + it.len_utf8());
        finding = finding.edit(place, if is_blank(it) { " " } else { "" });
    }
    cx.report(finding);
    true
}

/// The invisible characters that stand neither in a text nor in a comment.
fn outside_of_texts(text: &str) -> Vec<(usize, char)> {
    let mut invisible = Vec::new();
    let (mut quoted, mut escaped, mut raw, mut comment) = (false, false, false, false);
    let mut before = ' ';
    for (at, it) in text.char_indices() {
        if matches!(it, '\n' | '\r') {
            (quoted, comment) = (false, false);
        } else if quoted {
            quoted = it != '"' || escaped;
            escaped = it == '\\' && !escaped && !raw;
        } else if it == '"' {
            (quoted, escaped, raw) = (true, false, before == 'r');
        } else if it == '/' && before == '/' {
            comment = true;
        } else if !comment && is_invisible(it) {
            invisible.push((at, it));
        }
        before = it;
    }
    invisible
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, outside_of_texts, shown};

    #[test]
    fn what_can_be_seen_is_not_invisible() {
        for it in [' ', '\t', '\n', 'é', '\u{301}', '字', '💇', '\u{1b}'] {
            assert!(!is_invisible(it), "{it:?}");
        }
        for it in [
            '\u{a0}', '\u{202f}', '\u{3000}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{2028}',
        ] {
            assert!(is_invisible(it), "{it:?}");
        }
        assert_eq!(shown("a\u{a0}b\u{200b}"), "a\\u{a0}b\\u{200b}");
    }

    #[test]
    fn texts_and_comments_keep_theirs() {
        let text =
            "a:\u{a0}text = \"\\\"\u{a0}\" // \u{a0}\n\u{200b}b: text matches r\"\\\" \u{a0}";
        let places: Vec<char> = outside_of_texts(text)
            .into_iter()
            .map(|(_, it)| it)
            .collect();
        assert_eq!(places, ['\u{a0}', '\u{200b}', '\u{a0}']);
    }
}
