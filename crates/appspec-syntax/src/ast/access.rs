use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Path, Suppress, Text};

/// `access Appointment { … }`: who may do what with the rows of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Why.
    pub doc: Option<Doc>,
    /// The entity.
    pub entity: Path,
    /// What stands between the braces.
    pub lines: Vec<AccessLine>,
    /// The whole item.
    pub span: Span,
}

/// What can stand in an access block.
#[derive(Clone, Debug, PartialEq)]
pub enum AccessLine {
    /// `let own = client == me`
    Let(Box<Let>),
    /// `only where salon == me.salon`
    Wall(Box<Wall>),
    /// `Client may read where own`
    Grant(Box<Grant>),
    /// `suppress permission::nobody_can "…"`, about the line behind it
    Suppress(Box<Suppress>),
}

impl AccessLine {
    /// From its first to its last token.
    pub fn span(&self) -> Span {
        match self {
            Self::Let(it) => it.span,
            Self::Wall(it) => it.span,
            Self::Grant(it) => it.span,
            Self::Suppress(it) => it.span,
        }
    }
}

/// `let own = client == me`
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// What it says.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The condition that it stands for.
    pub value: Expr,
    /// The whole line.
    pub span: Span,
}

/// `only where salon == me.salon`
#[derive(Clone, Debug, PartialEq)]
pub struct Wall {
    /// Why.
    pub doc: Option<Doc>,
    /// What has to hold of a row besides each grant.
    pub condition: Expr,
    /// The whole line.
    pub span: Span,
}

/// `Receptionist at stylist.salon may read, update (note) where … message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Why.
    pub doc: Option<Doc>,
    /// Who may.
    pub who: Who,
    /// How the row is reached that a role is had at: a path in the entity's row.
    pub at: Option<Expr>,
    /// What they may.
    pub permissions: Vec<Permission>,
    /// Of which rows; of all without it.
    pub condition: Option<Expr>,
    /// How often.
    pub limit: Option<Rate>,
    /// What people read when it is refused.
    pub message: Option<Text>,
    /// The whole line.
    pub span: Span,
}

/// Who a grant is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// `signed in`, with the place of these words.
    SignedIn(Span),
    /// `anyone`, `system`, or a role.
    Named(Path),
}

impl Who {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::SignedIn(span) => *span,
            Self::Named(path) => path.span,
        }
    }
}

/// `update (note)`, `read except (note)`, `do anything`
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// What may be done.
    pub verb: VerbName,
    /// With which fields; with all without it.
    pub fields: Option<FieldList>,
    /// Verb and fields.
    pub span: Span,
}

/// What may be done.
#[derive(Clone, Debug, PartialEq)]
pub enum VerbName {
    /// `read`, `cancel`
    Named(Name),
    /// `do anything`
    Anything,
}

/// The fields of one verb.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldList {
    /// `except (…)`: all but these.
    pub is_except: bool,
    /// The fields.
    pub names: Vec<Name>,
    /// From `except` or the bracket to the end.
    pub span: Span,
}

/// `at most 5 per hour`
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// How often.
    pub times: u64,
    /// In which time; which words can stand here is checked later.
    pub per: Name,
    /// The whole clause.
    pub span: Span,
}
