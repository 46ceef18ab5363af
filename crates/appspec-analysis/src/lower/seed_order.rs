use std::collections::HashMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, FieldType, Id, Seed, SeedRow, SeedValue};

use super::layout::Layout;
use crate::order::order;

/// A row by its entity and handle.
type Key<'s> = (Id<Entity>, &'s str);

/// Sorts seeds, and the rows of each, so that references point backwards where possible. Rows that refer to one
/// another in a circle are reported: none of them could be loaded first.
pub(super) fn sorted(layout: &Layout<'_>, seeds: &[Seed], out: &mut Diagnostics) -> Vec<Seed> {
    let mut rows: Vec<(usize, &SeedRow)> = Vec::new();
    let mut places: HashMap<Key<'_>, usize> = HashMap::new();
    for (at, seed) in seeds.iter().enumerate() {
        for row in &seed.rows {
            places.insert((seed.entity, &row.handle), rows.len());
            rows.push((at, row));
        }
    }
    let needs: Vec<Vec<usize>> = rows
        .iter()
        .map(|(at, row)| {
            let entity = seeds.get(*at).map(|seed| seed.entity);
            references(layout, entity, row)
                .filter_map(|key| places.get(&key).copied())
                .collect()
        })
        .collect();
    let order = order(&needs, |circle_of| {
        let members: Vec<&SeedRow> = circle_of
            .iter()
            .filter_map(|at| rows.get(*at).map(|(_, row)| *row))
            .collect();
        out.push(circle(&members));
    });
    // A seed comes when the last of its rows can; its rows come in the order in which they can.
    let mut ranked: Vec<(usize, Vec<usize>)> = seeds.iter().map(|_| (0, Vec::new())).collect();
    for (rank, at) in order.iter().enumerate() {
        let seed = rows.get(*at).and_then(|(seed, _)| ranked.get_mut(*seed));
        if let Some((last, members)) = seed {
            *last = rank;
            members.push(*at);
        }
    }
    let mut result: Vec<(usize, Seed)> = seeds
        .iter()
        .zip(&ranked)
        .map(|(seed, (rank, members))| {
            let rows = members
                .iter()
                .filter_map(|at| rows.get(*at).map(|(_, row)| (*row).clone()))
                .collect();
            let seed = Seed {
                rows,
                ..seed.clone()
            };
            (*rank, seed)
        })
        .collect();
    result.sort_by_key(|(rank, _)| *rank);
    result.into_iter().map(|(_, seed)| seed).collect()
}

fn references<'s>(
    layout: &'s Layout<'_>,
    entity: Option<Id<Entity>>,
    row: &'s SeedRow,
) -> impl Iterator<Item = Key<'s>> {
    let body = entity.and_then(|entity| layout.entity(entity));
    row.values.iter().filter_map(move |(field, value)| {
        let SeedValue::Row(handle) = value else {
            return None;
        };
        let slots = &body?.slots;
        let at = slots.binary_search_by_key(field, |slot| slot.id).ok()?;
        match slots.get(at)?.ty.as_ref()? {
            FieldType::Relation(relation) => Some((relation.target, handle.as_str())),
            _ => None,
        }
    })
}

fn circle(rows: &[&SeedRow]) -> Diagnostic {
    let (first, rest) = match rows.split_first() {
        Some((first, rest)) => (*first, rest),
        None => {
            return Diagnostic::without_place(
                &codes::seed::CYCLE,
                "seed rows refer to one another",
            );
        }
    };
    let mut finding = Diagnostic::new(
        &codes::seed::CYCLE,
        first.span,
        format!("the row `{}` can't be loaded before itself", first.handle),
    )
    .label("this row");
    let mut places: Vec<Span> = rest.iter().map(|row| row.span).collect();
    places.dedup();
    for place in places {
        finding = finding.note(place, "refers to this one");
    }
    finding.help("leave one of the references out")
}
