//! Renames, and the migrations of other apps that refer to what is renamed: one comes after the other.
//!
//! Forwards, any order is right. Backwards, Django rebuilds the tables that refer to a renamed one as they were
//! in its plan at that place. Of two migrations that do not know each other, the one that is taken back would
//! rebuild the other one's tables without what that one did to them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_evolve::{Change, Step};
use appspec_ir::Spec;

use super::across;
use super::order::Queue;
use super::plan::{Django, Planned};
use super::work::Work;

/// Lets each migration that renames, and those of this build in apps that refer to the renamed, come one after
/// the other.
pub(super) fn interlock(
    spec: &Spec,
    work: &BTreeMap<&str, Work<'_>>,
    migrations: &mut [Planned<'_>],
) {
    let pairs = pairs(spec, work, migrations);
    if pairs.is_empty() {
        return;
    }
    let mut needs = needs(migrations);
    let places = places(&needs, &pairs);
    let place = |index: usize| places.get(&index).copied().unwrap_or_default();
    for (referring, renaming) in pairs {
        let (later, earlier) = if place(referring) > place(renaming) {
            (referring, renaming)
        } else {
            (renaming, referring)
        };
        if reaches(&needs, later, earlier) {
            continue;
        }
        if let Some(before) = needs.get_mut(later) {
            before.insert(earlier);
        }
        let id = migrations.get(earlier).map(Planned::id);
        if let (Some(planned), Some(id)) = (migrations.get_mut(later), id) {
            planned.others.insert(id);
        }
    }
}

/// Lets the first migration of an app whose rules span tables of others come before those that change these, wherever that
/// makes no circle: it takes the rules away.
pub(super) fn let_go_first(
    spec: &Spec,
    work: &BTreeMap<&str, Work<'_>>,
    migrations: &mut [Planned<'_>],
) {
    for (app, own) in work {
        let drops = |step: &Step| matches!(step.change, Change::DropAcross { .. });
        if !own.steps.iter().any(|step| drops(step)) {
            continue;
        }
        let read = across::read(spec, &own.steps).into_iter();
        let apps = read.map(|id| spec.walk(id).module().get().label.as_str());
        let apps: BTreeSet<&str> = apps.filter(|other| other != app).collect();
        let first = |app: &str, migrations: &[Planned<'_>]| {
            migrations.iter().position(|planned| planned.app == app)
        };
        for other in apps {
            let places = (first(app, migrations), first(other, migrations));
            let (Some(earlier), Some(later)) = places else {
                continue;
            };
            let id = migrations.get(earlier).map(Planned::id);
            if !reaches(&needs(migrations), earlier, later)
                && let (Some(planned), Some(id)) = (migrations.get_mut(later), id)
            {
                planned.others.insert(id);
            }
        }
    }
}

/// Positions of migrations that refer to what another app renames, each with the one that renames.
fn pairs(
    spec: &Spec,
    work: &BTreeMap<&str, Work<'_>>,
    migrations: &[Planned<'_>],
) -> BTreeSet<(usize, usize)> {
    let mut of_app: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, planned) in migrations.iter().enumerate() {
        of_app.entry(planned.app).or_default().push(index);
    }
    let mut pairs = BTreeSet::new();
    for (renaming, planned) in migrations.iter().enumerate() {
        if !planned.django.contains(&Django::ContentTypes) {
            continue;
        }
        for app in work
            .get(planned.app)
            .into_iter()
            .flat_map(|it| it.apps_that_refer(spec))
        {
            let referring = of_app.get(app).into_iter().flatten();
            pairs.extend(referring.map(|referring| (*referring, renaming)));
        }
    }
    pairs
}

/// For each migration, those of this build that it comes after.
fn needs(migrations: &[Planned<'_>]) -> Vec<BTreeSet<usize>> {
    let ids = migrations.iter().map(Planned::id);
    let positions: BTreeMap<(String, String), usize> = ids.zip(0..).collect();
    let of_one = |planned: &Planned<'_>| {
        let after = planned.after().into_iter().map(|it| (it.app, it.name));
        after
            .filter_map(|id| positions.get(&id).copied())
            .collect::<BTreeSet<usize>>()
    };
    migrations.iter().map(of_one).collect()
}

/// Where each migration comes in an order that keeps what is needed, and has renames before what refers to the
/// renamed as far as that goes: apps may refer to each other.
fn places(needs: &[BTreeSet<usize>], pairs: &BTreeSet<(usize, usize)>) -> BTreeMap<usize, usize> {
    let mut wished = needs.to_vec();
    for (referring, renaming) in pairs {
        if let Some(before) = wished.get_mut(*referring) {
            before.insert(*renaming);
        }
    }
    let order = Queue::new(&wished).order(|waiting| {
        let is_ready = |index: &usize| {
            needs
                .get(*index)
                .is_none_or(|before| before.is_disjoint(waiting))
        };
        waiting.iter().copied().find(is_ready)
    });
    order.into_iter().zip(0..).collect()
}

/// Whether a migration comes after another one already, through others or not.
fn reaches(needs: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(index) = open.pop() {
        for before in needs.get(index).into_iter().flatten() {
            if *before == to {
                return true;
            }
            if seen.insert(*before) {
                open.push(*before);
            }
        }
    }
    false
}
