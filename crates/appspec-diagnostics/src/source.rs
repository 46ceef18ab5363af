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
    /// The whole text; offsets of [`Span`] are bytes of this.
    pub text: String,
}

/// All source files of one compilation, in a fixed order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
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
