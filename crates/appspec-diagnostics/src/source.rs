use std::collections::BTreeSet;

use crate::{FileId, Span};

/// Where a source text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file of the user's spec.
    Spec,
    /// A module of the standard library, embedded in the compiler.
    Std,
}

/// One `.appspec` file: its name for messages, its module path and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as it is shown to people; relative to the spec's folder, with `/`.
    pub path: String,
    /// The module's dotted name: `booking`, `std.time`.
    pub module: String,
    /// Whether the user wrote it or the compiler brings it.
    pub origin: Origin,
    /// The whole text, without a byte order mark; offsets of [`Span`] are bytes of this.
    pub text: String,
}

/// How long the mark is in UTF-8.
const BYTE_ORDER_MARK: u32 = 3;

/// All source files of one compilation, in a fixed order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// Those with a byte order mark before their text.
    marked: BTreeSet<FileId>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives it the next id.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(source);
        id
    }

    /// Says that a byte order mark stands before the text of a file.
    pub fn mark(&mut self, id: FileId) {
        self.marked.insert(id);
    }

    /// Puts another text in the place of that of a file.
    pub fn replace(&mut self, id: FileId, text: String) {
        let place = usize::try_from(id.0).ok();
        if let Some(source) = place.and_then(|place| self.files.get_mut(place)) {
            source.text = text;
        }
    }

    /// How many bytes stand in the file before its text.
    pub fn before_text(&self, id: FileId) -> u32 {
        if self.marked.contains(&id) {
            BYTE_ORDER_MARK
        } else {
            0
        }
    }

    /// The file behind an id handed out by [`Sources::add`].
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// The text that a span covers; empty when the span does not fit the file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// All files with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
