//! Noticing that a spec was saved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::halt::{Outcome, Stop};
use crate::spec;

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// An editor that writes a file in several steps, or several files, is given so long.
const QUIET: Duration = Duration::from_millis(80);

/// The files of a spec as they were at one moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<PathBuf, Option<(SystemTime, u64)>>);

/// Looks now.
pub(super) fn look(folder: &Path) -> Seen {
    Seen(spec::stamps(folder))
}

/// Waits until the files are not what they were, and nobody writes them any more; `meanwhile` is asked in between.
pub(super) fn change(
    folder: &Path,
    seen: &Seen,
    stop: &Stop,
    mut meanwhile: impl FnMut(),
) -> Outcome<()> {
    loop {
        stop.check()?;
        meanwhile();
        let mut now = look(folder);
        if now != *seen {
            loop {
                thread::sleep(QUIET);
                stop.check()?;
                let later = look(folder);
                if later == now {
                    break;
                }
                now = later;
            }
            // A file that was away for a moment, as some editors save, is the same again.
            if now != *seen {
                return Ok(());
            }
        }
        thread::sleep(PAUSE);
    }
}
