use std::io;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};

use super::read::{unreadable, without_mark};

/// The text of one file as its editor has it, which is not what lies on disk.
pub(super) struct Unsaved {
    /// Where it will be saved; the folder is free of links, the file may be one.
    path: PathBuf,
    pub(super) text: String,
    /// The text began with the mark that some editors put there.
    pub(super) has_mark: bool,
}

impl Unsaved {
    /// Takes a text. The file itself need not exist, its folder must.
    pub(super) fn new(file: &Path, text: String, findings: &mut Diagnostics) -> Option<Self> {
        let has_mark = text.starts_with('\u{feff}');
        let text = without_mark(text);
        match in_real_folder(file) {
            Ok(path) => Some(Self {
                path,
                text,
                has_mark,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                findings.push(
                    Diagnostic::without_place(
                        &codes::world::NOT_FOUND,
                        format!("there is no folder for `{}`", file.display()),
                    )
                    .help("name the file as it will be saved, in a folder that exists"),
                );
                None
            }
            Err(error) => {
                findings.push(unreadable(file, &error));
                None
            }
        }
    }

    /// Its path relative to a folder, with `/`; nothing if it lies elsewhere.
    pub(super) fn below(&self, folder: &Path) -> Option<String> {
        let folder = folder.canonicalize().ok()?;
        let path = self.path.strip_prefix(folder).ok()?;
        Some(path.to_string_lossy().replace('\\', "/"))
    }
}

fn in_real_folder(file: &Path) -> io::Result<PathBuf> {
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    Ok(folder.canonicalize()?.join(name))
}
