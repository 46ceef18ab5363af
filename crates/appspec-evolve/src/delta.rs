use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{EntityFacts, Member, Schema};

/// What a step, or one migration, did to the schema as remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// The names that renames left behind.
    #[serde(default, skip_serializing_if = "Gone::is_empty")]
    pub gone: Gone,
    /// The facts that hold from here on.
    #[serde(default)]
    pub now: Schema,
}

/// Names under which nothing is found any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// Full names of entities, with everything that belonged to them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub entities: BTreeSet<String>,
    /// Full names of enums.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub enums: BTreeSet<String>,
    /// Fields by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, BTreeSet<String>>,
    /// Unique sets by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uniques: BTreeMap<String, BTreeSet<String>>,
    /// Stretches of which no two may meet, by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overlaps: BTreeMap<String, BTreeSet<String>>,
    /// Lifecycles by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lifecycles: BTreeMap<String, BTreeSet<String>>,
    /// What rows keep, by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, BTreeSet<String>>,
    /// Rules across rows by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub across: BTreeMap<String, BTreeSet<String>>,
    /// Indexes by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub indexes: BTreeMap<String, BTreeSet<String>>,
    /// Derived values by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub derives: BTreeMap<String, BTreeSet<String>>,
    /// Invariants by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invariants: BTreeMap<String, BTreeSet<String>>,
}

impl Gone {
    /// Whether no name was left behind.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names of such members that were left behind, by entity.
    pub(crate) fn members(&mut self, kind: Member) -> &mut BTreeMap<String, BTreeSet<String>> {
        match kind {
            Member::Derive => &mut self.derives,
            Member::Unique => &mut self.uniques,
            Member::Overlap => &mut self.overlaps,
            Member::Lifecycle => &mut self.lifecycles,
            Member::Kept => &mut self.kept,
            Member::Across => &mut self.across,
            Member::Index => &mut self.indexes,
            Member::Invariant => &mut self.invariants,
        }
    }
}

impl Delta {
    /// Adds what another step of the same migration did.
    pub fn merge(&mut self, other: &Self) {
        self.gone
            .entities
            .extend(other.gone.entities.iter().cloned());
        self.gone.enums.extend(other.gone.enums.iter().cloned());
        merge_names(&mut self.gone.fields, &other.gone.fields);
        merge_names(&mut self.gone.uniques, &other.gone.uniques);
        merge_names(&mut self.gone.overlaps, &other.gone.overlaps);
        merge_names(&mut self.gone.lifecycles, &other.gone.lifecycles);
        merge_names(&mut self.gone.kept, &other.gone.kept);
        merge_names(&mut self.gone.across, &other.gone.across);
        merge_names(&mut self.gone.indexes, &other.gone.indexes);
        merge_names(&mut self.gone.derives, &other.gone.derives);
        merge_names(&mut self.gone.invariants, &other.gone.invariants);
        self.now.overlay(&other.now);
    }
}

fn merge_names(
    into: &mut BTreeMap<String, BTreeSet<String>>,
    from: &BTreeMap<String, BTreeSet<String>>,
) {
    for (entity, names) in from {
        into.entry(entity.clone())
            .or_default()
            .extend(names.iter().cloned());
    }
}

impl Schema {
    /// Does to this schema what the migration did: first the names that it left behind, then its facts.
    ///
    /// In this order even a chain of renames in one migration comes out right.
    pub fn apply(&mut self, delta: &Delta) {
        for name in &delta.gone.entities {
            self.entities.remove(name);
        }
        for name in &delta.gone.enums {
            self.enums.remove(name);
        }
        let Gone {
            entities: _,
            enums: _,
            fields,
            uniques,
            overlaps,
            lifecycles,
            kept,
            across,
            indexes,
            derives,
            invariants,
        } = &delta.gone;
        self.forget(fields, |facts| &mut facts.fields);
        self.forget(uniques, |facts| &mut facts.uniques);
        self.forget(overlaps, |facts| &mut facts.overlaps);
        self.forget(lifecycles, |facts| &mut facts.lifecycles);
        self.forget(kept, |facts| &mut facts.kept);
        self.forget(across, |facts| &mut facts.across);
        self.forget(indexes, |facts| &mut facts.indexes);
        self.forget(derives, |facts| &mut facts.derives);
        self.forget(invariants, |facts| &mut facts.invariants);
        self.overlay(&delta.now);
    }

    fn forget<T>(
        &mut self,
        gone: &BTreeMap<String, BTreeSet<String>>,
        of: impl Fn(&mut EntityFacts) -> &mut BTreeMap<String, T>,
    ) {
        for (entity, names) in gone {
            if let Some(facts) = self.entities.get_mut(entity) {
                of(facts).retain(|name, _| !names.contains(name));
            }
        }
    }

    /// Sets every fact that `other` states.
    pub(crate) fn overlay(&mut self, other: &Self) {
        for (name, facts) in &other.entities {
            self.entities
                .entry(name.clone())
                .or_default()
                .overlay(facts);
        }
        for (name, fact) in &other.enums {
            self.enums.insert(name.clone(), fact.clone());
        }
    }
}

impl EntityFacts {
    fn overlay(&mut self, other: &Self) {
        if other.entity.is_some() {
            self.entity.clone_from(&other.entity);
        }
        overlay_map(&mut self.fields, &other.fields);
        overlay_map(&mut self.derives, &other.derives);
        overlay_map(&mut self.uniques, &other.uniques);
        overlay_map(&mut self.overlaps, &other.overlaps);
        overlay_map(&mut self.lifecycles, &other.lifecycles);
        overlay_map(&mut self.kept, &other.kept);
        overlay_map(&mut self.across, &other.across);
        overlay_map(&mut self.indexes, &other.indexes);
        overlay_map(&mut self.invariants, &other.invariants);
    }
}

fn overlay_map<T: Clone>(into: &mut BTreeMap<String, T>, from: &BTreeMap<String, T>) {
    for (name, fact) in from {
        into.insert(name.clone(), fact.clone());
    }
}
