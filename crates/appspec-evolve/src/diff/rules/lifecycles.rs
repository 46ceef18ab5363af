use std::collections::BTreeMap;

use appspec_ir::{Entity, Id, Lifecycle};

use super::Built;
use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member};

impl<'a> Diff<'a> {
    pub(super) fn lifecycles(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let mut built = Built::of(&before.lifecycles);
        for lifecycle in &spec.walk(id).get().lifecycles {
            let Some(is) = then.lifecycles.get(&lifecycle.name) else {
                continue;
            };
            // A field has one at most, so what it is about says which one it is.
            let found = built.take(|was| was.field == is.field);
            let entity = id;
            let name = lifecycle.name.clone();
            let Some((old, was)) = found else {
                if !fields.refused.contains(&lifecycle.field) {
                    let delta = self.lifecycle_states(id, lifecycle);
                    self.step(Change::AddLifecycle { entity, name }, delta);
                }
                continue;
            };
            let names = self.names.lifecycles.entry(id).or_default();
            names.insert(name.clone(), old.to_owned());
            if was != is {
                let delta = self.lifecycle_states(id, lifecycle);
                self.step(Change::AlterLifecycle { entity, name }, delta);
            }
        }
        for name in built.left {
            self.dropped(id, Member::Lifecycle, name);
        }
    }

    /// A delta that states the rule as it is now.
    fn lifecycle_states(&self, id: Id<Entity>, lifecycle: &Lifecycle) -> Delta {
        let fact = self.as_now().lifecycle_fact(lifecycle);
        let facts = EntityFacts {
            lifecycles: BTreeMap::from([(lifecycle.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(id, facts)
    }
}
