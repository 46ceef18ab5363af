use std::borrow::Cow;
use std::cell::OnceCell;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Files;
use super::clean::clean;
use crate::{FileId, LineTable};

/// How much of an overlong line is shown on each side of what is pointed at, in bytes.
const SIDE: usize = 160;

/// A label over more lines than this points at its first line only.
const MOST_LINES: usize = 6;

/// One picture for each file that is pointed into.
#[derive(Debug)]
pub(super) struct Pictures<'f> {
    files: &'f Files<'f>,
    drawn: Vec<OnceCell<Option<Picture<'f>>>>,
}

impl<'f> Pictures<'f> {
    pub(super) fn new(files: &'f Files<'f>) -> Self {
        let drawn = std::iter::repeat_with(OnceCell::new)
            .take(files.count())
            .collect();
        Self { files, drawn }
    }

    pub(super) fn of(&self, file: FileId) -> Option<&Picture<'f>> {
        self.drawn
            .get(usize::try_from(file.0).ok()?)?
            .get_or_init(|| Picture::new(self.files, file))
            .as_ref()
    }
}

/// One file as miette draws it.
///
/// Lines are found by the table, so a picture costs the same at the end of a large file as at its start,
/// and a line of megabytes is shown in part.
#[derive(Debug)]
pub(super) struct Picture<'f> {
    name: String,
    text: Cow<'f, str>,
    table: &'f LineTable,
}

impl<'f> Picture<'f> {
    pub(super) fn new(files: &'f Files<'_>, file: FileId) -> Option<Self> {
        let (text, table) = files.lines(file)?;
        Some(Self {
            name: clean(&files.name(file)).into_owned(),
            text: clean(text),
            table,
        })
    }

    /// The bytes to underline for a span: inside the text, on characters, and no taller than a few lines.
    pub(super) fn underline(&self, span: crate::Span) -> SourceSpan {
        let mut start = self.boundary_before(span.start as usize);
        let mut end = self.boundary_before((span.end as usize).max(start));
        if start == end {
            // Behind the last line end there is no line to draw; the end of the last line is meant.
            let last = self.text.trim_end_matches(['\r', '\n']).len();
            start = start.min(last);
            if start == self.text.len() {
                start = self.boundary_before(start.saturating_sub(1));
            }
            end = start;
        }
        let first = self.table.line(offset(start));
        if self.table.line(offset(end)) - first >= MOST_LINES {
            let line = self.text.get(start..self.table.end(&self.text, first));
            end = start + line.map_or(0, |line| line.trim_end().len());
        }
        end = self.boundary_before(end.min(start + 2 * SIDE));
        (start, end - start).into()
    }

    /// The nearest boundary of a character at or before an offset.
    fn boundary_before(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

impl SourceCode for Picture<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let at = self.table.line(offset(from));
        let first = at.saturating_sub(lines_before);
        let last = self.table.line(offset(to)).saturating_add(lines_after);
        let (start, column) = if lines_before == 0 {
            let (_, column) = self.table.position(&self.text, offset(from));
            (from, column - 1)
        } else {
            (self.table.start(first), 0)
        };
        // With its line end: a place at the end of a line is drawn there.
        let end = self.table.end(&self.text, last);
        let start = if from - start > lines_before * SIDE + SIDE {
            self.boundary_before(from - SIDE)
        } else {
            start
        };
        let end = if end - to > lines_after * SIDE + SIDE {
            self.boundary_before(to + SIDE)
        } else {
            end
        };
        let line = self.table.line(offset(start));
        let data = self.text.get(start..end).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (start, end - start).into(),
            line,
            column,
            self.table.line(offset(end)) - line + 1,
        )))
    }
}

fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
