//! What changed since the last build. The first build is the change from nothing.
//!
//! A build remembers *facts* about the schema, by name ([`Schema`]): one [`Delta`] per emitted migration,
//! stored beside it ([`Migration`]). Replaying the deltas of a [`History`] gives the schema as last built,
//! in whatever order two branches were merged. [`diff()`] compares that with a spec and gives [`Changes`]:
//! steps that point at elements of the new [`Spec`](appspec_ir::Spec), so that a backend renders them from
//! the spec alone, each with the facts that it establishes. What can't be appended safely is a diagnostic.

mod canonical;
mod change;
mod delta;
mod diff;
mod facts;
mod history;
mod matching;
mod names;
mod replay;
mod schema;
#[cfg(test)]
mod testing;
mod widening;
mod young;

pub use change::{Change, Changes, Member, NewRule, Step};
pub use delta::{Delta, Gone};
pub use diff::{diff, diff_with};
pub use facts::facts;
pub use history::{History, Migration, MigrationName};
pub use replay::Writers;
pub use schema::{
    AcrossFact, ChangeFact, ChoiceFact, DeriveFact, EntityFact, EntityFacts, EnumFact, FieldFact,
    IndexFact, InvariantFact, KeptFact, LifecycleFact, OverlapFact, RelationFact, Schema,
    SerialFact, UniqueFact,
};
pub use young::{Added, Young};
