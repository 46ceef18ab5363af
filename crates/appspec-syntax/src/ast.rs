//! The syntax tree: what was written, where. Nothing here is looked up or checked.
//!
//! A span runs from the first to the last token of what it covers, without trailing comments.

mod access;
mod auth;
mod entity;
mod environment;
mod expr;
mod field;
mod item;
mod lifecycle;
mod name;
mod role;
mod seed;
mod suppress;
mod without_spans;

pub use access::{
    Access, AccessLine, FieldList, Grant, Let, Permission, Rate, VerbName, Wall, Who,
};
pub use auth::{
    Auth, AuthLine, AuthSetting, AuthSettingKind, Length, Method, MethodKind, Oidc, Origin, SignUp,
};
pub use entity::{
    AppendOnly, Audited, Closing, Derive, Direction, Entity, Extend, Frozen, IdentifiedBy, Index,
    Invariant, Keep, Labels, Member, Mixin, Moment, Overlap, PredicateMember, ShownAs, SoftDelete,
    SortKey, SortedBy, Unique,
};
pub use environment::{Environment, EnvironmentLine, Service, ServiceEntry, StageSetting, Var};
pub use expr::{BinaryOp, Each, Expr, ExprKind, Literal, Summary, UnaryOp};
pub use field::{
    Bound, Field, Mark, MarkKind, OnDelete, OnDeleteKind, Serial, SizeBound, TypeRef, TypeRefKind,
};
pub use item::{
    EnumDecl, EnumValue, File, Item, Predicate, Project, ProjectEntry, TypeDecl, Use, UseNames,
};
pub use lifecycle::{Assignment, Lifecycle, LifecycleAction};
pub use name::{Doc, Name, Path, Text};
pub use role::{DerivedRole, Role, RoleOrigin};
pub use seed::{Seed, SeedRow, SeedValue};
pub use suppress::Suppress;
