use std::collections::BTreeMap;

use appspec_ir::{ChangeRule, Entity, Expr, Id, Keeper, Kept, serial_name};

use super::Built;
use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Gone, Member, NewRule};

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
        let mut built = Built::of(&before.kept);
        let mut added: Vec<Kept<'a>> = Vec::new();
        for kept in spec.walk(id).kept() {
            let Some(is) = then.kept.get(&kept.name) else {
                continue;
            };
            let same = match kept.change() {
                Some(rule) => built.take_named(&rule.name, |was| was == is),
                None => built.take(|was| was == is),
            };
            let Some((old, _)) = same else {
                added.push(kept);
                continue;
            };
            let names = self.names.kept.entry(id).or_default();
            names.insert(kept.name.clone(), old.to_owned());
        }
        for kept in added {
            let mut gone = Gone::default();
            if !built.replace(&kept.name)
                && let Some(old) = self.serial_before(&kept)
                && built.replace(&old)
            {
                let names = gone.kept.entry(self.spec.walk(id).full_name());
                names.or_default().insert(old.clone());
                let names = self.names.serials.entry(id).or_default();
                names.insert(kept.name.clone(), old);
            }
            let condition = kept.condition().map(Expr::fields);
            let change = kept.change().map(ChangeRule::mentions);
            let read = condition.iter().chain(&change).flatten();
            let mut mentioned = kept.fields.iter().chain(read);
            if mentioned.all(|field| !fields.refused.contains(field)) {
                let mut delta = self.kept_states(id, &kept);
                delta.gone = gone;
                let rule = NewRule::Kept(kept.name);
                self.step(Change::AddRuleToRows { entity: id, rule }, delta);
            }
        }
        for name in built.left {
            self.dropped(id, Member::Kept, name);
        }
    }

    /// What the serial of a field that has another name now was called.
    fn serial_before(&self, kept: &Kept<'_>) -> Option<String> {
        let Keeper::Serial(field, _) = kept.source else {
            return None;
        };
        let (_, old) = self.names.field_before(field)?;
        Some(serial_name(old))
    }

    /// A delta that states the rule as it is now.
    fn kept_states(&self, id: Id<Entity>, kept: &Kept<'_>) -> Delta {
        let fact = self.as_now().kept_fact(id, kept);
        let facts = EntityFacts {
            kept: BTreeMap::from([(kept.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(id, facts)
    }
}
