use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};

use super::disk::{self, Outcome, at};
use super::failure::only;

/// How long a build waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it sleeps before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to change a project, held until it is dropped.
///
/// The system takes a lock back when its process ends, however it ends: there is no stale lock that somebody
/// would have to remove. The folder itself is locked, so nothing is left behind and nothing has to be written.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    /// Folders that were made for the lock alone; they go with it unless something was put into them.
    created: Vec<PathBuf>,
}

/// Why there is no lock.
pub(crate) enum Refused {
    /// Somebody else has it.
    Busy(Diagnostics),
    /// The disk.
    Failed(disk::Failure),
}

impl Lock {
    /// Locks the state folder of a project, waiting a while for others.
    pub(crate) fn take(state: &Path) -> Result<Self, Refused> {
        Self::take_within(state, PATIENCE)
    }

    fn take_within(state: &Path, patience: Duration) -> Result<Self, Refused> {
        let started = Instant::now();
        loop {
            let created = disk::create_folders(state).map_err(Refused::Failed)?;
            let opened = match at(state, open(state)) {
                Ok(file) => file,
                // Whoever used it before has just removed it.
                Err(failure)
                    if failure.error.kind() == io::ErrorKind::NotFound
                        && started.elapsed() < patience =>
                {
                    thread::sleep(PAUSE);
                    continue;
                }
                Err(failure) => return Err(Refused::Failed(failure)),
            };
            let lock = Self {
                file: opened,
                created,
            };
            match lock.file.try_lock() {
                // Whoever held it may have removed the folder when it ended: then this locks nothing.
                Ok(()) if lock.is_of(state).map_err(Refused::Failed)? => return Ok(lock),
                Ok(()) if started.elapsed() < patience => thread::sleep(PAUSE),
                Ok(()) => return Err(Refused::Busy(busy(state, None))),
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                    lock.forget();
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = holder(&lock.file);
                    lock.forget();
                    return Err(Refused::Busy(busy(state, holder)));
                }
                Err(TryLockError::Error(error)) => {
                    return Err(Refused::Failed(disk::Failure {
                        path: state.to_owned(),
                        error,
                    }));
                }
            }
        }
    }

    /// Locks the state folder against builds, beside others who only look, if there is one; nothing is written.
    #[cfg(unix)]
    pub(crate) fn share(state: &Path) -> Result<Option<Self>, Refused> {
        let started = Instant::now();
        loop {
            let file = match at(state, File::open(state)) {
                Ok(file) => file,
                Err(failure) if failure.error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(failure) => return Err(Refused::Failed(failure)),
            };
            let lock = Self {
                file,
                created: Vec::new(),
            };
            match lock.file.try_lock_shared() {
                Ok(()) if lock.is_of(state).map_err(Refused::Failed)? => return Ok(Some(lock)),
                Ok(()) | Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => {
                    thread::sleep(PAUSE);
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {
                    return Err(Refused::Busy(busy(state, holder(&lock.file))));
                }
                Err(TryLockError::Error(error)) => {
                    return Err(Refused::Failed(disk::Failure {
                        path: state.to_owned(),
                        error,
                    }));
                }
            }
        }
    }

    /// The lock would be a file, and whoever looks writes none.
    #[cfg(not(unix))]
    pub(crate) fn share(_state: &Path) -> Result<Option<Self>, Refused> {
        Ok(None)
    }

    /// Another build uses the folders now, whoever made them.
    fn forget(mut self) {
        self.created.clear();
    }

    fn is_of(&self, state: &Path) -> Outcome<bool> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let held = at(state, self.file.metadata())?;
            match fs::metadata(state) {
                Ok(found) => Ok((held.dev(), held.ino()) == (found.dev(), found.ino())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => at(state, Err(error)),
            }
        }
        #[cfg(not(unix))]
        Ok(fs::exists(state).unwrap_or(false))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        disk::remove_empty(&self.created);
    }
}

#[cfg(unix)]
fn open(state: &Path) -> io::Result<File> {
    File::open(state)
}

/// Where a folder can't be opened, a file in it is locked.
#[cfg(not(unix))]
fn open(state: &Path) -> io::Result<File> {
    File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(state.join("lock"))
}

fn busy(state: &Path, holder: Option<u32>) -> Diagnostics {
    let project = state.parent().unwrap_or(state).display();
    let message = match holder {
        Some(process) => format!("another build is at work in `{project}` (process {process})"),
        None => format!("another build is at work in `{project}`"),
    };
    let finding = Diagnostic::without_place(&world::BUSY, message);
    only(finding.help("run this one again when it has ended"))
}

/// The process that holds the lock, where the system lists them: `1: FLOCK ADVISORY WRITE 4711 fe:00:42 …`
fn holder(file: &File) -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let inode = format!(":{}", file.metadata().ok()?.ino());
        let locks = fs::read_to_string("/proc/locks").ok()?;
        locks.lines().find_map(|line| {
            let mut words = line.split_whitespace().skip(1);
            (words.next()? == "FLOCK").then_some(())?;
            let process = words.nth(2)?;
            words.next()?.ends_with(&inode).then_some(())?;
            process.parse().ok()
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = file;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("project/.appspec");
        let first = Lock::take(&state).ok().unwrap();
        let Err(Refused::Busy(findings)) = Lock::take_within(&state, Duration::ZERO) else {
            panic!("locked twice");
        };
        let finding = findings.iter().next().unwrap();
        assert!(finding.message.contains("another build"), "{finding:?}");
        #[cfg(target_os = "linux")]
        assert!(
            finding.message.contains(&std::process::id().to_string()),
            "{finding:?}"
        );
        drop(first);
        assert!(!folder.path().join("project").exists());
        let second = Lock::take(&state).ok().unwrap();
        fs::write(state.join("manifest.json"), "{}").unwrap();
        drop(second);
        assert!(state.join("manifest.json").exists());
    }
}
