use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use appspec_backend::{Artifacts, Ownership};
use appspec_diagnostics::{Diagnostic, Diagnostics, codes::world};
use appspec_evolve::{History, Migration};

use super::difference::difference;
use super::look::{Found, Looked, hashes, look, names_in, read};
use super::manifest::{Entry, Manifest, hash};
use super::summary::Summary;
use super::{Edited, Refusal};

/// Everything that a build is going to do to a project.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) summary: Summary,
    pub(crate) writes: Vec<Write<'a>>,
    pub(crate) removals: Vec<Removal>,
    /// What is remembered afterwards.
    pub(crate) manifest: Manifest,
}

/// A file that gets a content.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    pub(crate) path: &'a str,
    pub(crate) content: &'a [u8],
    pub(crate) executable: bool,
    /// SHA-256 of what is there now.
    pub(crate) before: Option<String>,
    /// SHA-256 of `content`.
    pub(crate) after: String,
}

/// A file that goes.
#[derive(Debug)]
pub(crate) struct Removal {
    pub(crate) path: String,
    /// SHA-256 of what is there now.
    pub(crate) before: String,
}

/// Files that stop a build, by reason.
#[derive(Default)]
struct Stops {
    edited: Vec<String>,
    differences: String,
    foreign: Vec<String>,
    migrations_edited: Vec<String>,
    migrations_missing: Vec<String>,
    migrations_strange: Vec<String>,
    forgotten: Vec<String>,
}

/// Decides about every file, and writes nothing.
pub(crate) fn plan<'a>(
    root: &Path,
    manifest: &Manifest,
    history: &History,
    taken_back: &BTreeSet<String>,
    artifacts: &'a Artifacts,
    edited: Edited,
) -> Result<Plan<'a>, Refusal> {
    let mut planner = Planner {
        root,
        known: manifest,
        taken_back,
        edited,
        stops: Stops::default(),
        plan: Plan {
            summary: Summary::default(),
            writes: Vec::new(),
            removals: Vec::new(),
            manifest: Manifest::default(),
        },
    };
    for looked in look(root, artifacts)? {
        match looked.artifact.ownership {
            Ownership::Generated => planner.generated(&looked),
            Ownership::Owned => planner.owned(&looked),
            Ownership::Frozen => planner.frozen(&looked),
        }
    }
    let not_emitted: Vec<(&String, &Entry)> = manifest
        .files
        .iter()
        .filter(|(path, _)| artifacts.get(path).is_none())
        .collect();
    let paths: Vec<&str> = not_emitted.iter().map(|(path, _)| path.as_str()).collect();
    for ((path, entry), found) in not_emitted.into_iter().zip(hashes(root, &paths)?) {
        planner.not_emitted(path, entry, found)?;
    }
    planner.adopt(history)?;
    planner.look_for_strange_migrations(artifacts)?;
    planner.stops.refuse(edited)?;
    let mut plan = planner.plan;
    plan.summary.unchanged.sort();
    plan.summary.kept.sort();
    Ok(plan)
}

struct Planner<'a, 'm> {
    root: &'m Path,
    known: &'m Manifest,
    taken_back: &'m BTreeSet<String>,
    edited: Edited,
    stops: Stops,
    plan: Plan<'a>,
}

impl<'a> Planner<'a, '_> {
    fn generated(&mut self, looked: &Looked<'a>) {
        let path = looked.path.to_owned();
        self.remember(&path, looked.hash.clone(), Ownership::Generated);
        match &looked.found {
            Found::Nothing => {
                self.list(&path, |summary| &mut summary.new);
                self.write(looked, None);
            }
            Found::Same => self.list(&path, |summary| &mut summary.unchanged),
            Found::Other(content, hash) => {
                let entry = self.known.files.get(&path);
                let emitted = entry.is_some_and(|entry| entry.hashes.contains(hash));
                let ours = entry.is_some_and(|entry| entry.ownership != Ownership::Owned)
                    || bears_header(content, &looked.artifact.content);
                let before = Some(hash.clone());
                if emitted || (ours && self.edited == Edited::Overwrite) {
                    self.list(&path, |summary| &mut summary.changed);
                    self.write(looked, before);
                } else if !ours {
                    self.stops.foreign.push(path);
                } else if self.edited == Edited::Keep {
                    if !entry.is_some_and(|entry| entry.hashes.contains(&looked.hash)) {
                        self.list(&path, |summary| &mut summary.behind);
                    }
                    self.list(&path, |summary| &mut summary.kept);
                } else {
                    let difference = difference(&path, &looked.artifact.content, content);
                    self.stops.differences.push_str(&difference);
                    self.stops.edited.push(path);
                }
            }
        }
    }

    /// Written once; what the user made of it stays, whatever it is. One that was deleted is started again,
    /// because generated code counts on it, and the summary says so.
    fn owned(&mut self, looked: &Looked<'a>) {
        let path = looked.path.to_owned();
        let started = match self.known.files.get(&path) {
            Some(entry) if !matches!(looked.found, Found::Nothing) => entry.clone(),
            _ => Entry::new(looked.hash.clone(), Ownership::Owned),
        };
        self.plan.manifest.files.insert(
            path.clone(),
            Entry {
                ownership: Ownership::Owned,
                ..started
            },
        );
        match &looked.found {
            Found::Nothing => {
                self.list(&path, |summary| &mut summary.stubs);
                self.write(looked, None);
            }
            Found::Same | Found::Other(..) => {
                self.list(&path, |summary| &mut summary.unchanged);
            }
        }
    }

    fn frozen(&mut self, looked: &Looked<'a>) {
        let path = looked.path.to_owned();
        self.remember(&path, looked.hash.clone(), Ownership::Frozen);
        match &looked.found {
            Found::Nothing => {
                self.list(&path, |summary| &mut summary.new);
                self.write(looked, None);
            }
            Found::Same => self.list(&path, |summary| &mut summary.unchanged),
            Found::Other(content, hash) => match self.known.files.get(&path) {
                Some(entry) if entry.hashes.contains(hash) && self.taken_back.contains(&path) => {
                    let before = Some(hash.clone());
                    self.list(&path, |summary| &mut summary.changed);
                    self.write(looked, before);
                }
                Some(entry) if entry.hashes.contains(hash) => self.stops.forgotten.push(path),
                Some(_) => self.stops.migrations_edited.push(path),
                None if bears_header(content, &looked.artifact.content) => {
                    self.stops.forgotten.push(path);
                }
                None => self.stops.foreign.push(path),
            },
        }
    }

    /// A file of earlier builds that this one does not give, with the SHA-256 of what is there.
    fn not_emitted(
        &mut self,
        path: &str,
        entry: &Entry,
        found: Option<String>,
    ) -> Result<(), Refusal> {
        let as_emitted = found
            .as_ref()
            .is_some_and(|found| entry.hashes.contains(found));
        match (entry.ownership, found) {
            (Ownership::Frozen, Some(before)) if as_emitted && self.taken_back.contains(path) => {
                self.list(path, |summary| &mut summary.removed);
                self.plan.removals.push(Removal {
                    path: path.to_owned(),
                    before,
                });
            }
            (Ownership::Frozen, Some(found)) => {
                if as_emitted || self.edited == Edited::Keep {
                    self.remember(path, found, Ownership::Frozen);
                    self.list(path, |summary| &mut summary.unchanged);
                } else {
                    self.stops.migrations_edited.push(path.to_owned());
                }
            }
            (Ownership::Frozen, None) => {
                if !self.taken_back(path)? {
                    self.stops.migrations_missing.push(path.to_owned());
                }
            }
            (Ownership::Owned, Some(_)) => {
                self.plan
                    .manifest
                    .files
                    .insert(path.to_owned(), entry.clone());
                self.list(path, |summary| &mut summary.unused);
            }
            (Ownership::Generated, Some(before)) if as_emitted => {
                self.list(path, |summary| &mut summary.removed);
                self.plan.removals.push(Removal {
                    path: path.to_owned(),
                    before,
                });
            }
            // Edited by hand: it belongs to whoever edited it from now on.
            (Ownership::Generated, Some(_)) => self.list(path, |summary| &mut summary.unused),
            (Ownership::Generated | Ownership::Owned, None) => {}
        }
        Ok(())
    }

    /// Whether a migration was taken back as a whole, with its memory: then nobody misses it.
    fn taken_back(&self, path: &str) -> Result<bool, Refusal> {
        let other = match other_half(path) {
            Some(other) => read(&self.root.join(other))?,
            None => return Ok(false),
        };
        Ok(other.is_none())
    }

    /// Migrations that came with a merge which kept the other side's manifest.
    fn adopt(&mut self, history: &History) -> Result<(), Refusal> {
        for memory in history.migrations.iter().map(Migration::path) {
            let migration = other_half(&memory);
            for path in [Some(memory), migration].into_iter().flatten() {
                if self.plan.manifest.files.contains_key(&path)
                    || self.known.files.contains_key(&path)
                {
                    continue;
                }
                match read(&self.root.join(&path))? {
                    Some(content) => {
                        self.remember(&path, hash(&content), Ownership::Frozen);
                        self.list(&path, |summary| &mut summary.unchanged);
                    }
                    None => self.stops.migrations_missing.push(path),
                }
            }
        }
        Ok(())
    }

    /// Migrations of which nothing is known, beside one that is going to be written: Django would find two that
    /// come last.
    fn look_for_strange_migrations(&mut self, artifacts: &Artifacts) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for (path, artifact) in artifacts.iter() {
            let (Ownership::Frozen, Some((folder, _))) =
                (artifact.ownership, path.rsplit_once('/'))
            else {
                continue;
            };
            if !folder.ends_with("/migrations") || !seen.insert(folder.to_owned()) {
                continue;
            }
            for name in names_in(&self.root.join(folder))? {
                let strange = format!("{folder}/{name}");
                if !is_migration(&name)
                    || artifacts.get(&strange).is_some()
                    || self.known.files.contains_key(&strange)
                    || self.plan.manifest.files.contains_key(&strange)
                {
                    continue;
                }
                let content = read(&self.root.join(&strange))?.unwrap_or_default();
                if bears_header(&content, &artifact.content) {
                    self.stops.forgotten.push(strange);
                } else {
                    self.stops.migrations_strange.push(strange);
                }
            }
        }
        Ok(())
    }

    fn remember(&mut self, path: &str, hash: String, ownership: Ownership) {
        self.plan
            .manifest
            .files
            .insert(path.to_owned(), Entry::new(hash, ownership));
    }

    fn write(&mut self, looked: &Looked<'a>, before: Option<String>) {
        self.plan.summary.remembers |= looked.path.starts_with(".appspec/");
        self.plan.writes.push(Write {
            path: looked.path,
            content: looked.artifact.content.as_bytes(),
            executable: looked.artifact.executable,
            before,
            after: looked.hash.clone(),
        });
    }

    fn list(&mut self, path: &str, list: impl FnOnce(&mut Summary) -> &mut Vec<String>) {
        if !path.starts_with(".appspec/") {
            list(&mut self.plan.summary).push(path.to_owned());
        }
    }
}

/// The migration of a memory and the memory of a migration: `booking/migrations/0001_initial.py` and
/// `.appspec/migrations/booking/0001_initial.json`.
pub(crate) fn other_half(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix(".appspec/migrations/") {
        let (app, file) = rest.split_once('/')?;
        let name = file.strip_suffix(".json")?;
        return Some(format!("{app}/migrations/{name}.py"));
    }
    let (app, file) = path.split_once("/migrations/")?;
    let name = file.strip_suffix(".py")?;
    Some(format!(".appspec/migrations/{app}/{name}.json"))
}

/// Whether a file of which nothing is remembered (a lost manifest) begins with the very line by which this
/// project's generated files are known; it may stand behind `#!…`.
fn bears_header(content: &[u8], emitted: &str) -> bool {
    const HEADER: &str = "Generated by appspecc from ";
    let Some(header) = emitted.lines().take(2).find(|line| line.contains(HEADER)) else {
        return false;
    };
    content
        .split(|byte| *byte == b'\n')
        .take(2)
        .any(|line| line.strip_suffix(b"\r").unwrap_or(line) == header.as_bytes())
}

/// `0002_mine.py`
fn is_migration(name: &str) -> bool {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && name.get(digits..).is_some_and(|rest| rest.starts_with('_'))
        && Path::new(name).extension().is_some_and(|end| end == "py")
}

impl Stops {
    /// One finding per reason; nothing is written when there is any.
    fn refuse(self, edited: Edited) -> Result<(), Refusal> {
        let mut findings = Diagnostics::new();
        let mut refuse = |code, files: &[String], one: &str, several: &str, help: &str| {
            let message = match files {
                [] => return,
                [file] => format!("`{file}` {one}"),
                _ => format!("{} {several}: {}", files.len(), names(files)),
            };
            findings.push(Diagnostic::without_place(code, message).help(help));
        };
        refuse(
            &world::WOULD_OVERWRITE,
            &self.edited,
            "was edited by hand since it was generated",
            "files were edited by hand since they were generated",
            "move the change into the spec or into a file of your own and run this again with `--overwrite`, \
             or leave it there with `--keep`; nothing has been written",
        );
        refuse(
            &world::FOREIGN,
            &self.foreign,
            "is not of appspecc and is where a file has to be written",
            "files are not of appspecc and are where files have to be written",
            "move it out of the way, or choose another folder with `--out DIR`; nothing has been written",
        );
        refuse(
            &world::MIGRATION_EDITED,
            &self.migrations_edited,
            "was changed after it was emitted",
            "files were changed after they were emitted",
            if edited == Edited::Overwrite {
                "restore it from version control: what was emitted once is not written again"
            } else {
                "restore it from version control, or accept it as it is with `--keep`: \
                 what was emitted once is not written again"
            },
        );
        refuse(
            &world::MIGRATION_MISSING,
            &self.migrations_missing,
            "has been emitted and is gone",
            "files have been emitted and are gone",
            "restore it from version control; to take back a migration that no database has run, \
             delete its file and its memory under `.appspec/migrations`",
        );
        refuse(
            &world::MIGRATION_STRANGE,
            &self.migrations_strange,
            "is a migration that appspecc did not write, and the next one would stand beside it",
            "migrations were not written by appspecc, and the next one would stand beside them",
            "undo it with `python manage.py migrate APP NUMBER`, move what it does into a management command of \
             your own, and delete it; nothing has been written",
        );
        refuse(
            &world::FORGOTTEN,
            &self.forgotten,
            "was emitted by an earlier build of which `.appspec` remembers nothing",
            "files were emitted by earlier builds of which `.appspec` remembers nothing",
            "restore the folder `.appspec` of the project from version control; nothing has been written",
        );
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Refusal {
                findings,
                differences: self.differences,
            })
        }
    }
}

/// The first few, and how many more.
pub(super) fn names(files: &[String]) -> String {
    const MOST: usize = 6;
    let mut text = files
        .iter()
        .take(MOST)
        .map(|file| format!("`{file}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if files.len() > MOST {
        let _ = write!(text, " and {} more", files.len() - MOST);
    }
    text
}
