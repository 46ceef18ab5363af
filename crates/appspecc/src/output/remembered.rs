//! What earlier builds left for later ones under `.appspec`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};
use appspec_evolve::{History, Migration};
use appspec_ir::in_shares;

use super::failure::{only, unreadable};
use super::manifest::Manifest;

/// Below this many files, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 16;

/// The manifest; an empty one before the first build.
pub(super) fn manifest(root: &Path) -> Result<Manifest, Diagnostics> {
    let path = root.join(Manifest::PATH);
    let Some(text) = text(&path)? else {
        return Ok(Manifest::default());
    };
    Manifest::from_text(&text).map_err(|reason| {
        only(damaged(&path, &reason).help(
            "restore the file from version control; without it, `--overwrite` is the way to go on",
        ))
    })
}

/// The migrations; none before the first build.
pub(super) fn history(root: &Path) -> Result<History, Diagnostics> {
    let mut files = Vec::new();
    for app in entries(&root.join(History::FOLDER))? {
        if !app.is_dir() {
            continue;
        }
        let of_app = entries(&app)?.into_iter();
        files.extend(of_app.filter(|file| file.extension().is_some_and(|end| end == "json")));
    }
    let read = in_shares(&files, WORTH_A_THREAD, |files| {
        files.iter().map(|file| migration(root, file)).collect()
    });
    let mut findings = Diagnostics::new();
    let mut migrations = Vec::new();
    for read in read {
        match read {
            Ok(migration) => migrations.extend(migration),
            Err(Unread::Damaged(reason)) => findings.push(*reason),
            Err(Unread::Unreadable(why)) => return Err(why),
        }
    }
    if findings.is_empty() {
        Ok(History::new(migrations))
    } else {
        Err(findings)
    }
}

/// Why a migration's memory is not known.
enum Unread {
    /// All such files are named together.
    Damaged(Box<Diagnostic>),
    Unreadable(Diagnostics),
}

fn migration(root: &Path, file: &Path) -> Result<Option<Migration>, Unread> {
    let Some(text) = text(file).map_err(Unread::Unreadable)? else {
        return Ok(None);
    };
    let read = Migration::from_json(&text).and_then(|migration| {
        if root.join(migration.path()) == file {
            Ok(migration)
        } else {
            Err(format!("it is about `{}`", migration.path()))
        }
    });
    read.map(Some).map_err(|reason| {
        let finding = damaged(file, &reason)
            .help("restore the file from version control: it remembers what a migration did");
        Unread::Damaged(Box::new(finding))
    })
}

fn damaged(file: &Path, reason: &str) -> Diagnostic {
    Diagnostic::without_place(
        &world::BAD_STATE,
        format!("can't understand `{}`: {reason}", file.display()),
    )
}

/// The text of a file; nothing if there is none.
fn text(file: &Path) -> Result<Option<String>, Diagnostics> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let finding = damaged(file, "it is not text");
            Err(only(finding.help("restore the file from version control")))
        }
        Err(error) => Err(only(unreadable(file, &error))),
    }
}

/// What a folder holds, sorted; nothing if it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Diagnostics> {
    let list = match fs::read_dir(folder) {
        Ok(list) => list,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(only(unreadable(folder, &error))),
    };
    let mut paths = Vec::new();
    for entry in list {
        let entry = entry.map_err(|error| only(unreadable(folder, &error)))?;
        paths.push(entry.path());
    }
    paths.sort();
    Ok(paths)
}
