use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};
use appspec_ir::in_shares;
use serde::{Deserialize, Serialize};

use super::disk::{self, Failure, Outcome, at};
use super::failure::only;
use super::manifest::{Manifest, hash, is_inside};
use super::plan::Plan;

/// New contents wait here, and old ones stay here until all is done.
const STAGE: &str = ".appspec/stage";
/// Whole folders of a first build wait here, under their own names.
const WHOLE: &str = ".appspec/stage/whole";
/// Says what is to be moved where. Once it is there, the build will be completed.
const JOURNAL: &str = ".appspec/journal.json";
/// The same while a build is being taken back.
const UNDO: &str = ".appspec/undo.json";
/// With more changed files than this, one flush of everything is faster than one for each.
const FEW: usize = 16;
/// Below this many files, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;
/// The same for folders.
const FOLDERS_WORTH_A_THREAD: usize = 16;

/// The moves of one build.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    moves: Vec<Move>,
    /// Folders that were made for this build, outermost first.
    folders: Vec<String>,
    /// Of a first build, those of them that are moved with all that is in them: no part of them was there before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    whole: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    path: String,
    /// SHA-256 of what was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// SHA-256 of what comes there; nothing for a file that goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// All files of a build, or none.
///
/// 1. *Stage*: contents are written aside, old ones get a second name, folders are made. Nothing that
///    anybody reads has changed; whatever fails is undone by removing what was added.
/// 2. *Journal*: one rename says that the build is going to happen.
/// 3. *Move*: each file is replaced by a rename; the manifest comes last. A failure here is undone from the
///    old contents. A process that is killed here leaves the journal, and [`recover`] goes on with it.
///
/// What a first build adds to a project is mostly folders of which nothing was there. They are staged as they are going to
/// be, and moved by one rename each.
pub(crate) fn perform(root: &Path, plan: &Plan<'_>) -> Result<(), Failure> {
    let manifest = plan.manifest.to_text();
    let journal = Journal {
        moves: moves(root, plan, &manifest)?,
        folders: Vec::new(),
        whole: BTreeSet::new(),
    };
    if journal.moves.is_empty() {
        return Ok(());
    }
    let first_build = !root.join(Manifest::PATH).exists();
    let mut transaction = Transaction { root, journal };
    if let Err(failure) = transaction.stage(plan, manifest.as_bytes(), first_build) {
        transaction.abandon();
        return Err(failure);
    }
    if let Err(failure) = transaction.complete() {
        transaction.undo();
        return Err(failure);
    }
    Ok(())
}

/// Ends what an interrupted build began: completes it, or finishes taking it back.
///
/// To be called under the lock, before anything is read.
pub(crate) fn recover(root: &Path) -> Result<(), Recovery> {
    if let Some(journal) = read(&root.join(UNDO))? {
        return Transaction { root, journal }
            .take_back()
            .map_err(Recovery::Failed);
    }
    if let Some(journal) = read(&root.join(JOURNAL))? {
        return Transaction { root, journal }
            .complete()
            .map_err(Recovery::Failed);
    }
    // Staged and never begun: nobody has seen any of it.
    disk::remove_folder(&root.join(STAGE)).map_err(Recovery::Failed)
}

/// Whether a build was interrupted while it moved files.
pub(crate) fn is_unfinished(root: &Path) -> bool {
    root.join(JOURNAL).exists() || root.join(UNDO).exists()
}

/// Why an interrupted build could not be ended.
#[derive(Debug)]
pub(crate) enum Recovery {
    Failed(Failure),
    Damaged(Diagnostics),
}

fn read(path: &Path) -> Result<Option<Journal>, Recovery> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Recovery::Failed(Failure {
                path: path.to_owned(),
                error,
            }));
        }
    };
    let damaged = |reason: String| {
        let text = format!("can't understand `{}`: {reason}", path.display());
        let finding = Diagnostic::without_place(&world::BAD_STATE, text);
        Recovery::Damaged(only(
            finding.help("restore the project from version control and delete this file"),
        ))
    };
    let journal: Journal =
        serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    let paths = journal.moves.iter().map(|it| &it.path);
    let paths = paths.chain(&journal.folders).chain(&journal.whole);
    if let Some(outside) = paths.into_iter().find(|path| !is_inside(path)) {
        return Err(damaged(format!("`{outside}` leads out of the project")));
    }
    Ok(Some(journal))
}

/// Files first, in the order of their paths; the manifest last.
fn moves(root: &Path, plan: &Plan<'_>, manifest: &str) -> Outcome<Vec<Move>> {
    let writes = plan.writes.iter().map(|write| Move {
        path: write.path.to_owned(),
        before: write.before.clone(),
        after: Some(write.after.clone()),
    });
    let removals = plan.removals.iter().map(|removal| Move {
        path: removal.path.clone(),
        before: Some(removal.before.clone()),
        after: None,
    });
    let mut moves: Vec<Move> = writes.chain(removals).collect();
    let path = root.join(Manifest::PATH);
    let before = match fs::read(&path) {
        Ok(content) => Some(content),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return at(&path, Err(error)),
    };
    if before.as_deref() != Some(manifest.as_bytes()) {
        moves.push(Move {
            path: Manifest::PATH.to_owned(),
            before: before.map(|content| hash(&content)),
            after: Some(hash(manifest.as_bytes())),
        });
    }
    Ok(moves)
}

/// Whether the content of a file has this hash; `None` is a file that is not there.
fn is(target: &Path, expected: Option<&str>) -> Outcome<bool> {
    match fs::read(target) {
        Ok(content) => Ok(expected == Some(hash(&content).as_str())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(expected.is_none()),
        Err(error) => at(target, Err(error)),
    }
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

struct Transaction<'a> {
    root: &'a Path,
    journal: Journal,
}

impl Transaction<'_> {
    fn staged(&self, kind: &str, number: usize) -> PathBuf {
        self.root.join(STAGE).join(format!("{kind}{number}"))
    }

    /// Where the new content of a file waits.
    fn staged_new(&self, number: usize, it: &Move) -> PathBuf {
        match self.whole_of(it) {
            Some(_) => self.root.join(WHOLE).join(&it.path),
            None => self.staged("new", number),
        }
    }

    /// The folder that is moved with the file in it.
    fn whole_of(&self, it: &Move) -> Option<&str> {
        let mut above = it.path.match_indices('/');
        above.find_map(|(end, _)| {
            let folder = it.path.get(..end)?;
            self.journal.whole.get(folder).map(String::as_str)
        })
    }

    fn stage(&mut self, plan: &Plan<'_>, manifest: &[u8], first_build: bool) -> Outcome<()> {
        let stage = self.root.join(STAGE);
        disk::create_folders(&stage)?;
        if first_build {
            self.stage_folders()?;
        } else {
            self.create_folders()?;
        }
        // A first build replaces nothing: after a power cut it is simply started again.
        let few = self.journal.moves.len() <= FEW;
        let numbered: Vec<(usize, &Move)> = self.journal.moves.iter().enumerate().collect();
        let staged = in_shares(&numbered, WORTH_A_THREAD, |part| {
            let stage = part.iter().try_for_each(|(number, it)| {
                let (content, executable) = match plan.writes.get(*number) {
                    Some(write) => (write.content, write.executable),
                    None => (manifest, false),
                };
                self.stage_one(*number, it, content, executable, few && !first_build)
            });
            vec![stage]
        });
        staged.into_iter().collect::<Outcome<()>>()?;
        if !few && !first_build {
            disk::flush_all(&stage)?;
        }
        let text = serde_json::to_vec_pretty(&self.journal).map_err(|error| Failure {
            path: self.root.join(JOURNAL),
            error: error.into(),
        })?;
        let staged = stage.join("journal");
        disk::write_new(&staged, &text, false, !first_build)?;
        disk::rename(&staged, &self.root.join(JOURNAL))?;
        if !first_build {
            disk::flush_folder(&self.root.join(".appspec"));
        }
        Ok(())
    }

    /// The old content of a file gets a second name, the new one is written.
    fn stage_one(
        &self,
        number: usize,
        it: &Move,
        content: &[u8],
        executable: bool,
        flush: bool,
    ) -> Outcome<()> {
        let target = self.root.join(&it.path);
        if it.before.is_some() {
            disk::link(&target, &self.staged("old", number))?;
        }
        if it.after.is_none() {
            return Ok(());
        }
        let staged = self.staged_new(number, it);
        disk::write_new(&staged, content, executable, flush)?;
        if it.before.is_some() {
            disk::copy_permissions(&target, &staged)?;
        }
        Ok(())
    }

    /// The folders in which files come to lie.
    fn wanted_folders(&self) -> BTreeSet<&Path> {
        let new = self.journal.moves.iter().filter(|it| it.after.is_some());
        new.filter_map(|it| Path::new(&it.path).parent()).collect()
    }

    /// Makes the folders of a first build where they wait to be moved.
    fn stage_folders(&mut self) -> Outcome<()> {
        let mut whole = BTreeSet::new();
        let mut folders = BTreeSet::new();
        let mut staged = Vec::new();
        for wanted in self.wanted_folders() {
            let above = wanted.ancestors();
            let missing = above.take_while(|folder| is_missing(&self.root.join(folder)));
            let missing: Vec<&Path> = missing.collect();
            if let Some(outermost) = missing.last() {
                staged.push(self.root.join(WHOLE).join(wanted));
                whole.insert(outermost.to_string_lossy().into_owned());
                folders.extend(missing);
            }
        }
        // A new folder takes the system longer than a new file.
        let made = in_shares(&staged, FOLDERS_WORTH_A_THREAD, |part| {
            let mut part = part.iter();
            vec![part.try_for_each(|folder| disk::create_folders(folder).map(drop))]
        });
        made.into_iter().collect::<Outcome<()>>()?;
        let names = folders.iter().map(|it| it.to_string_lossy().into_owned());
        self.journal.folders = names.collect();
        self.journal.whole = whole;
        Ok(())
    }

    /// Folders are made before the journal: the disk may be too full for one, and moving should not fail.
    fn create_folders(&mut self) -> Outcome<()> {
        let mut created = Vec::new();
        for folder in self.wanted_folders() {
            match disk::create_folders(&self.root.join(folder)) {
                Ok(more) => created.extend(more),
                Err(failure) => {
                    disk::remove_empty(&created);
                    return Err(failure);
                }
            }
        }
        self.journal.folders = created
            .iter()
            .filter_map(|folder| folder.strip_prefix(self.root).ok())
            .map(|folder| folder.to_string_lossy().into_owned())
            .collect();
        Ok(())
    }

    /// Moves what has not been moved yet, then clears up.
    fn complete(&self) -> Outcome<()> {
        let by_itself = self.move_whole()?;
        let numbered = self.journal.moves.iter().enumerate();
        let numbered = numbered.filter(|(_, it)| self.whole_of(it).is_none_or(&by_itself));
        // Whoever reads the manifest finds what it speaks of.
        let (others, manifest): (Vec<_>, Vec<_>) =
            numbered.partition(|(_, it)| it.path != Manifest::PATH);
        let moved = in_shares(&others, WORTH_A_THREAD, |part| {
            let moved = part
                .iter()
                .try_for_each(|(number, it)| self.move_one(*number, it));
            vec![moved]
        });
        moved.into_iter().collect::<Outcome<()>>()?;
        for (number, it) in manifest {
            self.move_one(number, it)?;
        }
        disk::remove(&self.root.join(JOURNAL))?;
        // From here on the build has happened. What can't be cleared up now is by the next build.
        let _ = disk::remove_folder(&self.root.join(STAGE));
        for it in self.journal.moves.iter().filter(|it| it.after.is_none()) {
            self.remove_empty_above(&it.path);
        }
        Ok(())
    }

    /// Moves whole folders; tells of which each file has to be moved by itself, because somebody has made a folder of that
    /// name since the build was interrupted.
    fn move_whole(&self) -> Outcome<impl Fn(&str) -> bool + Sync> {
        let mut in_the_way = BTreeSet::new();
        for folder in &self.journal.whole {
            let (staged, target) = (self.root.join(WHOLE).join(folder), self.root.join(folder));
            if !staged.exists() {
                continue;
            }
            if is_missing(&target) {
                disk::rename(&staged, &target)?;
            } else {
                in_the_way.insert(folder.as_str());
            }
        }
        Ok(move |folder: &str| in_the_way.contains(folder))
    }

    fn move_one(&self, number: usize, it: &Move) -> Outcome<()> {
        let target = self.root.join(&it.path);
        if it.after.is_none() {
            if is(&target, it.before.as_deref())? {
                disk::remove(&target)?;
            }
            return Ok(());
        }
        let staged = self.staged_new(number, it);
        if self.whole_of(it).is_some()
            && let Some(folder) = target.parent()
        {
            disk::create_folders(folder)?;
        }
        // Somebody edited the file after the build was interrupted: their work stays, and the next
        // build finds that it is not as emitted.
        if staged.exists() && is(&target, it.before.as_deref())? {
            disk::rename(&staged, &target)?;
        }
        Ok(())
    }

    /// Folders that held nothing but what was removed.
    fn remove_empty_above(&self, path: &str) {
        let mut folder = Path::new(path).parent();
        while let Some(name) = folder.filter(|name| !name.as_os_str().is_empty()) {
            disk::remove_empty(&[self.root.join(name)]);
            folder = name.parent();
        }
    }

    /// Nothing has been moved: removes what was added. What is left behind is removed by the next build.
    fn abandon(&self) {
        let _ = disk::remove_folder(&self.root.join(STAGE));
        self.remove_own_folders();
    }

    /// Takes back the moves that were made.
    fn undo(&self) {
        let renamed = disk::rename(&self.root.join(JOURNAL), &self.root.join(UNDO));
        // If even that fails, the next build completes this one.
        if renamed.is_ok() {
            let _ = self.take_back();
        }
    }

    fn take_back(&self) -> Outcome<()> {
        for (number, it) in self.journal.moves.iter().enumerate().rev() {
            let target = self.root.join(&it.path);
            let old = self.staged("old", number);
            if old.exists() {
                if is(&target, it.after.as_deref())? {
                    disk::rename(&old, &target)?;
                }
            } else if it.before.is_none() && is(&target, it.after.as_deref())? {
                disk::remove(&target)?;
            }
        }
        disk::remove(&self.root.join(UNDO))?;
        let _ = disk::remove_folder(&self.root.join(STAGE));
        self.remove_own_folders();
        Ok(())
    }

    fn remove_own_folders(&self) {
        let folders: Vec<PathBuf> = self
            .journal
            .folders
            .iter()
            .map(|folder| self.root.join(folder))
            .collect();
        disk::remove_empty(&folders);
    }
}
