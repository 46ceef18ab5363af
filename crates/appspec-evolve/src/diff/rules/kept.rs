use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Expr, Id, Kept};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member, NewRule};

impl<'a> Diff<'a> {
    /// What rows keep. Rows that are there keep what they hold: none of them can break a new rule.
    pub(super) fn kept(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let mut left: BTreeSet<&str> = before.kept.keys().map(String::as_str).collect();
        let mut added: Vec<Kept<'a>> = Vec::new();
        for kept in spec.walk(id).kept() {
            let Some(is) = then.kept.get(&kept.name) else {
                continue;
            };
            // The same rule may have another name now, because its field has.
            let mut built = before.kept.iter();
            let found = built.find(|(name, was)| left.contains(name.as_str()) && *was == is);
            let Some((old, _)) = found else {
                added.push(kept);
                continue;
            };
            left.remove(old.as_str());
            let names = self.names.kept.entry(id).or_default();
            names.insert(kept.name.clone(), old.clone());
        }
        for kept in added {
            left.remove(kept.name.as_str());
            let condition = kept.condition().map(Expr::fields);
            let mut mentioned = kept.fields.iter().chain(condition.iter().flatten());
            if mentioned.all(|field| !fields.refused.contains(field)) {
                let delta = self.kept_states(id, &kept);
                let rule = NewRule::Kept(kept.name);
                self.step(Change::AddRuleToRows { entity: id, rule }, delta);
            }
        }
        for name in left {
            self.dropped(id, Member::Kept, name);
        }
    }

    /// A delta that states the rule as it is now.
    fn kept_states(&self, id: Id<Entity>, kept: &Kept<'_>) -> Delta {
        let fact = self.as_now().kept_fact(kept);
        let facts = EntityFacts {
            kept: BTreeMap::from([(kept.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(id, facts)
    }
}
