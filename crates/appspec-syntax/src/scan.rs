//! One look at every byte before the grammar runs: where the comments and the `///` lines are, where
//! the items start, and whether brackets nest deeper than the parser's stack allows.

mod conflicts;
mod masks;
mod starts;

use std::collections::VecDeque;
use std::ops::Range;

use crate::limits::MAX_NESTING;

use conflicts::Conflict;
use masks::Masks;
use starts::{Line, Place};

/// What the grammar skips, and what it must not be asked to read.
#[derive(Debug, Default)]
pub(crate) struct Trivia {
    /// Every comment in order, `///` not among them.
    pub(crate) comments: Vec<Range<usize>>,
    /// Groups of `///` lines, by the offset of the first token behind them.
    pub(crate) docs: Vec<DocLines>,
    /// `///` at the end of a line that holds something else.
    pub(crate) trailing_docs: Vec<Range<usize>>,
    /// `/*` comments.
    pub(crate) block_comments: Vec<Range<usize>>,
    /// What a merge left behind.
    pub(crate) conflicts: Vec<Conflict>,
    /// The last `/*` has no `*/`: everything behind it is missing.
    pub(crate) unclosed_comment: bool,
    /// A bracket that nests too deep.
    pub(crate) too_deep: Option<usize>,
    masks: Masks,
    /// Where the layout shows that an item begins.
    starts: Vec<usize>,
    /// Every `//` and `/* */`, documentation too, in order.
    skipped: Vec<Range<usize>>,
}

/// Consecutive `///` lines.
#[derive(Debug)]
pub(crate) struct DocLines {
    /// Where the next token begins; the end of the text when there is none.
    pub(crate) before: usize,
    /// The lines, each from its slashes to its last character.
    pub(crate) lines: Vec<Range<usize>>,
}

impl Trivia {
    /// Walks over the text once.
    pub(crate) fn scan(text: &str) -> Self {
        let mut scanner = Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line_begin: 0,
            line_is_empty: true,
            brackets: Vec::new(),
            opened: 0,
            opened_indent: 0,
            indent: 0,
            goes_on_below: None,
            unclosed: 0,
            content: Place::Outside,
            last: 0..0,
            closed: false,
            above: Line::Rest,
            bare_header: false,
            pending: Vec::new(),
            unread: VecDeque::new(),
            found: Self::default(),
        };
        scanner.found.conflicts = conflicts::find(text);
        let unread = scanner.found.conflicts.iter().flat_map(Conflict::unread);
        scanner.unread = unread.collect();
        scanner.run();
        scanner.found
    }

    /// The text in pieces that can be read one by one: each but the first starts like an item.
    pub(crate) fn pieces(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let begins = std::iter::once(0).chain(self.starts.iter().copied());
        let ends = self.starts.iter().copied().chain([text.len()]);
        begins.zip(ends).map(|(start, end)| start..end)
    }

    /// Whether the grammar reads a piece in which signs are masked.
    pub(crate) fn has_masks(&self) -> bool {
        !self.masks.is_empty()
    }

    /// A piece as the grammar has to read it, where that is not as it is written. Offsets stay the same.
    pub(crate) fn masked(&self, text: &str, piece: &Range<usize>) -> Option<String> {
        self.masks.apply(text, piece)
    }

    /// Every comment and all documentation, in order.
    pub(crate) fn skipped(&self) -> &[Range<usize>] {
        &self.skipped
    }

    /// Moves `end` back over blanks, newlines and comments, not below `start`.
    pub(crate) fn trim_end(&self, text: &str, start: usize, mut end: usize) -> usize {
        while let Some(slice) = text.get(start..end) {
            let trimmed = start + slice.trim_end_matches([' ', '\t', '\r', '\n']).len();
            let index = self
                .skipped
                .partition_point(|comment| comment.start < trimmed);
            let comment = index.checked_sub(1).and_then(|last| self.skipped.get(last));
            match comment {
                Some(comment) if comment.end >= trimmed && comment.start > start => {
                    end = comment.start;
                }
                _ => return trimmed,
            }
        }
        end
    }
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the present line begins.
    line_begin: usize,
    /// Nothing but blanks stands on the present line so far.
    line_is_empty: bool,
    brackets: Vec<u8>,
    /// Where the outermost bracket was opened.
    opened: usize,
    /// How far the line that it stands on is indented, in bytes.
    opened_indent: usize,
    /// How far the present line is indented.
    indent: usize,
    /// Whether members follow below the line that begins here.
    goes_on_below: Option<(usize, bool)>,
    /// Up to here a `"` that nothing ends was seen.
    unclosed: usize,
    /// How the first line in the present brackets is indented; `Outside` before there is one.
    content: Place,
    /// The last token.
    last: Range<usize>,
    /// What the last unindented line between items was.
    above: Line,
    /// The last unindented line was the header of a block without its `{`, and nothing indented followed.
    bare_header: bool,
    /// The last token was a `}` that closed the last open bracket.
    closed: bool,
    pending: Vec<Range<usize>>,
    /// What a merge left behind and is not read, from here on.
    unread: VecDeque<Range<usize>>,
    found: Trivia,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
            self.line_begin = self.at;
        }
        while let Some(byte) = self.peek(0) {
            if self.unread.front().is_some_and(|it| it.start <= self.at) {
                self.skip_unread();
                continue;
            }
            match byte {
                b'\n' | b'\r' => {
                    self.line_is_empty = true;
                    self.at += 1;
                    self.line_begin = self.at;
                }
                b' ' | b'\t' => self.at += 1,
                b'/' if self.peek(1) == Some(b'/') => self.line_comment(),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                _ => self.token(byte),
            }
        }
        self.flush_docs();
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Goes on behind what a merge left; a block comment may have gone on before.
    fn skip_unread(&mut self) {
        if let Some(unread) = self.unread.pop_front()
            && unread.end > self.at
        {
            let rest = self.at..unread.end;
            self.at = rest.end;
            self.found.masks.hide(rest.clone());
            self.found.skipped.push(rest);
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|byte| !matches!(byte, b'\n' | b'\r'))
        {
            self.at += 1;
        }
        let range = start..self.at;
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        self.found.skipped.push(range.clone());
        if bytes.starts_with(b"///") && !bytes.starts_with(b"////") {
            if self.line_is_empty {
                self.pending.push(range);
            } else {
                self.found.trailing_docs.push(range);
            }
        } else {
            self.found.comments.push(range);
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start + 2..).unwrap_or_default();
        let length = rest.windows(2).position(|pair| pair == b"*/");
        self.found.unclosed_comment = length.is_none();
        self.at = length.map_or(self.bytes.len(), |length| start + 2 + length + 2);
        self.found.skipped.push(start..self.at);
        self.found.block_comments.push(start..self.at);
    }

    fn token(&mut self, byte: u8) {
        if self.line_is_empty {
            self.begin_line();
        }
        self.flush_docs();
        self.closed = false;
        let start = self.at;
        match byte {
            b'"' => self.string(),
            b'(' | b'[' | b'{' => {
                // The names behind `use module.` are no lines of a block: layout counts from here on.
                let last = self.text.get(self.last.clone()).unwrap_or("");
                if last == "." && self.brackets.is_empty() {
                    self.content = Place::Indented;
                }
                if self.brackets.is_empty() {
                    self.opened = start;
                    self.opened_indent = self.indent;
                }
                let is_set = byte == b'{' && last == "in";
                self.brackets.push(if is_set { SET } else { byte });
                if self.brackets.len() > MAX_NESTING && self.found.too_deep.is_none() {
                    self.found.too_deep = Some(self.at);
                }
                self.at += 1;
            }
            b')' | b']' => {
                if self.brackets.last() == Some(&opening(byte)) {
                    self.brackets.pop();
                }
                self.at += 1;
            }
            b'}' => {
                match self.brackets.iter().rposition(|open| *open == b'{') {
                    _ if self.brackets.last() == Some(&SET) => {
                        self.brackets.pop();
                    }
                    Some(0) if self.is_stray() => self.found.masks.push(start),
                    Some(index) => {
                        self.brackets.truncate(index);
                        self.closed = index == 0;
                    }
                    None => {}
                }
                self.at += 1;
            }
            _ if is_word(byte) => self.word(),
            _ => self.at += 1,
        }
        self.last = start..self.at;
    }

    /// Whether a `}` can't be the end of the item that it would close: the item began on a line above, less
    /// indented, and the next line is another `}` or indented as members are.
    fn is_stray(&mut self) -> bool {
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

    /// A word; `r"…"` is a raw string only when the `r` stands alone.
    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        if self.bytes.get(start..self.at) == Some(b"r") && self.peek(0) == Some(b'"') {
            self.at += 1;
            while let Some(byte) = self.peek(0) {
                match byte {
                    b'\n' | b'\r' => return,
                    b'"' => {
                        self.at += 1;
                        return;
                    }
                    _ => self.at += 1,
                }
            }
        }
    }

    /// A text; one that its line does not end is none, when a `}` stands behind it that has to be seen.
    fn string(&mut self) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' | b'\r' => break,
                b'\\' if !matches!(self.peek(1), None | Some(b'\n' | b'\r')) => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        let hidden = self.text.get(start..self.at).unwrap_or("");
        if start < self.unclosed || hidden.contains('}') {
            if start >= self.unclosed {
                self.unclosed = self.at;
            }
            self.found.masks.push(start);
            self.at = start + 1;
        }
    }

    /// A line that begins like a member or an item shows that brackets before it were forgotten;
    /// without this, many small slips would add up to a deep nesting that nobody wrote.
    fn begin_line(&mut self) {
        self.line_is_empty = false;
        self.indent = self.at - self.line_begin;
        let unindented = self.indent == 0;
        let line = self.line();
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

    fn flush_docs(&mut self) {
        if !self.pending.is_empty() {
            self.found.docs.push(DocLines {
                before: self.at,
                lines: std::mem::take(&mut self.pending),
            });
        }
    }
}

/// The `{` of `x in {a, b}`, which a line that begins like a member ends; a block's it does not.
const SET: u8 = b'i';

fn opening(close: u8) -> u8 {
    if close == b')' { b'(' } else { b'[' }
}

/// Letters, digits, `_`, and every byte of a character beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
