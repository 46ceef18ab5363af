//! Which migrations of other apps a new one has to come after.

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::Diagnostics;

use super::bits::Bits;
use super::order::{ancestors, sorted};
use super::writes::{Key, writes};
use crate::{Delta, History, Migration, MigrationName};

/// Who spoke of what: the positions of migrations in a history, by the facts that they set or left behind.
#[derive(Debug)]
pub struct Writers<'h> {
    history: &'h History,
    by_key: BTreeMap<Key<'h>, Vec<usize>>,
    /// Of everything in an entity.
    by_owner: BTreeMap<&'h str, BTreeSet<usize>>,
    /// For each migration, all that it comes after; none where that can't be told.
    ancestors: Option<Vec<Bits>>,
}

impl<'h> Writers<'h> {
    /// Looks through a whole history.
    pub fn of(history: &'h History) -> Self {
        let mut by_key: BTreeMap<Key<'h>, Vec<usize>> = BTreeMap::new();
        let mut by_owner: BTreeMap<&'h str, BTreeSet<usize>> = BTreeMap::new();
        for (index, migration) in history.migrations.iter().enumerate() {
            for (key, _) in writes(&migration.delta) {
                by_key.entry(key).or_default().push(index);
                if let Some(owner) = key.owner() {
                    by_owner.entry(owner).or_default().insert(index);
                }
            }
        }
        let order = sorted(history, &mut Diagnostics::new());
        Self {
            history,
            by_key,
            by_owner,
            ancestors: order.map(|order| ancestors(history, &order)),
        }
    }

    /// The migrations of other apps that one of `app` with these deltas has to come after, because they were
    /// the last to speak of the same things: a rename comes after everything that refers to the old name, and
    /// what refers to the new one comes after the rename. `referred` are the entities of other apps that its app
    /// refers to: taking their rename back touches the tables of that app, so it is taken back first.
    pub fn needed_by<'d>(
        &self,
        app: &str,
        deltas: impl IntoIterator<Item = &'d Delta>,
        referred: impl IntoIterator<Item = &'d str>,
    ) -> BTreeSet<MigrationName> {
        let is_other = |index: &usize| {
            let migration = self.history.migrations.get(*index);
            migration.is_some_and(|migration| migration.app != app)
        };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for delta in deltas {
            let written = writes(delta).into_iter();
            let same = written
                .filter_map(|(key, _)| self.by_key.get(&key))
                .flatten();
            let gone = delta.gone.entities.iter();
            let within = gone
                .filter_map(|name| self.by_owner.get(name.as_str()))
                .flatten();
            found.extend(same.chain(within).copied().filter(is_other));
        }
        let renames = |index: &usize| {
            let migration = self.history.migrations.get(*index);
            migration.is_some_and(|migration| !migration.delta.gone.entities.is_empty())
        };
        let referred = referred.into_iter().map(Key::Entity);
        let spoken_of = referred.filter_map(|key| self.by_key.get(&key)).flatten();
        found.extend(spoken_of.copied().filter(is_other).filter(renames));
        let Some(ancestors) = self.ancestors.as_ref().filter(|_| !found.is_empty()) else {
            return BTreeSet::new();
        };
        let leaves = self.history.leaves(app);
        let own = self.history.migrations.iter().enumerate();
        let own = own
            .filter(|(_, it)| it.app == app && leaves.contains(&it.name.as_str()))
            .map(|(index, _)| index);
        let later: BTreeSet<usize> = own.chain(found.iter().copied()).collect();
        found
            .iter()
            .filter(|index| {
                !later
                    .iter()
                    .filter_map(|later| ancestors.get(*later))
                    .any(|before| before.contains(**index))
            })
            .filter_map(|index| self.history.migrations.get(*index))
            .map(Migration::id)
            .collect()
    }
}
