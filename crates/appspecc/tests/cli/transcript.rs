//! The program as its user sees it: what is typed, what is answered, how it ends.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder to work in, and everything that was typed there.
pub(crate) struct Session {
    folder: TempDir,
    transcript: String,
}

impl Session {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::with_prefix_in("session", env!("CARGO_TARGET_TMPDIR")).unwrap(),
            transcript: String::new(),
        }
    }

    /// Puts a file there.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The program, ready to be started in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_appspecc"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("CLICOLOR")
            .env_remove("COLUMNS");
        command
    }

    /// Types a command; remembers it with everything that comes back.
    pub(crate) fn run(self, arguments: &[&str]) -> Self {
        let output = self.command(arguments).output().unwrap();
        self.remember(arguments, &output)
    }

    /// Types a command that reads this.
    pub(crate) fn run_with(self, arguments: &[&str], input: impl AsRef<[u8]>) -> Self {
        let output = self.output_with(arguments, input);
        self.remember(arguments, &output)
    }

    /// What a command that reads this answers.
    pub(crate) fn output_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that reads nothing may be gone already.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    fn remember(mut self, arguments: &[&str], output: &Output) -> Self {
        let typed: Vec<String> = arguments
            .iter()
            .map(|word| {
                if word.contains([' ', '"']) || word.is_empty() {
                    format!("'{word}'")
                } else {
                    (*word).to_owned()
                }
            })
            .collect();
        let _ = writeln!(self.transcript, "$ appspecc {}", typed.join(" "));
        self.transcript
            .push_str(&String::from_utf8_lossy(&output.stdout));
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let _ = writeln!(self.transcript, "{}", format!("! {line}").trim_end());
        }
        let _ = writeln!(
            self.transcript,
            "[exit {}]\n",
            output.status.code().unwrap()
        );
        self
    }

    /// Adds a list of all files of the folder.
    pub(crate) fn files(mut self) -> Self {
        let mut files = Vec::new();
        list(self.folder.path(), self.folder.path(), &mut files);
        files.sort();
        self.transcript.push_str("$ find . -type f\n");
        for file in files {
            let _ = writeln!(self.transcript, "{file}");
        }
        self.transcript.push('\n');
        self
    }

    /// All that was said, the folder's own name left out.
    pub(crate) fn transcript(&self) -> String {
        let folder = self.folder.path().to_str().unwrap();
        self.transcript.replace(folder, "[folder]")
    }
}

/// A transcript without the numbers of emitted files, which are the backend's own affair.
pub(crate) fn without_counts(transcript: &str) -> String {
    let mut out = String::new();
    for line in transcript.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let counted = |at: usize| words.get(at + 1).is_some_and(|it| it.starts_with("file"));
        let words: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let digits = word.trim_start_matches('(');
                if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && counted(at) {
                    word.replace(digits, "[n]")
                } else {
                    (*word).to_owned()
                }
            })
            .collect();
        out.push_str(&words.join(" "));
        out.push('\n');
    }
    out
}

fn list(top: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(top, &path, files);
        } else {
            files.push(path.strip_prefix(top).unwrap().to_str().unwrap().to_owned());
        }
    }
}
