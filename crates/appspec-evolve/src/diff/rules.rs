//! What is declared over the fields of an entity, one file per kind of rule.

mod derives;
mod indexes;
mod invariants;
mod kept;
mod lifecycles;
mod overlaps;
mod uniques;

use std::collections::{BTreeMap, BTreeSet};

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

/// Rules of one kind that were built, and those of them that nothing now is known to be.
struct Built<'b, T> {
    facts: &'b BTreeMap<String, T>,
    left: BTreeSet<&'b str>,
}

impl<'b, T> Built<'b, T> {
    fn of(facts: &'b BTreeMap<String, T>) -> Self {
        let left = facts.keys().map(String::as_str).collect();
        Self { facts, left }
    }

    /// The first one left that is the same rule, which may have another name now because a field in it has.
    fn take(&mut self, is_same: impl Fn(&T) -> bool) -> Option<(&'b str, &'b T)> {
        let mut facts = self.facts.iter();
        let (name, fact) =
            facts.find(|(name, fact)| self.left.contains(name.as_str()) && is_same(fact))?;
        self.left.remove(name.as_str());
        Some((name, fact))
    }

    /// The one of this name, if it is left and the same rule: whoever names a rule means something by its name.
    fn take_named(&mut self, name: &str, is_same: impl Fn(&T) -> bool) -> Option<(&'b str, &'b T)> {
        let (name, fact) = self.facts.get_key_value(name)?;
        let is_it = self.left.contains(name.as_str()) && is_same(fact);
        is_it.then(|| {
            self.left.remove(name.as_str());
            (name.as_str(), fact)
        })
    }

    /// Whether there was one of this name, which another one replaces.
    fn replace(&mut self, name: &str) -> bool {
        self.left.remove(name)
    }
}
