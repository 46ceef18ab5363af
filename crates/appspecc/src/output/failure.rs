use std::io::{self, ErrorKind};
use std::path::Path;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};

use super::disk::Failure;

/// What a build says when the disk does not let it.
pub(crate) fn cant_write(failure: &Failure) -> Diagnostic {
    let kind = failure.error.kind();
    let help = match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room on the disk and build again; nothing has been changed"
        }
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => {
            "move it out of the way, or choose another folder with `--out DIR`; nothing has been changed"
        }
        ErrorKind::InvalidFilename => {
            "choose a folder with a shorter path with `--out DIR`; nothing has been changed"
        }
        _ => {
            "give yourself the right to write there, or choose another folder with `--out DIR`; nothing has been changed"
        }
    };
    Diagnostic::without_place(
        &world::CANT_WRITE,
        format!(
            "can't write `{}`: {}",
            failure.path.display(),
            reason(&failure.error)
        ),
    )
    .help(help)
}

/// What a build says when it can't look at what is there.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::without_place(
        &world::UNREADABLE,
        format!("can't read `{}`: {}", path.display(), reason(error)),
    )
    .help("give yourself the right to read it")
}

/// One finding as the whole answer.
pub(crate) fn only(finding: Diagnostic) -> Diagnostics {
    let mut findings = Diagnostics::new();
    findings.push(finding);
    findings
}

/// What the system answered, in words and without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        ErrorKind::StorageFull => "no space left on the disk",
        ErrorKind::QuotaExceeded => "no space left in your quota of the disk",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::InvalidFilename => "the path is too long",
        ErrorKind::NotADirectory => "a file is where a folder has to be",
        ErrorKind::IsADirectory => "a folder is where a file has to be",
        ErrorKind::NotFound => "not found",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.to_lowercase()
}
