use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, Id, Overlap, Spec, Unique, Walk};
use appspec_solver::{Patterns, Study};

use super::guarantee::{Conditions, guarantees};
use super::overlap_backwards::takes_up_something;
use super::unique_caps_rows;

/// A unique set that another rule guarantees already: one about the same fields or fewer of them, or a `no overlap`.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        let entity = study.entity;
        let mut conditions = Conditions::of(study);
        let near = Near::of(&entity.uniques);
        for (index, unique) in entity.uniques.iter().enumerate() {
            let found_one = stronger(entity, &mut conditions, &near, (index, unique))
                .or_else(|| stretch(spec, study, &mut conditions, unique, &mut patterns));
            let Some((stronger, what)) = found_one else {
                continue;
            };
            // One that only a row or two can keep has lost what its rows belong to.
            if unique_caps_rows::cap(study, unique, &mut patterns).is_some() {
                continue;
            }
            found.push(
                Diagnostic::new(
                    &codes::relation::REDUNDANT_UNIQUE,
                    unique.span,
                    format!("`{}` says no more than {what}", names(spec, &unique.fields)),
                )
                .label("never refuses a row by itself")
                .note(stronger, "already refuses every such row")
                .help("remove this one"),
            );
        }
    }
}

/// The rule that refuses whatever this one refuses, by its place, and what it is.
fn stronger(
    entity: Walk<'_, Entity>,
    conditions: &mut Conditions<'_, '_>,
    near: &Near,
    (index, unique): (usize, &Unique),
) -> Option<(Span, &'static str)> {
    for other in near.within(unique).into_iter().filter(|it| *it != index) {
        let candidate = entity.uniques.get(other)?;
        if guarantees(conditions, candidate, unique)
            // Of two equal ones the later is too much.
            && (other < index || !guarantees(conditions, unique, candidate))
        {
            return Some((candidate.span, "another unique set"));
        }
    }
    let pair = one_to_one(entity, &unique.fields)?;
    Some((pair, "a reference that no two rows share"))
}

/// The `no overlap` that refuses whatever a unique set refuses.
fn stretch(
    spec: &Spec,
    study: &Study<'_>,
    conditions: &mut Conditions<'_, '_>,
    unique: &Unique,
    patterns: &mut Patterns,
) -> Option<(Span, &'static str)> {
    let mut overlaps = study.entity.get().overlaps.iter();
    let overlap = overlaps.find(|overlap| {
        keeps_apart(overlap, unique)
            && conditions.implies(unique.condition.as_ref(), overlap.condition.as_ref())
            && takes_up_something(spec, study, overlap, patterns)
    })?;
    Some((overlap.span, "a `no overlap`"))
}

/// One of the fields that is a reference by which no two rows lead to the same row.
pub(super) fn one_to_one(entity: Walk<'_, Entity>, fields: &[Id<Field>]) -> Option<Span> {
    let fields = fields.iter().map(|id| entity.spec.walk(*id).get());
    let mut pairs = fields.filter(|field| field.relation().is_some_and(|it| it.one_to_one));
    pairs.next().map(|field| field.span)
}

/// Whether two rows that share these fields begin together or end together, and so meet.
fn keeps_apart(overlap: &Overlap, unique: &Unique) -> bool {
    let has = |field: &Id<Field>| unique.fields.contains(field);
    !unique.ignoring_case
        && (has(&overlap.start) || has(&overlap.end))
        && overlap.per.iter().all(has)
}

/// Unique sets by one of their fields, so that not each is compared with all others.
struct Near {
    by_field: BTreeMap<Id<Field>, Vec<usize>>,
}

impl Near {
    fn of(uniques: &[Unique]) -> Self {
        let mut sets: BTreeMap<Id<Field>, usize> = BTreeMap::new();
        for field in uniques.iter().flat_map(|unique| &unique.fields) {
            *sets.entry(*field).or_default() += 1;
        }
        let mut by_field: BTreeMap<Id<Field>, Vec<usize>> = BTreeMap::new();
        for (index, unique) in uniques.iter().enumerate() {
            // The rarest one has the fewest neighbours.
            let rarest = unique.fields.iter().min_by_key(|field| sets.get(field));
            if let Some(field) = rarest {
                by_field.entry(*field).or_default().push(index);
            }
        }
        Self { by_field }
    }

    /// Those that may have no other fields than this one, in order.
    fn within(&self, unique: &Unique) -> Vec<usize> {
        let fields: BTreeSet<_> = unique.fields.iter().collect();
        let near = fields.into_iter().filter_map(|it| self.by_field.get(it));
        let mut near: Vec<usize> = near.flatten().copied().collect();
        near.sort_unstable();
        near
    }
}

fn names(spec: &Spec, fields: &[Id<Field>]) -> String {
    let names: Vec<_> = fields
        .iter()
        .map(|id| spec.walk(*id).get().name.as_str())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn fewer_fields_say_more() {
        let two = |second: &str| {
            codes(&format!(
                "entity E {{\n a: int\n b: int\n c: bool\n unique (a)\n unique {second}\n}}"
            ))
        };
        assert_eq!(two("(a, b)"), ["relation::redundant_unique"]);
        assert_eq!(two("(a) where c"), ["relation::redundant_unique"]);
        assert_eq!(two("(b)"), [""; 0]);
    }

    #[test]
    fn a_condition_that_follows_from_another_makes_a_set_needless() {
        let two = |first: &str, second: &str| {
            codes(&format!(
                "entity E {{\n a: int\n b: int in 0..100\n c: int?\n unique (a) where {first}\n unique (a) where {second}\n}}"
            ))
        };
        assert_eq!(two("b > 3", "b > 5"), ["relation::redundant_unique"]);
        assert_eq!(two("b > 5", "b > 3"), ["relation::redundant_unique"]);
        assert_eq!(
            two("c is set", "c is set and c > 5"),
            ["relation::redundant_unique"]
        );
        assert_eq!(two("b < 5", "b > 3"), [""; 0]);
        // That it is about no row is told, and nothing else.
        assert_eq!(two("b < 5", "b > 100"), ["invariant::unique_never_applies"]);
    }

    #[test]
    fn what_may_not_meet_does_not_begin_together() {
        let beside = |unique: &str| {
            codes(&format!(
                "entity R {{ n: int }}\nentity E {{\n r: R\n p: R unique\n a: date\n b: date\n n: int\n \
                 invariant order: a < b\n no overlap of a until b per r where n > 3\n unique {unique}\n}}"
            ))
        };
        assert_eq!(beside("(r, a) where n > 4"), ["relation::redundant_unique"]);
        assert_eq!(
            beside("(r, n, b) where n > 3"),
            ["relation::redundant_unique"]
        );
        assert_eq!(beside("(p, n)"), ["relation::redundant_unique"]);
        assert_eq!(beside("(r, a)"), [""; 0]);
        assert_eq!(beside("(a, n) where n > 4"), [""; 0]);
    }

    #[test]
    fn what_takes_up_nothing_meets_nobody() {
        let found = codes(
            "entity R { n: int }\nentity E {\n r: R\n a: date\n b: date\n invariant order: a <= b\n \
             no overlap of a until b per r\n unique (r, a)\n}",
        );
        assert_eq!(found, ["invariant::overlap_empty"]);
    }

    #[test]
    fn of_two_equal_sets_one_is_too_much() {
        let spec = "entity E {\n a: int\n b: int\n unique (a, b)\n unique (b, a)\n}";
        assert_eq!(codes(spec), ["relation::redundant_unique"]);
    }
}
