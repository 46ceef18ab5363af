//! The resolved program: what a spec says once every name is found and every expression has a type.
//!
//! Things live in arenas ([`Arena`]) and point at each other by typed ids ([`Id`]); [`Walk`] reads them as
//! friendly objects. Nothing here parses, checks or emits. Everything serializes: `appspecc inspect --json`
//! prints a [`Spec`], and its JSON Schema is published.

mod access;
mod across;
mod arena;
pub mod audit;
mod auth;
mod change_rule;
mod circle;
mod compiled;
mod derived_range;
mod entity;
mod environment;
mod evaluate;
mod expr;
mod field;
mod form;
mod granted;
mod immutable;
mod instance;
mod interval;
mod kept;
mod lifecycle;
mod module;
mod one_of;
mod plural;
mod print;
mod put;
mod relations;
mod rule;
mod schema;
mod seed;
mod serial;
mod shares;
mod soft_delete;
mod sorting;
mod spec;
mod term;
mod types;
mod value;
mod walk;
mod written;

pub use access::{Access, Fields, Grant, Origin, Period, Permission, Rate, Role, Verb, Wall, Who};
pub use across::{Across, Each, MOST_STEPS, Rows, Side, Start, Summary};
pub use arena::{Arena, Id};
pub use audit::Traced;
pub use auth::{AllowedOrigin, Auth, FirstAdmin, Oidc, SignIn, SignUp};
pub use change_rule::ChangeRule;
pub use circle::in_circle;
pub use compiled::{
    Acting, Changed, Colliding, Compiled, EntityWitnesses, Failing, Given, Keeping, RowRule,
    Strayed, UniqueRule, Witnesses,
};
pub use derived_range::{ends_of_type, has_range, range_condition};
pub use entity::{Direction, Entity, Identity, Index, Labels, Overlap, SortKey, Unique};
pub use environment::{
    Environment, Need, Service, ServiceKind, Setting, Stage, Var, VarKind, VarType,
};
pub use evaluate::{
    OtherRows, Person, Row, Surroundings, Undefined, evaluate, evaluate_across, holds,
    holds_across, holds_for,
};
pub use expr::{ArithmeticOp, Comparison, Expr, ExprKind, Function};
pub use field::{
    Bound, Default, Field, FileKind, FileRule, Inverse, ManyRelation, OnDelete, Relation, Through,
};
pub use form::{certain_form, has_form};
pub use granted::{Asker, Granted};
pub use immutable::is_immutable;
pub use instance::{Standing, collisions, made_up_key, made_up_number, references, renumbered};
pub use interval::{Interval, interval, round_places};
pub use kept::{Frozen, Keeper, Kept, serial_name};
pub use lifecycle::{Action, Assignment, Lifecycle, State};
pub use module::{Module, Project};
pub use one_of::{OneOf, snake_case};
pub use plural::plural;
pub use print::{print, print_as_written, print_value};
pub use put::Put;
pub use relations::RelationGraph;
pub use rule::{Derive, Invariant, Moment};
pub use schema::json_schema;
pub use seed::{Seed, SeedRow, SeedValue};
pub use serial::{Serial, SerialPart};
pub use shares::{Working, in_shares, let_go, waiting};
pub use soft_delete::SoftDelete;
pub use sorting::is_sorted_by_key;
pub use spec::Spec;
pub use term::Term;
pub use types::{Choice, Enum, FieldType, ListItem, NamedType, Scalar, Type};
pub use value::Value;
pub use walk::Walk;
pub use written::{NamedCondition, Written};
