//! Facts that share no field have nothing to do with each other.

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
    // In the order of the ids. Made for each question about an entity, and searched faster than a map is made.
    let known = fields.iter().enumerate();
    let mut places_of: Vec<(Id<Field>, usize)> =
        known.map(|(place, field)| (*field, place)).collect();
    places_of.sort_unstable();
    for field in reads.iter().flatten() {
        // Never so for facts about this entity; harmless for others.
        if let Err(at) = places_of.binary_search_by_key(field, |(known, _)| *known) {
            places_of.insert(at, (*field, fields.len()));
            fields.push(*field);
        }
    }
    let place = |field: &Id<Field>| {
        let at = places_of.binary_search_by_key(field, |(known, _)| *known);
        at.ok().and_then(|at| places_of.get(at)).map(|own| own.1)
    };
    // The group of a field is named by its first field; facts without any are a group of their own.
    let mut first = First::new(fields.len());
    for fields in &reads {
        let mut read = fields.iter().filter_map(place);
        if let Some(one) = read.next() {
            read.for_each(|other| first.join(one, other));
        }
    }
    let names: Vec<usize> = (0..fields.len()).map(|place| first.of(place)).collect();
    let mut members: Vec<Vec<Id<Field>>> = vec![Vec::new(); fields.len()];
    for (field, name) in fields.iter().zip(&names) {
        if let Some(own) = members.get_mut(*name) {
            own.push(*field);
        }
    }
    let mut groups: Vec<Group<'s>> = Vec::new();
    // The groups by name, and last the one of facts that read nothing.
    let nothing = fields.len();
    let mut group_of: Vec<Option<usize>> = vec![None; fields.len() + 1];
    let mut places = Vec::with_capacity(facts.len());
    for (fact, reads) in facts.into_iter().zip(&reads) {
        let read = reads.first().and_then(place);
        let name = read.and_then(|field| names.get(field)).copied();
        let Some(group) = group_of.get_mut(name.unwrap_or(nothing)) else {
            continue;
        };
        let at = *group.get_or_insert_with(|| {
            let own = name.and_then(|name| members.get_mut(name));
            groups.push(Group {
                fields: own.map(std::mem::take).unwrap_or_default(),
                facts: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            places.push((at, group.facts.len()));
            group.facts.push(fact);
        }
    }
    let is_loose = |(field, name): &(&Id<Field>, &usize)| {
        let is_column = entity.spec.walk(**field).get().is_column();
        is_column && group_of.get(**name).is_none_or(Option::is_none)
    };
    let loose = fields.iter().zip(&names).filter(is_loose);
    let loose = loose.map(|(field, _)| *field).collect();
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
