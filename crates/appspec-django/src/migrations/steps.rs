//! The operations of a build that changes what is there.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_backend::snake_case;
use appspec_evolve::{Change, Changes, NewRule, Step};
use appspec_ir::{Entity, Enum, Field, FieldType, Id, Spec, Walk};

use super::operations;
use crate::constraints;
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

/// What the steps of one app do, except renames and new entities: now, and in the migration for waiting
/// relations.
pub(super) fn operations(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
    deferred: &BTreeSet<Id<Field>>,
) -> (Vec<Py>, Vec<Py>) {
    let mut now = Vec::new();
    let mut then = Vec::new();
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
            // In a migration of their own: see `rules_of_rows`.
            | Change::AddRuleToRows { .. } => {}
            Change::RenameField { field, .. } => {
                for pairs in pairs_through(spec, *field) {
                    let place = if deferred.contains(&pairs.id) {
                        &mut then
                    } else {
                        &mut now
                    };
                    place.push(operations::alter_field(pairs));
                }
            }
            Change::AlterEntity(id) => now.extend(altered_entity(spec.walk(*id), changes)),
            Change::AddField(id) => {
                let place = if deferred.contains(id) {
                    &mut then
                } else {
                    &mut now
                };
                place.extend(added_field(spec.walk(*id)));
            }
            Change::AlterField(id) => {
                let field = spec.walk(*id);
                let place = if deferred.contains(id) {
                    &mut then
                } else {
                    &mut now
                };
                place.push(operations::alter_field(field));
                now.extend(altered_bounds(field, changes));
            }
            Change::AddDerive(id) => {
                let derive = spec.walk(*id);
                now.extend(operations::add_derive(derive));
                now.extend(constraints::of_derive(derive).map(|rule| {
                    operations::add_constraint(spec.walk(derive.get().entity), rule)
                }));
            }
            Change::AlterDerive(id) => now.extend(operations::alter_derive(spec.walk(*id))),
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

/// The one operation that adds rules which rows that are there have to follow, too.
pub(super) fn rules_of_rows(spec: &Spec, steps: &[&Step]) -> Option<Py> {
    let rules: Vec<Py> = steps
        .iter()
        .filter_map(|step| match &step.change {
            Change::AddRuleToRows { entity, rule } => {
                let entity = spec.walk(*entity);
                let rule = match rule {
                    NewRule::Invariant(id) => {
                        constraints::invariant(spec.walk(*id), Target::Migration)
                    }
                    NewRule::Unique(name) => named_unique(entity, name)?,
                    NewRule::Overlap(name) => named_overlap(entity, name)?,
                };
                Some(Py::Tuple(vec![
                    Py::text(entity.name.to_lowercase()),
                    rule.call,
                ]))
            }
            _ => None,
        })
        .collect();
    (!rules.is_empty()).then(|| operations::add_rules(rules))
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

/// The bounds of a field, when their message is another one.
fn altered_bounds(field: Walk<'_, Field>, changes: &Changes<'_>) -> Vec<Py> {
    let before = changes.field_before(field.id);
    let message = before.and_then(|before| before.message.clone());
    if message == field.get().bounds_message {
        return Vec::new();
    }
    constraints::of_field(field, Target::Migration)
        .into_iter()
        .filter(|rule| rule.is_bound)
        .map(|rule| operations::alter_constraint(field.entity(), rule))
        .collect()
}

fn named_overlap(entity: Walk<'_, Entity>, name: &str) -> Option<constraints::Constraint> {
    let mut overlaps = entity.get().overlaps.iter();
    let overlap = overlaps.find(|overlap| overlap.name == name)?;
    Some(constraints::overlap(entity, overlap, Target::Migration))
}

fn named_lifecycle(entity: Walk<'_, Entity>, name: &str) -> Option<constraints::Constraint> {
    let mut lifecycles = entity.get().lifecycles.iter();
    let lifecycle = lifecycles.find(|lifecycle| lifecycle.name == name)?;
    Some(constraints::lifecycle(entity, lifecycle, Target::Migration))
}

fn named_unique(entity: Walk<'_, Entity>, name: &str) -> Option<constraints::Constraint> {
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
    let first = steps
        .first()
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
            Change::AlterDerive(id) => format!(
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
            | Change::AddIndex { entity: id, name }
            | Change::AddLifecycle { entity: id, name }
            | Change::AlterLifecycle { entity: id, name }
            | Change::AlterUniqueMessage { entity: id, name }
            | Change::AlterOverlapMessage { entity: id, name } => format!("{}_{name}", entity(*id)),
            Change::AddInvariant(id) | Change::AlterInvariantMessage(id) => {
                format!("{}_{}", entity(spec.walk(*id).entity), spec.walk(*id).name)
            }
            Change::AddRuleToRows { entity: id, rule } => {
                format!("{}_{}", entity(*id), rule.name(spec))
            }
        });
    let more = if steps.len() > 1 { "_and_more" } else { "" };
    format!("{}{more}", appspec_backend::shortened(&first, 40))
}
