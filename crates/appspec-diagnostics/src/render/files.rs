use std::cell::OnceCell;

use crate::{FileId, LineTable, Origin, Sources, Span};

/// The sources as a renderer needs them: with names as the reader knows them, and lines.
#[derive(Debug)]
pub struct Files<'s> {
    sources: &'s Sources,
    folder: String,
    tables: Vec<OnceCell<LineTable>>,
}

impl<'s> Files<'s> {
    /// Files that are named by their path in the spec's folder.
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            folder: String::new(),
            tables: sources.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// Puts the spec's folder, as the reader would write it, before the names of the spec's files.
    #[must_use]
    pub fn in_folder(mut self, folder: &str) -> Self {
        folder.clone_into(&mut self.folder);
        if !folder.is_empty() && !folder.ends_with('/') {
            self.folder.push('/');
        }
        self
    }

    /// The name that a reader can open; one of the standard library keeps its own.
    pub fn name(&self, file: FileId) -> String {
        self.sources
            .get(file)
            .map_or_else(String::new, |source| match source.origin {
                Origin::Spec => format!("{}{}", self.folder, source.path),
                Origin::Std => source.path.clone(),
            })
    }

    /// The offset of a span's first byte in its file, with what stands before the text there.
    pub(super) fn offset(&self, span: Span) -> u32 {
        span.start
            .saturating_add(self.sources.before_text(span.file))
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.tables.len()
    }

    /// The line table of a file, made when it is first asked for.
    pub(super) fn lines(&self, file: FileId) -> Option<(&'s str, &LineTable)> {
        let text = self.sources.get(file)?.text.as_str();
        let cell = self.tables.get(usize::try_from(file.0).ok()?)?;
        Some((text, cell.get_or_init(|| LineTable::new(text))))
    }

    /// Line and column of a span's first byte, counted from one.
    pub(super) fn position(&self, span: Span) -> (usize, usize) {
        self.lines(span.file)
            .map_or((1, 1), |(text, table)| table.position(text, span.start))
    }
}
