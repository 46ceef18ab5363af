use std::collections::BTreeSet;

use crate::{Entity, Field, Id, Spec};

/// Whether rows that are sorted by this reference have to be sorted by the key of what it points to: the order of the
/// target's rows hangs, through further references, on the order of these.
pub fn is_sorted_by_key(spec: &Spec, reference: Id<Field>) -> bool {
    let reference = spec.walk(reference);
    let Some(relation) = reference.relation() else {
        return false;
    };
    let mut seen: BTreeSet<Id<Entity>> = BTreeSet::new();
    let mut open = vec![relation.target];
    while let Some(entity) = open.pop() {
        if entity == reference.entity {
            return true;
        }
        if seen.insert(entity) {
            let keys = spec.walk(entity).get().sorted_by.iter();
            let references = keys.filter_map(|key| spec.walk(key.field).get().relation());
            open.extend(references.map(|relation| relation.target));
        }
    }
    false
}
