//! In which order rows are made: what a row points to comes first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use appspec_ir::{Entity, FieldType, Id, Spec};

/// All entities. Where optional references go in a circle, one of them is left behind; required ones never do.
pub(super) fn in_order(spec: &Spec) -> Vec<Id<Entity>> {
    let mut required: BTreeMap<Id<Entity>, BTreeSet<Id<Entity>>> = BTreeMap::new();
    let mut any: BTreeMap<Id<Entity>, BTreeSet<Id<Entity>>> = BTreeMap::new();
    let mut needed_by: BTreeMap<Id<Entity>, BTreeSet<Id<Entity>>> = BTreeMap::new();
    for entity in spec.walk_entities() {
        for field in entity.fields() {
            let target = match &field.get().ty {
                FieldType::Relation(relation) => relation.target,
                FieldType::Many(many) if many.through.is_none() => many.target,
                _ => continue,
            };
            if target == entity.id {
                continue;
            }
            any.entry(entity.id).or_default().insert(target);
            needed_by.entry(target).or_default().insert(entity.id);
            if !field.optional && field.relation().is_some() {
                required.entry(entity.id).or_default().insert(target);
            }
        }
    }
    let all: Vec<Id<Entity>> = spec.entities.ids().collect();
    let mut done: BTreeSet<Id<Entity>> = BTreeSet::new();
    let mut order = Vec::with_capacity(all.len());
    let is_free =
        |wants: &BTreeMap<Id<Entity>, BTreeSet<Id<Entity>>>,
         done: &BTreeSet<Id<Entity>>,
         id: Id<Entity>| { wants.get(&id).is_none_or(|targets| targets.is_subset(done)) };
    let mut free: VecDeque<Id<Entity>> = all
        .iter()
        .copied()
        .filter(|id| is_free(&any, &done, *id))
        .collect();
    // Where the search for one without an open required reference goes on: all before it are done or will be free.
    let mut open: VecDeque<Id<Entity>> = all.iter().copied().collect();
    let mut turned = 0;
    while done.len() < all.len() {
        let next = match free.pop_front() {
            Some(next) => next,
            None => match open.pop_front() {
                Some(next) if done.contains(&next) => continue,
                Some(next) if is_free(&required, &done, next) => next,
                // Each of them was looked at and none is free: required references in a circle, which the analysis refuses.
                Some(next) if turned > open.len() => next,
                Some(next) => {
                    turned += 1;
                    open.push_back(next);
                    continue;
                }
                None => break,
            },
        };
        if !done.insert(next) {
            continue;
        }
        turned = 0;
        order.push(next);
        let freed = needed_by.get(&next).into_iter().flatten().copied();
        free.extend(freed.filter(|id| !done.contains(id) && is_free(&any, &done, *id)));
    }
    order
}
