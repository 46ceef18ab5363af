use std::collections::BTreeMap;

use appspec_ir::{Entity, Id, Index};

use super::Built;
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
        let mut built = Built::of(&before.indexes);
        for index in &spec.walk(id).get().indexes {
            let Some(is) = then.indexes.get(&index.name) else {
                continue;
            };
            if let Some((old, _)) = built.take(|was| was == is) {
                let names = self.names.indexes.entry(id).or_default();
                names.insert(index.name.clone(), old.to_owned());
                continue;
            }
            let mut keys = index.keys.iter();
            let over_refused = keys.any(|key| fields.refused.contains(&key.field));
            if !over_refused {
                self.new_index(id, index);
            }
        }
        for name in built.left {
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
