use std::collections::BTreeMap;

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, FileId, Span};

use crate::ast::Doc;
use crate::grammar::Pair;
use crate::scan::Trivia;

/// What every builder needs: the text, its comments, and where findings go.
pub(crate) struct Context<'t> {
    file: FileId,
    text: &'t str,
    trivia: &'t Trivia,
    /// Documentation that nothing has claimed yet, by the offset of the token behind it.
    docs: BTreeMap<usize, usize>,
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
            text,
            trivia,
            docs: docs.map(|(index, doc)| (doc.before, index)).collect(),
            out,
        }
    }

    /// The file's whole text.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The text that a span covers.
    pub(crate) fn slice(&self, span: Span) -> &'t str {
        let text: &'t str = self.text;
        text.get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// From the first to the last token of a pair: pest counts the blanks and comments behind an
    /// optional part that is not there.
    pub(crate) fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        let end = self.trivia.trim_end(self.text, span.start(), span.end());
        self.range(span.start(), end)
    }

    /// The span of a token, which holds nothing to trim.
    pub(crate) fn token(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.range(span.start(), span.end())
    }

    /// Bytes of this file as a span; sizes beyond 32 bits were refused before.
    pub(crate) fn range(&self, start: usize, end: usize) -> Span {
        let offset = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    /// `end` moved back over blanks, newlines and comments.
    pub(crate) fn trimmed_end(&self, start: usize, end: usize) -> usize {
        self.trivia.trim_end(self.text, start, end)
    }

    /// The blanks at the beginning of the line that `offset` is in.
    pub(crate) fn indent_of(&self, offset: usize) -> &'t str {
        let text: &'t str = self.text;
        let before = text.get(..offset).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(line..offset).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(..blanks).unwrap_or("")
    }

    /// Whether the end of the file is hidden by a comment that nobody ended.
    pub(crate) fn end_is_hidden(&self) -> bool {
        self.trivia.unclosed_comment
    }

    /// Every `//` comment.
    pub(crate) fn comments(&self) -> Vec<Span> {
        let comments = self.trivia.comments.iter();
        comments
            .map(|range| self.range(range.start, range.end))
            .collect()
    }

    /// The `///` lines directly before what begins here.
    pub(crate) fn doc(&mut self, pair: &Pair<'_>) -> Option<Doc> {
        let index = self.docs.remove(&pair.as_span().start())?;
        let lines = &self.trivia.docs.get(index)?.lines;
        let (first, last) = (lines.first()?, lines.last()?);
        let text = lines.iter().map(|line| {
            let line = self.text.get(line.clone()).unwrap_or("").trim_end();
            let line = line.strip_prefix("///").unwrap_or(line);
            line.strip_prefix(' ').unwrap_or(line)
        });
        Some(Doc {
            text: text.collect::<Vec<_>>().join("\n"),
            span: self.range(first.start, last.end),
        })
    }

    /// Forgets the documentation inside a piece that was refused as a whole.
    pub(crate) fn forget_docs(&mut self, pair: &Pair<'_>) {
        let span = pair.as_span();
        let inside: Vec<usize> = self
            .docs
            .range(span.start()..span.end().max(span.start() + 1))
            .map(|(offset, _)| *offset)
            .collect();
        for offset in inside {
            self.docs.remove(&offset);
        }
    }

    /// Where documentation stands that nothing claimed.
    pub(crate) fn unclaimed_docs(&self) -> Vec<Span> {
        let lines = self.docs.values();
        lines
            .filter_map(|index| {
                let lines = &self.trivia.docs.get(*index)?.lines;
                Some(self.range(lines.first()?.start, lines.last()?.end))
            })
            .collect()
    }

    /// Reports a finding.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
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
