use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use appspec_backend::{Artifact, Artifacts};
use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};
use appspec_ir::in_shares;

use super::disk::Failure;
use super::failure::{cant_write, only, unreadable};
use super::manifest::hash;

/// Below this many files, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;

/// An artifact and what is at its place.
pub(crate) struct Looked<'a> {
    pub(crate) path: &'a str,
    pub(crate) artifact: &'a Artifact,
    /// SHA-256 of the artifact.
    pub(crate) hash: String,
    pub(crate) found: Found,
}

/// What is at the place of an artifact.
pub(crate) enum Found {
    Nothing,
    /// The very bytes of the artifact.
    Same,
    /// Something else, with its SHA-256.
    Other(Vec<u8>, String),
}

/// Looks at the places of all artifacts. Reading and hashing is most of what an unchanged build does, so it
/// is shared among the processors.
pub(crate) fn look<'a>(
    root: &Path,
    artifacts: &'a Artifacts,
) -> Result<Vec<Looked<'a>>, Diagnostics> {
    let all: Vec<(&str, &Artifact)> = artifacts.iter().collect();
    folders(root, all.iter().map(|(path, _)| *path))?;
    in_shares(&all, WORTH_A_THREAD, |part| {
        let looked = part
            .iter()
            .map(|(path, artifact)| look_at(root, path, artifact));
        looked.collect()
    })
    .into_iter()
    .collect()
}

/// SHA-256 of what is at these places, none where nothing is; shared among the processors too.
pub(crate) fn hashes(root: &Path, paths: &[&str]) -> Result<Vec<Option<String>>, Diagnostics> {
    in_shares(paths, WORTH_A_THREAD, |part| {
        let found = part.iter().map(|path| read(&root.join(path)));
        found
            .map(|found| Ok(found?.map(|content| hash(&content))))
            .collect()
    })
    .into_iter()
    .collect()
}

fn look_at<'a>(
    root: &Path,
    path: &'a str,
    artifact: &'a Artifact,
) -> Result<Looked<'a>, Diagnostics> {
    let expected = hash(artifact.content.as_bytes());
    let found = match read(&root.join(path))? {
        None => Found::Nothing,
        Some(content) if content == artifact.content.as_bytes() => Found::Same,
        Some(content) => {
            let hash = hash(&content);
            Found::Other(content, hash)
        }
    };
    Ok(Looked {
        path,
        artifact,
        hash: expected,
        found,
    })
}

/// The names in a folder, sorted; none where there is no folder.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<String>, Diagnostics> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(only(unreadable(folder, &error))),
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// The content of a file; nothing if there is none. A link, a folder or a device is in the way.
pub(crate) fn read(file: &Path) -> Result<Option<Vec<u8>>, Diagnostics> {
    let kind = match fs::symlink_metadata(file) {
        Ok(data) => data.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let path = file.to_owned();
            return Err(only(cant_write(&Failure { path, error })));
        }
    };
    if kind.is_symlink() {
        return Err(only(link(file)));
    }
    if !kind.is_file() {
        let what = if kind.is_dir() {
            "a folder"
        } else {
            "no ordinary file"
        };
        let text = format!(
            "can't write `{}`: {what} is where a file has to be",
            file.display()
        );
        let finding = Diagnostic::without_place(&world::CANT_WRITE, text);
        return Err(only(
            finding.help("move it out of the way; nothing has been changed"),
        ));
    }
    fs::read(file)
        .map(Some)
        .map_err(|error| only(unreadable(file, &error)))
}

/// Looks at every folder on the way once: a build follows no link and replaces no file by a folder.
pub(crate) fn folders<'a>(
    root: &Path,
    paths: impl Iterator<Item = &'a str>,
) -> Result<(), Diagnostics> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for path in paths {
        for (end, _) in path.match_indices('/') {
            let Some(folder) = path.get(..end) else {
                continue;
            };
            if !seen.insert(folder) {
                continue;
            }
            let at = root.join(folder);
            match fs::symlink_metadata(&at) {
                Ok(data) if data.is_symlink() => return Err(only(link(&at))),
                Ok(data) if data.is_dir() => {}
                Ok(_) => {
                    return Err(only(cant_write(&Failure {
                        path: at,
                        error: ErrorKind::NotADirectory.into(),
                    })));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(only(cant_write(&Failure { path: at, error }))),
            }
        }
    }
    Ok(())
}

fn link(at: &Path) -> Diagnostic {
    Diagnostic::without_place(
        &world::CANT_WRITE,
        format!(
            "can't write `{}`: a link is there, and a build follows none",
            at.display()
        ),
    )
    .help("replace the link by what it points to, or move it out of the way; nothing has been changed")
}
