use std::collections::BTreeMap;
use std::ops::Range;

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, FileId, Span};

use crate::ast::{Doc, File};
use crate::foreign::{self, Asked, Dialect};
use crate::grammar::Pair;
use crate::invisible;
use crate::scan::Trivia;

/// What every builder needs: the text, its comments, and where findings go.
pub(crate) struct Context<'t> {
    file: FileId,
    whole: &'t str,
    /// The piece that is being read; pairs count from its start.
    piece: Range<usize>,
    trivia: &'t Trivia,
    /// Documentation that nothing has claimed yet, by the offset of the token behind it.
    docs: BTreeMap<usize, usize>,
    /// Where the last piece of junk in a block ended, and its first line.
    junk: Option<(usize, &'t str)>,
    /// The `}` of the present block stands below the items that were written inside of it.
    ends_below: bool,
    /// While something is read that does not stand in the file like that: the part that does.
    inside: Option<Range<usize>>,
    /// What could not be read.
    unread: Vec<Span>,
    /// The present item has a mistake that was reported.
    item_is_wrong: bool,
    /// The language of the block that is being read, if that is none of ours.
    dialect: Option<Dialect>,
    /// All that stands before this place of the file was answered with a statement of another language.
    answered: usize,
    /// Questions that are answered once the fields of the present block are known.
    asked: Vec<Asked>,
    /// The prefixes that the present operand stands behind, those before brackets around it too.
    pub(super) prefixes: usize,
    out: &'t mut Diagnostics,
}

impl<'t> Context<'t> {
    pub(crate) fn new(
        file: FileId,
        text: &'t str,
        trivia: &'t Trivia,
        out: &'t mut Diagnostics,
    ) -> Self {
        let docs = trivia.docs.iter().enumerate();
        Self {
            file,
            whole: text,
            piece: 0..text.len(),
            trivia,
            docs: docs.map(|(index, doc)| (doc.before, index)).collect(),
            junk: None,
            ends_below: false,
            inside: None,
            unread: Vec::new(),
            item_is_wrong: false,
            dialect: None,
            answered: 0,
            asked: Vec::new(),
            prefixes: 0,
            out,
        }
    }

    /// From here on, offsets count from the start of this piece of the file.
    pub(crate) fn enter(&mut self, piece: Range<usize>) {
        self.piece = piece;
    }

    /// Reads something again whose offsets count from `start` bytes of the file. Only `inside` stands in the file as it is
    /// read: places outside of it become its nearest end.
    pub(crate) fn within<T>(
        &mut self,
        start: usize,
        inside: Range<usize>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let piece = self.piece.clone();
        let around = self.inside.replace(inside);
        self.piece.start = start;
        let result = read(self);
        self.piece = piece;
        self.inside = around;
        result
    }

    /// Whether a place of the file was answered with what begins above.
    pub(crate) fn is_answered(&self, at: usize) -> bool {
        at < self.answered
    }

    /// Says that all up to a place of the file is answered.
    pub(crate) fn answer_until(&mut self, end: usize) {
        self.answered = self.answered.max(end);
    }

    /// The language of the block that is being read, if that is none of ours.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Says so.
    pub(crate) fn set_dialect(&mut self, dialect: Option<Dialect>) {
        self.dialect = dialect;
    }

    /// The text of the file.
    pub(crate) fn whole(&self) -> &'t str {
        self.whole
    }

    /// The text of the present piece.
    pub(crate) fn text(&self) -> &'t str {
        let whole: &'t str = self.whole;
        whole.get(self.piece.clone()).unwrap_or("")
    }

    /// The file's text before and behind a place.
    pub(crate) fn around(&self, span: Span) -> (&'t str, &'t str) {
        let whole: &'t str = self.whole;
        (
            whole.get(..span.start as usize).unwrap_or(""),
            whole.get(span.end as usize..).unwrap_or(""),
        )
    }

    /// A span with the blanks before it on its line.
    pub(crate) fn with_blanks_before(&self, span: Span) -> Span {
        let (before, _) = self.around(span);
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let start = span.start - u32::try_from(blanks).unwrap_or(0);
        Span { start, ..span }
    }

    /// The text that a span covers.
    pub(crate) fn slice(&self, span: Span) -> &'t str {
        let whole: &'t str = self.whole;
        whole
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// From the first to the last token of a pair: pest counts the blanks and comments behind an
    /// optional part that is not there.
    pub(crate) fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        let end = self.trimmed_end(span.start(), span.end());
        self.range(span.start(), end)
    }

    /// The span of a token, which holds nothing to trim.
    pub(crate) fn token(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.range(span.start(), span.end())
    }

    /// Bytes of the present piece as a span.
    pub(crate) fn range(&self, start: usize, end: usize) -> Span {
        self.in_file(self.piece.start + start, self.piece.start + end)
    }

    /// Bytes of the file as a span; sizes beyond 32 bits were refused before.
    pub(crate) fn in_file(&self, start: usize, end: usize) -> Span {
        let offset = |value: usize| {
            let value = match &self.inside {
                Some(inside) => value.clamp(inside.start, inside.end.max(inside.start)),
                None => value,
            };
            u32::try_from(value).unwrap_or(u32::MAX)
        };
        Span::new(self.file, offset(start), offset(end))
    }

    /// `end` moved back over blanks, newlines and comments.
    pub(crate) fn trimmed_end(&self, start: usize, end: usize) -> usize {
        let base = self.piece.start;
        self.trivia.trim_end(self.whole, base + start, base + end) - base
    }

    /// The blanks at the beginning of the line that `offset` is in.
    pub(crate) fn indent_of(&self, offset: usize) -> &'t str {
        let text = self.text();
        let before = text.get(..offset).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(line..offset).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(..blanks).unwrap_or("")
    }

    /// Whether a piece of junk belongs to the one directly above it: it is indented deeper, as the body
    /// of what could not be read, it is nothing but the end of it, or both are remarks of another language.
    pub(crate) fn follows_junk(&mut self, pair: &Pair<'_>) -> bool {
        let span = pair.as_span();
        let (start, end) = (span.start(), span.end());
        let text = self.text();
        let line = text.get(..start).unwrap_or("").rfind(['\n', '\r']);
        let line = text.get(line.map_or(0, |at| at + 1)..end).unwrap_or("");
        let before = self.junk.replace((self.piece.start + end, line));
        let Some((above_end, above)) = before else {
            return false;
        };
        let touches = self.trimmed_end(0, start) + self.piece.start <= above_end;
        let is_blank = |it: &char| matches!(it, ' ' | '\t') || invisible::is_blank(*it);
        let indent = |line: &str| line.chars().take_while(is_blank).count();
        let is_remark = |line: &str| line.trim_start().starts_with('#');
        let text = text.get(start..end).unwrap_or("");
        let is_end = text.trim_end().chars().all(|it| matches!(it, ')' | ']'));
        let belongs = touches
            && (indent(line) > indent(above) || is_end || (is_remark(line) && is_remark(above)));
        if belongs {
            self.junk = Some((self.piece.start + end, above));
        }
        belongs
    }

    /// Whether the end of the file is hidden by a comment that nobody ended.
    pub(crate) fn end_is_hidden(&self) -> bool {
        self.trivia.unclosed_comment
    }

    /// Whether the end of the present block was found below items inside of it.
    pub(crate) fn ends_below(&self) -> bool {
        self.ends_below
    }

    /// Says so, or that the next block has to end by itself.
    pub(crate) fn set_ends_below(&mut self, ends_below: bool) {
        self.ends_below = ends_below;
    }

    /// Every `//` comment.
    pub(crate) fn comments(&self) -> Vec<Span> {
        let comments = self.trivia.comments.iter();
        comments
            .map(|range| self.in_file(range.start, range.end))
            .collect()
    }

    /// The `///` lines directly before what begins here.
    pub(crate) fn doc(&mut self, pair: &Pair<'_>) -> Option<Doc> {
        let index = self
            .docs
            .remove(&(self.piece.start + pair.as_span().start()))?;
        let lines = &self.trivia.docs.get(index)?.lines;
        let (first, last) = (lines.first()?, lines.last()?);
        let text = lines.iter().map(|line| {
            let line = self.whole.get(line.clone()).unwrap_or("").trim_end();
            let line = line.strip_prefix("///").unwrap_or(line);
            line.strip_prefix(' ').unwrap_or(line)
        });
        Some(Doc {
            text: text.collect::<Vec<_>>().join("\n"),
            span: self.in_file(first.start, last.end),
        })
    }

    /// Gives the documentation of one thing to the next, unless that has its own.
    pub(crate) fn move_doc(&mut self, from: &Pair<'_>, to: &Pair<'_>) {
        let place = |pair: &Pair<'_>| self.piece.start + pair.as_span().start();
        let (from, to) = (place(from), place(to));
        if !self.docs.contains_key(&to)
            && let Some(index) = self.docs.remove(&from)
        {
            self.docs.insert(to, index);
        }
    }

    /// Forgets the documentation inside a piece that was refused as a whole.
    pub(crate) fn forget_docs(&mut self, pair: &Pair<'_>) {
        let span = pair.as_span();
        let start = self.piece.start + span.start();
        let end = self.piece.start + span.end();
        let inside: Vec<usize> = self
            .docs
            .range(start..end.max(start + 1))
            .map(|(offset, _)| *offset)
            .collect();
        for offset in inside {
            self.docs.remove(&offset);
        }
    }

    /// Remembers that this could not be read, and forgets the documentation inside.
    pub(crate) fn leave_unread(&mut self, pair: &Pair<'_>) {
        let span = pair.as_span();
        self.unread.push(self.range(span.start(), span.end()));
        self.forget_docs(pair);
    }

    /// Everything that could not be read.
    pub(crate) fn unread(&mut self) -> Vec<Span> {
        let mut unread = std::mem::take(&mut self.unread);
        let conflicts = self.trivia.conflicts.iter();
        unread.extend(conflicts.map(|it| self.in_file(it.second.start, it.second.end)));
        unread
    }

    /// Where documentation stands that nothing claimed.
    pub(crate) fn unclaimed_docs(&self) -> Vec<Span> {
        let lines = self.docs.values();
        lines
            .filter_map(|index| {
                let lines = &self.trivia.docs.get(*index)?.lines;
                Some(self.in_file(lines.first()?.start, lines.last()?.end))
            })
            .collect()
    }

    /// Counts a mistake in a file that has too many already; whether it was one of those.
    pub(crate) fn is_full(&mut self) -> bool {
        let full = self.out.is_full(self.file);
        if full {
            self.out.count_error(self.file);
        }
        full
    }

    /// Another item begins.
    pub(crate) fn begin_item(&mut self) {
        self.item_is_wrong = false;
    }

    /// Whether something was reported about the present item.
    pub(crate) fn item_is_wrong(&self) -> bool {
        self.item_is_wrong
    }

    /// Keeps a question until the fields are known that it can be about.
    pub(crate) fn ask_later(&mut self, asked: Asked) {
        self.item_is_wrong = true;
        self.asked.push(asked);
    }

    /// Answers what was asked, once the whole file is known: a mixin may bring the field that it is about.
    pub(crate) fn answer_asked(&mut self, file: &File) {
        if self.asked.is_empty() {
            return;
        }
        let blocks = foreign::Blocks::of(file);
        for asked in std::mem::take(&mut self.asked) {
            foreign::ask(self, &asked, &blocks);
        }
    }

    /// Reports a finding.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.item_is_wrong = true;
        self.out.push(diagnostic);
    }

    /// Reports a finding made of its three parts.
    pub(crate) fn error(
        &mut self,
        code: &'static Code,
        at: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::new(code, at, message).label(label).help(help);
        self.report(diagnostic);
    }
}
