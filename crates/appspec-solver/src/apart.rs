//! Rules that read other rows, as rules of one row: what they read there are fields of its own, which hold whatever may be
//! there. What no such row keeps, no rows keep; so proofs about it are proofs, and its rows are none.

mod extremes;
mod guarded;
mod read;
mod said;

use std::collections::BTreeMap;

use appspec_ir::{Across, Entity, Expr, Field, Id, Invariant, Moment, Spec};

use crate::fact::rules;
use crate::patterns::Patterns;
use crate::study::{Study, proofs_of};
use read::Reader;

/// A spec in which the rules of its entities that read other rows are invariants of one row.
pub struct Apart {
    /// The spec. What stands in the other one has the same id here.
    pub spec: Spec,
    entities: BTreeMap<Id<Entity>, Beyond>,
}

/// What one entity has here and not in the spec itself.
struct Beyond {
    /// The fields that stand for what is read in other rows.
    fields: Vec<Id<Field>>,
    /// What holds of these, whatever the rules say.
    known: Vec<Expr>,
}

impl Apart {
    /// `None` where no rule reads other rows.
    pub fn of(spec: &Spec) -> Option<Self> {
        let owners = spec.entities.iter();
        let owners = owners.filter(|(_, entity)| !entity.across.is_empty());
        let owners: Vec<Id<Entity>> = owners.map(|(id, _)| id).collect();
        if owners.is_empty() {
            return None;
        }
        let mut apart = Self {
            spec: spec.clone(),
            entities: BTreeMap::new(),
        };
        let mut patterns = Patterns::new();
        for owner in owners {
            let beyond = apart.take(owner, &mut patterns);
            apart.entities.insert(owner, beyond);
        }
        Some(apart)
    }

    fn take(&mut self, owner: Id<Entity>, patterns: &mut Patterns) -> Beyond {
        let mut across: Vec<Across> = self.spec.walk(owner).get().across.clone();
        for rule in &mut across {
            rule.condition = guarded::guarded(&self.spec, &rule.condition);
        }
        let conditions: Vec<Expr> = across.iter().map(|it| it.condition.clone()).collect();
        let ordered = extremes::ordered(&self.spec, &conditions);
        let mut reader = Reader::of(&mut self.spec, owner);
        let mut invariants = Vec::new();
        for rule in across {
            // One that can't be said is left out, so that it proves nothing.
            let Some(condition) = reader.read(&rule.condition) else {
                continue;
            };
            invariants.push(Invariant {
                name: rule.name,
                doc: None,
                entity: owner,
                moment: Moment::Always,
                condition,
                message: rule.message,
                span: rule.span,
            });
        }
        let ordered: Vec<Expr> = ordered.iter().filter_map(|it| reader.read(it)).collect();
        let read = reader.into_read();
        let ids: Vec<Id<Invariant>> = invariants
            .into_iter()
            .map(|rule| self.spec.invariants.push(rule))
            .collect();
        if let Some(entity) = self.spec.entities.find_mut(owner) {
            entity.fields.extend(&read.fields);
            entity.invariants.extend(ids);
        }
        let mut known = said::known(&self.spec, &read, patterns);
        known.extend(ordered);
        known.extend(read.known);
        Beyond {
            fields: read.fields,
            known,
        }
    }

    /// The studies of a spec, with proofs that the rules over other rows have a part in.
    pub fn studies<'s>(&'s self, others: &[Study<'s>]) -> Vec<Study<'s>> {
        let mut patterns = Patterns::new();
        let studied = others
            .iter()
            .map(|own| match self.entities.get(&own.entity.id) {
                None => own.clone(),
                Some(beyond) => {
                    let entity = self.spec.walk(own.entity.id);
                    let mut study = proofs_of(entity, rules(entity), &beyond.known, &mut patterns);
                    study.beyond.clone_from(&beyond.fields);
                    study
                }
            });
        studied.collect()
    }
}
