//! Certain fixes, made: the edits that findings carry, until none is left. Pure: texts in, texts out.

mod edits;

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{
    Code, Diagnostic, Diagnostics, FileId, LineTable, Severity, Source, Sources,
};

use crate::{Depth, Pass, passes};
use edits::{Fix, applied, fix, together};

/// More rounds than any chain of mistakes needs, each of which hides the next one.
const MOST_ROUNDS: usize = 64;

/// How many fixes are tried one by one where all together made nothing better.
const MOST_TRIED: usize = 32;

/// One finding that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// What it was.
    pub code: &'static Code,
    /// The file that it was reported in.
    pub file: FileId,
    /// Line and column, as they were when it was mended.
    pub position: (usize, usize),
    /// What stood at each place, and what stands there now.
    pub changes: Vec<(String, String)>,
}

/// What mending came to.
#[derive(Clone, Debug, Default)]
pub struct Mending {
    /// The files that are different now, and their new texts.
    pub texts: BTreeMap<FileId, String>,
    /// What was mended, in the order in which it was.
    pub mended: Vec<Mended>,
}

/// Makes the edits of findings in the files of a spec, as long as that makes the spec better, and never worse: where
/// there would be as many errors as before, nothing changes.
///
/// `sources` holds the files of the spec alone, as for [`compile`](crate::compile); only those for which `may_change` holds
/// are edited.
pub fn mend(sources: &Sources, may_change: &dyn Fn(FileId) -> bool) -> Mending {
    let first = State::of(sources.clone());
    let mut seen = BTreeSet::from([first.texts()]);
    let mut mended = Vec::new();
    let mut best: (Option<State>, usize) = (None, 0);
    let mut state = first.clone();
    for _ in 0..MOST_ROUNDS {
        let Some((next, more)) = state.step(may_change, &mut seen) else {
            break;
        };
        mended.extend(more);
        let reference = best.0.as_ref().unwrap_or(&first);
        if next.is_better_than(reference) {
            best = (Some(next.clone()), mended.len());
        }
        state = next;
    }
    let (Some(best), count) = best else {
        return Mending::default();
    };
    mended.truncate(count);
    let texts = sources.iter().filter_map(|(file, source)| {
        let text = &best.spec.get(file)?.text;
        (*text != source.text).then(|| (file, text.clone()))
    });
    Mending {
        texts: texts.collect(),
        mended,
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// How something is written.
    Syntax,
    /// What it says.
    Rest,
}

impl Kind {
    fn of(finding: &Diagnostic) -> Self {
        if finding.code.id.starts_with("syntax::") {
            Self::Syntax
        } else {
            Self::Rest
        }
    }
}

/// A spec and what is wrong with it.
#[derive(Clone, Debug)]
struct State {
    /// The files of the spec alone.
    spec: Sources,
    found: Diagnostics,
    pass: Pass,
}

impl State {
    fn of(spec: Sources) -> Self {
        let mut sources = spec.clone();
        let (_, found, pass) = passes(&mut sources, Depth::Pass, &mut |_| ());
        Self { spec, found, pass }
    }

    fn texts(&self) -> Vec<String> {
        self.spec.iter().map(|(_, it)| it.text.clone()).collect()
    }

    fn count(&self, severity: Severity) -> usize {
        self.found.count(severity)
    }

    /// How many errors there are that fixes of this kind have to leave fewer of. What is wrong with a statement beside
    /// its syntax is only told once that is right, so fixes of syntax are judged by errors of syntax.
    fn errors(&self, kind: Kind) -> usize {
        match kind {
            Kind::Syntax => {
                let errors = self.found.iter();
                let told = errors.filter(|it| Kind::of(it) == kind).count();
                // Of those that were only counted nobody knows what they are about: each that is mended brings one of them up.
                let unread = self.found.unread().into_iter();
                told + unread.map(|(_, count)| count).sum::<usize>()
            }
            Kind::Rest => self.count(Severity::Error),
        }
    }

    /// Further, or as far with less to find.
    fn is_better_than(&self, other: &Self) -> bool {
        let worth = |state: &Self| {
            let syntax = state.errors(Kind::Syntax);
            let less = std::cmp::Reverse((
                syntax,
                state.count(Severity::Error),
                state.count(Severity::Warning),
            ));
            (state.pass, less)
        };
        worth(self) > worth(other)
    }

    /// How many findings say the same about the same file.
    fn count_like(&self, finding: &Diagnostic) -> usize {
        let key = |it: &Diagnostic| {
            let file = it.primary.as_ref().map(|label| label.span.file);
            (it.code.id, file, it.message.clone())
        };
        let wanted = key(finding);
        self.found.iter().filter(|it| key(it) == wanted).count()
    }

    /// The spec with some of its fixes made; those of its syntax come first. A word that made a whole block unreadable
    /// hides what is wrong in there: where nothing helps at once, what such a fix lets be seen may be mended next.
    fn step(
        &self,
        may_change: &dyn Fn(FileId) -> bool,
        seen: &mut BTreeSet<Vec<String>>,
    ) -> Option<(Self, Vec<Mended>)> {
        let syntax = self.step_of(Kind::Syntax, may_change, seen);
        syntax
            .or_else(|| self.step_of(Kind::Rest, may_change, seen))
            .or_else(|| self.step_into_the_hidden(may_change, seen))
    }

    fn step_into_the_hidden(
        &self,
        may_change: &dyn Fn(FileId) -> bool,
        seen: &mut BTreeSet<Vec<String>>,
    ) -> Option<(Self, Vec<Mended>)> {
        let of_syntax = self.found.iter().filter(|it| Kind::of(it) == Kind::Syntax);
        let fixes = of_syntax.filter_map(|it| fix(it, &self.spec, may_change));
        fixes.take(MOST_TRIED).find_map(|fix| {
            let next = self.with(std::slice::from_ref(&fix));
            let is_gone = next.count_like(fix.finding) < self.count_like(fix.finding);
            (is_gone && seen.insert(next.texts())).then(|| (next, self.told(&[fix])))
        })
    }

    /// All fixes of a kind that can be made together, else the first that helps.
    fn step_of(
        &self,
        kind: Kind,
        may_change: &dyn Fn(FileId) -> bool,
        seen: &mut BTreeSet<Vec<String>>,
    ) -> Option<(Self, Vec<Mended>)> {
        let fixes: Vec<Fix<'_>> = self
            .found
            .iter()
            .filter(|it| it.code.severity != Severity::Advice && Kind::of(it) == kind)
            .filter_map(|it| fix(it, &self.spec, may_change))
            .collect();
        let all = together(fixes.clone());
        if all.is_empty() {
            return None;
        }
        let next = self.with(&all);
        if self.is_mended_by(&all, &next, kind) && seen.insert(next.texts()) {
            return Some((next, self.told(&all)));
        }
        fixes.into_iter().take(MOST_TRIED).find_map(|fix| {
            let one = [fix];
            let next = self.with(&one);
            let helps = next.is_better_than(self)
                || next.pass == self.pass
                    && next.errors(kind) <= self.errors(kind)
                    && one
                        .iter()
                        .all(|it| next.count_like(it.finding) < self.count_like(it.finding));
            (helps && seen.insert(next.texts())).then(|| (next, self.told(&one)))
        })
    }

    fn with(&self, fixes: &[Fix<'_>]) -> Self {
        let mut texts = applied(&self.spec, fixes);
        let mut spec = Sources::new();
        for (file, source) in self.spec.iter() {
            spec.add(match texts.remove(&file) {
                Some(text) => Source {
                    text,
                    ..source.clone()
                },
                None => source.clone(),
            });
        }
        Self::of(spec)
    }

    /// Whether each of the fixes has done its part: as many findings are gone as were to be mended.
    fn is_mended_by(&self, fixes: &[Fix<'_>], next: &Self, kind: Kind) -> bool {
        let of = |severity| {
            let fixes = fixes.iter();
            fixes
                .filter(|it| it.finding.code.severity == severity)
                .count()
        };
        let errors = self.errors(kind).saturating_sub(of(Severity::Error));
        let warnings = self
            .count(Severity::Warning)
            .saturating_sub(of(Severity::Warning));
        next.pass > self.pass
            || next.pass == self.pass
                && next.errors(kind) <= errors
                && next.count(Severity::Warning) <= warnings
    }

    fn told(&self, fixes: &[Fix<'_>]) -> Vec<Mended> {
        let mut tables: BTreeMap<FileId, LineTable> = BTreeMap::new();
        let told = fixes.iter().filter_map(|fix| {
            let span = fix.finding.primary.as_ref()?.span;
            let text = &self.spec.get(span.file)?.text;
            let table = tables
                .entry(span.file)
                .or_insert_with(|| LineTable::new(text));
            let changes = fix.replacements.iter().map(|it| {
                let text = self.spec.get(it.file).map_or("", |it| it.text.as_str());
                let before = text.get(it.start..it.end).unwrap_or("");
                (before.to_owned(), it.text.clone())
            });
            Some(Mended {
                code: fix.finding.code,
                file: span.file,
                position: table.position(text, span.start),
                changes: changes.collect(),
            })
        });
        told.collect()
    }
}
