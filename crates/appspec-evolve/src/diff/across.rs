//! Rules that span rows. Their triggers stand on several tables, so they go before any of these changes and come back behind it.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Across, Entity, Enum, FieldType, Id, ListItem, Walk};

use super::Diff;
use crate::{AcrossFact, Change, Delta, EntityFacts, Member, Step};

impl Diff<'_> {
    /// Compares the rules across rows of every entity, once all other steps are known.
    pub(super) fn across(&mut self) {
        let changed = self.changed_tables();
        for id in self.spec.entities.ids() {
            let built = self.built_across(id);
            for rule in &self.spec.walk(id).get().across {
                let Some(was) = built.get(&rule.name) else {
                    self.add_across(id, rule);
                    continue;
                };
                let is = self.as_before().across_fact(rule);
                let mut sides = rule.reads(self.spec).into_iter();
                let stands = sides.all(|(side, _)| !changed.contains(&side.entity(self.spec, id)));
                if *was != is || !stands {
                    self.drop_across(id, &rule.name);
                    self.add_across(id, rule);
                }
            }
            for name in built.keys() {
                let mut left = self.spec.walk(id).get().across.iter();
                if left.all(|rule| rule.name != *name) {
                    self.drop_across(id, name);
                }
            }
        }
    }

    /// The rules of an entity as last built.
    fn built_across(&self, id: Id<Entity>) -> BTreeMap<String, AcrossFact> {
        let name = self.names.entity_before(id);
        let facts = name.and_then(|name| self.before().entities.get(name));
        facts.map_or_else(BTreeMap::new, |facts| facts.across.clone())
    }

    fn add_across(&mut self, id: Id<Entity>, rule: &Across) {
        let fact = self.as_now().across_fact(rule);
        let facts = EntityFacts {
            across: BTreeMap::from([(rule.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        let delta = self.states(id, facts);
        let name = rule.name.clone();
        self.step(Change::AddAcross { entity: id, name }, delta);
    }

    fn drop_across(&mut self, id: Id<Entity>, name: &str) {
        let mut delta = Delta::default();
        let gone = delta.gone.members(Member::Across);
        let names = gone.entry(self.spec.walk(id).full_name()).or_default();
        names.insert(name.to_owned());
        let change = Change::DropAcross {
            entity: id,
            name: name.to_owned(),
        };
        self.step(change, delta);
    }

    /// The entities whose tables are made anew, or called otherwise, by a step.
    fn changed_tables(&self) -> BTreeSet<Id<Entity>> {
        let mut found = BTreeSet::new();
        for step in &self.steps {
            self.changed_by(step, &mut found);
        }
        found
    }

    fn changed_by(&self, step: &Step, found: &mut BTreeSet<Id<Entity>>) {
        let spec = self.spec;
        match &step.change {
            Change::MergeMigrations(_)
            | Change::AlterEntity(_)
            | Change::AddEntity(_)
            | Change::AddIndex { .. }
            | Change::RenameEnum { .. }
            | Change::DropEntity { .. }
            | Change::AddAcross { .. }
            | Change::DropAcross { .. } => {}
            Change::RenameEntity { entity, .. } => {
                // What points to it is written down again.
                let points = |it: &Walk<'_, Entity>| {
                    it.id == *entity || it.fields().any(|field| leads_to(&field.get().ty, *entity))
                };
                found.extend(spec.walk_entities().filter(points).map(|it| it.id));
            }
            Change::AddField(id) | Change::AlterField(id) => {
                found.insert(spec.fields[*id].entity);
            }
            Change::RenameField { field, .. } => {
                found.insert(spec.fields[*field].entity);
            }
            Change::AddDerive(id) | Change::AlterDerive(id) | Change::ReplaceDerive(id) => {
                found.insert(spec.derives[*id].entity);
            }
            Change::AddInvariant(id) | Change::AlterInvariantMessage(id) => {
                found.insert(spec.invariants[*id].entity);
            }
            Change::AlterEnum(id)
            | Change::RenameChoice {
                enumeration: id, ..
            } => {
                let holds =
                    |it: &Walk<'_, Entity>| it.fields().any(|field| holds(&field.get().ty, *id));
                found.extend(spec.walk_entities().filter(holds).map(|it| it.id));
            }
            Change::AddUnique { entity, .. }
            | Change::AddLifecycle { entity, .. }
            | Change::AlterLifecycle { entity, .. }
            | Change::AddRuleToRows { entity, .. }
            | Change::DropMember { entity, .. }
            | Change::DropField { entity, .. }
            | Change::AlterUniqueMessage { entity, .. }
            | Change::AlterOverlapMessage { entity, .. } => {
                found.insert(*entity);
            }
        }
    }
}

fn leads_to(ty: &FieldType, entity: Id<Entity>) -> bool {
    match ty {
        FieldType::Relation(relation) => relation.target == entity,
        FieldType::Many(many) => many.target == entity,
        _ => false,
    }
}

fn holds(ty: &FieldType, enumeration: Id<Enum>) -> bool {
    matches!(ty, FieldType::Enum(id) | FieldType::List(ListItem::Enum(id)) if *id == enumeration)
}
