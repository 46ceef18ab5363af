//! The output, line by line: blank lines, comments between members, and what is copied as it is.

use std::ops::Range;

use super::cursor::Cursor;
use super::doc::{Doc, WIDTH, characters, render, width};

/// What is written, and where the formatter is in what it reads.
pub(super) struct Lines<'t> {
    pub(super) cursor: Cursor<'t>,
    out: String,
    /// Nothing stands before the next line in its block: there is no blank line to keep.
    at_start: bool,
}

/// What stood before a piece.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    /// Its author left a blank line somewhere.
    pub(super) parted: bool,
    /// There is documentation.
    pub(super) documented: bool,
    /// It is the last line.
    ends_documented: bool,
}

impl<'t> Lines<'t> {
    pub(super) fn new(cursor: Cursor<'t>) -> Self {
        Self {
            cursor,
            out: String::new(),
            at_start: true,
        }
    }

    /// All that was written.
    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// How much was written.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether what was written since `from` has several lines.
    pub(super) fn spans_lines(&self, from: usize) -> bool {
        let written = self.out.get(from..).unwrap_or("").trim_matches('\n');
        written.contains('\n')
    }

    /// Puts a blank line where the output had this length, unless there is one.
    pub(super) fn part(&mut self, at: usize) {
        let before = self.out.get(..at).unwrap_or("");
        let behind = self.out.get(at..).unwrap_or("");
        if !before.is_empty() && !before.ends_with("\n\n") && !behind.starts_with('\n') {
            self.out.insert(at, '\n');
        }
    }

    /// The comments before `start`, each on its line, and the blank lines of the author between.
    pub(super) fn before(&mut self, start: usize, indent: usize) -> Before {
        let mut found = self.comments(start, indent);
        // Documentation stands directly before what it is about.
        let blank = !found.ends_documented && self.cursor.line_ends_before(start) > 1;
        found.parted |= self.gap(blank);
        found
    }

    /// The comments before the end of a block or of the file.
    pub(super) fn comments(&mut self, limit: usize, indent: usize) -> Before {
        let mut found = Before::default();
        while let Some(comment) = self.cursor.next_comment(limit) {
            let blank = !found.ends_documented && self.cursor.line_ends_before(comment) > 1;
            found.parted |= self.gap(blank);
            if let Some((text, _)) = self.cursor.comment_before(limit) {
                self.begin(indent);
                self.copy(text);
                self.out.push('\n');
                found.ends_documented = text.starts_with("///") && !text.starts_with("////");
                found.documented |= found.ends_documented;
            }
        }
        found
    }

    fn gap(&mut self, wanted: bool) -> bool {
        if wanted && !self.at_start {
            self.out.push('\n');
        }
        wanted
    }

    /// Begins a line.
    pub(super) fn begin(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.at_start = false;
    }

    /// Pieces at the end of what was written, in a line that began at `indent`.
    pub(super) fn render(&mut self, docs: &[Doc<'_>], indent: usize) {
        let line = self.out.rfind('\n').map_or(0, |at| at + 1);
        let column = characters(self.out.get(line..).unwrap_or(""));
        render(docs, indent, column, &mut self.out);
    }

    /// Text at the end of what was written. Its lines end as all others; a `\r` alone is left alone.
    pub(super) fn copy(&mut self, text: &str) {
        if !text.contains('\r') {
            self.out.push_str(text);
            return;
        }
        let mut rest = text;
        while let Some((line, behind)) = rest.split_once('\n') {
            self.out.push_str(line.trim_end_matches('\r'));
            self.out.push('\n');
            rest = behind;
        }
        self.out.push_str(rest);
    }

    /// The opening brace; comments before it go behind it.
    pub(super) fn open(&mut self, indent: usize) {
        let mut docs = Vec::new();
        self.cursor.sign_first(&mut docs);
        self.out.push(' ');
        self.render(&docs, indent);
        self.out.push('\n');
        self.at_start = true;
    }

    /// Ends the line of an opening brace that was copied.
    pub(super) fn opened(&mut self) {
        self.end();
        self.at_start = true;
    }

    /// Ends a line with the comment that stands behind it. A comma there is the line's end too.
    pub(super) fn end(&mut self) {
        let mut comment = self.cursor.comment_behind();
        if self.cursor.skip(',') && comment.is_none() {
            comment = self.cursor.comment_behind();
        }
        if let Some(comment) = comment {
            self.out.push(' ');
            self.copy(comment);
        }
        self.out.push('\n');
    }

    /// A part that is copied byte for byte. A single line is moved to where its block has its lines.
    pub(super) fn verbatim(&mut self, range: Range<usize>, indent: usize) {
        if self.cursor.has_newline(range.clone()) {
            self.untouched(range, indent);
        } else {
            self.begin(indent);
            self.copied(range);
        }
    }

    /// A part that is copied byte for byte with the blanks before it, which say to what it belongs.
    pub(super) fn untouched(&mut self, range: Range<usize>, indent: usize) {
        match self.cursor.indent_of(range.start) {
            Some(blanks) => {
                self.begin(0);
                self.out.push_str(blanks);
            }
            None => self.begin(indent),
        }
        self.copied(range);
    }

    fn copied(&mut self, range: Range<usize>) {
        self.copy(self.cursor.slice(range.clone()));
        self.cursor.jump(range.end);
    }

    /// Whether the pieces stand on one line from `indent` on.
    pub(super) fn fits(docs: &[Doc<'_>], indent: usize) -> bool {
        width(docs).is_some_and(|width| indent + width <= WIDTH)
    }
}
