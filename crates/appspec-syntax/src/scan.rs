//! One look at every byte before the grammar runs: where the comments and the `///` lines are, where
//! the items start, and whether brackets nest deeper than the parser's stack allows.

mod conflicts;
mod layout;
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
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let last = slice.as_bytes().iter().rposition(|byte| !is_blank(byte));
            let trimmed = last.map_or(start, |last| start + last + 1);
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

impl Scanner<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
            self.line_begin = self.at;
        }
        let mut unread = self.next_unread();
        while let Some(byte) = self.peek(0) {
            if unread <= self.at {
                self.skip_unread();
                unread = self.next_unread();
                continue;
            }
            match byte {
                b'\n' | b'\r' => {
                    self.line_is_empty = true;
                    self.at += 1;
                    self.line_begin = self.at;
                }
                b' ' | b'\t' => self.skip_while(|byte| matches!(byte, b' ' | b'\t')),
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

    /// Goes on to the first byte that is none of these.
    fn skip_while(&mut self, skipped: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !skipped(*byte));
        self.at += length.unwrap_or(rest.len());
    }

    /// Where the next part begins that is not read; nothing lies behind the end of the largest file.
    fn next_unread(&self) -> usize {
        self.unread.front().map_or(usize::MAX, |it| it.start)
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
        self.skip_while(|byte| !matches!(byte, b'\n' | b'\r'));
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

    /// A word; `r"…"` is a raw string only when the `r` stands alone.
    fn word(&mut self) {
        let start = self.at;
        self.skip_while(is_word);
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
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80..)
}
