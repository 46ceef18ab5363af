use std::fs;
use std::path::Path;

use appspec_diagnostics::{Diagnostic, codes::world};

use super::disk::{self, Failure, Outcome, at};
use super::failure::reason;

/// Replaces a file of the user's at one stroke: it has the old content or the new one, never a part.
/// A link stays a link; what it leads to is replaced.
pub(crate) fn replace(path: &Path, content: &str) -> Result<(), Box<Diagnostic>> {
    let replaced = at(path, fs::canonicalize(path)).and_then(|target| swap(&target, content));
    replaced.map_err(|failure| Box::new(cant_replace(path, &failure)))
}

fn swap(target: &Path, content: &str) -> Outcome<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Hidden, so that no command takes it for a file of the spec.
    let fresh = target.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = disk::write_new(&fresh, content.as_bytes(), false, true)
        .and_then(|()| disk::copy_permissions(target, &fresh))
        .and_then(|()| disk::rename(&fresh, target));
    if written.is_err() {
        let _ = disk::remove(&fresh);
    }
    written
}

fn cant_replace(path: &Path, failure: &Failure) -> Diagnostic {
    let message = format!(
        "can't write `{}`: {}",
        path.display(),
        reason(&failure.error)
    );
    Diagnostic::without_place(&world::CANT_WRITE, message).help(
        "look at the permissions of its folder and at the space on the disk; the file is as it was",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::disk::testing::{Fate, fate, steps};

    #[test]
    fn whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.appspec");
        let write = || {
            fs::write(&file, "old").unwrap();
            fate(Fate::Fine);
        };
        write();
        replace(&file, "new").unwrap();
        let all = steps();
        assert!(all >= 4, "{all} steps");
        for failing in 0..all {
            write();
            fate(Fate::FailsOnce(failing));
            let refused = replace(&file, "new").unwrap_err();
            fate(Fate::Fine);
            assert_eq!(refused.code.id, "world::cant_write");
            assert_eq!(fs::read_to_string(&file).unwrap(), "old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real", &link).unwrap();
        replace(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
}
