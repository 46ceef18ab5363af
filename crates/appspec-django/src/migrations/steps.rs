//! The operations of a build that changes what is there.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_backend::snake_case;
use appspec_evolve::{Change, Changes, EntityFacts, Member, NewRule, Step};
use appspec_ir::{Derive, Entity, Enum, Field, FieldType, Id, Spec, Walk};

use super::built;
use super::operations;
use super::rows::Rows;
use crate::constraints;
use crate::fields;
use crate::target::Target;

/// The fields that hold values of an enum.
pub(super) fn fields_of_enum(spec: &Spec, id: Id<Enum>) -> impl Iterator<Item = Walk<'_, Field>> {
    spec.fields
        .ids()
        .map(|field| spec.walk(field))
        .filter(move |field| match &field.get().ty {
            FieldType::Enum(list) | FieldType::List(appspec_ir::ListItem::Enum(list)) => {
                *list == id
            }
            _ => false,
        })
}

/// The `many … through` of the same app that are held by an entity in which this relation is one of the ends.
/// Django remembers the ends by their names.
pub(super) fn pairs_through(spec: &Spec, end: Id<Field>) -> Vec<Walk<'_, Field>> {
    let app = spec.walk(spec.walk(end).entity).module();
    app.entities()
        .flat_map(Walk::<Entity>::fields)
        .filter(|field| match &field.get().ty {
            FieldType::Many(many) => many
                .through
                .as_ref()
                .is_some_and(|through| through.source == end || through.target == end),
            _ => false,
        })
        .collect()
}

/// Where an operation belongs that may have to wait for a relation.
fn place<'v>(waits: bool, now: &'v mut Vec<Py>, then: &'v mut Vec<Py>) -> &'v mut Vec<Py> {
    if waits { then } else { now }
}

/// What the steps of one app do, except renames and new entities: now, and in the migration for waiting
/// relations.
pub(super) fn operations(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
    deferred: &BTreeSet<Id<Field>>,
    rows: &Rows<'_>,
) -> (Vec<Py>, Vec<Py>) {
    let mut now = Vec::new();
    let mut then = Vec::new();
    let waits = |id: Id<Field>| deferred.contains(&id);
    for step in steps {
        match &step.change {
            // Made by the plan, or done with the renames.
            Change::MergeMigrations(_)
            | Change::AddEntity(_)
            | Change::RenameEntity { .. }
            // The database knows values, not the enum's name.
            | Change::RenameEnum { .. }
            | Change::RenameChoice { .. }
            | Change::AlterEnum(_)
            | Change::AlterLifecycle { .. }
            // Gone by now, or in a migration of their own: see `removals`, `rows` and `across`.
            | Change::DropMember { .. }
            | Change::DropField { .. }
            | Change::DropEntity { .. }
            | Change::AddRuleToRows { .. }
            | Change::AddAcross { .. }
            | Change::DropAcross { .. } => {}
            Change::RenameField { field, .. } => {
                for pairs in pairs_through(spec, *field) {
                    place(waits(pairs.id), &mut now, &mut then).push(operations::alter_field(pairs));
                }
            }
            Change::AlterEntity(id) => now.extend(altered_entity(spec.walk(*id), changes)),
            Change::AddField(id) => {
                place(waits(*id), &mut now, &mut then).extend(added_field(spec.walk(*id)));
            }
            Change::AlterField(id) => {
                let field = spec.walk(*id);
                place(waits(*id), &mut now, &mut then).extend(altered_field(field, changes, step));
                now.extend(altered_bounds(field, changes, rows));
            }
            Change::AddDerive(id) | Change::ReplaceDerive(id) => {
                now.extend(added_derive(spec.walk(*id)));
            }
            Change::AlterDerive(id) => {
                let derive = spec.walk(*id);
                let before = changes.derive_before(spec, *id);
                let is_other = before.is_some_and(|before| before.doc != derive.get().doc);
                if is_other && !rows.recomputes(*id) {
                    now.extend(operations::alter_derive(derive));
                }
            }
            Change::AddUnique { entity, name } => {
                let rule = named_unique(spec.walk(*entity), name);
                now.extend(rule.map(|rule| operations::add_constraint(spec.walk(*entity), rule)));
            }
            Change::AlterUniqueMessage { entity, name } => {
                let rule = named_unique(spec.walk(*entity), name);
                now.extend(rule.map(|rule| operations::alter_constraint(spec.walk(*entity), rule)));
            }
            Change::AlterOverlapMessage { entity, name } => {
                let rule = named_overlap(spec.walk(*entity), name);
                now.extend(rule.map(|rule| operations::alter_constraint(spec.walk(*entity), rule)));
            }
            Change::AddLifecycle { entity, name } => {
                let rule = named_lifecycle(spec.walk(*entity), name);
                now.extend(rule.map(|rule| operations::add_constraint(spec.walk(*entity), rule)));
            }
            Change::AddIndex { entity, name } => {
                let entity = spec.walk(*entity);
                let index = entity
                    .get()
                    .indexes
                    .iter()
                    .find(|index| index.name == *name);
                now.extend(index.map(|index| {
                    operations::add_index(
                        entity,
                        constraints::index(entity, index, Target::Migration),
                    )
                }));
            }
            Change::AddInvariant(id) => {
                let invariant = spec.walk(*id);
                if invariant.moment == appspec_ir::Moment::Always {
                    now.push(operations::add_constraint(
                        spec.walk(invariant.get().entity),
                        constraints::invariant(invariant, Target::Migration),
                    ));
                }
            }
            Change::AlterInvariantMessage(id) => {
                let invariant = spec.walk(*id);
                if invariant.moment == appspec_ir::Moment::Always {
                    now.push(operations::alter_constraint(
                        spec.walk(invariant.get().entity),
                        constraints::invariant(invariant, Target::Migration),
                    ));
                }
            }
        }
    }
    (now, then)
}

fn altered_entity(entity: Walk<'_, Entity>, changes: &Changes<'_>) -> Vec<Py> {
    let mut found = vec![operations::alter_options(entity)];
    let before = changes
        .entity_before(entity.id)
        .and_then(|before| before.doc.clone());
    if before != entity.get().doc {
        found.push(operations::alter_comment(entity));
    }
    found
}

fn added_field(field: Walk<'_, Field>) -> Vec<Py> {
    let column = if field.touched {
        operations::add_touched_field(field)
    } else {
        operations::add_field(field)
    };
    let rules = constraints::of_field(field, Target::Migration)
        .into_iter()
        .map(|rule| operations::add_constraint(field.entity(), rule));
    std::iter::once(column).chain(rules).collect()
}

/// A computed column, and the rule that keeps its range.
pub(super) fn added_derive(derive: Walk<'_, Derive>) -> Vec<Py> {
    let entity = derive.spec.walk(derive.get().entity);
    let range = constraints::of_derive(derive);
    let range = range.map(|rule| operations::add_constraint(entity, rule));
    let column = operations::add_derive(derive);
    column.into_iter().chain(range).collect()
}

/// What a field becomes before rows are asked anything about it.
fn altered_field(field: Walk<'_, Field>, changes: &Changes<'_>, step: &Step) -> Option<Py> {
    let before = changes.field_before(field.id)?;
    if !built::asks_rows(field, before) {
        return Some(if before.doc == field.get().doc {
            operations::alter_field(field)
        } else {
            operations::alter_documented_field(field)
        });
    }
    built::retyped(field.spec, changes, step).map(operations::alter_optional_field)
}

/// The bounds of a field, when their message is another one, but for those that say something else.
fn altered_bounds(field: Walk<'_, Field>, changes: &Changes<'_>, rows: &Rows<'_>) -> Vec<Py> {
    let before = changes.field_before(field.id);
    let message = before.and_then(|before| before.message.clone());
    if message == field.get().bounds_message {
        return Vec::new();
    }
    constraints::of_field(field, Target::Migration)
        .into_iter()
        .filter(|rule| rule.is_bound && !rows.states(rule))
        .map(|rule| operations::alter_constraint(field.entity(), rule))
        .collect()
}

/// References that get an index of their own, or need none any more, because a rule or an index that begins with them is
/// gone or new.
pub(super) fn own_indexes(spec: &Spec, changes: &Changes<'_>, steps: &[&Step]) -> Vec<Py> {
    let concerned: BTreeSet<Id<Entity>> = steps
        .iter()
        .filter_map(|step| match &step.change {
            Change::AddIndex { entity, .. }
            | Change::AddUnique { entity, .. }
            | Change::AddRuleToRows {
                entity,
                rule: NewRule::Unique(_),
            }
            | Change::DropMember {
                entity,
                kind: Member::Unique | Member::Index,
                ..
            } => Some(*entity),
            _ => None,
        })
        .collect();
    let is_altered = |id: Id<Field>| {
        let mut all = steps.iter();
        all.any(|step| matches!(step.change, Change::AlterField(other) if other == id))
    };
    let mut found = Vec::new();
    for entity in concerned.into_iter().map(|id| spec.walk(id)) {
        let Some(facts) = changes.facts_before(entity.id) else {
            continue;
        };
        for field in entity.fields().filter(|field| field.relation().is_some()) {
            let Some(before) = changes.field_before(field.id) else {
                continue;
            };
            let led = leads_an_index(facts, &before.name);
            if led != fields::leads_an_index(field) && !is_altered(field.id) {
                found.push(operations::alter_field(field));
            }
        }
    }
    found
}

/// Whether a unique set or an index over all rows began with the field.
fn leads_an_index(facts: &EntityFacts, field: &str) -> bool {
    let unique = facts.uniques.values().any(|unique| {
        unique.condition.is_none()
            && !unique.ignoring_case
            && unique.fields.first().is_some_and(|first| first == field)
    });
    let index = facts.indexes.values().any(|index| {
        let first = index.keys.first();
        let first = first.map(|key| key.strip_suffix(" desc").unwrap_or(key));
        index.condition.is_none() && first == Some(field)
    });
    unique || index
}

pub(super) fn named_overlap(
    entity: Walk<'_, Entity>,
    name: &str,
) -> Option<constraints::Constraint> {
    let mut overlaps = entity.get().overlaps.iter();
    let overlap = overlaps.find(|overlap| overlap.name == name)?;
    Some(constraints::overlap(entity, overlap, Target::Migration))
}

pub(super) fn named_kept(entity: Walk<'_, Entity>, name: &str) -> Option<constraints::Constraint> {
    let kept = entity.kept();
    let kept = kept.iter().find(|kept| kept.name == name)?;
    Some(constraints::kept(entity, kept, Target::Migration))
}

fn named_lifecycle(entity: Walk<'_, Entity>, name: &str) -> Option<constraints::Constraint> {
    let mut lifecycles = entity.get().lifecycles.iter();
    let lifecycle = lifecycles.find(|lifecycle| lifecycle.name == name)?;
    Some(constraints::lifecycle(entity, lifecycle, Target::Migration))
}

pub(super) fn named_unique(
    entity: Walk<'_, Entity>,
    name: &str,
) -> Option<constraints::Constraint> {
    entity
        .get()
        .uniques
        .iter()
        .find(|unique| unique.name == name && !constraints::is_one_to_one(entity, unique))
        .map(|unique| constraints::unique(entity, unique, Target::Migration))
}

/// What a migration is called after: its first change.
pub(super) fn title(spec: &Spec, steps: &[&Step]) -> String {
    let entity = |id: Id<Entity>| snake_case(&spec.walk(id).name);
    let field = |id: Id<Field>| format!("{}_{}", entity(spec.walk(id).entity), spec.walk(id).name);
    // Rules that span rows go and come back around other changes.
    let makes_room = |step: &&&Step| {
        matches!(
            step.change,
            Change::AddAcross { .. } | Change::DropAcross { .. }
        )
    };
    let own = steps.iter().find(|step| !makes_room(step));
    let first = own
        .or_else(|| steps.first())
        .map_or_else(String::new, |step| match &step.change {
            Change::MergeMigrations(_) => "merge".to_owned(),
            Change::AddEntity(id) => entity(*id),
            Change::RenameEntity { entity: id, .. } => format!("rename_{}", entity(*id)),
            Change::AlterEntity(id) => format!("alter_{}", entity(*id)),
            Change::AddField(id) => field(*id),
            Change::RenameField { field: id, .. } => format!("rename_{}", field(*id)),
            Change::AlterField(id) => format!("alter_{}", field(*id)),
            Change::AddDerive(id) => {
                format!("{}_{}", entity(spec.walk(*id).entity), spec.walk(*id).name)
            }
            Change::AlterDerive(id) | Change::ReplaceDerive(id) => format!(
                "alter_{}_{}",
                entity(spec.walk(*id).entity),
                spec.walk(*id).name
            ),
            Change::AlterEnum(id) => format!("alter_{}", snake_case(&spec.walk(*id).name)),
            Change::RenameEnum { enumeration, .. } => {
                format!("rename_{}", snake_case(&spec.walk(*enumeration).name))
            }
            Change::RenameChoice { enumeration, .. } => {
                format!("rename_in_{}", snake_case(&spec.walk(*enumeration).name))
            }
            Change::AddUnique { entity: id, name }
            | Change::AddAcross { entity: id, name }
            | Change::AddIndex { entity: id, name }
            | Change::AddLifecycle { entity: id, name }
            | Change::AlterLifecycle { entity: id, name }
            | Change::AlterUniqueMessage { entity: id, name }
            | Change::AlterOverlapMessage { entity: id, name } => format!("{}_{name}", entity(*id)),
            Change::AddInvariant(id) | Change::AlterInvariantMessage(id) => {
                format!("{}_{}", entity(spec.walk(*id).entity), spec.walk(*id).name)
            }
            Change::DropMember {
                entity: id, name, ..
            }
            | Change::DropAcross { entity: id, name }
            | Change::DropField { entity: id, name } => format!("drop_{}_{name}", entity(*id)),
            Change::DropEntity { name, .. } => format!("drop_{}", snake_case(name)),
            Change::AddRuleToRows { entity: id, rule } => {
                format!("{}_{}", entity(*id), rule.name(spec))
            }
        });
    let more = if steps.len() > 1 { "_and_more" } else { "" };
    format!("{}{more}", appspec_backend::shortened(&first, 40))
}
