use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, Spec, Unique, print};

/// A unique set that another one guarantees already: the same fields, or more of them.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, entity) in spec.entities.iter() {
        for (index, unique) in entity.uniques.iter().enumerate() {
            let stronger = entity
                .uniques
                .iter()
                .enumerate()
                .find(|(other, candidate)| {
                    *other != index
                    && guarantees(spec, candidate, unique)
                    // Of two equal ones the later is too much.
                    && (*other < index || !guarantees(spec, unique, candidate))
                });
            let Some((_, stronger)) = stronger else {
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
