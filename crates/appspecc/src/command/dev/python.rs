//! Which Python runs the project.

use std::path::{Path, PathBuf};
use std::time::Duration;

use appspec_diagnostics::codes::world;

use super::halt::{Outcome, Stop, failed};
use super::prepare::shown;
use super::process::{Said, Silent, ask, program};
use crate::output::reason;

/// The oldest Python that emitted projects run on.
const OLDEST: (u32, u32) = (3, 11);

/// How long an interpreter may take to say its version.
const PATIENCE: Duration = Duration::from_secs(20);

/// Says what an interpreter is; understood by any Python there ever was.
const QUESTION: &str = "import sys
try:
    import ensurepip, venv
    able = 1
except ImportError:
    able = 0
where = getattr(sys, '_base_executable', None) or sys.executable
sys.stdout.write('%d.%d.%d|%d|%s\\n' % (tuple(sys.version_info[:3]) + (able, where)))";

/// An interpreter that starts.
#[derive(Clone, Debug)]
pub(super) struct Python {
    /// Its program.
    pub(super) program: PathBuf,
    /// As in `3.13.2`.
    pub(super) version: String,
    number: (u32, u32),
    /// Whether it has what makes virtual environments.
    pub(super) makes_environments: bool,
}

/// What there is on this machine.
#[derive(Debug)]
pub(super) struct Tools {
    /// Whether `uv` works.
    pub(super) has_uv: bool,
    /// The interpreter; uv can get one where there is none.
    pub(super) python: Option<Python>,
}

/// Whether `uv` works.
pub(super) fn has_uv(folder: &Path, stop: &Stop) -> Outcome<bool> {
    let answer = ask(program("uv", folder).arg("--version"), PATIENCE, stop)?;
    Ok(answer.is_ok_and(|said| said.status.success()))
}

/// Looks for uv and for a Python; a failure says what to install here.
pub(super) fn look(folder: &Path, stop: &Stop) -> Outcome<Tools> {
    let has_uv = has_uv(folder, stop)?;
    let mut too_old: Option<Python> = None;
    let mut unable: Option<Python> = None;
    let mut broken: Option<String> = None;
    for words in candidates() {
        let Some((name, arguments)) = words.split_first() else {
            continue;
        };
        let mut command = program(name, folder);
        command.args(arguments).args(["-c", QUESTION]);
        let answer = ask(&mut command, PATIENCE, stop)?;
        let python = match heard(name, answer) {
            Heard::Nothing => continue,
            Heard::Failed(why) => {
                broken.get_or_insert(format!("`{}` {why}", place_of(name)));
                continue;
            }
            Heard::Python(python) => python,
        };
        if python.number < OLDEST {
            let newer = too_old
                .as_ref()
                .is_none_or(|known| known.number < python.number);
            if newer {
                too_old = Some(python);
            }
        } else if python.makes_environments || has_uv {
            return Ok(Tools {
                has_uv,
                python: Some(python),
            });
        } else if unable.is_none() {
            unable = Some(python);
        }
    }
    let wanted = "the project needs 3.11 or later";
    match (has_uv, unable, too_old) {
        (true, _, _) => Ok(Tools {
            has_uv,
            python: None,
        }),
        (false, Some(python), _) => Err(failed(
            &world::PYTHON_WITHOUT_VENV,
            format!(
                "Python {} (`{}`) can't make virtual environments: it lacks `venv` or `ensurepip`",
                python.version,
                python.program.display()
            ),
            advice(&format!(
                "sudo apt install python{}.{}-venv",
                python.number.0, python.number.1
            )),
        )),
        (false, None, Some(python)) => Err(failed(
            &world::OLD_PYTHON,
            format!(
                "Python {} (`{}`) is too old: the project needs 3.11 or later",
                python.version,
                python.program.display()
            ),
            advice("sudo apt install python3.11 python3.11-venv"),
        )),
        (false, None, None) => Err(failed(
            &world::NO_PYTHON,
            match broken {
                Some(broken) => format!("{broken}, and no other Python was found: {wanted}"),
                None => format!("no Python was found: {wanted}"),
            },
            advice("sudo apt install python3 python3-venv"),
        )),
    }
}

/// What to type, the newest first. On Windows the launcher knows what is installed.
fn candidates() -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    if cfg!(windows) {
        found.extend([
            vec!["py", "-3.14"],
            vec!["py", "-3.13"],
            vec!["py", "-3.12"],
            vec!["py", "-3.11"],
        ]);
    } else {
        found.extend([
            vec!["python3.14"],
            vec!["python3.13"],
            vec!["python3.12"],
            vec!["python3.11"],
        ]);
    }
    found.extend([vec!["python3"], vec!["python"]]);
    found
}

/// What a candidate turned out to be.
enum Heard {
    /// It is not there.
    Nothing,
    /// It is there and can't be used; the reason, as the end of a sentence.
    Failed(String),
    Python(Python),
}

fn heard(name: &str, answer: Result<Said, Silent>) -> Heard {
    let said = match answer {
        Ok(said) => said,
        Err(Silent::Missing) => return Heard::Nothing,
        Err(Silent::Broken(error)) => {
            return Heard::Failed(format!("can't be started ({})", reason(&error)));
        }
        Err(Silent::Slow) => {
            let seconds = PATIENCE.as_secs();
            return Heard::Failed(format!("does not say its version within {seconds} seconds"));
        }
    };
    let python = said.status.success();
    let python = python.then(|| understood(name, &said.stdout)).flatten();
    if let Some(python) = python {
        return Heard::Python(python);
    }
    let lines = said.stdout.lines().chain(said.stderr.lines());
    let mut said_lines = lines.filter(|line| !line.trim().is_empty());
    let last = said_lines.next_back();
    let why = last.map_or_else(|| said.status.to_string(), |line| shown(line.trim()));
    Heard::Failed(format!("does not say its version ({why})"))
}

/// Where a program lies, as far as that is known.
fn place_of(name: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name));
    let mut found = found.filter(|program| program.is_file());
    found
        .next()
        .map_or_else(|| name.to_owned(), |program| program.display().to_string())
}

/// `3.13.2|1|/usr/bin/python3.13`
fn understood(name: &str, answer: &str) -> Option<Python> {
    let line = answer.lines().last()?;
    let mut parts = line.splitn(3, '|');
    let version = parts.next()?.to_owned();
    let able = parts.next()? == "1";
    let place = parts.next().unwrap_or_default();
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let number = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let real = PathBuf::from(place);
    Some(Python {
        program: if real.is_file() { real } else { name.into() },
        version,
        number,
        makes_environments: able,
    })
}

/// What to do about it on this system.
fn advice(on_debian: &str) -> String {
    let own = if cfg!(target_os = "macos") {
        "brew install python@3.13".to_owned()
    } else if cfg!(windows) {
        "winget install Python.Python.3.13".to_owned()
    } else if Path::new("/etc/debian_version").exists() {
        on_debian.to_owned()
    } else if Path::new("/etc/fedora-release").exists() || Path::new("/etc/redhat-release").exists()
    {
        "sudo dnf install python3.12".to_owned()
    } else if Path::new("/etc/arch-release").exists() {
        "sudo pacman -S python".to_owned()
    } else if Path::new("/etc/alpine-release").exists() {
        "apk add python3".to_owned()
    } else {
        "install Python 3.13 with your system's packages".to_owned()
    };
    format!(
        "`{own}`, or install uv (https://docs.astral.sh/uv), which brings a Python along; then run this command again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        let python = understood("python3", "noise\n3.9.2|1|/nowhere/python\n").unwrap();
        assert_eq!(python.number, (3, 9));
        assert_eq!(python.program, Path::new("python3"));
        assert!(python.makes_environments);
        assert!(understood("python3", "3.11.0|0|\n").is_some_and(|it| !it.makes_environments));
        assert!(understood("python3", "pyenv: version not found").is_none());
        assert!(understood("python3", "").is_none());
    }
}
