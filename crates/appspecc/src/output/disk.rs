//! Every change of the disk, one system call each, so that a test can stop between any two.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A change of the disk that did not happen.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

pub(crate) type Outcome<T> = Result<T, Failure>;

/// Says where an error happened.
pub(crate) fn at<T>(path: &Path, result: io::Result<T>) -> Outcome<T> {
    result.map_err(|error| Failure {
        path: path.to_owned(),
        error,
    })
}

/// Creates a folder, and those above it; gives those that were not there, outermost first.
pub(crate) fn create_folders(path: &Path) -> Outcome<Vec<PathBuf>> {
    let mut missing = Vec::new();
    let mut folder = path;
    while !folder.as_os_str().is_empty() {
        match fs::metadata(folder) {
            Ok(data) if data.is_dir() => break,
            Ok(_) => return at(folder, Err(io::ErrorKind::NotADirectory.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                missing.push(folder.to_owned());
            }
            Err(error) => return at(folder, Err(error)),
        }
        let Some(parent) = folder.parent() else {
            break;
        };
        folder = parent;
    }
    missing.reverse();
    let mut created: Vec<PathBuf> = Vec::new();
    for folder in missing {
        match step().and_then(|()| fs::create_dir(&folder)) {
            Ok(()) => created.push(folder),
            // Another thread was faster, which needs the same folder for another one in it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => {
                remove_empty(&created);
                return at(&folder, Err(error));
            }
        }
    }
    Ok(created)
}

/// Removes folders that hold nothing, the last one first; one that holds something stays.
pub(crate) fn remove_empty(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = step().and_then(|()| fs::remove_dir(folder));
    }
}

/// Writes a file that is not there yet.
pub(crate) fn write_new(path: &Path, content: &[u8], executable: bool, flush: bool) -> Outcome<()> {
    let write = || {
        step()?;
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(if executable { 0o777 } else { 0o666 });
        }
        #[cfg(not(unix))]
        let _ = executable;
        let mut file = options.open(path)?;
        step()?;
        file.write_all(content)?;
        if flush { file.sync_all() } else { Ok(()) }
    };
    at(path, write())
}

/// Gives a file the permissions of another one.
pub(crate) fn copy_permissions(from: &Path, to: &Path) -> Outcome<()> {
    let copy = || {
        step()?;
        fs::set_permissions(to, fs::metadata(from)?.permissions())
    };
    at(to, copy())
}

/// Gives a file a second name; where the file system has no such thing, copies it.
pub(crate) fn link(from: &Path, to: &Path) -> Outcome<()> {
    let link = || {
        step()?;
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
    };
    at(to, link())
}

/// Moves a file, replacing what is at the new place, at one stroke.
pub(crate) fn rename(from: &Path, to: &Path) -> Outcome<()> {
    at(to, step().and_then(|()| fs::rename(from, to)))
}

/// Removes a file; one that is not there is no failure.
pub(crate) fn remove(path: &Path) -> Outcome<()> {
    let removed = step().and_then(|()| fs::remove_file(path));
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => at(path, other),
    }
}

/// Removes a folder and everything in it; one that is not there is no failure.
pub(crate) fn remove_folder(path: &Path) -> Outcome<()> {
    let removed = step().and_then(|()| fs::remove_dir_all(path));
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => at(path, other),
    }
}

/// Waits until everything written so far to the file system of this folder has reached the disk.
pub(crate) fn flush_all(folder: &Path) -> Outcome<()> {
    #[cfg(target_os = "linux")]
    {
        let flush = || Ok(rustix::fs::syncfs(File::open(folder)?)?);
        at(folder, flush())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let flush = |path: &Path| File::open(path).and_then(|file| file.sync_all());
        for entry in at(folder, fs::read_dir(folder))? {
            let entry = at(folder, entry)?;
            at(&entry.path(), flush(&entry.path()))?;
        }
        Ok(())
    }
}

/// Waits until the names in a folder have reached the disk, where folders can be asked to.
pub(crate) fn flush_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(file) = File::open(folder) {
        let _ = file.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(not(test))]
#[allow(
    clippy::unnecessary_wraps,
    reason = "in tests, the disk fails here on demand"
)]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use testing::step;

/// A disk that fails when it is told to.
#[cfg(test)]
pub(crate) mod testing {
    use std::cell::Cell;
    use std::io;

    /// What happens to the changes of the disk in this thread.
    #[derive(Clone, Copy)]
    pub(crate) enum Fate {
        /// All is well.
        Fine,
        /// The change with this number fails, as on a full disk.
        FailsOnce(usize),
        /// The change with the first number fails, and from the second one on nothing happens any more: the
        /// process is killed while it takes back what it did.
        FailsThenDead(usize, usize),
        /// From this number on nothing happens any more, as after `kill -9`.
        Dead(usize),
    }

    thread_local! {
        static FATE: Cell<Fate> = const { Cell::new(Fate::Fine) };
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    /// Sets what happens, and counts from 0 again.
    pub(crate) fn fate(fate: Fate) {
        FATE.set(fate);
        STEPS.set(0);
    }

    /// How many changes there were since [`fate`].
    pub(crate) fn steps() -> usize {
        STEPS.get()
    }

    pub(super) fn step() -> io::Result<()> {
        let number = STEPS.get();
        STEPS.set(number + 1);
        let fails = match FATE.get() {
            Fate::Fine => false,
            Fate::FailsOnce(at) => number == at,
            Fate::FailsThenDead(at, from) => number == at || number >= from,
            Fate::Dead(from) => number >= from,
        };
        if fails {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }
}
