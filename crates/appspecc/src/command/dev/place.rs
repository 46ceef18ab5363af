//! The folders of a run: the project, and what `dev` keeps in it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use appspec_diagnostics::codes::world;

use super::environment::cant_write;
use super::halt::{Outcome, failed};

/// Where things are.
#[derive(Debug)]
pub(super) struct Place {
    /// The emitted project.
    pub(super) project: PathBuf,
    /// What `dev` keeps there: logs, and the password of the administrator. Git ignores it.
    pub(super) kept: PathBuf,
    /// Held as long as the program runs: two of them would serve one database and fight for one environment.
    _lock: File,
}

impl Place {
    /// Takes the project's folder for this run.
    pub(super) fn take(project: &Path) -> Outcome<Self> {
        let project = fs::canonicalize(project).map_err(|error| cant_write(project, &error))?;
        let kept = project.join(".dev");
        fs::create_dir_all(&kept).map_err(|error| cant_write(&kept, &error))?;
        let path = kept.join("lock");
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| cant_write(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(failed(
                    &world::BUSY,
                    format!("another `appspecc dev` runs in `{}`", project.display()),
                    "use that one, or end it with Ctrl-C first",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(cant_write(&path, &error)),
        }
        let place = Self {
            project,
            kept,
            _lock: lock,
        };
        // Of this run only: a server that is replaced goes on in it.
        place.log("server.log");
        Ok(place)
    }

    /// Whether it is this folder.
    pub(super) fn is_of(&self, project: &Path) -> bool {
        fs::canonicalize(project).is_ok_and(|real| real == self.project)
    }

    /// Whether somebody removed the folder, or what is kept there. The lock went with it.
    pub(super) fn is_gone(&self) -> bool {
        !self.kept.join("lock").is_file()
    }

    /// A log, begun anew.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        let path = self.kept.join(name);
        let _ = fs::write(&path, "");
        path
    }

    /// A path as the reader of this terminal would write it.
    pub(super) fn shown(path: &Path) -> String {
        let here = std::env::current_dir().and_then(fs::canonicalize);
        let near = here
            .ok()
            .and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
        near.filter(|it| !it.as_os_str().is_empty())
            .unwrap_or_else(|| path.to_owned())
            .display()
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_was_removed_is_taken_again() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        fs::create_dir(&project).unwrap();
        let first = Place::take(&project).unwrap();
        assert!(!first.is_gone());
        fs::remove_dir_all(&project).unwrap();
        fs::create_dir(&project).unwrap();
        assert!(first.is_of(&project) && first.is_gone());
        assert!(!Place::take(&project).unwrap().is_gone());
    }

    #[test]
    fn one_at_a_time() {
        let project = tempfile::tempdir().unwrap();
        let first = Place::take(project.path()).unwrap();
        assert!(Place::take(project.path()).is_err());
        drop(first);
        assert!(Place::take(project.path()).is_ok());
    }
}
