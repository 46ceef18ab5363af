use std::collections::BTreeMap;

use appspec_ir::{Entity, Expr, Field, Id, Overlap};

use super::Built;
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
        let mut built = Built::of(&before.overlaps);
        let mut added: Vec<&'a Overlap> = Vec::new();
        for overlap in &spec.walk(id).get().overlaps {
            let Some(is) = then.overlaps.get(&overlap.name) else {
                continue;
            };
            let Some((old, was)) = built.take(|was| was.says_the_same_as(is)) else {
                added.push(overlap);
                continue;
            };
            let names = self.names.overlaps.entry(id).or_default();
            names.insert(overlap.name.clone(), old.to_owned());
            if was.message != is.message {
                let delta = self.overlap_states(id, overlap);
                let name = overlap.name.clone();
                self.step(Change::AlterOverlapMessage { entity: id, name }, delta);
            }
        }
        for overlap in added {
            built.replace(&overlap.name);
            if !mentioned(overlap).any(|field| fields.refused.contains(&field)) {
                let delta = self.overlap_states(id, overlap);
                let rule = NewRule::Overlap(overlap.name.clone());
                self.step(Change::AddRuleToRows { entity: id, rule }, delta);
            }
        }
        for name in built.left {
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
