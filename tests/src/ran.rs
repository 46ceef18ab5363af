//! Running a command to its end, with a limit, and keeping all that it said.

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What an oracle says: nothing, or findings together with the command that made them.
pub type Verdict = Result<(), String>;

/// Long enough for mypy on a cold cache with both cores busy.
const LIMIT: Duration = Duration::from_mins(10);

/// A command that ended, or was ended because it took too long.
#[derive(Debug)]
pub struct Ran {
    /// As one would type it.
    pub command: String,
    /// How it ended.
    pub status: ExitStatus,
    /// Whether it was killed for taking too long.
    pub timed_out: bool,
    /// What it wrote, undecodable bytes replaced.
    pub stdout: String,
    /// What it complained.
    pub stderr: String,
}

impl Ran {
    /// Runs a command without standard input.
    pub fn of(command: &mut Command) -> Self {
        let mut stdout = scratch();
        let mut stderr = scratch();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(stdout.try_clone().expect("duplicate a file handle"))
            .stderr(stderr.try_clone().expect("duplicate a file handle"))
            .spawn()
            .unwrap_or_else(|error| panic!("start {command:?}: {error}"));
        let started = Instant::now();
        let mut timed_out = false;
        let status = loop {
            if let Some(status) = child.try_wait().expect("wait for a child") {
                break status;
            }
            if started.elapsed() > LIMIT {
                timed_out = true;
                child.kill().expect("kill a child");
                break child.wait().expect("wait for a child");
            }
            thread::sleep(Duration::from_millis(2));
        };
        Self {
            command: shown(command),
            status,
            timed_out,
            stdout: text_of(&mut stdout),
            stderr: text_of(&mut stderr),
        }
    }

    /// All that it said: whether a finding is a result or a complaint is not the question here.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The exit code; none after a signal.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Findings unless the exit code is 0.
    pub fn verdict(&self) -> Verdict {
        if self.status.success() {
            Ok(())
        } else {
            Err(self.to_string())
        }
    }

    /// Itself, when the exit code is 0.
    ///
    /// # Panics
    /// Otherwise, with all that was said.
    #[track_caller]
    pub fn fine(self) -> Self {
        self.exits(0)
    }

    /// Itself, when the exit code is this one and it did not crash on the way.
    ///
    /// # Panics
    /// Otherwise, with all that was said.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self}");
        self.answers()
    }

    /// Itself, when it ended by itself, in time, and said nothing that looks like a crash.
    ///
    /// # Panics
    /// Otherwise, with all that was said.
    #[track_caller]
    pub fn answers(self) -> Self {
        assert!(!self.timed_out, "took longer than {LIMIT:?}: {self}");
        assert_eq!(self.status.signal(), None, "ended by a signal: {self}");
        for crash in [
            "panicked at",
            "RUST_BACKTRACE",
            "stack overflow",
            "internal error",
        ] {
            assert!(!self.said().contains(crash), "{crash}: {self}");
        }
        assert_ne!(self.code(), Some(101), "a panic's exit code: {self}");
        self
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "$ {}\n{}", self.command, self.status)?;
        if self.timed_out {
            write!(out, " (killed after {LIMIT:?})")?;
        }
        for text in [&self.stdout, &self.stderr] {
            if !text.trim().is_empty() {
                write!(out, "\n{}", abridged(text.trim_end()))?;
            }
        }
        Ok(())
    }
}

/// A 10 MB answer must not drown the report: its beginning and its end tell enough.
fn abridged(text: &str) -> String {
    const KEPT: usize = 8_000;
    let count = text.chars().count();
    if count <= 2 * KEPT {
        return text.to_owned();
    }
    let head: String = text.chars().take(KEPT).collect();
    let tail: String = text.chars().skip(count - KEPT).collect();
    format!("{head}\n… {} characters …\n{tail}", count - 2 * KEPT)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    match command.get_current_dir() {
        Some(folder) => format!("cd {} && {line}", folder.display()),
        None => line,
    }
}

/// Files, not pipes: nothing has to be read while the command runs.
fn scratch() -> File {
    tempfile::tempfile().expect("make a temporary file")
}

fn text_of(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().expect("rewind a temporary file");
    file.read_to_end(&mut bytes).expect("read a temporary file");
    String::from_utf8_lossy(&bytes).into_owned()
}
