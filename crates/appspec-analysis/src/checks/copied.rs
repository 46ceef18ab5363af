use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, Id, Invariant, Moment, Spec, Walk, print};

use super::solved;

/// An invariant in the very words of another one: most often it was copied to be changed. The solver finds what
/// follows without being a copy; this is true whatever it can decide.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let of_a_row = copies(spec).into_iter().map(|(copy, first)| {
        let (copy, first) = (spec.walk(copy).get(), spec.walk(first).get());
        let named = |rule: &Invariant| (rule.name.clone(), rule.condition.span);
        (named(copy), named(first))
    });
    for ((copy, at), (first, before)) in of_a_row.chain(copies_across(spec)) {
        if told.insert(at) {
            found.push(
                Diagnostic::new(
                    &codes::invariant::COPIED,
                    at,
                    format!("`{copy}` says the same as `{first}`"),
                )
                .label("refuses no row that the other accepts")
                .note(before, "the same words")
                .help("make it say what it was meant to say, or remove it"),
            );
        }
    }
}

/// The same for rules that read other rows, by name and place.
fn copies_across(spec: &Spec) -> Vec<((String, Span), (String, Span))> {
    let mut copies = Vec::new();
    for entity in spec.walk_entities() {
        let mut first: BTreeMap<String, (String, Span)> = BTreeMap::new();
        for rule in &entity.get().across {
            let own = (rule.name.clone(), rule.condition.span);
            match first.get(&print(spec, &rule.condition)) {
                Some(before) => copies.push((own, before.clone())),
                None => {
                    first.insert(print(spec, &rule.condition), own);
                }
            }
        }
    }
    copies
}

/// The invariants that repeat one before them, each with that one.
pub(super) fn copies(spec: &Spec) -> BTreeMap<Id<Invariant>, Id<Invariant>> {
    spec.walk_entities()
        .flat_map(|entity| copies_of(entity))
        .collect()
}

/// Whether a rule stands at any time, and the fields that it reads.
type Reads = (bool, Vec<Id<Field>>);

fn copies_of(entity: Walk<'_, Entity>) -> Vec<(Id<Invariant>, Id<Invariant>)> {
    let spec = entity.spec;
    // What reads other fields has other words; most rules need not be printed to be told apart.
    let mut alike: BTreeMap<Reads, Vec<Id<Invariant>>> = BTreeMap::new();
    for invariant in entity.invariants() {
        let rule = invariant.get();
        let stands = rule.moment == Moment::Always;
        let key = (stands, rule.condition.fields());
        alike.entry(key).or_default().push(invariant.id);
    }
    let mut copies = Vec::new();
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let mut first: BTreeMap<String, Id<Invariant>> = BTreeMap::new();
        for id in group {
            let condition = &spec.walk(id).get().condition;
            if solved::is_explained(spec, condition) {
                continue;
            }
            match first.get(&print(spec, condition)) {
                Some(before) => copies.push((id, *before)),
                None => {
                    first.insert(print(spec, condition), id);
                }
            }
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(members: &str) -> Vec<String> {
        findings(&format!(
            "entity E {{\n a: int\n b: int\n c: datetime\n{members}\n}}"
        ))
    }

    #[test]
    fn the_same_words_about_other_rows_are_told_too() {
        let told = |second: &str| {
            findings(&format!(
                "entity O {{\n total: int\n invariant one: total == sum(l.n for l in lines)\n \
                 invariant two: {second}\n}}\nentity L {{\n n: int\n o: O inverse lines\n}}"
            ))
        };
        assert_eq!(
            told("total == sum(l.n for l in lines)"),
            ["invariant::copied: `two` says the same as `one`"]
        );
        assert_eq!(
            told("total >= sum(l.n for l in lines)"),
            ["invariant::redundant: `two` follows from `one`"]
        );
        assert_eq!(
            told("total >= sum(l.n for l in lines where l.n > 2)"),
            [""; 0]
        );
    }

    #[test]
    fn the_same_words_are_told_once_and_as_nothing_else() {
        assert_eq!(
            found(" invariant x: a < b\n invariant y: a < b\n invariant z: (a < b)"),
            [
                "invariant::copied: `y` says the same as `x`",
                "invariant::copied: `z` says the same as `x`"
            ]
        );
        assert_eq!(
            found(" invariant x: a * b * b == 7\n invariant y: a * b * b == 7"),
            [
                "invariant::undecided: whether a row of `E` can keep its invariants was not found out",
                "invariant::copied: `y` says the same as `x`"
            ]
        );
    }

    #[test]
    fn other_words_are_no_copy() {
        assert_eq!(
            found(" invariant x: a < b\n invariant y: b > a"),
            ["invariant::redundant: `y` follows from `x`"]
        );
        assert_eq!(
            found(" invariant x on create: c > now()\n invariant y on create: c < now() + 1h"),
            [""; 0]
        );
    }

    #[test]
    fn what_a_mixin_says_twice_is_told_once() {
        let spec = "mixin M {\n a: int\n b: int\n invariant x: a < b\n invariant y: a < b\n}\n\
            entity E with M {}\nentity F with M { invariant z: a < b }";
        assert_eq!(
            findings(spec),
            [
                "invariant::copied: `y` says the same as `x`",
                "invariant::copied: `z` says the same as `x`"
            ]
        );
    }
}
