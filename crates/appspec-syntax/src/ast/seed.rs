use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Path};

/// `seed Category { cut { name: "Cut" } }`: rows that every installation has.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// What they are for.
    pub doc: Option<Doc>,
    /// The entity.
    pub entity: Path,
    /// The rows in order.
    pub rows: Vec<SeedRow>,
    /// The whole item.
    pub span: Span,
}

/// `cut { name: "Cut", position: 1 }`
#[derive(Clone, Debug, PartialEq)]
pub struct SeedRow {
    /// The word by which other seed rows refer to this one.
    pub handle: Name,
    /// The values.
    pub values: Vec<SeedValue>,
    /// The whole row.
    pub span: Span,
}

/// `name: "Cut"`
#[derive(Clone, Debug, PartialEq)]
pub struct SeedValue {
    /// The field.
    pub field: Name,
    /// A constant, an enum value, or the handle of another row.
    pub value: Expr,
}
