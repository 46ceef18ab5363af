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
    for field in reads.iter().flatten() {
        // Never so for facts about this entity; harmless for others.
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    let place = |field: &Id<Field>| fields.iter().position(|own| own == field);
    // The group of a field is named by its first field; facts without any are a group of their own.
    let mut first: Vec<usize> = (0..fields.len()).collect();
    let mut joined: Vec<usize> = Vec::new();
    for fields in &reads {
        joined.clear();
        let groups = fields.iter().filter_map(place);
        joined.extend(groups.filter_map(|field| first.get(field).copied()));
        let Some(least) = joined.iter().min().copied() else {
            continue;
        };
        if joined.iter().all(|group| *group == least) {
            continue;
        }
        for group in &mut first {
            if joined.contains(group) {
                *group = least;
            }
        }
    }
    let mut found: Vec<(Option<usize>, Group<'s>)> = Vec::new();
    let mut places = Vec::with_capacity(facts.len());
    for (fact, reads) in facts.into_iter().zip(&reads) {
        let read = reads.first().and_then(place);
        let name = read.and_then(|field| first.get(field).copied());
        let known = found.iter().position(|(known, _)| *known == name);
        let at = known.unwrap_or(found.len());
        if known.is_none() {
            let members = fields.iter().zip(&first);
            let members = members.filter(|(_, group)| Some(**group) == name);
            found.push((
                name,
                Group {
                    fields: members.map(|(field, _)| *field).collect(),
                    facts: Vec::new(),
                },
            ));
        }
        if let Some((_, group)) = found.get_mut(at) {
            places.push((at, group.facts.len()));
            group.facts.push(fact);
        }
    }
    let spoken: Vec<Id<Field>> = found
        .iter()
        .flat_map(|(_, group)| group.fields.iter().copied())
        .collect();
    let is_loose = |field: &Id<Field>| {
        let is_column = entity.spec.walk(*field).get().is_column();
        is_column && !spoken.contains(field)
    };
    let loose = fields.iter().copied().filter(is_loose).collect();
    Grouped {
        places,
        reads,
        loose,
        groups: found.into_iter().map(|(_, group)| group).collect(),
    }
}
