use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, Id, Index, SortKey, Spec, print};

/// An index whose columns lead another index or a unique set: the database would keep both and use one.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, entity) in spec.entities.iter() {
        let near = Near::of(entity);
        for (position, index) in entity.indexes.iter().enumerate() {
            if let Some(other) = longer(spec, entity, &near, (position, index)) {
                found.push(
                    Diagnostic::new(
                        &codes::relation::REDUNDANT_INDEX,
                        index.span,
                        "another index begins with the same fields",
                    )
                    .label("costs time at every write and is not needed")
                    .note(other, "serves the same lookups")
                    .help("remove this one"),
                );
            }
        }
    }
}

/// Indexes and unique sets by the field that they begin with.
#[derive(Default)]
struct Near {
    indexes: BTreeMap<Id<Field>, Vec<usize>>,
    uniques: BTreeMap<Id<Field>, Vec<usize>>,
}

impl Near {
    fn of(entity: &Entity) -> Self {
        let mut near = Self::default();
        for (place, index) in entity.indexes.iter().enumerate() {
            if let Some(key) = index.keys.first() {
                near.indexes.entry(key.field).or_default().push(place);
            }
        }
        for (place, unique) in entity.uniques.iter().enumerate() {
            if let Some(field) = unique.fields.first() {
                near.uniques.entry(*field).or_default().push(place);
            }
        }
        near
    }
}

fn longer(
    spec: &Spec,
    entity: &Entity,
    near: &Near,
    (position, index): (usize, &Index),
) -> Option<Span> {
    let first = index.keys.first()?.field;
    let condition = |of: &Index| {
        of.condition
            .as_ref()
            .map(|condition| print(spec, condition))
    };
    let others = near.indexes.get(&first).into_iter().flatten();
    let mut others = others.filter_map(|other| Some((*other, entity.indexes.get(*other)?)));
    let by_index = others.find(|(other, candidate)| {
        *other != position
            && leads(&index.keys, &candidate.keys)
            && condition(index) == condition(candidate)
            && (candidate.keys.len() > index.keys.len() || *other < position)
    });
    let by_unique = || {
        let others = near.uniques.get(&first).into_iter().flatten();
        let mut others = others.filter_map(|other| entity.uniques.get(*other));
        others.find(|unique| {
            unique.condition.is_none()
                && index.condition.is_none()
                && !unique.ignoring_case
                && leads_unique(&index.keys, &unique.fields)
        })
    };
    by_index
        .map(|(_, candidate)| candidate.span)
        .or_else(|| by_unique().map(|unique| unique.span))
}

/// Whether `long` begins with `short`; an index is read from both ends, so all directions may be turned round.
fn leads(short: &[SortKey], long: &[SortKey]) -> bool {
    let same = short.iter().zip(long).all(|(a, b)| a == b);
    let turned = short
        .iter()
        .zip(long)
        .all(|(a, b)| a.field == b.field && a.direction != b.direction);
    short.len() <= long.len() && (same || turned)
}

/// The same for a unique set, whose index ascends in every field.
fn leads_unique(short: &[SortKey], fields: &[Id<Field>]) -> bool {
    let same_fields = short
        .iter()
        .zip(fields)
        .all(|(key, field)| key.field == *field);
    let one_way = short
        .iter()
        .zip(short.iter().skip(1))
        .all(|(a, b)| a.direction == b.direction);
    short.len() <= fields.len() && same_fields && one_way
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn an_index_serves_both_directions_but_not_a_mixture() {
        let two = |second: &str| {
            codes(&format!(
                "entity E {{\n a: int\n b: int\n index (a, b)\n index {second}\n}}"
            ))
        };
        assert_eq!(two("(a)"), ["relation::redundant_index"]);
        assert_eq!(two("(a desc)"), ["relation::redundant_index"]);
        assert_eq!(two("(a desc, b desc)"), ["relation::redundant_index"]);
        assert_eq!(two("(a desc, b)"), [""; 0]);
        assert_eq!(two("(b)"), [""; 0]);
    }
}
