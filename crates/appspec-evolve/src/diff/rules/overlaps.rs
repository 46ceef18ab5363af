use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Expr, Field, Id, Overlap};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member, NewRule, OverlapFact};

impl<'a> Diff<'a> {
    pub(super) fn overlaps(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let mut left: BTreeSet<&str> = before.overlaps.keys().map(String::as_str).collect();
        let mut added: Vec<&'a Overlap> = Vec::new();
        for overlap in &spec.walk(id).get().overlaps {
            let Some(is) = then.overlaps.get(&overlap.name) else {
                continue;
            };
            // The same rule may have another name now, because a field in it has.
            let found = before
                .overlaps
                .iter()
                .find(|(name, was)| left.contains(name.as_str()) && was.says_the_same_as(is));
            let Some((name, was)) = found else {
                added.push(overlap);
                continue;
            };
            left.remove(name.as_str());
            let names = self.names.overlaps.entry(id).or_default();
            names.insert(overlap.name.clone(), name.clone());
            if was.message != is.message {
                let delta = self.overlap_states(id, overlap);
                let name = overlap.name.clone();
                self.step(Change::AlterOverlapMessage { entity: id, name }, delta);
            }
        }
        for overlap in added {
            left.remove(overlap.name.as_str());
            if !mentioned(overlap).any(|field| fields.refused.contains(&field)) {
                let delta = self.overlap_states(id, overlap);
                let rule = NewRule::Overlap(overlap.name.clone());
                self.step(Change::AddRuleToRows { entity: id, rule }, delta);
            }
        }
        for name in left {
            self.dropped(id, Member::Overlap, name);
        }
    }

    /// A delta that states the rule as it is now.
    fn overlap_states(&self, id: Id<Entity>, overlap: &Overlap) -> Delta {
        let fact = self.as_now().overlap_fact(overlap);
        let facts = EntityFacts {
            overlaps: BTreeMap::from([(overlap.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(id, facts)
    }
}

/// The fields of the rule.
fn mentioned(overlap: &Overlap) -> impl Iterator<Item = Id<Field>> {
    let ends = [overlap.start, overlap.end].into_iter();
    let condition = overlap.condition.iter().flat_map(Expr::fields);
    ends.chain(overlap.per.iter().copied()).chain(condition)
}

impl OverlapFact {
    /// Whether the same rows break both.
    fn says_the_same_as(&self, other: &Self) -> bool {
        let says = |fact: &Self| {
            let Self {
                start,
                end,
                closed,
                per,
                condition,
                message: _,
            } = fact.clone();
            (start, end, closed, per, condition)
        };
        says(self) == says(other)
    }
}
