//! Which migration comes after which.

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::evolve};

use super::bits::Bits;
use crate::{History, MigrationName};

/// Positions in an order in which every migration comes after its predecessors; of several that could come
/// next, the one that sorts first does.
pub(super) fn sorted(history: &History, out: &mut Diagnostics) -> Option<Vec<usize>> {
    let positions = positions(history);
    let mut waiting: Vec<usize> = Vec::new();
    let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, migration) in history.migrations.iter().enumerate() {
        for name in &migration.after {
            let Some(before) = positions.get(&key(name)) else {
                let missing = String::from(name.clone());
                out.push(
                    Diagnostic::without_place(
                        &evolve::HISTORY_INCOMPLETE,
                        format!(
                            "`{}` comes after migration `{missing}`, of which nothing is remembered",
                            migration.path()
                        ),
                    )
                    .help(format!(
                        "restore `{}/{missing}.json` from version control",
                        History::FOLDER
                    )),
                );
                return None;
            };
            followers.entry(*before).or_default().push(index);
        }
        waiting.push(migration.after.len());
    }
    let mut ready: BTreeSet<usize> = waiting
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(index, _)| index)
        .collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(index) = ready.pop_first() {
        order.push(index);
        for follower in followers.get(&index).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*follower) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(*follower);
                }
            }
        }
    }
    if order.len() == history.migrations.len() {
        return Some(order);
    }
    let stuck = history
        .migrations
        .iter()
        .zip(&waiting)
        .filter(|(_, count)| **count > 0)
        .map(|(migration, _)| format!("`{}`", String::from(migration.id())))
        .collect::<Vec<_>>()
        .join(", ");
    out.push(
        Diagnostic::without_place(
            &evolve::HISTORY_INCOMPLETE,
            format!("migrations come after each other in a circle: {stuck}"),
        )
        .help(format!(
            "restore the files under `{}` from version control",
            History::FOLDER
        )),
    );
    None
}

/// For each migration, all that it comes after.
pub(super) fn ancestors(history: &History, order: &[usize]) -> Vec<Bits> {
    let positions = positions(history);
    let mut all = vec![Bits::default(); history.migrations.len()];
    for index in order {
        let Some(migration) = history.migrations.get(*index) else {
            continue;
        };
        let mut own = Bits::default();
        for before in migration
            .after
            .iter()
            .filter_map(|name| positions.get(&key(name)))
        {
            own.insert(*before);
            if let Some(theirs) = all.get(*before) {
                own.extend(theirs);
            }
        }
        if let Some(slot) = all.get_mut(*index) {
            *slot = own;
        }
    }
    all
}

fn positions(history: &History) -> BTreeMap<(&str, &str), usize> {
    history
        .migrations
        .iter()
        .enumerate()
        .map(|(index, migration)| ((migration.app.as_str(), migration.name.as_str()), index))
        .collect()
}

fn key(name: &MigrationName) -> (&str, &str) {
    (&name.app, &name.name)
}
