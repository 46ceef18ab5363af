//! The compiler as a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ran::Ran;
use crate::surroundings::{surroundings, tests_folder};

/// The compiler, ready for its arguments, away from any terminal and any spec.
pub fn appspecc() -> Command {
    let mut command = Command::new(&surroundings().appspecc);
    command.current_dir(std::env::temp_dir());
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE", "RUST_LOG"] {
        command.env_remove(name);
    }
    command
}

/// `appspecc build SPEC --out OUT`.
pub fn build(spec: &Path, out: &Path) -> Ran {
    Ran::of(&mut build_command(spec, out))
}

/// The same, not yet started.
pub fn build_command(spec: &Path, out: &Path) -> Command {
    let mut command = appspecc();
    command.arg("build").arg(spec).arg("--out").arg(out);
    command
}

/// `appspecc check SPEC`.
pub fn check(spec: &Path) -> Ran {
    Ran::of(appspecc().arg("check").arg(spec))
}

/// The complete apps of `tests/apps`, by name.
pub fn apps() -> Vec<PathBuf> {
    folders_of("apps")
}

/// The specs of other domains in `tests/specs`, by name.
pub fn specs() -> Vec<PathBuf> {
    folders_of("specs")
}

fn folders_of(name: &str) -> Vec<PathBuf> {
    let folder = tests_folder().join(name);
    let mut folders: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("read a folder").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "nothing in {}", folder.display());
    folders
}
