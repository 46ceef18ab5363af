use std::io::{self, ErrorKind, IsTerminal, Write};

use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::Exit;
use crate::cli::ColorWhen;

/// Where the program writes: what was asked for to standard output, everything else to standard error.
pub(crate) struct Terminal {
    out: Stream,
    err: Stream,
    /// Whether only findings are shown.
    pub(crate) quiet: bool,
}

const USUAL_COLUMNS: usize = 96;
/// Below this, words would stand alone on their lines.
const LEAST_COLUMNS: usize = 50;
/// Longer lines are hard to read.
const MOST_COLUMNS: usize = 120;

struct Stream {
    to: Box<dyn Write>,
    color: bool,
    /// The reader has gone; there is nobody to tell.
    closed: bool,
    failure: Option<io::Error>,
}

impl Terminal {
    pub(crate) fn new(color: ColorWhen, quiet: bool) -> Self {
        Self {
            out: Stream::new(Box::new(io::stdout()), color.on(io::stdout().is_terminal())),
            err: Stream::new(Box::new(io::stderr()), color.on(io::stderr().is_terminal())),
            quiet,
        }
    }

    /// What was asked for.
    pub(crate) fn out(&mut self, text: &str) {
        self.out.write(text);
    }

    /// What came in and goes out as it is.
    pub(crate) fn out_bytes(&mut self, bytes: &[u8]) {
        self.out.write_bytes(bytes);
    }

    /// Everything else.
    pub(crate) fn err(&mut self, text: &str) {
        self.err.write(text);
    }

    /// Paints for standard output.
    pub(crate) fn paint(&self) -> Paint {
        Paint {
            color: self.out.color,
        }
    }

    /// Paints for standard error.
    pub(crate) fn paint_err(&self) -> Paint {
        Paint {
            color: self.err.color,
        }
    }

    /// How many columns standard error has: what COLUMNS says, or the terminal, or as many as most people have.
    #[allow(
        clippy::unused_self,
        reason = "only who may write has to know how wide"
    )]
    pub(crate) fn columns(&self) -> usize {
        let columns = said().or_else(measured).unwrap_or(USUAL_COLUMNS);
        columns.clamp(LEAST_COLUMNS, MOST_COLUMNS)
    }

    /// How wide a line may be that is drawn again and again: what there is, however narrow.
    #[allow(
        clippy::unused_self,
        reason = "only who may write has to know how wide"
    )]
    pub(crate) fn width(&self) -> usize {
        let columns = measured().or_else(said).filter(|columns| *columns > 0);
        columns.unwrap_or(USUAL_COLUMNS).min(MOST_COLUMNS)
    }

    /// Ends the program as planned, unless its output could not be delivered.
    pub(crate) fn close(mut self, planned: Exit) -> Exit {
        self.out.flush();
        match self.out.failure.take() {
            None => planned,
            Some(error) => {
                self.err(&undelivered(&error));
                Exit::World
            }
        }
    }
}

/// What COLUMNS says.
fn said() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok()?;
    columns.trim().parse().ok()
}

/// What the terminal behind standard error says.
fn measured() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(usize::from(columns))
}

impl Stream {
    fn new(to: Box<dyn Write>, color: bool) -> Self {
        Self {
            to,
            color,
            closed: false,
            failure: None,
        }
    }

    fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    fn write_bytes(&mut self, bytes: &[u8]) {
        if self.closed || self.failure.is_some() {
            return;
        }
        let written = self.to.write_all(bytes);
        self.remember(written);
    }

    fn flush(&mut self) {
        if !self.closed {
            let flushed = self.to.flush();
            self.remember(flushed);
        }
    }

    fn remember(&mut self, result: io::Result<()>) {
        match result {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.failure = Some(error),
        }
    }
}

/// What is said when what was asked for could not be written.
pub(crate) fn undelivered(error: &io::Error) -> String {
    format!("error: can't write to standard output: {error}\n")
}

/// Writes to standard error, whatever becomes of it.
pub(crate) fn to_stderr(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    color: bool,
}

impl Paint {
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(self, style: &str, text: &str) -> String {
        if self.color {
            format!("\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// How findings are drawn: the same everywhere but for the colours, without links that a log can't show.
    pub(crate) fn handler(self) -> GraphicalReportHandler {
        let theme = if self.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_wrap_lines(false)
            .with_show_related_as_nested(true)
    }
}
