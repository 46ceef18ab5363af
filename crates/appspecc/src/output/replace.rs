use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostic, codes::world};

use super::disk::{self, Failure, Outcome, at};
use super::failure::reason;

/// One flush of the whole file system costs about as much as this many of single files.
const FEW: usize = 8;

/// Replaces files of the user's, each at one stroke: it has the old content or the new one, never a part.
/// A link stays a link; what it leads to is replaced. One result for each file.
pub(crate) fn replace(files: &[(&Path, &str)]) -> Vec<Result<(), Box<Diagnostic>>> {
    let flush_each = files.len() <= FEW;
    let staged: Vec<Outcome<Staged>> = files
        .iter()
        .map(|(path, content)| stage(path, content, flush_each))
        .collect();
    let flushed = if flush_each { Ok(()) } else { flush(&staged) };
    let ended = staged.into_iter().map(|staged| match (staged, &flushed) {
        (Ok(staged), Ok(())) => staged.swap(),
        (Ok(staged), Err(failure)) => {
            staged.forget();
            Err(Failure {
                path: failure.path.clone(),
                error: failure.error.kind().into(),
            })
        }
        (Err(failure), _) => Err(failure),
    });
    ended
        .zip(files)
        .map(|(result, (path, _))| result.map_err(|failure| Box::new(cant_replace(path, &failure))))
        .collect()
}

/// New content beside the file that it is for.
struct Staged {
    target: PathBuf,
    fresh: PathBuf,
}

impl Staged {
    fn swap(self) -> Outcome<()> {
        let swapped = disk::rename(&self.fresh, &self.target);
        if swapped.is_err() {
            self.forget();
        }
        swapped
    }

    fn forget(self) {
        let _ = disk::remove(&self.fresh);
    }
}

fn stage(path: &Path, content: &str, flush: bool) -> Outcome<Staged> {
    let target = at(path, fs::canonicalize(path))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Hidden, so that no command takes it for a file of the spec.
    let fresh = target.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = disk::write_new(&fresh, content.as_bytes(), false, flush)
        .and_then(|()| disk::copy_permissions(&target, &fresh));
    let staged = Staged { target, fresh };
    match written {
        Ok(()) => Ok(staged),
        Err(failure) => {
            staged.forget();
            Err(failure)
        }
    }
}

/// Waits until all new content has reached the disk: a rename may reach it earlier.
fn flush(staged: &[Outcome<Staged>]) -> Outcome<()> {
    let folders: BTreeSet<&Path> = staged
        .iter()
        .flatten()
        .filter_map(|staged| staged.fresh.parent())
        .collect();
    folders.into_iter().try_for_each(disk::flush_all)
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
        for count in [1, FEW + 1] {
            let folder = tempfile::tempdir().unwrap();
            let names: Vec<PathBuf> = (0..count)
                .map(|number| folder.path().join(format!("m{number}.appspec")))
                .collect();
            let files: Vec<(&Path, &str)> = names.iter().map(|it| (it.as_path(), "new")).collect();
            let write = || {
                for name in &names {
                    fs::write(name, "old").unwrap();
                }
                fate(Fate::Fine);
            };
            write();
            assert!(replace(&files).iter().all(Result::is_ok));
            let all = steps();
            assert!(all >= 4 * count, "{all} steps");
            for failing in 0..all {
                write();
                fate(Fate::FailsOnce(failing));
                let results = replace(&files);
                fate(Fate::Fine);
                let mut refused = 0;
                for (name, result) in names.iter().zip(results) {
                    let expected = match result {
                        Ok(()) => "new",
                        Err(finding) => {
                            assert_eq!(finding.code.id, "world::cant_write");
                            refused += 1;
                            "old"
                        }
                    };
                    assert_eq!(fs::read_to_string(name).unwrap(), expected);
                }
                assert_eq!(refused, 1, "change {failing}");
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), count);
            }
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
        assert!(replace(&[(&link, "new")]).iter().all(Result::is_ok));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
}
