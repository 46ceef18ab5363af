//! The text from its first to its last token, with the comments between them.

use std::ops::Range;

use crate::grammar::Pair;
use crate::scan::Trivia;

use super::doc::Doc;

/// What some editors put before a text.
pub(super) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// What is dropped at the end of a comment.
pub(super) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Where the formatter is. Tokens are taken in the order of the text, so every comment is met once.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    trivia: &'t Trivia,
    /// Where the piece begins that pairs count from.
    base: usize,
    /// The first comment that has not been written.
    comment: usize,
    /// The end of the last token or comment.
    end: usize,
    /// A comment behind the token that ends here belongs to the whole, and is left to the caller.
    stop: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, trivia: &'t Trivia) -> Self {
        Self {
            text,
            trivia,
            base: 0,
            comment: 0,
            end: 0,
            stop: usize::MAX,
        }
    }

    /// A part of the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or("")
    }

    /// From here on, pairs count from the start of another piece.
    pub(super) fn enter(&mut self, base: usize) {
        self.base = base;
    }

    /// From the first to the last token of a pair.
    pub(super) fn range(&self, pair: &Pair<'_>) -> Range<usize> {
        let whole = self.whole(pair);
        whole.start..self.trivia.trim_end(self.text, whole.start, whole.end)
    }

    /// All that a pair covers, also the blanks and comments at its end.
    pub(super) fn whole(&self, pair: &Pair<'_>) -> Range<usize> {
        let span = pair.as_span();
        self.base + span.start()..self.base + span.end()
    }

    /// The end of the text.
    pub(super) fn end_of_text(&self) -> usize {
        self.text.len()
    }

    /// Whether a comment stands in this part.
    pub(super) fn has_comment(&self, range: Range<usize>) -> bool {
        let comments = self.trivia.skipped();
        let first = comments.partition_point(|comment| comment.start < range.start);
        comments
            .get(first)
            .is_some_and(|comment| comment.start < range.end)
    }

    /// Whether this part has a line end.
    pub(super) fn has_newline(&self, range: Range<usize>) -> bool {
        self.slice(range).contains(['\n', '\r'])
    }

    /// The end of the line, if nothing but blanks stands behind `at` on it.
    pub(super) fn end_of_line(&self, at: usize) -> usize {
        let rest = self.slice(at..self.text.len());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let ends = |rest: &str| rest.is_empty() || rest.starts_with(['\n', '\r']);
        if rest.get(blanks..).is_some_and(ends) {
            at + blanks
        } else {
            at
        }
    }

    /// How many lines end between what was written last and `start`, up to two.
    pub(super) fn line_ends_before(&self, start: usize) -> usize {
        let mut ends = 0;
        let mut before = ' ';
        for character in self.slice(self.end..start).chars() {
            if character == '\n' && before != '\r' || character == '\r' {
                ends += 1;
            }
            before = character;
        }
        ends.min(2)
    }

    /// The blanks at the beginning of the line, if nothing else stands before `start` on it.
    pub(super) fn indent_of(&self, start: usize) -> Option<&'t str> {
        let before = self.slice(0..start);
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let blanks = self.slice(line..start);
        let blanks = blanks.strip_prefix(BYTE_ORDER_MARK).unwrap_or(blanks);
        blanks
            .chars()
            .all(|it| matches!(it, ' ' | '\t'))
            .then_some(blanks)
    }

    /// Says where the present member ends.
    pub(super) fn until(&mut self, end: usize) -> usize {
        std::mem::replace(&mut self.stop, end)
    }

    /// Goes on behind something that was written as it is.
    pub(super) fn jump(&mut self, end: usize) {
        self.end = end;
        let comments = self.trivia.skipped();
        self.comment = comments.partition_point(|comment| comment.start < end);
    }

    /// Goes on behind a member whose last clause may have been written before others.
    pub(super) fn jump_to_end(&mut self, end: usize) {
        self.end = end;
    }

    /// The next comment before `limit`, and whether it stands behind something on the same line.
    pub(super) fn comment_before(&mut self, limit: usize) -> Option<(&'t str, bool)> {
        let range = self.trivia.skipped().get(self.comment)?.clone();
        if range.start >= limit {
            return None;
        }
        let same_line = self.end > 0 && !self.has_newline(self.end..range.start);
        self.comment += 1;
        self.end = range.end;
        Some((self.slice(range).trim_end_matches(BLANKS), same_line))
    }

    /// Where the next comment begins.
    pub(super) fn next_comment(&self, limit: usize) -> Option<usize> {
        let start = self.trivia.skipped().get(self.comment)?.start;
        (start < limit).then_some(start)
    }

    /// The comment behind the last token, on the same line.
    pub(super) fn comment_behind(&mut self) -> Option<&'t str> {
        let range = self.trivia.skipped().get(self.comment)?.clone();
        let between = self.slice(self.end..range.start);
        if range.start < self.end || !between.chars().all(|it| matches!(it, ' ' | '\t')) {
            return None;
        }
        self.comment += 1;
        self.end = range.end;
        Some(self.slice(range).trim_end_matches(BLANKS))
    }

    /// Where the next token begins, and its first character.
    pub(super) fn peek(&self) -> (usize, Option<char>) {
        let mut at = self.end;
        let comments = self.trivia.skipped();
        let mut index = comments.partition_point(|comment| comment.end <= at);
        loop {
            let rest = self.slice(at..self.text.len());
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            at += blank;
            match comments.get(index) {
                Some(comment) if comment.start == at => {
                    at = comment.end;
                    index += 1;
                }
                _ => return (at, self.slice(at..self.text.len()).chars().next()),
            }
        }
    }

    /// A token with the comments around it.
    pub(super) fn token(&mut self, range: Range<usize>, out: &mut Vec<Doc<'t>>) {
        self.comments(range.start, out);
        self.bare(range, out);
    }

    /// A whole pair as one token.
    pub(super) fn word(&mut self, pair: &Pair<'_>, out: &mut Vec<Doc<'t>>) {
        self.token(self.range(pair), out);
    }

    /// The next token, which has one character.
    pub(super) fn sign(&mut self, out: &mut Vec<Doc<'t>>) {
        let (at, found) = self.peek();
        self.token(at..at + found.map_or(0, char::len_utf8), out);
    }

    /// The next token, which has one character, before the comments that stand before it.
    pub(super) fn sign_first(&mut self, out: &mut Vec<Doc<'t>>) {
        let (at, found) = self.peek();
        let range = at..at + found.map_or(0, char::len_utf8);
        out.push(Doc::Text(self.slice(range.clone())));
        self.comments(range.start, out);
        self.end = range.end;
        self.trailing(out);
    }

    /// Leaves the next token out if it is this one; comments before it are still to be written.
    pub(super) fn skip(&mut self, sign: char) -> bool {
        let (at, found) = self.peek();
        let skipped = found == Some(sign);
        if skipped {
            self.end = at + sign.len_utf8();
        }
        skipped
    }

    /// Leaves the next token out, which has one character, and keeps the comments around it.
    pub(super) fn drop_sign(&mut self, out: &mut Vec<Doc<'t>>) {
        let (at, found) = self.peek();
        self.comments(at, out);
        self.end = at + found.map_or(0, char::len_utf8);
        self.trailing(out);
    }

    /// The comments before `start`.
    pub(super) fn comments(&mut self, start: usize, out: &mut Vec<Doc<'t>>) {
        while let Some((comment, same_line)) = self.comment_before(start) {
            out.push(if same_line {
                Doc::Trailing(comment)
            } else {
                Doc::Own(comment)
            });
        }
    }

    /// The comment behind the last token, unless it belongs to the whole member.
    pub(super) fn trailing(&mut self, out: &mut Vec<Doc<'t>>) {
        if self.end != self.stop
            && let Some(comment) = self.comment_behind()
        {
            out.push(Doc::Trailing(comment));
        }
    }

    fn bare(&mut self, range: Range<usize>, out: &mut Vec<Doc<'t>>) {
        out.push(Doc::Text(self.slice(range.clone())));
        self.end = range.end;
        self.trailing(out);
    }
}
