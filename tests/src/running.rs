//! The program while it runs: what it has said so far, signals to it, and what it leaves behind.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// Long enough for an installation on a busy machine.
const LIMIT: Duration = Duration::from_mins(8);

/// A program that goes on until somebody ends it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    said: NamedTempFile,
}

impl Running {
    /// Starts a command; both of its streams are kept, in the order in which it wrote them.
    pub fn start(command: &mut Command) -> Self {
        let said = NamedTempFile::new().expect("make a temporary file");
        let stream = || {
            let file = File::options().append(true).open(said.path());
            Stdio::from(file.expect("open a temporary file"))
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(stream())
            .stderr(stream())
            .spawn()
            .unwrap_or_else(|error| panic!("start {command:?}: {error}"));
        Self { child, said }
    }

    /// All that it has said.
    pub fn said(&self) -> String {
        let text = fs::read(self.said.path()).expect("read what was said");
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Waits until it has said this so many times.
    ///
    /// # Panics
    /// When it ends before that, or takes too long.
    #[track_caller]
    pub fn says(&mut self, words: &str, times: usize) {
        let started = Instant::now();
        loop {
            let said = self.said();
            if said.matches(words).count() >= times {
                return;
            }
            let ended = self.child.try_wait().expect("wait for a child");
            assert!(
                ended.is_none(),
                "it ended ({ended:?}) and never said `{words}`:\n{said}"
            );
            assert!(
                started.elapsed() < LIMIT,
                "it does not say `{words}`:\n{said}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends a signal by its name, as `kill -INT` does, to the program alone.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()
            .expect("start kill");
        assert!(status.success());
    }

    /// Waits until it ends.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn ends(&mut self, within: Duration) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("wait for a child") {
                return status;
            }
            assert!(
                started.elapsed() < within,
                "it does not end:\n{}",
                self.said()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processes that work in a folder or below it, with their commands.
pub fn processes_in(folder: &Path) -> Vec<String> {
    let Ok(folder) = fs::canonicalize(folder) else {
        return Vec::new();
    };
    let Ok(all) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    all.flatten()
        .filter_map(|entry| {
            let place: PathBuf = fs::read_link(entry.path().join("cwd")).ok()?;
            place.starts_with(&folder).then(|| {
                let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                let command = String::from_utf8_lossy(&command).replace('\0', " ");
                format!("{}: {command}", entry.file_name().to_string_lossy())
            })
        })
        .collect()
}

/// Waits until nothing works in a folder any more.
///
/// # Panics
/// When something goes on.
#[track_caller]
pub fn nothing_runs_in(folder: &Path) {
    let started = Instant::now();
    loop {
        let left = processes_in(folder);
        if left.is_empty() {
            return;
        }
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "left behind: {left:#?}"
        );
        thread::sleep(Duration::from_millis(50));
    }
}
