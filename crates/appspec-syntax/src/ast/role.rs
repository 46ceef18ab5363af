use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Path, Text};

/// `role Owner "Owner" from Staff s for s.user at s.salon where s.leads includes Receptionist`
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Who has it.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// How people see it.
    pub label: Option<Text>,
    /// How a person comes to it.
    pub origin: RoleOrigin,
    /// The roles that whoever has it has as well.
    pub includes: Vec<Path>,
    /// `was OldName`
    pub was: Option<Name>,
    /// The whole item.
    pub span: Span,
}

/// How a person comes to a role.
#[derive(Clone, Debug, PartialEq)]
pub enum RoleOrigin {
    /// `for signed in`
    SignedIn,
    /// `granted by Support, Owner`
    Granted(Vec<Path>),
    /// `from Staff s for s.user at s.salon where …`
    Derived(Box<DerivedRole>),
}

/// `from Staff s for s.user at s.salon where s.kind == front_desk`
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedRole {
    /// The entity whose rows say who has the role.
    pub entity: Path,
    /// What such a row is called here.
    pub row: Name,
    /// Who has it: a path in the row.
    pub person: Expr,
    /// Where they have it: a path in the row; everywhere without it.
    pub scope: Option<Expr>,
    /// Which rows say so; all without it.
    pub condition: Option<Expr>,
}
