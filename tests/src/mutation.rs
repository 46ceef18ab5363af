//! Specs with one mistake each, made from specs without any: what share of the mistakes does the checker find?
//!
//! A mutant is one edit of one place. Where the places are comes from the tree, what is edited is the text, so that
//! a mutant is what a person could have typed. Nothing here is random: the same specs give the same mutants.

mod declared;
mod operators;
mod places;
mod ruled;
pub mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostics, Severity, Sources};
use appspec_syntax::ast::File;

use crate::spec;
pub use operators::{OPERATORS, Operator};

/// A correct spec, and where things stand in it.
#[derive(Debug)]
pub struct Original {
    /// Its folder: `tests/specs/hotel`.
    pub name: String,
    texts: Vec<(String, String)>,
    files: Vec<File>,
}

/// One edit of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Position of the file in its spec.
    file: usize,
    start: usize,
    end: usize,
    /// What stands there instead.
    text: String,
}

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The code of the first error.
    Refused(&'static str),
    /// The code of the first warning.
    Warned(&'static str),
    /// Nothing was said, but for advice, which has to be asked for.
    Survived,
}

/// The specs that are mutated: those that everything else is tested with.
pub fn originals() -> Vec<Original> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["apps", "specs"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("a folder of specs"))
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| Original::read(folder))
        .collect()
}

impl Original {
    fn read(folder: &Path) -> Self {
        let sources = spec::folder(folder);
        let mut texts = Vec::new();
        let mut files = Vec::new();
        for (id, source) in sources.iter() {
            files.push(appspec_syntax::parse(
                id,
                &source.text,
                &mut Diagnostics::new(),
            ));
            texts.push((source.path.clone(), source.text.clone()));
        }
        let name = folder.file_name().expect("a folder has a name");
        Self {
            name: name.to_string_lossy().into_owned(),
            texts,
            files,
        }
    }

    /// Every place where an operator can make its mistake, in the order of the text.
    pub fn edits(&self, operator: &Operator) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (index, (file, (_, text))) in self.files.iter().zip(&self.texts).enumerate() {
            let found = (operator.edits)(file, &self.files, text);
            edits.extend(found.into_iter().map(|(span, text)| Edit {
                file: index,
                start: span.start,
                end: span.end,
                text,
            }));
        }
        edits.retain(|edit| self.texts[edit.file].1[edit.start..edit.end] != edit.text);
        edits
    }

    /// The line that an edit changes, before and after.
    pub fn shown(&self, edit: &Edit) -> String {
        let (path, before) = &self.texts[edit.file];
        let after = self.mutated(edit);
        let start = before[..edit.start].rfind('\n').map_or(0, |at| at + 1);
        let line = |text: &str| {
            text[start..]
                .lines()
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        format!(
            "{}/{path}: {}  ->  {}",
            self.name,
            line(before),
            line(&after)
        )
    }

    /// What the checker says about the spec as it is.
    pub fn untouched(&self) -> Fate {
        self.judged(None)
    }

    /// What the checker says about the spec with this mistake.
    pub fn fate(&self, edit: &Edit) -> Fate {
        self.judged(Some(edit))
    }

    fn judged(&self, edit: Option<&Edit>) -> Fate {
        let mut sources = Sources::new();
        for (index, (path, text)) in self.texts.iter().enumerate() {
            let text = match edit.filter(|edit| edit.file == index) {
                Some(edit) => self.mutated(edit),
                None => text.clone(),
            };
            sources.add(spec::source(path, text));
        }
        let found = spec::findings(&mut sources);
        let first = |severity| {
            let mut found = found.iter().filter(|it| it.code.severity == severity);
            found.next().map(|it| it.code.id)
        };
        if let Some(code) = first(Severity::Error) {
            Fate::Refused(code)
        } else if let Some(code) = first(Severity::Warning) {
            Fate::Warned(code)
        } else {
            Fate::Survived
        }
    }

    fn mutated(&self, edit: &Edit) -> String {
        let text = &self.texts[edit.file].1;
        [&text[..edit.start], &edit.text, &text[edit.end..]].concat()
    }
}

/// What became of the mutants of one operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Refused by an error.
    pub refused: usize,
    /// Warned about.
    pub warned: usize,
    /// Nobody noticed: the lines, before and after.
    pub survivors: Vec<String>,
    /// How often each code was the first to be given.
    pub codes: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// All mutants.
    pub fn mutants(&self) -> usize {
        self.caught() + self.survivors.len()
    }

    /// Those that were noticed.
    pub fn caught(&self) -> usize {
        self.refused + self.warned
    }

    /// The share that was noticed, in whole percent, rounded down.
    pub fn share(&self) -> usize {
        let hundredfold = self.caught() * 100;
        hundredfold.checked_div(self.mutants()).unwrap_or_default()
    }

    fn add(&mut self, fate: Fate, shown: impl FnOnce() -> String) {
        let (count, code) = match fate {
            Fate::Refused(code) => (&mut self.refused, code),
            Fate::Warned(code) => (&mut self.warned, code),
            Fate::Survived => {
                self.survivors.push(shown());
                return;
            }
        };
        *count += 1;
        *self.codes.entry(code).or_default() += 1;
    }
}

/// The mutants of an operator, with the specs that they are made from.
pub fn mutants<'o>(originals: &'o [Original], operator: &Operator) -> Vec<(&'o Original, Edit)> {
    let of_one = |original: &'o Original| {
        let edits = original.edits(operator).into_iter();
        edits.map(move |edit| (original, edit))
    };
    originals.iter().flat_map(of_one).collect()
}

/// So many of the mutants of an operator, chosen by what they say: a change of a spec elsewhere does not change the
/// choice.
pub fn sample(mut mutants: Vec<(&Original, Edit)>, size: usize) -> Vec<(&Original, Edit)> {
    mutants.sort_by_cached_key(|(original, edit)| {
        let shown = original.shown(edit);
        (fingerprint(&shown), shown)
    });
    mutants.truncate(size);
    mutants
}

/// A number that looks random and hangs on the text alone (FNV-1a).
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Counts what becomes of mutants.
pub fn tally(mutants: &[(&Original, Edit)]) -> Tally {
    let mut tally = Tally::default();
    for (original, edit) in mutants {
        tally.add(original.fate(edit), || original.shown(edit));
    }
    tally
}

/// How many mutants of each operator every run of the tests makes.
pub const SAMPLE: usize = 10;
