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

/// Whether it turns the direction of reading round, so that a reader sees other words than the computer. The plain marks
/// U+200E and U+200F are not among them: Hebrew and Arabic need those.
fn turns(it: char) -> bool {
    matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text or a comment in which the direction of reading is turned round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// What it is.
    pub inside: Inside,
    /// The characters that do so, by their places; at least one.
    pub places: Vec<(usize, char)>,
}

/// What a character stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Between quotes.
    Text,
    /// `// …`
    Comment,
    /// `/// …`
    Documentation,
}

/// The texts and comments of a file in which the direction of reading is turned round. Elsewhere such a character is an
/// error of its own.
pub fn turned(text: &str) -> Vec<Turned> {
    let mut found: Vec<Turned> = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let mut last = None;
    let mut walk = Walk::default();
    for (at, it) in text.char_indices() {
        walk.step(it);
        let inside = match (walk.text.is_some(), walk.slashes) {
            (true, _) => Inside::Text,
            (false, 2) => Inside::Comment,
            (false, 3..) => Inside::Documentation,
            _ => continue,
        };
        if !turns(it) {
            continue;
        }
        match found.last_mut().filter(|_| last == Some(walk.began)) {
            Some(own) => own.places.push((at, it)),
            None => found.push(Turned {
                inside,
                places: vec![(at, it)],
            }),
        }
        last = Some(walk.began);
    }
    found
}

/// Where a reader of a file is: in a text, in a comment, or in neither.
#[derive(Default)]
struct Walk {
    /// The text that it is in, and whether that is a raw one.
    text: Option<Raw>,
    escaped: bool,
    /// The slashes with which a comment began; one may still become one.
    slashes: usize,
    /// Whether something else stands behind them.
    told: bool,
    before: Option<char>,
    /// Which text or comment it is.
    began: usize,
}

/// `r"…"`
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Yes,
    No,
}

impl Walk {
    fn step(&mut self, it: char) {
        if matches!(it, '\n' | '\r') {
            (self.text, self.slashes, self.told) = (None, 0, false);
        } else if let Some(raw) = self.text {
            if it == '"' && !self.escaped {
                self.text = None;
            }
            self.escaped = it == '\\' && !self.escaped && raw == Raw::No;
        } else if self.slashes >= 2 {
            self.told |= it != '/';
            self.slashes += usize::from(!self.told);
        } else if it == '/' {
            self.slashes += 1;
            self.began += usize::from(self.slashes == 2);
        } else {
            self.slashes = 0;
            if it == '"' {
                let raw = if self.before == Some('r') {
                    Raw::Yes
                } else {
                    Raw::No
                };
                (self.text, self.escaped) = (Some(raw), false);
                self.began += 1;
            }
        }
        self.before = Some(it);
    }

    fn is_in_comment(&self) -> bool {
        self.slashes >= 2
    }
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
    let mut walk = Walk::default();
    for (at, it) in text.char_indices() {
        walk.step(it);
        if walk.text.is_none() && !walk.is_in_comment() && is_invisible(it) {
            invisible.push((at, it));
        }
    }
    invisible
}

#[cfg(test)]
mod tests {
    use super::{Inside, Turned, is_invisible, outside_of_texts, shown, turned};

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
    fn what_turns_is_found_by_text_and_comment() {
        let text = "a: text = \"\\\"\u{202e}\" // \u{2066} \u{2069}\n/// \u{202d}\n//// \u{202d}\nb: \u{202e}int";
        let inside: Vec<(Inside, usize)> = turned(text)
            .into_iter()
            .map(|Turned { inside, places }| (inside, places.len()))
            .collect();
        let expected = [
            (Inside::Text, 1),
            (Inside::Comment, 2),
            (Inside::Documentation, 1),
            (Inside::Documentation, 1),
        ];
        assert_eq!(inside, expected);
        assert_eq!(turned("\"\u{200f}\" // \u{5e9}"), []);
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
