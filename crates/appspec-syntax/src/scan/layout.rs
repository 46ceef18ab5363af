//! What the layout of the lines says while the scanner walks over them: where items begin, and which `}` can't
//! be the end of one.

use super::starts::{self, Line, Place};
use super::{Scanner, is_word};

impl<'t> Scanner<'t> {
    /// A line that begins like a member or an item shows that brackets before it were forgotten;
    /// without this, many small slips would add up to a deep nesting that nobody wrote.
    pub(super) fn begin_line(&mut self) {
        self.line_is_empty = false;
        self.indent = self.at - self.line_begin;
        let unindented = self.indent == 0;
        // An indented line is no item, so that nobody looks at all of it.
        let line = if unindented { self.line() } else { "" };
        let begins = self.begins_item(line, unindented);
        if begins {
            self.bare_header = starts::is_bare_header(line);
        } else if !unindented {
            self.bare_header = false;
        }
        if begins {
            self.found.starts.push(self.at);
            self.brackets.clear();
            return;
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = rest.iter().take_while(|byte| is_word(**byte)).count();
        if word == 0 {
            return;
        }
        let blanks = rest
            .iter()
            .skip(word)
            .take_while(|byte| matches!(byte, b' ' | b'\t'));
        let next = rest.get(word + blanks.count());
        if next == Some(&b':') {
            let keep = self.brackets.iter().rposition(|open| *open == b'{');
            self.brackets.truncate(keep.map_or(0, |index| index + 1));
        } else if rest.starts_with(b"entity ") && rest.get(7).copied().is_some_and(is_word) {
            // `entity (` could be a call inside an expression; a name behind it could not.
            self.brackets.clear();
        }
    }

    /// The present line from here on.
    fn line(&self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let line = rest.find(['\n', '\r']).and_then(|end| rest.get(..end));
        line.unwrap_or(rest)
    }

    /// Whether the present line begins an item, as far as the layout shows.
    fn begins_item(&mut self, line: &str, unindented: bool) -> bool {
        if self.brackets.is_empty() {
            self.content = Place::Outside;
        } else if self.content == Place::Outside {
            let is_flat = unindented
                && line.starts_with(|it: char| it.is_alphabetic() || it == '_')
                && !starts::begins_item(line, Place::Indented);
            self.content = if is_flat {
                Place::Flat
            } else {
                Place::Indented
            };
        }
        if !unindented {
            return false;
        }
        if self.content == Place::Outside {
            let above = self.text.get(..self.last.end).unwrap_or("");
            let last = self.text.get(self.last.clone()).unwrap_or("");
            let goes_on = starts::goes_on(last) && !above.ends_with(".*");
            let kind = starts::kind(line);
            let before = std::mem::replace(&mut self.above, kind);
            let is_new = kind == Line::Own || (kind != Line::Rest && kind != before);
            let is_member = self.bare_header && starts::looks_like_member(line);
            if (is_new && !is_member && !goes_on) || (self.closed && starts::follows_block(line)) {
                return true;
            }
        }
        starts::begins_item(line, self.content)
    }

    /// Whether a `}` can't be the end of the item that it would close: the item began on a line above, less
    /// indented, and the next line is another `}` or indented as members are.
    pub(super) fn is_stray(&mut self) -> bool {
        if self.indent <= self.opened_indent || self.opened >= self.line_begin {
            return false;
        }
        if let Some((line, goes_on)) = self.goes_on_below
            && line == self.line_begin
        {
            return goes_on;
        }
        let mut below = self.text.get(self.at..).unwrap_or("").lines().skip(1);
        let is_blank = |line: &str| line.is_empty() || line.starts_with("//");
        let goes_on = below
            .find(|line| !is_blank(line.trim()))
            .is_some_and(|next| {
                let text = next.trim_start_matches([' ', '\t']);
                let is_indented = text.len() < next.len();
                text.starts_with('}') || (is_indented && !starts::is_item(text))
            });
        self.goes_on_below = Some((self.line_begin, goes_on));
        goes_on
    }
}
