//! One look at every byte before the grammar runs: where the comments and the `///` lines are, where
//! the items start, and whether brackets nest deeper than the parser's stack allows.

mod starts;

use std::ops::Range;

use crate::limits::MAX_NESTING;

use starts::Place;

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
    /// The last `/*` has no `*/`: everything behind it is missing.
    pub(crate) unclosed_comment: bool,
    /// A bracket that nests too deep.
    pub(crate) too_deep: Option<usize>,
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
            line_is_empty: true,
            brackets: Vec::new(),
            content: Place::Outside,
            last: 0..0,
            closed: false,
            remark: false,
            pending: Vec::new(),
            found: Self::default(),
        };
        scanner.run();
        scanner.found
    }

    /// The text in pieces that can be read one by one: each but the first starts like an item.
    pub(crate) fn pieces(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let begins = std::iter::once(0).chain(self.starts.iter().copied());
        let ends = self.starts.iter().copied().chain([text.len()]);
        begins.zip(ends).map(|(start, end)| start..end)
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
    /// Nothing but blanks stands on the present line so far.
    line_is_empty: bool,
    brackets: Vec<u8>,
    /// How the first line in the present brackets is indented; `Outside` before there is one.
    content: Place,
    /// The last token.
    last: Range<usize>,
    /// The line is a `#` remark of another language.
    remark: bool,
    /// The last token was a `}` that closed the last open bracket.
    closed: bool,
    pending: Vec<Range<usize>>,
    found: Trivia,
}

impl Scanner<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' | b'\r' => {
                    self.line_is_empty = true;
                    self.at += 1;
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
                self.brackets.push(byte);
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
                if let Some(index) = self.brackets.iter().rposition(|open| *open == b'{') {
                    self.brackets.truncate(index);
                    self.closed = self.brackets.is_empty();
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

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' | b'\r' => return,
                b'\\' => {
                    self.at += if matches!(self.peek(1), None | Some(b'\n' | b'\r')) {
                        1
                    } else {
                        2
                    };
                }
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// A line that begins like a member or an item shows that brackets before it were forgotten;
    /// without this, many small slips would add up to a deep nesting that nobody wrote.
    fn begin_line(&mut self) {
        self.line_is_empty = false;
        if self.begins_item() {
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

    /// Whether the present line begins an item, as far as the layout shows.
    fn begins_item(&mut self) -> bool {
        let before = self.at.checked_sub(1).and_then(|it| self.bytes.get(it));
        let unindented = matches!(before, None | Some(b'\n' | b'\r'));
        let rest = self.text.get(self.at..).unwrap_or("");
        let line = rest.find(['\n', '\r']).and_then(|end| rest.get(..end));
        let line = line.unwrap_or(rest);
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
        if !unindented || self.at == 0 {
            return false;
        }
        if self.content == Place::Outside {
            let after_remark = std::mem::replace(&mut self.remark, line.starts_with('#'));
            let last = self.text.get(self.last.clone()).unwrap_or("");
            let alone = !starts::goes_on(last) && starts::stands_alone(line);
            if (alone && !(self.remark && after_remark))
                || (self.closed && starts::follows_block(line))
            {
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

fn opening(close: u8) -> u8 {
    if close == b')' { b'(' } else { b'[' }
}

/// Letters, digits, `_`, and every byte of a character beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
