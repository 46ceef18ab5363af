use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, Spec, Unique, print};

/// A unique set that another one guarantees already: the same fields, or more of them.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, entity) in spec.entities.iter() {
        let near = Near::of(&entity.uniques);
        for (index, unique) in entity.uniques.iter().enumerate() {
            let stronger = near.within(unique).into_iter().find_map(|other| {
                let candidate = entity.uniques.get(other)?;
                let is_stronger = other != index
                    && guarantees(spec, candidate, unique)
                    // Of two equal ones the later is too much.
                    && (other < index || !guarantees(spec, unique, candidate));
                is_stronger.then_some(candidate)
            });
            let Some(stronger) = stronger else {
                continue;
            };
            found.push(
                Diagnostic::new(
                    &codes::relation::REDUNDANT_UNIQUE,
                    unique.span,
                    format!(
                        "`{}` says no more than another unique set",
                        names(spec, &unique.fields)
                    ),
                )
                .label("never refuses a row by itself")
                .note(stronger.span, "already refuses every such row")
                .help("remove this one"),
            );
        }
    }
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

/// Whether two rows that break `weaker` always break `stronger` as well.
pub(super) fn guarantees(spec: &Spec, stronger: &Unique, weaker: &Unique) -> bool {
    let wanted: BTreeSet<_> = weaker.fields.iter().collect();
    let fields_fit = stronger.fields.iter().all(|field| wanted.contains(field));
    let case_fits = stronger.ignoring_case || !weaker.ignoring_case;
    let text = |unique: &Unique| {
        unique
            .condition
            .as_ref()
            .map(|condition| print(spec, condition))
    };
    fields_fit && case_fits && (stronger.condition.is_none() || text(stronger) == text(weaker))
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
    fn of_two_equal_sets_one_is_too_much() {
        let spec = "entity E {\n a: int\n b: int\n unique (a, b)\n unique (b, a)\n}";
        assert_eq!(codes(spec), ["relation::redundant_unique"]);
    }
}
