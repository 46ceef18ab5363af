//! What changed since the last build. The first build is the change from nothing.
//!
//! A build remembers *facts* about the schema, by name, one delta per emitted migration; replaying the
//! deltas gives the schema as last built. Changes point at elements of the new [`Spec`](appspec_ir::Spec),
//! so a backend renders them from the spec alone.

mod change;
mod history;

pub use change::{Change, Changes};
pub use history::{Delta, History, Migration};
