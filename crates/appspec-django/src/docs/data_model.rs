//! `docs/data-model.svg`: the entities and how they refer to each other, laid out from the spec.
//!
//! Cards stand in columns, what is pointed to left of what points to it (`columns`). All links to one card share
//! a wire through each gap between columns (`wires`). Heights in a column are found by pulling connected ends
//! level (`place`), then each wire gets its own line down the gap (`route`).

mod columns;
mod diagram;
mod paint;
mod place;
mod route;
mod wires;

#[cfg(test)]
mod samples;

use std::collections::BTreeSet;

use appspec_ir::{Default, Entity, Field, FieldType, Id, Module, Spec, Walk};

use crate::words;
use diagram::{Card, Diagram, Link, Row};

/// How many fields a card shows besides its relations.
const SHOWN: usize = 6;

/// The picture of a spec.
pub(super) fn picture(spec: &Spec) -> String {
    paint::paint(&diagram(spec))
}

fn diagram(spec: &Spec) -> Diagram {
    let groups: Vec<Walk<'_, Module>> = spec
        .walk_modules()
        .filter(|module| !module.entities.is_empty())
        .collect();
    let group = |id: Id<Module>| {
        groups
            .iter()
            .position(|module| module.id == id)
            .unwrap_or_default()
    };
    let mut diagram = Diagram {
        title: spec.project.title.clone(),
        groups: groups
            .iter()
            .map(|module| module.get().label.clone())
            .collect(),
        ..Diagram::default()
    };
    for entity in spec.walk_entities() {
        let shown = shown_fields(entity);
        diagram.links.extend(
            shown
                .iter()
                .enumerate()
                .filter_map(|(row, field)| link(*field, row)),
        );
        diagram.cards.push(Card {
            name: entity.name.clone(),
            group: group(entity.get().module),
            hidden: entity.fields.len() - shown.len(),
            rows: shown
                .iter()
                .map(|field| Row {
                    name: field.name.clone(),
                    kind: words::field_type(*field),
                })
                .collect(),
        });
    }
    diagram
}

/// All relations, and of the other fields those that say most; in the order of the spec.
fn shown_fields(entity: Walk<'_, Entity>) -> Vec<Walk<'_, Field>> {
    let mut others: Vec<(usize, Walk<'_, Field>)> = entity
        .fields()
        .filter(|field| field.target().is_none())
        .filter_map(|field| Some((importance(entity, field)?, field)))
        .collect();
    others.sort_by_key(|(importance, _)| *importance);
    let kept: BTreeSet<Id<Field>> = others
        .iter()
        .take(SHOWN)
        .map(|(_, field)| field.id)
        .collect();
    entity
        .fields()
        .filter(|field| field.target().is_some() || kept.contains(&field.id))
        .collect()
}

/// The lower, the more it says about a row; nothing for what every row has, such as the moment it was made.
fn importance(entity: Walk<'_, Entity>, field: Walk<'_, Field>) -> Option<usize> {
    let uniques = &entity.get().uniques;
    let is_stamp = field.touched
        || matches!(
            field.default,
            Some(Default::Now { offset: 0 } | Default::Today)
        );
    if entity.shown_as == Some(field.id) {
        Some(0)
    } else if uniques
        .iter()
        .any(|unique| unique.fields.contains(&field.id))
    {
        Some(1)
    } else if matches!(field.get().ty, FieldType::Enum(_)) {
        Some(2)
    } else {
        (!is_stamp).then_some(3)
    }
}

fn link(field: Walk<'_, Field>, row: usize) -> Option<Link> {
    let (to, many_from, many_to) = match &field.get().ty {
        FieldType::Relation(relation) => (relation.target, !relation.one_to_one, false),
        FieldType::Many(many) => (many.target, true, true),
        _ => return None,
    };
    Some(Link {
        from: field.get().entity.index(),
        row,
        to: to.index(),
        many_from,
        many_to,
    })
}
