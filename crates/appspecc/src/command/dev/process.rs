//! Processes of `dev`: each one in a group of its own that ends as a whole, in an environment without the caller's accidents.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::halt::{Halt, Outcome, Stop};

/// How often a wait looks whether it should end.
const TICK: Duration = Duration::from_millis(40);

/// How long a process may take to end by itself when it is asked to.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a program reads besides its arguments and must not get from whoever calls us: other settings, other packages,
/// another project's database.
const UNWANTED: [&str; 14] = [
    "CONDA_PREFIX",
    "DATABASE_STATEMENT_TIMEOUT",
    "DATABASE_URL",
    "PIP_CONSTRAINT",
    "PIP_DRY_RUN",
    "PIP_PREFIX",
    "PIP_REQUIREMENT",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_USER",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "VIRTUAL_ENV",
];

/// Beginnings of such names.
const UNWANTED_BEGINNINGS: [&str; 2] = ["DJANGO_", "PYTHON"];

/// A program in a folder, in a clean environment.
pub(super) fn program(name: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if UNWANTED.contains(&text.as_ref())
            || UNWANTED_BEGINNINGS
                .iter()
                .any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    command.env("PYTHONUNBUFFERED", "1").env("PYTHONUTF8", "1");
    command
}

/// A script for a Python of ours; it ends when this program does, however that happens.
pub(super) fn script(python: &Path, folder: &Path, text: &str) -> Command {
    let mut command = program(python, folder);
    let guarded = format!("{}\n{text}", include_str!("python/guard.py"));
    command.args(["-c", &guarded]);
    command
}

/// A process and everything that it starts; it ends with this value.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Running {
    /// Starts a command in a group of its own. Its standard input stays open as long as this value lives.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            command.process_group(0);
        }
        Ok(Self {
            child: command.spawn()?,
            ended: None,
        })
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }

    /// Waits until it ends by itself.
    pub(super) fn wait(&mut self, stop: &Stop) -> Outcome<ExitStatus> {
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            stop.check()?;
            thread::sleep(TICK);
        }
    }

    /// Ends it with everything that it started: asks first, and then does not ask.
    pub(super) fn end(&mut self) {
        if self.ended().is_none() {
            self.signal(false);
            let started = Instant::now();
            while self.ended().is_none() && started.elapsed() < PATIENCE {
                thread::sleep(TICK / 4);
            }
        }
        self.signal(true);
        if self.ended().is_none() {
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
        }
    }

    #[cfg(unix)]
    fn signal(&self, at_once: bool) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = if at_once { Signal::KILL } else { Signal::TERM };
        // A group without a process left is what is wanted.
        let _ = kill_process_group(Pid::from_child(&self.child), signal);
    }

    #[cfg(not(unix))]
    fn signal(&self, at_once: bool) {
        if at_once && self.ended.is_none() {
            let _ = Command::new("taskkill")
                .args(["/T", "/F", "/PID", &self.child.id().to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a command said, and how it ended.
pub(super) struct Said {
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    /// What it complained about.
    pub(super) stderr: String,
}

/// Why a command said nothing.
#[derive(Debug)]
pub(super) enum Silent {
    /// There is no such program.
    Missing,
    /// It can't be started.
    Broken(io::Error),
    /// It takes longer than it may.
    Slow,
}

/// Runs a command to its end within a time.
pub(super) fn ask(
    command: &mut Command,
    limit: Duration,
    stop: &Stop,
) -> Outcome<Result<Said, Silent>> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = match Running::start(command) {
        Ok(running) => running,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Err(Silent::Missing)),
        Err(error) => return Ok(Err(Silent::Broken(error))),
    };
    let lines = lines_of(running.child.stdout.take());
    let complaints = lines_of(running.child.stderr.take());
    let started = Instant::now();
    let mut stdout = String::new();
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => {
                stdout.push_str(&line);
                stdout.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        stop.check()?;
        if started.elapsed() > limit {
            return Ok(Err(Silent::Slow));
        }
    }
    let status = running.wait(stop)?;
    let mut stderr = String::new();
    // Whoever it left behind may hold the stream for ever.
    while let Ok(line) = complaints.recv_timeout(TICK) {
        stderr.push_str(&line);
        stderr.push('\n');
    }
    Ok(Ok(Said {
        status,
        stdout,
        stderr,
    }))
}

/// Runs a command to its end: standard error goes into a log, and `seen` is shown each line of standard output.
pub(super) fn follow(
    command: &mut Command,
    log: &Path,
    stop: &Stop,
    mut seen: impl FnMut(Option<&str>),
) -> Outcome<io::Result<ExitStatus>> {
    let file = match File::options().append(true).create(true).open(log) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    command.stdout(Stdio::piped()).stderr(file);
    let mut running = match Running::start(command) {
        Ok(running) => running,
        Err(error) => return Ok(Err(error)),
    };
    let lines = lines_of(running.child.stdout.take());
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => seen(Some(&line)),
            Err(RecvTimeoutError::Timeout) => seen(None),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if stop.is_wanted() {
            return Err(Halt::Stopped);
        }
    }
    running.wait(stop).map(Ok)
}

/// The lines of a stream as they come; the channel closes with the stream.
fn lines_of(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stream) = stream {
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                if sender.send(text).is_err() {
                    return;
                }
                line.clear();
            }
        });
    }
    receiver
}

/// The last lines of a log that say something.
pub(super) fn tail(log: &Path, count: usize) -> Vec<String> {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    let start = lines.len().saturating_sub(count);
    lines
        .iter()
        .skip(start)
        .map(|line| line.chars().filter(|c| !c.is_control()).take(400).collect())
        .collect()
}
