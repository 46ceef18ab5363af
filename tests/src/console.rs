//! Terminal sessions as documents show them: commands behind `$`, and below each what it answers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ran::{Ran, Verdict};
use crate::surroundings::surroundings;

/// A user who owns nothing.
const NOBODY: &str = "65534";

/// In an answer: any number of lines, or any text within one.
const LEFT_OUT: &str = "…";

/// A command and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// As it is typed.
    pub command: String,
    /// The lines that the document shows; none when it leaves the answer out.
    pub answer: Vec<String>,
}

/// The commands of a `console` block. A command that ends in `\` goes on in the next line.
///
/// # Panics
/// If the block begins with something else.
pub fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                answer: Vec::new(),
            });
        } else {
            let step = steps
                .last_mut()
                .unwrap_or_else(|| panic!("`{line}` answers no command"));
            if goes_on {
                let _ = write!(step.command, "\n{line}");
            } else {
                step.answer.push(line.to_owned());
            }
        }
        goes_on = line.ends_with('\\');
    }
    steps
}

/// Somebody at a terminal: a folder to stand in, and `appspecc` among the programs.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Where they stand.
    pub folder: PathBuf,
    /// Holds `bin/appspecc` and is their home.
    home: PathBuf,
    /// Whether somebody without any rights types, where this process is root.
    is_nobody: bool,
    /// How this machine reaches package indexes.
    network: Vec<(String, String)>,
}

/// Settings that package installers and their certificates need on some machines.
const NETWORK: [&str; 5] = ["PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_", "HTTPS_PROXY"];

impl Terminal {
    /// In `folder`, with nothing of this machine's owner but the programs. `home` is an empty folder.
    pub fn new(folder: &Path, home: &Path) -> Self {
        let bin = home.join("bin");
        std::fs::create_dir_all(&bin).expect("make a folder");
        let program = bin.join("appspecc");
        if !program.exists() {
            // A copy: whoever runs it need not be able to reach the build's folder. By another process: while this one
            // writes it, a test beside this one could start a child, which then holds it open.
            Ran::of(
                Command::new("cp")
                    .arg(&surroundings().appspecc)
                    .arg(program),
            )
            .fine();
        }
        Self {
            folder: folder.to_owned(),
            home: home.to_owned(),
            is_nobody: false,
            network: Vec::new(),
        }
    }

    /// The same, with what this machine needs to install packages.
    pub fn with_network(mut self) -> Self {
        let all = std::env::vars();
        let needed = all.filter(|(name, _)| NETWORK.iter().any(|it| name.starts_with(it)));
        self.network.extend(needed);
        self
    }

    /// From here on, permissions bind: they do not bind root. The folders belong to whoever types.
    pub fn obeys_permissions(&mut self) {
        let root = Ran::of(Command::new("id").arg("-u")).stdout.trim() == "0";
        if root {
            let folders = [&self.folder, &self.home];
            Ran::of(Command::new("chown").args(["-R", NOBODY]).args(folders)).fine();
        }
        self.is_nobody = root;
    }

    /// A shell for this line, not yet started. What it complains stands among what it answers.
    pub fn shell(&self, line: &str) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(if self.is_nobody { "setpriv" } else { "sh" });
        if self.is_nobody {
            let who = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
            command.args(who).args(["--clear-groups", "sh"]);
        }
        command
            .args(["-c", &format!("exec 2>&1\n{line}")])
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", format!("{}/bin:{path}", self.home.display()))
            .env("HOME", &self.home)
            .env("TMPDIR", std::env::temp_dir())
            .env("LANG", "C.UTF-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(self.network.iter().cloned());
        command
    }

    /// Types a line and waits for the end.
    pub fn types(&mut self, line: &str) -> Ran {
        let ran = Ran::of(&mut self.shell(line));
        if let Some(folder) = line.strip_prefix("cd ")
            && ran.status.success()
        {
            self.folder.push(folder);
            // `../..` leads on when the folder that it began in is removed.
            if let Ok(real) = self.folder.canonicalize() {
                self.folder = real;
            }
        }
        ran
    }

    /// Types every command of a block; each has to answer what the document says. The exit codes are the answer's own affair
    /// where it is shown, and 0 where it is not.
    pub fn follows(&mut self, block: &str) -> Verdict {
        for step in steps(block) {
            let ran = self.types(&step.command).answers();
            if step.answer.is_empty() {
                ran.verdict()?;
            } else {
                as_shown(&step.answer, &ran.stdout).map_err(|why| format!("{why}\n\n{ran}"))?;
            }
        }
        Ok(())
    }
}

/// Whether an answer is what a document shows, up to what that leaves out.
pub fn as_shown(shown: &[String], said: &str) -> Verdict {
    let said: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
    let shown = shown.join("\n");
    let shown = shown.trim_end().lines();
    let (mut at, mut may_skip) = (0, false);
    for line in shown {
        if line.trim() == LEFT_OUT {
            may_skip = true;
            continue;
        }
        let mut left = said[at..].iter();
        let found = left.position(|it| is_like(line.trim_end(), it));
        match found {
            Some(0) => at += 1,
            Some(skipped) if may_skip => at += skipped + 1,
            _ => {
                let instead = said.get(at).unwrap_or(&"(the end)");
                return Err(format!("shown: {line}\nsaid:  {instead}"));
            }
        }
        may_skip = false;
    }
    if at < said.len() && !may_skip {
        return Err(format!("not shown: {}", said[at]));
    }
    Ok(())
}

/// Whether a line is the shown one, in which each `…` stands for any text.
fn is_like(shown: &str, said: &str) -> bool {
    let parts: Vec<&str> = shown.split(LEFT_OUT).collect();
    let [first, between @ .., last] = &parts[..] else {
        return shown == said;
    };
    let Some(mut rest) = said
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last))
    else {
        return false;
    };
    for part in between {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[&str], said: &str) -> bool {
        let lines: Vec<String> = lines.iter().map(|&it| it.to_owned()).collect();
        as_shown(&lines, said).is_ok()
    }

    #[test]
    fn an_answer_belongs_to_the_command_above_it() {
        let found = steps("$ ls \\\n  -l\n$ cat x\none\n\ntwo\n");
        assert_eq!(found[0].command, "ls \\\n  -l");
        assert_eq!(found[0].answer, [""; 0]);
        assert_eq!(found[1].answer, ["one", "", "two"]);
    }

    #[test]
    fn what_is_not_left_out_has_to_be_there() {
        assert!(shown(&["a", "b"], "a\nb\n\n"));
        assert!(!shown(&["a"], "a\nb\n"));
        assert!(!shown(&["a", "b"], "a\n"));
        assert!(!shown(&["a", "c"], "a\nb\nc\n"));
        assert!(shown(&["a", "…", "c"], "a\nb\nc\n"));
        assert!(shown(&["a", "…"], "a\nb\nc\n"));
        assert!(!shown(&["…", "b"], "a\nb\nc\n"));
    }

    #[test]
    fn a_part_of_a_line_may_be_left_out() {
        assert!(is_like("at …:80/", "at host:80/"));
        assert!(is_like("took … s", "took 1.25 s"));
        assert!(!is_like("took … s", "took 1.25 min"));
        assert!(!is_like("took … s", "took 1 s, or so"));
        assert!(is_like("took …", "took 1 s"));
        assert!(!is_like("a", "ab"));
    }
}
