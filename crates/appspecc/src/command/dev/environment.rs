//! The virtual environment of a project: made when it is needed, and called complete when it is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use appspec_diagnostics::codes::world;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::halt::{Outcome, Stop, failed};
use super::install;
use super::place::Place;
use super::process::{ask, program};
use super::python::{self, Tools};
use super::screen::Screen;
use crate::output::reason;

/// The note in an environment that says what is in it.
const NOTE: &str = "appspecc.json";

/// What is in an environment.
#[derive(Debug, Deserialize, Serialize)]
struct Note {
    /// A hash of the files that say which packages; empty until all of them are installed.
    requirements: String,
    /// Whether somebody else made the environment: then it is not ours to remove.
    adopted: bool,
}

/// What there is.
enum Found {
    Nothing,
    Complete,
    /// Ours, and not what is needed.
    Stale,
    /// Somebody else's.
    Foreign,
}

/// Makes sure that the environment has what the project needs; gives its interpreter.
pub(super) fn ready(place: &Place, screen: &mut Screen<'_>, stop: &Stop) -> Outcome<PathBuf> {
    let folder = place.project.join(".venv");
    let wanted = requirements(&place.project);
    let python = interpreter(&folder);
    match look(&folder, &wanted) {
        Found::Complete => return Ok(python),
        Found::Foreign => {
            let has_uv = python::has_uv(&place.project, stop)?;
            check(&folder, &python, has_uv, place, stop)?;
            install::packages(place, &python, has_uv, screen, stop)?;
            return finish(&folder, &wanted, true).map(|()| python);
        }
        Found::Stale => remove(&folder)?,
        Found::Nothing => {}
    }
    let Tools {
        has_uv,
        python: base,
    } = python::look(&place.project, stop)?;
    fs::create_dir_all(&folder).map_err(|error| cant_write(&folder, &error))?;
    finish(&folder, "", false)?;
    install::environment(place, has_uv, base.as_ref(), screen, stop)?;
    finish(&folder, "", false)?;
    install::packages(place, &python, has_uv, screen, stop)?;
    finish(&folder, &wanted, false)?;
    Ok(python)
}

/// The interpreter of an environment.
fn interpreter(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    }
}

fn look(folder: &Path, wanted: &str) -> Found {
    let Ok(data) = fs::symlink_metadata(folder) else {
        return Found::Nothing;
    };
    let note = fs::read(folder.join(NOTE))
        .ok()
        .and_then(|text| serde_json::from_slice::<Note>(&text).ok());
    match note {
        // The interpreter may have gone with an update of the system.
        Some(note) if note.requirements == wanted && interpreter(folder).is_file() => {
            Found::Complete
        }
        Some(note) if !note.adopted && data.is_dir() => Found::Stale,
        _ => Found::Foreign,
    }
}

/// Whether an environment that somebody else made can be used.
fn check(folder: &Path, python: &Path, has_uv: bool, place: &Place, stop: &Stop) -> Outcome<()> {
    // uv makes environments without pip.
    let question = if has_uv {
        "import sys; sys.exit(sys.version_info < (3, 11))"
    } else {
        "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    };
    let mut command = program(python, &place.project);
    command.args(["-c", question]);
    let fine = ask(&mut command, std::time::Duration::from_secs(30), stop)?
        .is_ok_and(|said| said.status.success());
    if fine {
        return Ok(());
    }
    Err(failed(
        &world::STRANGE_ENVIRONMENT,
        format!(
            "`{}` is not of appspecc and is no virtual environment of Python 3.11 or later with pip",
            folder.display()
        ),
        "remove it or move it away, and run this command again, which makes one",
    ))
}

/// A hash of what is to be installed.
fn requirements(project: &Path) -> String {
    let mut hash = Sha256::new();
    for file in ["base.txt", "development.txt"] {
        let text = fs::read(project.join("requirements").join(file)).unwrap_or_default();
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn finish(folder: &Path, requirements: &str, adopted: bool) -> Outcome<()> {
    let note = Note {
        requirements: requirements.to_owned(),
        adopted,
    };
    let text = serde_json::to_vec(&note).unwrap_or_default();
    fs::write(folder.join(NOTE), text).map_err(|error| cant_write(folder, &error))
}

fn remove(folder: &Path) -> Outcome<()> {
    fs::remove_dir_all(folder).map_err(|error| cant_write(folder, &error))
}

/// The disk did not let us.
pub(super) fn cant_write(path: &Path, error: &std::io::Error) -> super::halt::Halt {
    failed(
        &world::CANT_WRITE,
        format!("can't write `{}`: {}", path.display(), reason(error)),
        "look at the permissions of the folder and at the space on the disk, or choose another folder with `--out DIR`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_finished_environment_is_complete() {
        let project = tempfile::tempdir().unwrap();
        let folder = project.path().join(".venv");
        assert!(matches!(look(&folder, "a"), Found::Nothing));
        fs::create_dir(&folder).unwrap();
        assert!(matches!(look(&folder, "a"), Found::Foreign));
        finish(&folder, "", false).unwrap();
        assert!(matches!(look(&folder, "a"), Found::Stale));
        finish(&folder, "a", false).unwrap();
        assert!(
            matches!(look(&folder, "a"), Found::Stale),
            "without an interpreter"
        );
        let python = interpreter(&folder);
        fs::create_dir_all(python.parent().unwrap()).unwrap();
        fs::write(&python, "").unwrap();
        assert!(matches!(look(&folder, "a"), Found::Complete));
        assert!(matches!(look(&folder, "b"), Found::Stale));
        finish(&folder, "a", true).unwrap();
        assert!(matches!(look(&folder, "b"), Found::Foreign));
    }

    #[test]
    fn other_packages_are_another_hash() {
        let project = tempfile::tempdir().unwrap();
        let before = requirements(project.path());
        fs::create_dir(project.path().join("requirements")).unwrap();
        fs::write(
            project.path().join("requirements/base.txt"),
            "django==5.2\n",
        )
        .unwrap();
        assert_ne!(before, requirements(project.path()));
    }
}
