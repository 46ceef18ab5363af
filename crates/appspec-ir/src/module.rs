use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Enum, Id};

/// The `project` item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Project {
    /// Its name: an identifier.
    pub name: String,
    /// What people call it; the name when the spec says nothing.
    pub title: String,
    /// What it is for.
    pub doc: Option<String>,
    /// An IANA time zone, `UTC` when the spec says nothing.
    pub timezone: String,
    /// A language code such as `en` or `pt-br`, `en` when the spec says nothing.
    pub language: String,
    /// Where the name stands.
    pub span: Span,
}

/// One file; one Django app if it declares entities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Module {
    /// The dotted name: `booking`, `std.auth`.
    pub path: String,
    /// The name by which backends call it: the last word, or what `std` prescribes (`std.auth` is `accounts`).
    pub label: String,
    /// Whether it belongs to the standard library.
    pub is_std: bool,
    /// The entities that it declares, in the order of the text.
    pub entities: Vec<Id<Entity>>,
    /// The enums that it declares, in the order of the text.
    pub enums: Vec<Id<Enum>>,
}
