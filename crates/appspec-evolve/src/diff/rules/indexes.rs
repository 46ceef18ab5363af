use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Id, Index};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, EntityFacts, Member};

impl<'a> Diff<'a> {
    pub(super) fn indexes(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let mut left: BTreeSet<&str> = before.indexes.keys().map(String::as_str).collect();
        for index in &spec.walk(id).get().indexes {
            let Some(is) = then.indexes.get(&index.name) else {
                continue;
            };
            let found = before
                .indexes
                .iter()
                .find(|(name, was)| left.contains(name.as_str()) && *was == is);
            if let Some((name, _)) = found {
                left.remove(name.as_str());
                self.names
                    .indexes
                    .entry(id)
                    .or_default()
                    .insert(index.name.clone(), name.clone());
                continue;
            }
            let mut keys = index.keys.iter();
            let over_refused = keys.any(|key| fields.refused.contains(&key.field));
            if !over_refused {
                self.new_index(id, index);
            }
        }
        for name in left {
            self.dropped(id, Member::Index, name);
        }
    }

    fn new_index(&mut self, id: Id<Entity>, index: &Index) {
        let name = index.name.clone();
        let facts = EntityFacts {
            indexes: BTreeMap::from([(name.clone(), self.as_now().index_fact(index))]),
            ..EntityFacts::default()
        };
        let delta = self.states(id, facts);
        self.step(Change::AddIndex { entity: id, name }, delta);
    }
}
