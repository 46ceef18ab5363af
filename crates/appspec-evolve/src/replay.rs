//! The schema as last built: every delta of a history, one after the other.

mod bits;
mod contested;
mod needed;
mod order;
mod writes;

use std::collections::BTreeSet;

use appspec_diagnostics::Diagnostics;

pub use needed::Writers;
pub(crate) use writes::Key;

use crate::{History, Schema};

/// The schema as last built.
#[derive(Debug, Default)]
pub(crate) struct Replayed<'h> {
    pub(crate) schema: Schema,
    /// What two merged branches set differently: whoever came last won, so it has to be set once more.
    pub(crate) contested: BTreeSet<Key<'h>>,
}

/// Replays all deltas, each after those that it comes after.
///
/// Deltas that are not ordered (two branches, two apps) have to concern different facts; then the result does
/// not depend on the order that is chosen here.
pub(crate) fn replay<'h>(history: &'h History, out: &mut Diagnostics) -> Option<Replayed<'h>> {
    let order = order::sorted(history, out)?;
    let mut schema = Schema::default();
    for index in &order {
        if let Some(migration) = history.migrations.get(*index) {
            schema.apply(&migration.delta);
        }
    }
    let contested = contested::contested(history, &order, out)?;
    Some(Replayed { schema, contested })
}
