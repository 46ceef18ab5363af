//! Facts that share no field have nothing to do with each other.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Field, Id, Walk};

use crate::fact::Fact;

/// Facts that share fields, directly or through others.
#[derive(Default)]
pub(crate) struct Group<'s> {
    /// In the order of the entity.
    pub(crate) fields: Vec<Id<Field>>,
    pub(crate) facts: Vec<Fact<'s>>,
}

pub(crate) struct Grouped<'s> {
    pub(crate) groups: Vec<Group<'s>>,
    /// Where each fact went: the group, and its place there.
    pub(crate) places: Vec<(usize, usize)>,
    /// What each fact reads.
    pub(crate) reads: Vec<Vec<Id<Field>>>,
    /// Columns of which no fact speaks.
    pub(crate) loose: Vec<Id<Field>>,
}

pub(crate) fn of<'s>(entity: Walk<'s, Entity>, facts: Vec<Fact<'s>>) -> Grouped<'s> {
    let mut fields: Vec<Id<Field>> = entity.get().fields.clone();
    let reads: Vec<Vec<Id<Field>>> = facts.iter().map(Fact::fields).collect();
    let known = fields.iter().enumerate();
    let mut places_of: BTreeMap<Id<Field>, usize> =
        known.map(|(place, field)| (*field, place)).collect();
    for field in reads.iter().flatten() {
        // Never so for facts about this entity; harmless for others.
        places_of.entry(*field).or_insert_with(|| {
            fields.push(*field);
            fields.len() - 1
        });
    }
    let place = |field: &Id<Field>| places_of.get(field).copied();
    // The group of a field is named by its first field; facts without any are a group of their own.
    let mut first = First::new(fields.len());
    for fields in &reads {
        let mut read = fields.iter().filter_map(place);
        if let Some(one) = read.next() {
            read.for_each(|other| first.join(one, other));
        }
    }
    let mut members: BTreeMap<usize, Vec<Id<Field>>> = BTreeMap::new();
    for (place, field) in fields.iter().enumerate() {
        members.entry(first.of(place)).or_default().push(*field);
    }
    let mut groups: Vec<Group<'s>> = Vec::new();
    let mut named: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(facts.len());
    for (fact, reads) in facts.into_iter().zip(&reads) {
        let name = reads.first().and_then(place).map(|field| first.of(field));
        let at = *named.entry(name).or_insert_with(|| {
            let fields = name.and_then(|name| members.remove(&name));
            groups.push(Group {
                fields: fields.unwrap_or_default(),
                facts: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            places.push((at, group.facts.len()));
            group.facts.push(fact);
        }
    }
    let spoken: BTreeSet<Id<Field>> = groups
        .iter()
        .flat_map(|group| group.fields.iter().copied())
        .collect();
    let is_loose = |field: &Id<Field>| {
        let is_column = entity.spec.walk(*field).get().is_column();
        is_column && !spoken.contains(field)
    };
    let loose = fields.iter().copied().filter(is_loose).collect();
    Grouped {
        groups,
        places,
        reads,
        loose,
    }
}

/// The first of those that hang together, for each.
struct First(Vec<usize>);

impl First {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn of(&mut self, mut place: usize) -> usize {
        while let Some(next) = self.0.get(place).copied()
            && next != place
        {
            // Each step halves the way for the next one who asks.
            let beyond = self.0.get(next).copied().unwrap_or(next);
            if let Some(own) = self.0.get_mut(place) {
                *own = beyond;
            }
            place = beyond;
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        if let Some(later) = self.0.get_mut(one.max(other)) {
            *later = one.min(other);
        }
    }
}
