use appspec_diagnostics::Span;

use super::{
    Access, Auth, Doc, Entity, Environment, Expr, Extend, Mixin, Name, Path, Role, Seed, Suppress,
    Text, TypeRef,
};

/// One file, that is one module.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Documentation at the top of the file, before `project` or the first item, belongs to that item.
    pub items: Vec<Item>,
    /// Every comment (`//`, not `///`) in order, for tools that print the file again.
    pub comments: Vec<Span>,
    /// What could not be read, in no order: it may say anything. Each place was reported.
    pub unread: Vec<Span>,
}

/// A declaration at the top level.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `project salon { … }`
    Project(Project),
    /// `use std.time.{Timestamped}`
    Use(Use),
    /// `type Percent = decimal(5, 2) in 0..100`
    Type(TypeDecl),
    /// `enum Status { … }`
    Enum(EnumDecl),
    /// `mixin Timestamped { … }`
    Mixin(Mixin),
    /// `entity Visit { … }`
    Entity(Entity),
    /// `extend entity User { … }`
    Extend(Extend),
    /// `predicate late(v: Visit) = …`
    Predicate(Predicate),
    /// `seed Category { … }`
    Seed(Seed),
    /// `role Owner from Staff s for s.user at s.salon`
    Role(Role),
    /// `access Visit { … }`
    Access(Access),
    /// `auth { … }`
    Auth(Auth),
    /// `environment { … }`
    Environment(Environment),
    /// `suppress relation::pair_twice "…"`, about the item behind it
    Suppress(Suppress),
}

impl Item {
    /// From its first to its last token.
    pub fn span(&self) -> Span {
        match self {
            Self::Project(it) => it.span,
            Self::Use(it) => it.span,
            Self::Type(it) => it.span,
            Self::Enum(it) => it.span,
            Self::Mixin(it) => it.span,
            Self::Entity(it) => it.span,
            Self::Extend(it) => it.span,
            Self::Predicate(it) => it.span,
            Self::Seed(it) => it.span,
            Self::Role(it) => it.span,
            Self::Access(it) => it.span,
            Self::Auth(it) => it.span,
            Self::Environment(it) => it.span,
            Self::Suppress(it) => it.span,
        }
    }
}

/// The one `project` of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// What the project is for.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `key: value` settings as written; which exist is decided later.
    pub entries: Vec<ProjectEntry>,
    /// The whole item.
    pub span: Span,
}

/// `title: "Salon bookings"`
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectEntry {
    /// The setting.
    pub key: Name,
    /// Its value.
    pub value: Expr,
}

/// `use path` or `use path.{A, B}`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The module.
    pub module: Path,
    /// What is brought in.
    pub names: UseNames,
    /// The whole item.
    pub span: Span,
}

/// What a `use` brings in.
#[derive(Clone, Debug, PartialEq)]
pub enum UseNames {
    /// Nothing by itself: names are written with the module's last word before them (`auth.User`).
    Qualified,
    /// These names.
    Listed(Vec<Name>),
}

/// `type Percent = decimal(5, 2) in 0..100 message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDecl {
    /// What it stands for.
    pub doc: Option<Doc>,
    /// The new name.
    pub name: Name,
    /// The type it is made of.
    pub base: TypeRef,
    /// What narrows it.
    pub bounds: Vec<super::Bound>,
    /// What people read when a value does not fit.
    pub message: Option<Text>,
    /// The whole item.
    pub span: Span,
}

/// `enum Status { requested, confirmed, no_show "No-show" stored as "noshow" }`
#[derive(Clone, Debug, PartialEq)]
pub struct EnumDecl {
    /// What it stands for.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The values in order; may be empty in the tree.
    pub values: Vec<EnumValue>,
    /// `was OldName`
    pub was: Option<Name>,
    /// The whole item.
    pub span: Span,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// What it stands for.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// How people see it.
    pub label: Option<Text>,
    /// What the database holds, when that is not the name.
    pub stored_as: Option<Text>,
    /// `was old_name`
    pub was: Option<Name>,
}

/// `predicate late(v: Visit) = v.ends_at < v.promised_at`
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// What it says.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The name of the row inside the expression.
    pub parameter: Name,
    /// The entity of the row.
    pub entity: Path,
    /// The condition.
    pub body: Expr,
    /// The whole item.
    pub span: Span,
}
