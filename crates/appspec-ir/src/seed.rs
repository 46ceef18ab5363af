use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Field, Id, Value};

/// Rows that every installation has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seed {
    /// The entity.
    pub entity: Id<Entity>,
    /// The fields by which an existing row is found: a unique set that every row gives.
    pub key: Vec<Id<Field>>,
    /// The rows in order.
    pub rows: Vec<SeedRow>,
    /// Where it was written.
    pub span: Span,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeedRow {
    /// The word by which other seed rows refer to it; distinct within the entity.
    pub handle: String,
    /// Fields and values in the order of the text.
    pub values: Vec<(Id<Field>, SeedValue)>,
    /// Where the handle stands.
    pub span: Span,
}

/// A value of a seed row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeedValue {
    /// A constant.
    Value(Value),
    /// `[…]`: a list of constants.
    List(Vec<Value>),
    /// Another seed row of the relation's target, by its handle.
    Row(String),
}
