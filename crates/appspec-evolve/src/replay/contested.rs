//! Facts that two branches set differently.

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::evolve};

use super::bits::Bits;
use super::order::ancestors;
use super::writes::{Fact, Key, writes};
use crate::{History, Migration};

/// A migration's place in the history and what it says of a fact.
type Write<'h> = (usize, Option<Fact<'h>>);

/// Facts that unordered migrations set differently and that no later one settled.
pub(super) fn contested<'h>(
    history: &'h History,
    order: &[usize],
    out: &mut Diagnostics,
) -> Option<BTreeSet<Key<'h>>> {
    let ancestors = ancestors(history, order);
    let mut all: Vec<(Key<'h>, Write<'h>)> = Vec::new();
    for (index, migration) in history.migrations.iter().enumerate() {
        let written = writes(&migration.delta).into_iter();
        all.extend(written.map(|(key, value)| (key, (index, value))));
    }
    // Whoever renames an entity concerns everything in it, also what the other branch added.
    let mut renamed: BTreeMap<&str, Vec<Write<'h>>> = BTreeMap::new();
    for (key, (index, value)) in &all {
        if let (Key::Entity(name), None) = (key, value) {
            renamed.entry(name).or_default().push((*index, None));
        }
    }
    // Stable: of one fact, the writes stay in the order of the history.
    all.sort_by_key(|(key, _)| *key);
    let mut found = BTreeSet::new();
    let mut fine = true;
    for of_one in all.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((key, _)) = of_one.first() else {
            continue;
        };
        let of_owner = key.owner().and_then(|owner| renamed.get(owner));
        if of_one.len() == 1 && of_owner.is_none() {
            continue;
        }
        let mut list: Vec<Write<'_>> = of_one.iter().map(|(_, write)| *write).collect();
        list.extend(of_owner.into_iter().flatten());
        let Some(quarrel) = quarrel(&list, &ancestors) else {
            continue;
        };
        if quarrel.both_set && can_be_set_again(*key, history) {
            found.insert(*key);
            continue;
        }
        fine = false;
        let name = |index: usize| {
            let migration = history.migrations.get(index);
            migration.map_or_else(String::new, |migration: &Migration| migration.id().into())
        };
        out.push(
            Diagnostic::without_place(
                &evolve::BRANCHES_CONFLICT,
                format!(
                    "migrations `{}` and `{}` of two branches both change {}",
                    name(quarrel.one),
                    name(quarrel.other),
                    key.describe()
                ),
            )
            .help(format!(
                "take back the one that no database has run, with its file under `{}`, and build again",
                History::FOLDER
            )),
        );
    }
    fine.then_some(found)
}

/// Two migrations that disagree about a fact.
struct Quarrel {
    one: usize,
    other: usize,
    /// Whether both give it a value.
    both_set: bool,
}

/// The first two writes that differ, of which neither comes after the other and nobody after both.
fn quarrel(writes: &[Write<'_>], ancestors: &[Bits]) -> Option<Quarrel> {
    let is_before = |a: usize, b: usize| ancestors.get(b).is_some_and(|all| all.contains(a));
    writes.iter().enumerate().find_map(|(at, (a, left))| {
        let (b, right) = writes.iter().skip(at + 1).find(|(b, right)| {
            a != b
                && left != right
                && !is_before(*a, *b)
                && !is_before(*b, *a)
                && !writes
                    .iter()
                    .any(|(c, _)| is_before(*a, *c) && is_before(*b, *c))
        })?;
        Some(Quarrel {
            one: *a,
            other: *b,
            both_set: left.is_some() && right.is_some(),
        })
    })
}

/// Whether stating the fact once more, after both branches, makes the database what the spec says.
fn can_be_set_again(key: Key<'_>, history: &History) -> bool {
    match key {
        Key::Entity(_) | Key::Enum(_) => true,
        Key::Member(..) => false,
        Key::Field(entity, name) => {
            let mut facts = history
                .migrations
                .iter()
                .filter_map(|migration| migration.delta.now.entities.get(entity))
                .filter_map(|facts| facts.fields.get(name));
            let first = facts.next();
            first.is_some_and(|first| facts.all(|fact| fact.stores_the_same_as(first)))
        }
    }
}
