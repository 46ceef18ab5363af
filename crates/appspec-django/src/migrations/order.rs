//! What is made after what, and the relations that have to wait because of it.
//!
//! Whatever waits is counted, not searched for again: a chain of references through all entities takes no longer
//! than its length.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Field, FieldType, Id, Spec, Walk};

use super::work::{Work, targets, written_relations};

/// Relations that have to wait for a second migration, because the apps need each other's new tables or names.
///
/// The apps of a circle are taken one after the other, that of the user first, since Django wants the user's
/// table in its app's first migration; a relation waits when it points to an app that comes later.
pub(super) fn deferred_across_apps(
    spec: &Spec,
    work: &BTreeMap<&str, Work<'_>>,
    fresh: &BTreeSet<Id<Entity>>,
) -> BTreeSet<Id<Field>> {
    let user_app = spec.walk(spec.user).module().get().label.as_str();
    let label = |id: Id<Entity>| spec.walk(id).module().get().label.as_str();
    let mut apps: Vec<&str> = work.keys().copied().collect();
    apps.sort_by_key(|app| (*app != user_app, *app));
    let places: BTreeMap<&str, usize> = apps.iter().copied().zip(0..).collect();
    let needs = apps.iter().map(|app| {
        let one = work.get(app)?;
        let fields = written_relations(spec, one).into_iter();
        let targets = fields.flat_map(targets).filter(|id| fresh.contains(id));
        let places = targets.filter_map(|id| places.get(label(id)).copied());
        Some(places.collect::<BTreeSet<usize>>())
    });
    let needs: Vec<BTreeSet<usize>> = needs.map(Option::unwrap_or_default).collect();
    let order = Queue::new(&needs).order(|waiting| circle_start(waiting, &needs));
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut deferred = BTreeSet::new();
    for next in order
        .into_iter()
        .filter_map(|place| apps.get(place).copied())
    {
        done.insert(next);
        for field in work
            .get(next)
            .into_iter()
            .flat_map(|one| written_relations(spec, one))
        {
            let late = |id: Id<Entity>| fresh.contains(&id) && !done.contains(label(id));
            if targets(field).into_iter().any(late) {
                deferred.insert(field.id);
            }
        }
    }
    deferred
}

/// The first app that needs itself through others: an app that only waits for a circle is not a part of it.
fn circle_start(waiting: &BTreeSet<usize>, needs: &[BTreeSet<usize>]) -> Option<usize> {
    waiting.iter().copied().find(|start| {
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> = vec![*start];
        while let Some(app) = open.pop() {
            for other in needs.get(app).into_iter().flatten() {
                // What is made in one app needs nothing of another.
                if *other != app && waiting.contains(other) && reached.insert(*other) {
                    open.push(*other);
                }
            }
        }
        reached.contains(start)
    })
}

/// New entities of one app in an order in which each finds what it refers to, and the relations that can't.
pub(super) fn creation_order(
    spec: &Spec,
    created: &[Id<Entity>],
    deferred: &BTreeSet<Id<Field>>,
) -> (Vec<Id<Entity>>, BTreeSet<Id<Field>>) {
    let mut later = deferred.clone();
    for field in created.iter().flat_map(|id| spec.walk(*id).fields()) {
        if matches!(&field.get().ty, FieldType::Many(many) if many.through.is_some()) {
            later.insert(field.id);
        }
    }
    let places: BTreeMap<Id<Entity>, usize> = created.iter().copied().zip(0..).collect();
    let place_of = |id: Id<Entity>| places.get(&id).copied();
    let needs: Vec<BTreeSet<usize>> = created
        .iter()
        .map(|id| {
            let fields = spec.walk(*id).fields();
            let fields = fields.filter(|field| !later.contains(&field.id));
            fields.flat_map(targets).filter_map(place_of).collect()
        })
        .collect();
    let order = Queue::new(&needs).order(|_| None);
    let order: Vec<Id<Entity>> = order
        .into_iter()
        .filter_map(|place| created.get(place).copied())
        .collect();
    let mut there: BTreeSet<Id<Entity>> = BTreeSet::new();
    for id in &order {
        there.insert(*id);
        let is_late = |field: &Walk<'_, Field>| {
            let mut targets = targets(*field).into_iter();
            targets.any(|target| place_of(target).is_some() && !there.contains(&target))
        };
        let late = spec.walk(*id).fields().filter(is_late);
        later.extend(late.map(|field| field.id));
    }
    (order, later)
}

/// Places that wait for other places.
pub(super) struct Queue {
    /// How many places each one waits for.
    counts: Vec<usize>,
    /// Who waits for a place.
    followers: Vec<Vec<usize>>,
    waiting: BTreeSet<usize>,
    ready: BTreeSet<usize>,
}

impl Queue {
    pub(super) fn new(needs: &[BTreeSet<usize>]) -> Self {
        let mut counts = Vec::with_capacity(needs.len());
        let mut followers = vec![Vec::new(); needs.len()];
        for (place, needed) in needs.iter().enumerate() {
            let others = needed.iter().copied().filter(|other| *other != place);
            for other in others.clone() {
                if let Some(list) = followers.get_mut(other) {
                    list.push(place);
                }
            }
            counts.push(others.count());
        }
        let ready = counts.iter().enumerate().filter(|(_, count)| **count == 0);
        Self {
            ready: ready.map(|(place, _)| place).collect(),
            waiting: (0..counts.len()).collect(),
            counts,
            followers,
        }
    }

    /// The places in order: always the first that waits for nothing. Where all wait, `break_circle` may choose
    /// one; otherwise the first one is taken.
    pub(super) fn order(
        mut self,
        break_circle: impl Fn(&BTreeSet<usize>) -> Option<usize>,
    ) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.counts.len());
        while let Some(first) = self.waiting.first().copied() {
            let next = match self.ready.first().copied() {
                Some(ready) => ready,
                None => break_circle(&self.waiting).unwrap_or(first),
            };
            self.ready.remove(&next);
            self.waiting.remove(&next);
            order.push(next);
            for follower in self.followers.get(next).into_iter().flatten() {
                if let Some(count) = self.counts.get_mut(*follower) {
                    *count -= 1;
                    if *count == 0 && self.waiting.contains(follower) {
                        self.ready.insert(*follower);
                    }
                }
            }
        }
        order
    }
}
