//! What goes before anything else is done, under the names of the last build.

use appspec_backend::python::Expr as Py;
use appspec_evolve::{Change, Changes, Member, Step};
use appspec_ir::{Entity, Spec, Walk, is_immutable};

use super::renames::Renamed;
use super::rows::Rows;
use super::{built, operations, steps};
use crate::constraints::{self, Constraint};
use crate::names;
use crate::target::Target;

/// Rules that can't wait until others have come, what a column does not change its type under, and indexes and computed
/// columns that are gone or come back as something else.
pub(super) fn operations(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
    rows: &Rows<'_>,
    renamed: &Renamed,
) -> Vec<Py> {
    let rule = |entity: Walk<'_, Entity>, name: &str| {
        let model = renamed.old_model(entity);
        let name = names::constraint(&names::app(entity), model, name);
        operations::remove("RemoveConstraint", model, &name)
    };
    let index = |entity: Walk<'_, Entity>, name: &str| {
        let model = renamed.old_model(entity);
        let name = names::index_named(&names::app(entity), model, name);
        operations::remove("RemoveIndex", model, &name)
    };
    let mut found = Vec::new();
    for it in rows.dropped.iter().filter(|it| it.at_once) {
        found.push(rule(it.entity, &it.name));
    }
    for it in rows.rules.iter().filter(|it| it.at_once) {
        found.extend(it.before.as_ref().map(|name| rule(it.entity, name)));
    }
    for (entity, before, _) in rebuilt_rules(rows, changes) {
        found.push(rule(entity, &before));
    }
    for (entity, before, _) in rebuilt_indexes(rows, changes) {
        found.push(index(entity, &before));
    }
    for it in &rows.recomputed {
        let entity = spec.walk(it.derive.get().entity);
        let name = &it.derive.get().name;
        let range = it.had_range.then(|| constraints::range_of_derive(name));
        found.extend(range.map(|range| rule(entity, &range)));
        found.push(column(renamed.old_model(entity), name));
    }
    let mut columns = Vec::new();
    for step in steps {
        match &step.change {
            Change::DropMember {
                entity,
                kind: Member::Index,
                name,
            } => found.push(index(spec.walk(*entity), name)),
            Change::DropField { entity, name } => {
                let own = changes.dropped_field(*entity, name);
                let own = own.into_iter().flat_map(built::own_rules);
                let entity = spec.walk(*entity);
                let model = renamed.old_model(entity);
                columns.extend(own.map(|kind| rule(entity, &constraints::field_rule(name, &kind))));
                columns.push(column(model, name));
            }
            Change::DropMember {
                entity,
                kind: Member::Derive,
                name,
            } => {
                let facts = changes.facts_before(*entity);
                let fact = facts.and_then(|facts| facts.derives.get(name));
                let range = fact.is_some_and(|fact| fact.range == Some(true));
                let kept = fact.is_some_and(|fact| fact.kept != Some(false));
                let entity = spec.walk(*entity);
                found.extend(range.then(|| rule(entity, &constraints::range_of_derive(name))));
                found.extend(kept.then(|| column(renamed.old_model(entity), name)));
            }
            Change::ReplaceDerive(id) => {
                let derive = spec.walk(*id);
                let fact = changes.derive_before(spec, *id);
                let range = fact.and_then(|fact| fact.range);
                let range = range.unwrap_or_else(|| constraints::of_derive(derive).is_some());
                let kept = fact.and_then(|fact| fact.kept);
                let kept = kept.unwrap_or_else(|| is_immutable(&derive.value));
                let entity = spec.walk(derive.get().entity);
                let name = &derive.get().name;
                found.extend(range.then(|| rule(entity, &constraints::range_of_derive(name))));
                found.extend(kept.then(|| column(renamed.old_model(entity), name)));
            }
            _ => {}
        }
    }
    // Behind all that may mention them.
    found.extend(columns);
    found
}

/// The tables that go, those first to which no other one refers.
pub(super) fn tables(changes: &Changes<'_>, app: &str, dropped: Vec<String>) -> Vec<Py> {
    let mut left = dropped;
    let mut found = Vec::new();
    while !left.is_empty() {
        let is_free = |entity: &String| {
            let this = std::slice::from_ref(entity);
            let mut others = left.iter().filter(|other| *other != entity);
            others.all(|other| !built::refers(other, changes, this))
        };
        // In a circle nobody is first.
        let next = left.iter().position(is_free).unwrap_or_default();
        let entity = left.remove(next);
        let name = entity.strip_prefix(app).unwrap_or(&entity);
        found.push(operations::delete_model(name.trim_start_matches('.')));
    }
    found
}

/// What comes back when columns are as they are now.
pub(super) fn put_back(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
    rows: &Rows<'_>,
) -> Vec<Py> {
    let indexes = rebuilt_indexes(rows, changes).into_iter();
    let indexes = indexes.map(|(entity, _, index)| operations::add_index(entity, index));
    let rules = rebuilt_rules(rows, changes).into_iter();
    let rules = rules.map(|(entity, _, rule)| operations::add_constraint(entity, rule));
    let columns = rows.recomputed.iter();
    let columns = columns.flat_map(|it| steps::added_derive(it.derive));
    let own = steps::own_indexes(spec, changes, steps).into_iter();
    columns.chain(own).chain(indexes).chain(rules).collect()
}

fn column(model: &str, name: &str) -> Py {
    operations::remove("RemoveField", model, name)
}

/// The entities with a field that has another type now.
fn retyped<'s>(rows: &Rows<'s>) -> Vec<Walk<'s, Entity>> {
    let mut found: Vec<Walk<'s, Entity>> = Vec::new();
    for entity in rows.retyped.iter().map(|field| field.entity()) {
        if found.iter().all(|other| other.id != entity.id) {
            found.push(entity);
        }
    }
    found
}

/// Rules with triggers that say what they said.
fn rebuilt_rules<'s>(
    rows: &Rows<'s>,
    changes: &Changes<'_>,
) -> Vec<(Walk<'s, Entity>, String, Constraint)> {
    let mut found = Vec::new();
    for entity in retyped(rows) {
        for overlap in &entity.get().overlaps {
            let rule = constraints::overlap(entity, overlap, Target::Migration);
            if let Some(before) = changes.overlap_before(entity.id, &overlap.name)
                && rows.rebuilds(&rule)
            {
                found.push((entity, before.to_owned(), rule));
            }
        }
        for kept in entity.kept() {
            let rule = constraints::kept(entity, &kept, Target::Migration);
            if let Some(before) = changes.kept_before(entity.id, &kept.name)
                && rows.rebuilds(&rule)
            {
                found.push((entity, before.to_owned(), rule));
            }
        }
    }
    found
}

fn rebuilt_indexes<'s>(
    rows: &Rows<'s>,
    changes: &Changes<'_>,
) -> Vec<(Walk<'s, Entity>, String, Constraint)> {
    let mut found = Vec::new();
    for entity in retyped(rows) {
        for index in &entity.get().indexes {
            let rule = constraints::index(entity, index, Target::Migration);
            if let Some((before, _)) = changes.index_before(entity.id, &index.name)
                && rows.rebuilds_index(&rule)
            {
                found.push((entity, before.to_owned(), rule));
            }
        }
    }
    found
}
