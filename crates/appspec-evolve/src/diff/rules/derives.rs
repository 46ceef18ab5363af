use std::collections::BTreeMap;

use appspec_ir::{Derive, Entity, Id, Walk};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, DeriveFact, EntityFacts, Member};

impl<'a> Diff<'a> {
    pub(super) fn derives(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        for derive in spec.walk(id).derives() {
            let name = &derive.get().name;
            let mentioned = derive.value.fields();
            let refused = mentioned.iter().any(|field| fields.refused.contains(field));
            let Some(is) = then.derives.get(name).filter(|_| !refused) else {
                continue;
            };
            match before.derives.get(name) {
                None => {
                    let delta = self.derive_states(derive);
                    self.step(Change::AddDerive(derive.id), delta);
                }
                Some(was)
                    if (&was.ty, &was.value) != (&is.ty, &is.value)
                        || mentioned.iter().any(|field| fields.retyped.contains(field)) =>
                {
                    let delta = self.derive_states(derive);
                    self.step(Change::ReplaceDerive(derive.id), delta);
                }
                Some(was) if was.differs_from(is) => {
                    let delta = self.derive_states(derive);
                    self.step(Change::AlterDerive(derive.id), delta);
                }
                Some(_) => {}
            }
        }
        for name in before.derives.keys() {
            if !then.derives.contains_key(name) {
                self.dropped(id, Member::Derive, name);
            }
        }
    }

    /// A delta that states the derived value as it is now.
    fn derive_states(&self, derive: Walk<'_, Derive>) -> Delta {
        let fact = self.as_now().derive_fact(derive);
        let facts = EntityFacts {
            derives: BTreeMap::from([(derive.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        let mut delta = self.states(derive.entity, facts);
        self.with_enum(&derive.ty, &mut delta);
        delta
    }
}

impl DeriveFact {
    /// Whether there is anything to be done beside computing the same value.
    fn differs_from(&self, now: &Self) -> bool {
        let range = self.range.unwrap_or(now.range == Some(true));
        self.doc != now.doc || self.optional != now.optional || Some(range) != now.range
    }
}
