//! Pieces of code with the places where a line may be broken, and how they become lines.

/// The longest line that is written, in characters, where the code has a place to break it.
pub(super) const WIDTH: usize = 100;
/// One step of indentation.
pub(super) const STEP: usize = 2;

/// A piece of one member, from which lines are made.
#[derive(Debug)]
pub(super) enum Doc<'t> {
    /// Text without line ends.
    Text(&'t str),
    /// A blank between two texts; none at the start or the end of a line.
    Space,
    /// A blank, or a new line when the group around it does not fit on one.
    Line,
    /// Nothing, or a new line when the group around it does not fit on one.
    SoftLine,
    /// A blank, or a new line when what follows up to the next such place does not fit.
    FillLine,
    /// Always a new line.
    HardLine,
    /// A text that is there only when the group around it does not fit on one line.
    IfBroken(&'t str),
    /// Pieces that stand on one line or are broken at all their places together.
    Group(Vec<Doc<'t>>),
    /// Pieces whose new lines begin one step further to the right.
    Indent(Vec<Doc<'t>>),
    /// A comment behind something else, which ends its line.
    Trailing(&'t str),
    /// A comment on a line of its own.
    Own(&'t str),
}

#[derive(Clone, Copy)]
struct Task<'d, 't> {
    indent: usize,
    flat: bool,
    doc: &'d Doc<'t>,
}

enum Pending {
    /// A blank has no place here.
    Start,
    Nothing,
    Space,
    Newline,
    /// A comment has ended a line where the code has no place to break it.
    Forced,
}

/// Writes the pieces, the first one at the end of `out`, which is at `column`.
pub(super) fn render(docs: &[Doc<'_>], indent: usize, column: usize, out: &mut String) {
    let mut printer = Printer {
        out,
        column,
        base: indent,
        pending: Pending::Start,
        tasks: Vec::new(),
    };
    printer.push(docs, indent, false);
    printer.run();
}

/// How many characters the pieces have on one line; nothing if they can't stand on one.
pub(super) fn width(docs: &[Doc<'_>]) -> Option<usize> {
    let mut width = 0;
    for doc in docs {
        width += match doc {
            Doc::Text(text) => characters(text),
            Doc::Space | Doc::Line | Doc::FillLine => 1,
            Doc::SoftLine | Doc::IfBroken(_) => 0,
            Doc::Group(inner) | Doc::Indent(inner) => self::width(inner)?,
            Doc::HardLine | Doc::Trailing(_) | Doc::Own(_) => return None,
        };
    }
    Some(width)
}

/// Characters, not bytes; wide ones count like any other.
pub(super) fn characters(text: &str) -> usize {
    text.chars().count()
}

struct Printer<'o, 'd, 't> {
    out: &'o mut String,
    column: usize,
    /// Where the first line begins; all others that a comment makes begin further to the right.
    base: usize,
    pending: Pending,
    /// What is still to be written, the next one last.
    tasks: Vec<Task<'d, 't>>,
}

impl<'d, 't> Printer<'_, 'd, 't> {
    fn push(&mut self, docs: &'d [Doc<'t>], indent: usize, flat: bool) {
        let tasks = docs.iter().rev().map(|doc| Task { indent, flat, doc });
        self.tasks.extend(tasks);
    }

    fn run(&mut self) {
        while let Some(Task { indent, flat, doc }) = self.tasks.pop() {
            match doc {
                Doc::Text(text) => self.text(text, indent),
                Doc::Space => self.space(),
                Doc::IfBroken(text) if !flat => self.text(text, indent),
                Doc::Line if flat => self.space(),
                Doc::FillLine if flat || self.next_fits() => self.space(),
                Doc::Line | Doc::SoftLine | Doc::FillLine | Doc::HardLine if !flat => {
                    self.pending = Pending::Newline;
                }
                Doc::HardLine => self.pending = Pending::Newline,
                Doc::Line | Doc::SoftLine | Doc::FillLine | Doc::IfBroken(_) => {}
                Doc::Indent(inner) => self.push(inner, indent + STEP, flat),
                Doc::Group(inner) => {
                    let flat = flat || self.fits(inner);
                    self.push(inner, indent, flat);
                }
                Doc::Trailing(comment) => {
                    if matches!(self.pending, Pending::Nothing) {
                        self.pending = Pending::Space;
                    }
                    self.text(comment, indent);
                    self.pending = Pending::Forced;
                }
                Doc::Own(comment) => {
                    self.pending = Pending::Forced;
                    self.text(comment, indent);
                    self.pending = Pending::Forced;
                }
            }
        }
    }

    fn text(&mut self, text: &str, indent: usize) {
        match self.pending {
            Pending::Start | Pending::Nothing => {}
            Pending::Space => {
                self.out.push(' ');
                self.column += 1;
            }
            Pending::Newline => self.newline(indent),
            Pending::Forced => self.newline(indent.max(self.base + STEP)),
        }
        self.pending = Pending::Nothing;
        self.out.push_str(text);
        self.column += characters(text);
    }

    fn newline(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn space(&mut self) {
        if matches!(self.pending, Pending::Nothing) {
            self.pending = Pending::Space;
        }
    }

    /// Whether the pieces stand on the rest of this line, with all that can't be parted from them.
    fn fits(&self, docs: &[Doc<'_>]) -> bool {
        let Some(width) = width(docs) else {
            return false;
        };
        let start = match self.pending {
            Pending::Start | Pending::Nothing => self.column,
            Pending::Space => self.column + 1,
            Pending::Newline | Pending::Forced => self.tasks.last().map_or(0, |task| task.indent),
        };
        let room = WIDTH.checked_sub(start + width);
        room.is_some_and(|room| self.rest_fits(room))
    }

    fn next_fits(&self) -> bool {
        let room = WIDTH.checked_sub(self.column + 1);
        room.is_some_and(|room| self.rest_fits(room))
    }

    /// Whether what follows up to the next place for a new line has at most `room` characters.
    fn rest_fits(&self, mut room: usize) -> bool {
        let mut inner: Vec<Task<'_, '_>> = Vec::new();
        let mut outer = self.tasks.iter().rev();
        while let Some(task) = inner.pop().or_else(|| outer.next().copied()) {
            let used = match task.doc {
                Doc::Text(text) => characters(text),
                Doc::Space => 1,
                Doc::Line | Doc::FillLine if task.flat => 1,
                Doc::IfBroken(text) if !task.flat => characters(text),
                Doc::SoftLine if task.flat => 0,
                Doc::IfBroken(_) => 0,
                Doc::Line
                | Doc::SoftLine
                | Doc::FillLine
                | Doc::HardLine
                | Doc::Trailing(_)
                | Doc::Own(_) => return true,
                Doc::Group(docs) | Doc::Indent(docs) => {
                    inner.extend(docs.iter().rev().map(|doc| Task { doc, ..task }));
                    0
                }
            };
            match room.checked_sub(used) {
                Some(left) => room = left,
                None => return false,
            }
        }
        true
    }
}
