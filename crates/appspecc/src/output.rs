//! The folder of an emitted project: what is in it, and how a build changes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use appspec_backend::{Artifacts, Ownership};
use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_evolve::{History, Migration};

/// What becomes of files that are not as they were emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edited {
    /// They stop the build.
    Refuse,
    /// They stay.
    Keep,
    /// They give way.
    Overwrite,
}

/// What a build did, or would do; paths relative to the project, sorted.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Files that did not exist.
    pub(crate) new: Vec<String>,
    /// Generated files whose content changes.
    pub(crate) changed: Vec<String>,
    /// Files that are as they should be.
    pub(crate) unchanged: Vec<String>,
    /// Files of the user that were started for them.
    pub(crate) stubs: Vec<String>,
    /// Generated files that the spec no longer gives.
    pub(crate) removed: Vec<String>,
    /// Files of the user that nothing asks for any more.
    pub(crate) unused: Vec<String>,
    /// Files that were edited by hand and stay so.
    pub(crate) kept: Vec<String>,
}

impl Summary {
    /// Whether the project is what the spec says.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.new.is_empty()
            && self.changed.is_empty()
            && self.stubs.is_empty()
            && self.removed.is_empty()
    }
}

/// The folder of a project, ready to be read and written.
pub(crate) struct Output {
    folder: PathBuf,
}

impl Output {
    /// Opens a folder, which need not exist.
    pub(crate) fn open(folder: &Path) -> Result<Self, Diagnostics> {
        if folder.exists() && !folder.is_dir() {
            let mut findings = Diagnostics::new();
            findings.push(
                Diagnostic::without_place(
                    &codes::world::CANT_WRITE,
                    format!("`{}` is a file, not a folder", folder.display()),
                )
                .help("choose another folder with `--out DIR`"),
            );
            return Err(findings);
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The migrations that earlier builds emitted.
    pub(crate) fn history(&self) -> Result<History, Diagnostics> {
        let mut findings = Diagnostics::new();
        let mut migrations = Vec::new();
        for app in entries(&self.folder.join(History::FOLDER)) {
            for file in entries(&app) {
                if file.extension().is_none_or(|extension| extension != "json") {
                    continue;
                }
                let read = fs::read_to_string(&file).map_err(|error| error.to_string());
                match read.and_then(|text| Migration::from_json(&text)) {
                    Ok(migration) => migrations.push(migration),
                    Err(reason) => findings.push(
                        Diagnostic::without_place(
                            &codes::world::BAD_STATE,
                            format!("can't understand `{}`: {reason}", file.display()),
                        )
                        .help("restore the file from version control: it remembers what a migration did"),
                    ),
                }
            }
        }
        if findings.is_empty() {
            Ok(History::new(migrations))
        } else {
            Err(findings)
        }
    }

    /// What a build would do.
    pub(crate) fn compare(
        &self,
        artifacts: &Artifacts,
        edited: Edited,
    ) -> Result<Summary, Diagnostics> {
        let mut summary = Summary::default();
        let mut findings = Diagnostics::new();
        for (path, artifact) in artifacts.iter() {
            let path = path.to_owned();
            let owned = artifact.ownership == Ownership::Owned;
            match fs::read(self.folder.join(&path)) {
                Ok(present) if owned || present == artifact.content.as_bytes() => {
                    summary.unchanged.push(path);
                }
                Ok(_) => match edited {
                    Edited::Keep => summary.kept.push(path),
                    Edited::Overwrite => summary.changed.push(path),
                    Edited::Refuse => findings.push(
                        Diagnostic::without_place(
                            &codes::world::WOULD_OVERWRITE,
                            format!(
                                "`{}` is not as it was emitted",
                                self.folder.join(&path).display()
                            ),
                        )
                        .help("keep it with `--keep`, or replace it with `--overwrite`"),
                    ),
                },
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let list = if owned {
                        &mut summary.stubs
                    } else {
                        &mut summary.new
                    };
                    list.push(path);
                }
                Err(error) => findings.push(cant_write(&self.folder.join(&path), &error)),
            }
        }
        if findings.is_empty() {
            Ok(summary)
        } else {
            Err(findings)
        }
    }

    /// Makes the folder what the artifacts say.
    pub(crate) fn write(
        &self,
        artifacts: &Artifacts,
        edited: Edited,
    ) -> Result<Summary, Diagnostics> {
        let summary = self.compare(artifacts, edited)?;
        for path in summary
            .new
            .iter()
            .chain(&summary.changed)
            .chain(&summary.stubs)
        {
            let file = self.folder.join(path);
            let written = file
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| {
                    fs::write(
                        &file,
                        artifacts.get(path).map_or("", |it| it.content.as_str()),
                    )
                });
            if let Err(error) = written {
                let mut findings = Diagnostics::new();
                findings.push(cant_write(&file, &error));
                return Err(findings);
            }
        }
        Ok(summary)
    }
}

/// What a folder holds, sorted; nothing if it is not there.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

fn cant_write(file: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::without_place(
        &codes::world::CANT_WRITE,
        format!("can't write `{}`: {error}", file.display()),
    )
    .help("look at the permissions of the folder and at the space on the disk")
}
