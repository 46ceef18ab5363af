//! The folder of an emitted project: what is in it, and how a build changes it.
//!
//! Everything is decided before anything is written ([`plan`]), and everything is written or nothing
//! ([`transaction`]). Whose file is it? The compiler's while it is as it was emitted, which the
//! [`manifest`] remembers by hash; the user's otherwise.

mod difference;
mod disk;
mod failure;
mod lock;
mod look;
mod manifest;
mod plan;
mod remembered;
mod replace;
mod stamps;
mod summary;
#[cfg(test)]
mod tests;
mod transaction;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use appspec_backend::Artifacts;
use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};
use appspec_evolve::{History, Migration};
use appspec_ir::let_go;

pub(crate) use difference::unified;
pub(crate) use disk::{create_folders, remove_empty};
pub(crate) use failure::reason;
use failure::{cant_write, only};
use lock::{Lock, Refused};
use manifest::Manifest;
use plan::Plan;
pub(crate) use plan::other_half;
pub(crate) use replace::replace;
pub(crate) use stamps::MadeFrom;
use stamps::Stamps;
pub(crate) use summary::Summary;
use transaction::Recovery;

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

/// What a folder is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// To look only: nothing on the disk changes.
    Compare,
    /// To build: nobody else builds there meanwhile, and what an interrupted build began is ended first.
    Build,
}

/// Why nothing was written.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) findings: Diagnostics,
    /// What was edited by hand, as unified differences; may be empty.
    pub(crate) differences: String,
}

impl From<Diagnostics> for Refusal {
    fn from(findings: Diagnostics) -> Self {
        Self {
            findings,
            differences: String::new(),
        }
    }
}

/// The folder of a project, of which nothing has been read yet.
#[derive(Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    /// Held until the build has ended.
    lock: Option<Lock>,
}

/// The folder of a project, ready to be compared or built.
#[derive(Debug)]
pub(crate) struct Output {
    folder: PathBuf,
    manifest: Manifest,
    history: History,
    /// The project that is built there.
    project: Option<String>,
    /// Migrations and their memories that are taken back: they give way.
    taken_back: BTreeSet<String>,
    /// Held until the build has ended.
    lock: Option<Lock>,
}

impl Place {
    /// Enters a folder, which need not exist.
    pub(crate) fn enter(folder: &Path, access: Access) -> Result<Self, Diagnostics> {
        if fs::metadata(folder).is_ok_and(|data| !data.is_dir()) {
            let text = format!("`{}` is a file, not a folder", folder.display());
            let finding = Diagnostic::without_place(&world::CANT_WRITE, text);
            return Err(only(finding.help("choose another folder with `--out DIR`")));
        }
        if let Some(what) = not_for_one_project(folder) {
            let text = format!(
                "`{}` is {what}, not the folder of one project",
                folder.display()
            );
            let finding = Diagnostic::without_place(&world::CANT_WRITE, text);
            return Err(only(finding.help("choose another folder with `--out DIR`")));
        }
        look::folders(folder, [Manifest::PATH, History::FOLDER].into_iter())?;
        let lock = match access {
            Access::Build => Some(locked(folder)?),
            Access::Compare => Lock::share(&folder.join(".appspec")).map_err(refused)?,
        };
        if access == Access::Compare && transaction::is_unfinished(folder) {
            let text = format!("a build of `{}` was interrupted", folder.display());
            let finding = Diagnostic::without_place(&world::INTERRUPTED, text);
            return Err(only(finding.help("run `appspecc build`, which ends it")));
        }
        Ok(Self {
            folder: folder.to_owned(),
            lock,
        })
    }

    /// What a build would say that has surely nothing to write; none where that has to be found out.
    pub(crate) fn unchanged(&self, made_from: &MadeFrom) -> Option<Summary> {
        Stamps::unchanged(&self.folder, made_from)
    }

    /// Reads what earlier builds left.
    pub(crate) fn open(self) -> Result<Output, Diagnostics> {
        Ok(Output {
            manifest: remembered::manifest(&self.folder)?,
            history: remembered::history(&self.folder)?,
            folder: self.folder,
            project: None,
            taken_back: BTreeSet::new(),
            lock: self.lock,
        })
    }
}

impl Output {
    /// Says which project the folder is for; refused when it is another one's.
    pub(crate) fn of(mut self, project: &str) -> Result<Self, Diagnostics> {
        let known = &self.manifest.projects;
        if let (Some(other), false) = (known.first(), known.contains(project)) {
            let text = format!(
                "`{}` holds the project `{other}`, and this spec is `{project}`",
                self.folder.display()
            );
            let finding = Diagnostic::without_place(&world::OTHER_PROJECT, text);
            return Err(only(finding.help(format!(
                "choose another folder with `--out DIR`; if `{other}` is the old name of this project, change it in \
                 `{}` there; nothing has been written",
                Manifest::PATH
            ))));
        }
        self.project = Some(project.to_owned());
        Ok(self)
    }

    /// Takes migrations back, of which the memories lie here. Whoever asks for it knows that no database has run them.
    pub(crate) fn take_back(&mut self, memories: &[String]) {
        let is_one = |it: &Migration| memories.contains(&it.path());
        self.history.migrations.retain(|it| !is_one(it));
        let migrations = memories.iter().filter_map(|path| plan::other_half(path));
        self.taken_back = memories.iter().cloned().chain(migrations).collect();
    }

    /// Lets others build there.
    pub(crate) fn close(self) {
        drop(self.lock);
        let_go((self.manifest, self.history));
    }

    /// Where the project is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The migrations that earlier builds emitted.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// What a build would do.
    pub(crate) fn compare(
        &self,
        artifacts: &Artifacts,
        edited: Edited,
    ) -> Result<Summary, Refusal> {
        Ok(self.plan(artifacts, edited)?.summary)
    }

    /// Makes the folder what the artifacts say: every file, or none. The next build of the same need not ask again, if it
    /// is said what they were made from.
    pub(crate) fn write(
        &self,
        artifacts: &Artifacts,
        edited: Edited,
        made_from: Option<&MadeFrom>,
    ) -> Result<Summary, Refusal> {
        let plan = self.plan(artifacts, edited)?;
        transaction::perform(&self.folder, &plan).map_err(|failure| only(cant_write(&failure)))?;
        if let Some(made_from) = made_from
            && plan.summary.is_all_as_emitted()
        {
            Stamps::take(&self.folder, made_from, &plan.manifest);
        }
        Ok(plan.summary)
    }

    fn plan<'a>(&self, artifacts: &'a Artifacts, edited: Edited) -> Result<Plan<'a>, Refusal> {
        let mut plan = plan::plan(
            &self.folder,
            &self.manifest,
            &self.history,
            &self.taken_back,
            artifacts,
            edited,
        )?;
        plan.manifest.projects = self.project.iter().cloned().collect();
        Ok(plan)
    }
}

/// Takes the lock and ends what an interrupted build began.
fn locked(folder: &Path) -> Result<Lock, Diagnostics> {
    let lock = Lock::take(&folder.join(".appspec")).map_err(refused)?;
    transaction::recover(folder).map_err(|recovery| match recovery {
        Recovery::Damaged(findings) => findings,
        Recovery::Failed(failure) => only(cant_write(&failure)),
    })?;
    Ok(lock)
}

fn refused(refused: Refused) -> Diagnostics {
    match refused {
        Refused::Busy(findings) => findings,
        Refused::Failed(failure) => only(cant_write(&failure)),
    }
}

/// What a folder is that holds everything of somebody: a build there is a slip of the finger.
fn not_for_one_project(folder: &Path) -> Option<&'static str> {
    let real = folder.canonicalize().ok()?;
    if real.parent().is_none() {
        return Some("the root of the machine");
    }
    let home = std::env::home_dir()?.canonicalize().ok()?;
    (real == home).then_some("your home folder")
}
