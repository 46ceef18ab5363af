use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, FieldType, Id};

/// A value that follows from the row; never stored by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Derive {
    /// Its name.
    pub name: String,
    /// What it says.
    pub doc: Option<String>,
    /// The entity that has it.
    pub entity: Id<Entity>,
    /// The declared type: a scalar or an enum.
    pub ty: FieldType,
    /// Whether the value may be missing.
    pub optional: bool,
    /// How it follows from the fields of the row; other derived values are already inlined.
    pub value: Expr,
    /// Where the name stands.
    pub span: Span,
}

/// What must be true of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Invariant {
    /// Its name; also the error code of the emitted project.
    pub name: String,
    /// Why.
    pub doc: Option<String>,
    /// The entity whose rows it concerns.
    pub entity: Id<Entity>,
    /// When it has to hold.
    pub moment: Moment,
    /// What has to hold.
    pub condition: Expr,
    /// What people read when it is broken; made from the name when the spec says nothing.
    pub message: String,
    /// Where the name stands.
    pub span: Span,
}

/// When an invariant has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// At any time; the condition is free of `now()` and `today()`.
    Always,
    /// At the write that creates the row.
    Create,
}
