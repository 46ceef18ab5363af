//! What can't be judged in a spec that has syntax errors. Names are looked up all the same, so that one run
//! shows every mistake; what may only follow from text that could not be read is left out.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;

use appspec_diagnostics::{Diagnostic, Diagnostics, FileId, Severity, Sources, Span, codes};
use appspec_syntax::ast::{File, Item, Member};

use crate::unit::Unit;

/// What a spec may say in the places that could not be read.
#[derive(Debug)]
pub(crate) struct Doubt {
    /// Every word that stands there: it may be declared.
    words: BTreeSet<String>,
    /// The statements that have a mistake of their own.
    broken: Vec<Span>,
}

impl Doubt {
    /// Nothing when all files could be read.
    pub(crate) fn of(units: &[Unit], sources: &Sources, found: &Diagnostics) -> Option<Self> {
        if !found.has_errors() {
            return None;
        }
        let mut mistakes: Vec<Span> = found
            .iter()
            .filter_map(|finding| finding.primary.as_ref().map(|label| label.span))
            .collect();
        mistakes.sort_unstable();
        let files: HashSet<FileId> = mistakes.iter().map(|span| span.file).collect();
        let (mut words, mut broken) = (BTreeSet::new(), Vec::new());
        for unit in units.iter().filter(|unit| files.contains(&unit.file)) {
            let Some(source) = sources.get(unit.file) else {
                continue;
            };
            let read = statements(&unit.ast);
            let has_mistake = |span: &&Span| {
                let first =
                    mistakes.partition_point(|it| (it.file, it.start) < (span.file, span.start));
                let next = mistakes.get(first);
                next.is_some_and(|it| it.file == span.file && it.start <= span.end)
            };
            broken.extend(read.iter().filter(has_mistake));
            let skipped = read.iter().chain(&unit.ast.comments);
            words.extend(words_outside(&source.text, skipped.copied().collect()));
        }
        broken.sort_unstable();
        Some(Self { words, broken })
    }

    /// Whether a finding about names and types is certain.
    pub(crate) fn is_certain(&self, finding: &Diagnostic, sources: &Sources) -> bool {
        let needs_all =
            NEED_ALL.contains(&finding.code.id) || finding.code.id.starts_with("seed::");
        let is_error = finding.code.severity == Severity::Error;
        let Some(label) = finding.primary.as_ref().filter(|_| is_error && !needs_all) else {
            return false;
        };
        let span = label.span;
        let behind = self
            .broken
            .partition_point(|it| (it.file, it.start) <= (span.file, span.start));
        let before = self.broken.get(..behind).and_then(<[Span]>::last);
        let is_broken = before.is_some_and(|it| it.file == span.file && span.start <= it.end);
        let text = sources.get(span.file).and_then(|source| {
            let (start, end) = (span.start as usize, span.end as usize);
            source.text.get(start..end)
        });
        !is_broken && words_of(text.unwrap_or("")).all(|word| !self.may_be_declared(word))
    }

    /// Whether a word stands in what could not be read, perhaps run into the next one: `lateloan: Loan)`.
    fn may_be_declared(&self, word: &str) -> bool {
        let mut from = self
            .words
            .range::<str, _>((Bound::Included(word), Bound::Unbounded));
        from.next().is_some_and(|found| found.starts_with(word))
    }
}

/// Findings that need every line to have been read: each says that something is missing.
const NEED_ALL: [&str; 3] = [
    codes::module::NO_PROJECT.id,
    codes::relation::THROUGH.id,
    codes::types::EMPTY_ENUM.id,
];

/// The parts of a file that stand for themselves, in order: members, values, rows, and items of one line.
fn statements(file: &File) -> Vec<Span> {
    let mut spans = Vec::new();
    for item in &file.items {
        match item {
            Item::Project(it) => spans.extend(it.entries.iter().map(|entry| Span {
                end: entry.value.span.end,
                ..entry.key.span
            })),
            Item::Use(it) => spans.push(it.span),
            Item::Suppress(it) => spans.push(it.span),
            Item::Type(it) => spans.push(it.span),
            Item::Enum(it) => spans.extend(it.values.iter().map(|value| value.name.span)),
            Item::Mixin(it) => spans.extend(it.members.iter().map(Member::span)),
            Item::Entity(it) => spans.extend(it.members.iter().map(Member::span)),
            Item::Extend(it) => spans.extend(it.members.iter().map(Member::span)),
            Item::Predicate(it) => spans.push(it.span),
            Item::Seed(it) => spans.extend(it.rows.iter().map(|row| row.span)),
        }
    }
    spans
}

/// The words of a text outside of these spans.
fn words_outside(text: &str, mut spans: Vec<Span>) -> impl Iterator<Item = String> {
    spans.sort_unstable();
    let mut gaps = Vec::with_capacity(spans.len() + 1);
    let mut end = 0;
    for span in spans {
        gaps.push(text.get(end..span.start as usize).unwrap_or(""));
        end = end.max(span.end as usize);
    }
    gaps.push(text.get(end..).unwrap_or(""));
    gaps.into_iter().flat_map(words_of).map(str::to_owned)
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.filter(|word| !word.is_empty())
}
