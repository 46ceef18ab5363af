use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Identity, Labels, OnDelete};
use serde::{Deserialize, Serialize};

/// What a database and its migrations know of a spec: facts by name.
///
/// Only what outlives a build in a database or in a migration is a fact. `shown as`, seeds, invariants that
/// hold on create alone and defaults that follow a path live in generated code and may change freely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// By full name: `booking.Visit`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, EntityFacts>,
    /// By full name: `booking.Status`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enums: BTreeMap<String, EnumFact>,
}

/// One entity with everything that belongs to it. In a [`Delta`](crate::Delta): only what the step set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityFacts {
    /// The entity itself; always there in a whole schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityFact>,
    /// Its fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldFact>,
    /// Its derived values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub derives: BTreeMap<String, DeriveFact>,
    /// Its unique sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uniques: BTreeMap<String, UniqueFact>,
    /// Its stretches of which no two may meet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overlaps: BTreeMap<String, OverlapFact>,
    /// How its states change.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lifecycles: BTreeMap<String, LifecycleFact>,
    /// What its rows keep.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, KeptFact>,
    /// What must be true of its rows together with others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub across: BTreeMap<String, AcrossFact>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub indexes: BTreeMap<String, IndexFact>,
    /// Its invariants that hold at any time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invariants: BTreeMap<String, InvariantFact>,
}

/// An entity without its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityFact {
    /// Its name.
    pub name: String,
    /// The dotted name of its module.
    pub module: String,
    /// The label of its module: the Django app.
    pub app: String,
    /// How people see it.
    pub labels: Labels,
    /// What one row is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// The type of its key.
    pub identity: Identity,
    /// The natural order: field names, ` desc` behind those that run downwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sorted_by: Vec<String>,
    /// The `was` that has been applied (or that was there from the first build on).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldFact {
    /// Its name.
    pub name: String,
    /// What it holds, as canonical text: `decimal(8, 2)`, `enum booking.Status`, `one people.Stylist`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether the value may be missing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// What narrows the type, as canonical text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<String>,
    /// What people read when a bound is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The value of a new row, as canonical text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether every write sets it to the current moment.
    #[serde(default, skip_serializing_if = "is_false")]
    pub touched: bool,
    /// What a relation adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<RelationFact>,
    /// What it holds, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// The `was` that has been applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// What a relation adds to a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationFact {
    /// What happens when the row pointed to is deleted; relations to many have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<OnDelete>,
    /// Whether no two rows may point to the same row.
    #[serde(default, skip_serializing_if = "is_false")]
    pub one_to_one: bool,
    /// The name by which the other side sees this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inverse: Option<String>,
}

/// A derived value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeriveFact {
    /// Its type, as canonical text.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether the value may be missing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// How it follows from the row, as canonical text.
    pub value: String,
    /// Whether the database keeps it, and does not compute it whenever it is asked.
    ///
    /// `None` here and below: remembered before this was a fact, and taken to be as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// Whether the database refuses rows for which the result does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<bool>,
    /// What it says, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A unique set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UniqueFact {
    /// The fields together.
    pub fields: Vec<String>,
    /// Which rows it concerns, as canonical text.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether `A` and `a` count as the same.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ignoring_case: bool,
    /// What people read when it is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Stretches of which no two may meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlapFact {
    /// The field where a stretch begins.
    pub start: String,
    /// The field where it ends.
    pub end: String,
    /// Whether the end is part of it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
    /// What two rows have to share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<String>,
    /// Which rows it concerns, as canonical text.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What people read when it is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Which states follow on which. States are as the database holds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleFact {
    /// The field that holds the state.
    pub field: String,
    /// The state in which rows begin.
    pub first: String,
    /// The states that can follow a state.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moves: BTreeMap<String, BTreeSet<String>>,
}

/// What rows keep, or may become: `immutable`, `append only`, `frozen when …`, `on change of …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptFact {
    /// The fields that keep their values; none where a row is never written again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<String>,
    /// The fields that may change while the others keep theirs.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<String>,
    /// What has to hold of the row as it was, as canonical text.
    #[serde(rename = "when", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether the row has to stay as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keeps_row: bool,
    /// Whether the row alone stays, and what it holds may change.
    #[serde(default, skip_serializing_if = "is_false")]
    pub may_change: bool,
    /// How many years after the moment in the field it stays; for ever where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u32>,
    /// What has to hold when one of the fields changes; they keep their values where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeFact>,
    /// The fields with numbers, which a row gets once it is there, where it is never written again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub numbers: BTreeSet<String>,
    /// How the system numbers rows with the field; nobody numbers them where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialFact>,
}

/// How the system numbers rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SerialFact {
    /// The parts of a number.
    pub pattern: Vec<String>,
    /// What the counter begins anew for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<String>,
    /// The time zone that says which day it is, where that is part of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The field that says when a row was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
}

/// What a row may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeFact {
    /// What has to hold, as canonical text.
    pub condition: String,
    /// What people read when it is broken.
    pub message: String,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexFact {
    /// Field names, ` desc` behind those that run downwards.
    pub keys: Vec<String>,
    /// Which rows it covers, as canonical text.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// An invariant that holds at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvariantFact {
    /// What has to hold, as canonical text.
    pub condition: String,
    /// What people read when it is broken.
    pub message: String,
}

/// What must be true of a row together with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcrossFact {
    /// What has to hold, as canonical text.
    pub condition: String,
    /// What people read when it is broken.
    pub message: String,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnumFact {
    /// Its name.
    pub name: String,
    /// The dotted name of its module.
    pub module: String,
    /// Its values in order.
    pub choices: Vec<ChoiceFact>,
    /// The `was` that has been applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceFact {
    /// Its name.
    pub name: String,
    /// What the database holds.
    pub stored: String,
    /// How people see it.
    pub label: String,
    /// The `was` that has been applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}
