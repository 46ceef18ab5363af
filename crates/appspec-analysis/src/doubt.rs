//! What can't be judged in a spec that has syntax errors. Names are looked up all the same, so that one run
//! shows every mistake; what may only follow from text that could not be read is left out.

use std::collections::HashSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Severity, Sources, Span, codes};
use appspec_syntax::ast::{AccessLine, AuthLine, EnvironmentLine, File, Item, Member};

use crate::unit::Unit;

/// What a spec may say in the places that could not be read.
#[derive(Debug)]
pub(crate) struct Doubt {
    /// Every word that stands there: it may be declared.
    words: HashSet<String>,
    /// What stands behind `type`, `enum` and the like, perhaps run into the next word: `predicate lateloan: Loan)`.
    glued: Vec<String>,
    /// The statements that have a mistake of their own.
    broken: Vec<Span>,
    /// No mistake reaches beyond the item that it stands in.
    is_confined: bool,
}

impl Doubt {
    /// Nothing when all files could be read.
    pub(crate) fn of(units: &[Unit], sources: &Sources, found: &Diagnostics) -> Option<Self> {
        if !found.has_errors() {
            return None;
        }
        let mut mistakes: Vec<Span> = found
            .iter()
            .filter(|finding| finding.code.id != codes::syntax::MISSING_CLOSE.id)
            .filter_map(|finding| finding.primary.as_ref().map(|label| label.span))
            .collect();
        mistakes.sort_unstable();
        let (mut words, mut glued, mut broken) = (HashSet::new(), Vec::new(), Vec::new());
        for unit in units {
            let Some(source) = sources.get(unit.file) else {
                continue;
            };
            let has_mistake = |span: &&Span| {
                let first =
                    mistakes.partition_point(|it| (it.file, it.start) < (span.file, span.start));
                let next = mistakes.get(first);
                next.is_some_and(|it| it.file == span.file && it.start <= span.end)
            };
            broken.extend(statements(&unit.ast).iter().filter(has_mistake));
            for span in &unit.ast.unread {
                let text = source.text.get(span.start as usize..span.end as usize);
                // The first word may be two that a forgotten sign has run together: `notetext(80)`.
                let mut before = "type";
                for word in text.unwrap_or("").lines().flat_map(words_of_code) {
                    if DECLARING.contains(&before) {
                        glued.push(word.to_owned());
                    }
                    words.insert(word.to_owned());
                    before = word;
                }
            }
        }
        broken.sort_unstable();
        let reaches_far = |finding: &Diagnostic| REACH_FAR.contains(&finding.code.id);
        Some(Self {
            words,
            glued,
            broken,
            is_confined: !found.iter().any(reaches_far) && units.iter().all(is_confined),
        })
    }

    /// Whether all the rest of the spec is what it seems to be: what could not be read is a part of one item, and nothing
    /// that ends it or begins another.
    pub(crate) fn is_confined(&self) -> bool {
        self.is_confined
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
        let mut names = words_of(text.unwrap_or(""));
        let is_certain = IN_ITSELF.contains(&finding.code.id);
        !is_broken && (is_certain || !names.any(|name| self.may_be_declared(name)))
    }

    fn may_be_declared(&self, name: &str) -> bool {
        self.words.contains(name) || self.glued.iter().any(|glued| glued.starts_with(name))
    }
}

/// Mistakes behind which nobody knows what belongs to which item.
const REACH_FAR: [&str; 4] = [
    codes::syntax::MERGE_CONFLICT.id,
    codes::syntax::MISSING_CLOSE.id,
    codes::syntax::TOO_DEEP.id,
    codes::syntax::TOO_LARGE.id,
];

/// Whether everything that could not be read stands inside of an item.
fn is_confined(unit: &Unit) -> bool {
    let items: Vec<Span> = unit.ast.items.iter().map(Item::span).collect();
    unit.ast.unread.iter().all(|unread| {
        let behind = items.partition_point(|item| item.start <= unread.start);
        let item = items.get(..behind).and_then(<[Span]>::last);
        item.is_some_and(|item| unread.end <= item.end)
    })
}

/// Findings about what stands in two places, or in one alone: no declaration could make them untrue.
const IN_ITSELF: [&str; 4] = [
    codes::name::DUPLICATE.id,
    codes::module::UNKNOWN.id,
    codes::module::BAD_SETTING.id,
    codes::module::PROJECT_TWICE.id,
];

/// What a declaration begins with.
const DECLARING: [&str; 6] = ["type", "enum", "mixin", "entity", "predicate", "role"];

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
            Item::Role(it) => spans.push(it.span),
            Item::Access(it) => spans.extend(it.lines.iter().map(AccessLine::span)),
            Item::Auth(it) => spans.extend(it.lines.iter().map(AuthLine::span)),
            Item::Environment(it) => spans.extend(it.lines.iter().map(EnvironmentLine::span)),
        }
    }
    spans
}

/// The names in a line, without its comment. Those in quotes too: a quote may be what is missing.
fn words_of_code(line: &str) -> impl Iterator<Item = &str> {
    words_of(line.split("//").next().unwrap_or(""))
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with(|it: char| it.is_alphabetic() || it == '_'))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    const REST: &str = "\nentity B {\n  n: int\n  m: int\n  invariant x: n < m\n  invariant y: m < n\n}\n\
        entity C { d: D }\nentity D { c: C }\n";
    const BOTH: [&str; 2] = ["invariant::contradiction", "relation::required_cycle"];

    #[test]
    fn a_mistake_inside_of_an_item_hides_nothing_of_the_others() {
        for mistake in [
            "entity A {\n  y: int = = 3\n}",
            "entity A {\n  y int @unique\n}",
            "entity A {\n  y: int?\n  invariant c: y == null\n}",
            "entity A {\n  y: int\n  invariant c y > 3\n}",
            "enum A { x, = }",
        ] {
            let found = codes(&format!("{mistake}{REST}"));
            assert_eq!(found.len(), 3, "{mistake}: {found:?}");
            assert_eq!(found[1..], BOTH, "{mistake}");
        }
    }

    #[test]
    fn its_own_item_and_what_reads_it_are_not_judged() {
        for mistake in [
            // What the field may hold is not known.
            "entity A {\n  y: int = = 3\n  invariant c: y > 3\n  invariant d: y < 3\n}",
            // Nor whether there is a value that two rules leave.
            "enum S { x, = }\nentity A {\n  y: S\n  invariant c: y != x\n}",
        ] {
            assert_eq!(codes(mistake), ["syntax::unexpected"], "{mistake}");
        }
    }

    #[test]
    fn where_items_end_has_to_be_known() {
        for mistake in [
            "entity A {\n  y: int\n}\n  invariant c: y > 3\n}",
            "entity A {\n  y: int\n  invariant c: (y > 3",
        ] {
            let found = codes(&format!("{mistake}{REST}"));
            assert!(
                !found.iter().any(|it| BOTH.contains(it)),
                "{mistake}: {found:?}"
            );
        }
    }
}
