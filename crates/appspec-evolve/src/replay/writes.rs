//! What a delta touches, fact by fact.

use std::collections::BTreeSet;

use crate::{
    AcrossFact, Delta, DeriveFact, EntityFact, EntityFacts, EnumFact, FieldFact, IndexFact,
    InvariantFact, KeptFact, LifecycleFact, OverlapFact, UniqueFact,
};

/// The name of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key<'d> {
    Entity(&'d str),
    Enum(&'d str),
    Field(&'d str, &'d str),
    /// Anything else of an entity: what it is, the entity, its name.
    Member(&'static str, &'d str, &'d str),
}

impl<'d> Key<'d> {
    /// The entity that the fact belongs to as a part.
    pub(super) fn owner(self) -> Option<&'d str> {
        match self {
            Self::Field(owner, _) | Self::Member(_, owner, _) => Some(owner),
            Self::Entity(_) | Self::Enum(_) => None,
        }
    }

    pub(super) fn describe(self) -> String {
        match self {
            Self::Entity(name) => format!("entity `{name}`"),
            Self::Enum(name) => format!("enum `{name}`"),
            Self::Field(entity, name) => format!("field `{entity}.{name}`"),
            Self::Member(kind, entity, name) => format!("{kind} `{name}` of `{entity}`"),
        }
    }
}

/// Any fact, to be compared with another one of the same name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fact<'d> {
    Entity(&'d EntityFact),
    Enum(&'d EnumFact),
    Field(&'d FieldFact),
    Derive(&'d DeriveFact),
    Unique(&'d UniqueFact),
    Overlap(&'d OverlapFact),
    Lifecycle(&'d LifecycleFact),
    Kept(&'d KeptFact),
    Across(&'d AcrossFact),
    Index(&'d IndexFact),
    Invariant(&'d InvariantFact),
}

/// Every fact that a delta touches: with its value, or without one when the name is left behind.
pub(super) fn writes(delta: &Delta) -> Vec<(Key<'_>, Option<Fact<'_>>)> {
    let mut list = left_behind(delta);
    let gone = list.len();
    for (name, facts) in &delta.now.entities {
        entity_writes(name, facts, &mut list);
    }
    for (name, fact) in &delta.now.enums {
        list.push((Key::Enum(name), Some(Fact::Enum(fact))));
    }
    if gone > 0 {
        // A name that is left behind and taken again by the same migration is only taken.
        let taken: BTreeSet<Key<'_>> = list.iter().skip(gone).map(|(key, _)| *key).collect();
        list.retain(|(key, value)| value.is_some() || !taken.contains(key));
    }
    list
}

fn left_behind(delta: &Delta) -> Vec<(Key<'_>, Option<Fact<'_>>)> {
    let mut list = Vec::new();
    for name in &delta.gone.entities {
        list.push((Key::Entity(name), None));
    }
    for name in &delta.gone.enums {
        list.push((Key::Enum(name), None));
    }
    for (entity, names) in &delta.gone.fields {
        for name in names {
            list.push((Key::Field(entity, name), None));
        }
    }
    for (kind, by_entity) in [
        ("unique", &delta.gone.uniques),
        ("overlap", &delta.gone.overlaps),
        ("lifecycle", &delta.gone.lifecycles),
        ("kept", &delta.gone.kept),
        ("across", &delta.gone.across),
        ("index", &delta.gone.indexes),
        ("derive", &delta.gone.derives),
        ("invariant", &delta.gone.invariants),
    ] {
        for (entity, names) in by_entity {
            for name in names {
                list.push((Key::Member(kind, entity, name), None));
            }
        }
    }
    list
}

fn entity_writes<'d>(
    name: &'d str,
    facts: &'d EntityFacts,
    list: &mut Vec<(Key<'d>, Option<Fact<'d>>)>,
) {
    if let Some(fact) = &facts.entity {
        list.push((Key::Entity(name), Some(Fact::Entity(fact))));
    }
    for (field, fact) in &facts.fields {
        list.push((Key::Field(name, field), Some(Fact::Field(fact))));
    }
    let mut members = |kind, member: &'d str, value| {
        list.push((Key::Member(kind, name, member), Some(value)));
    };
    for (member, fact) in &facts.derives {
        members("derive", member, Fact::Derive(fact));
    }
    for (member, fact) in &facts.uniques {
        members("unique", member, Fact::Unique(fact));
    }
    for (member, fact) in &facts.overlaps {
        members("overlap", member, Fact::Overlap(fact));
    }
    for (member, fact) in &facts.lifecycles {
        members("lifecycle", member, Fact::Lifecycle(fact));
    }
    for (member, fact) in &facts.kept {
        members("kept", member, Fact::Kept(fact));
    }
    for (member, fact) in &facts.across {
        members("across", member, Fact::Across(fact));
    }
    for (member, fact) in &facts.indexes {
        members("index", member, Fact::Index(fact));
    }
    for (member, fact) in &facts.invariants {
        members("invariant", member, Fact::Invariant(fact));
    }
}
