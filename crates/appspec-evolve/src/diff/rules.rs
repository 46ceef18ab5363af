//! What is declared over the fields of an entity, one file per kind of rule.

mod derives;
mod indexes;
mod invariants;
mod kept;
mod lifecycles;
mod overlaps;
mod uniques;

use appspec_ir::{Entity, Id};

use super::Diff;
use super::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member};

impl<'a> Diff<'a> {
    /// Compares everything that is declared over the fields of an entity that was built.
    pub(super) fn rules(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        self.derives(id, before, then, fields);
        self.uniques(id, before, then, fields);
        self.overlaps(id, before, then, fields);
        self.lifecycles(id, before, then, fields);
        self.kept(id, before, then, fields);
        self.indexes(id, before, then, fields);
        self.invariants(id, before, then, fields);
    }

    /// What was built under this name is not there any more.
    fn dropped(&mut self, entity: Id<Entity>, kind: Member, name: &str) {
        let name = name.to_owned();
        let mut delta = Delta::default();
        let gone = delta.gone.members(kind);
        let names = gone.entry(self.spec.walk(entity).full_name()).or_default();
        names.insert(name.clone());
        self.step(Change::DropMember { entity, kind, name }, delta);
    }
}
