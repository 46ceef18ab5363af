//! What `dev` shows while it works: one living line on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use crate::terminal::Terminal;

/// How often the living line moves.
const BEAT: Duration = Duration::from_millis(120);

/// Where no line lives, a count is told every so many.
const PLAIN_STEP: usize = 10;

const SPINNER: [&str; 8] = ["⣾", "⣽", "⣻", "⢿", "⡿", "⣟", "⣯", "⣷"];

/// The screen.
pub(super) struct Screen<'t> {
    pub(super) terminal: &'t mut Terminal,
    lives: bool,
    /// What is being done, since when, and how far.
    now: Option<(String, Instant)>,
    drawn: Option<Instant>,
    beat: usize,
}

impl<'t> Screen<'t> {
    pub(super) fn new(terminal: &'t mut Terminal) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            lives: std::io::stderr().is_terminal() && !dumb && !terminal.quiet,
            terminal,
            now: None,
            drawn: None,
            beat: 0,
        }
    }

    /// Something begins that takes a while.
    pub(super) fn begin(&mut self, what: &str) {
        self.clear();
        self.now = Some((what.to_owned(), Instant::now()));
        if self.lives {
            self.draw();
        } else {
            self.say(&format!("  {what} …"));
        }
    }

    /// It has come so far.
    pub(super) fn count(&mut self, done: usize, total: usize, name: &str) {
        if self.lives {
            self.step(&format!("installing {done} of {total}: {name}"));
        } else if done > 0 && done.is_multiple_of(PLAIN_STEP) {
            self.say(&format!("  {done} of {total} …"));
        }
    }

    /// It is at this now.
    pub(super) fn step(&mut self, what: &str) {
        if let Some((text, _)) = &mut self.now {
            what.clone_into(text);
        }
        if self.lives {
            self.draw();
        }
    }

    /// Time goes by.
    pub(super) fn tick(&mut self) {
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= BEAT);
        if self.lives && due && self.now.is_some() {
            self.beat += 1;
            self.draw();
        }
    }

    /// It is done.
    pub(super) fn done(&mut self, what: &str) {
        let took = self.now.as_ref().map(|(_, since)| since.elapsed());
        self.clear();
        let took = took
            .filter(|took| took.as_secs() > 0)
            .map(|took| {
                self.terminal
                    .paint_err()
                    .dim(&format!(" ({} s)", took.as_secs()))
            })
            .unwrap_or_default();
        let tick = self.terminal.paint_err().green("✓");
        self.say(&format!("{tick} {what}{took}"));
    }

    /// A line for the reader.
    pub(super) fn say(&mut self, text: &str) {
        if !self.terminal.quiet {
            self.terminal.err(&format!("{text}\n"));
        }
    }

    /// The same behind what a terminal shows of Ctrl-C.
    pub(super) fn say_apart(&mut self, text: &str) {
        if self.lives {
            self.say("");
        }
        self.say(text);
    }

    /// Takes the living line away.
    pub(super) fn clear(&mut self) {
        if self.lives && self.drawn.is_some() {
            self.terminal.err("\r\u{1b}[2K");
        }
        self.now = None;
        self.drawn = None;
    }

    fn draw(&mut self) {
        let Some((what, _)) = &self.now else {
            return;
        };
        let wheel = SPINNER
            .get(self.beat % SPINNER.len())
            .copied()
            .unwrap_or("·");
        let what = fitting(what, self.terminal.width());
        self.terminal.err(&format!("\r\u{1b}[2K{wheel} {what}"));
        self.drawn = Some(Instant::now());
    }
}

/// A line that goes on in the next one can't be taken away by clearing one. The wheel, a blank and the last column are not for text.
fn fitting(what: &str, columns: usize) -> String {
    let room = columns.saturating_sub(3);
    if what.chars().count() <= room {
        return what.to_owned();
    }
    let kept = what.chars().take(room.saturating_sub(1));
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_living_line_is_one_line() {
        let what = "making a virtual environment for Python 3.12.3 with venv";
        assert_eq!(fitting(what, 96), what);
        assert_eq!(fitting(what, 40), "making a virtual environment for Pyt…");
        assert_eq!(fitting("short", 8), "short");
        assert_eq!(fitting("short", 7), "sho…");
        assert_eq!(fitting("short", 1), "…");
    }
}
