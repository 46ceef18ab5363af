//! What each app has to do.

use std::collections::{BTreeMap, BTreeSet};

use appspec_evolve::{Change, Changes, Step};
use appspec_ir::{Entity, Field, FieldType, Id, Module, Spec, Walk};

use super::{built, steps};

/// What one app has to do.
pub(super) struct Work<'s> {
    pub(super) module: Walk<'s, Module>,
    pub(super) created: Vec<Id<Entity>>,
    pub(super) steps: Vec<&'s Step>,
}

/// The steps of a build, by the label of the app that does them.
pub(super) fn by_app<'s>(spec: &'s Spec, changes: &'s Changes<'s>) -> BTreeMap<&'s str, Work<'s>> {
    let mut work: BTreeMap<&str, Work<'s>> = BTreeMap::new();
    for step in &changes.steps {
        for module in modules_of(spec, &step.change) {
            let module = spec.walk(module);
            let entry = work
                .entry(module.get().label.as_str())
                .or_insert_with(|| Work {
                    module,
                    created: Vec::new(),
                    steps: Vec::new(),
                });
            if let Change::AddEntity(id) = step.change {
                entry.created.push(id);
            }
            entry.steps.push(step);
        }
    }
    work
}

/// The apps whose migrations a change concerns.
fn modules_of(spec: &Spec, change: &Change) -> Vec<Id<Module>> {
    let of_entity = |id: Id<Entity>| vec![spec.walk(id).module];
    let of_field = |id: Id<Field>| vec![spec.walk(spec.walk(id).entity).module];
    match change {
        Change::MergeMigrations(id) | Change::DropEntity { module: id, .. } => vec![*id],
        Change::AddEntity(id) | Change::AlterEntity(id) => of_entity(*id),
        Change::RenameEntity { entity, .. }
        | Change::AddUnique { entity, .. }
        | Change::AddAcross { entity, .. }
        | Change::DropAcross { entity, .. }
        | Change::AddIndex { entity, .. }
        | Change::AddLifecycle { entity, .. }
        | Change::AlterLifecycle { entity, .. }
        | Change::AddRuleToRows { entity, .. }
        | Change::DropMember { entity, .. }
        | Change::DropField { entity, .. }
        | Change::AlterUniqueMessage { entity, .. }
        | Change::AlterOverlapMessage { entity, .. } => of_entity(*entity),
        Change::AddField(id) | Change::AlterField(id) => of_field(*id),
        Change::RenameField { field, .. } => of_field(*field),
        Change::AddDerive(id) | Change::AlterDerive(id) | Change::ReplaceDerive(id) => {
            of_entity(spec.walk(*id).entity)
        }
        Change::AddInvariant(id) | Change::AlterInvariantMessage(id) => {
            of_entity(spec.walk(*id).entity)
        }
        Change::AlterEnum(id)
        | Change::RenameEnum {
            enumeration: id, ..
        }
        | Change::RenameChoice {
            enumeration: id, ..
        } => {
            let mut found: Vec<Id<Module>> = Vec::new();
            for field in steps::fields_of_enum(spec, *id) {
                let module = spec.walk(field.entity).module;
                if !found.contains(&module) {
                    found.push(module);
                }
            }
            found
        }
    }
}

/// The entities that a relation needs to exist: its target, and the holder of its pairs.
pub(super) fn targets(field: Walk<'_, Field>) -> Vec<Id<Entity>> {
    match &field.get().ty {
        FieldType::Relation(relation) => vec![relation.target],
        FieldType::Many(many) => {
            let through = many.through.as_ref().map(|through| through.entity);
            std::iter::once(many.target).chain(through).collect()
        }
        _ => Vec::new(),
    }
}

/// The relations that a build adds to an app, or writes down again.
pub(super) fn written_relations<'s>(spec: &'s Spec, work: &Work<'s>) -> Vec<Walk<'s, Field>> {
    let of_new = work.created.iter().flat_map(|id| spec.walk(*id).fields());
    let added = work.steps.iter().flat_map(|step| match step.change {
        Change::AddField(id) | Change::AlterField(id) => vec![spec.walk(id)],
        Change::RenameField { field, .. } => steps::pairs_through(spec, field),
        _ => Vec::new(),
    });
    of_new
        .chain(added)
        .filter(|field| !targets(*field).is_empty())
        .collect()
}

impl Work<'_> {
    /// Whether rules that span rows are added.
    pub(super) fn adds_across(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step.change, Change::AddAcross { .. }))
    }

    /// The entities that get another name.
    pub(super) fn renamed(&self) -> impl Iterator<Item = Id<Entity>> {
        self.steps.iter().filter_map(|step| match step.change {
            Change::RenameEntity { entity, .. } => Some(entity),
            _ => None,
        })
    }

    /// The full names of the entities that go.
    pub(super) fn dropped(&self) -> impl Iterator<Item = String> {
        self.steps.iter().filter_map(|step| match &step.change {
            Change::DropEntity { name, .. } => Some(format!("{}.{name}", self.module.path)),
            _ => None,
        })
    }

    /// Whether a relation to one of these entities goes.
    pub(super) fn drops_relation_to(&self, changes: &Changes<'_>, entities: &[String]) -> bool {
        self.steps.iter().any(|step| match &step.change {
            Change::DropField { entity, name } => {
                let fact = changes.dropped_field(*entity, name);
                fact.is_some_and(|fact| built::mentions_entity(fact, entities))
            }
            Change::DropEntity { name, .. } => {
                let name = format!("{}.{name}", self.module.path);
                built::refers(&name, changes, entities)
            }
            _ => false,
        })
    }

    /// The full names of the entities of other apps that relations of this app point to.
    pub(super) fn referred_elsewhere(&self, spec: &Spec) -> BTreeSet<String> {
        let own = self.module.get().entities.iter().map(|id| spec.walk(*id));
        let ends = own.flat_map(|entity| entity.fields().flat_map(targets).collect::<Vec<_>>());
        ends.map(|id| spec.walk(id))
            .filter(|entity| entity.module().id != self.module.id)
            .map(Walk::full_name)
            .collect()
    }

    /// The other apps whose relations point to an entity that this one renames.
    pub(super) fn apps_that_refer<'s>(&self, spec: &'s Spec) -> BTreeSet<&'s str> {
        let renamed: BTreeSet<Id<Entity>> = self.renamed().collect();
        if renamed.is_empty() {
            return BTreeSet::new();
        }
        spec.walk_entities()
            .filter(|entity| entity.module().id != self.module.id)
            .filter(|entity| {
                let mut ends = entity.fields().flat_map(targets);
                ends.any(|id| renamed.contains(&id))
            })
            .map(|entity| entity.module().get().label.as_str())
            .collect()
    }
}
