use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes::evolve};

use crate::{
    Delta, DeriveFact, EntityFact, EntityFacts, EnumFact, FieldFact, History, IndexFact,
    InvariantFact, Migration, MigrationName, Schema, UniqueFact,
};

/// The schema as last built.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    pub(crate) schema: Schema,
    /// What two merged branches set differently: whoever came last won, so it has to be set once more.
    pub(crate) contested: BTreeSet<Key>,
}

/// The name of one fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Entity(String),
    Enum(String),
    Field(String, String),
    /// Anything else of an entity: what it is, the entity, its name.
    Member(&'static str, String, String),
}

/// Replays all deltas, each after those that it comes after.
///
/// Deltas that are not ordered (two branches, two apps) have to concern different facts; then the result does
/// not depend on the order that is chosen here.
pub(crate) fn replay(history: &History, out: &mut Diagnostics) -> Option<Replayed> {
    let order = sorted(history, out)?;
    let mut schema = Schema::default();
    for index in &order {
        if let Some(migration) = history.migrations.get(*index) {
            schema.apply(&migration.delta);
        }
    }
    let contested = contested(history, &order, out)?;
    Some(Replayed { schema, contested })
}

impl History {
    /// The migrations of other apps that one of `app` with this delta has to come after, because they were
    /// the last to speak of the same things: a rename comes after everything that refers to the old name, and
    /// what refers to the new one comes after the rename.
    pub fn needed_by(&self, app: &str, delta: &Delta) -> BTreeSet<MigrationName> {
        let written: BTreeSet<Key> = writes(delta).into_iter().map(|(key, _)| key).collect();
        let concerns = |key: &Key| {
            let owner = match key {
                Key::Field(owner, _) | Key::Member(_, owner, _) => Some(owner),
                Key::Entity(_) | Key::Enum(_) => None,
            };
            written.contains(key) || owner.is_some_and(|owner| delta.gone.entities.contains(owner))
        };
        let found: BTreeSet<usize> = self
            .migrations
            .iter()
            .enumerate()
            .filter(|(_, migration)| migration.app != app)
            .filter(|(_, migration)| {
                writes(&migration.delta)
                    .iter()
                    .any(|(key, _)| concerns(key))
            })
            .map(|(index, _)| index)
            .collect();
        let Some(order) = sorted(self, &mut Diagnostics::new()).filter(|_| !found.is_empty())
        else {
            return BTreeSet::new();
        };
        let ancestors = ancestors(self, &order);
        let leaves = self.leaves(app);
        let own = self
            .migrations
            .iter()
            .enumerate()
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
            .filter_map(|index| self.migrations.get(*index))
            .map(Migration::id)
            .collect()
    }
}

/// Positions in an order in which every migration comes after its predecessors; of several that could come
/// next, the one that sorts first does.
fn sorted(history: &History, out: &mut Diagnostics) -> Option<Vec<usize>> {
    let positions: BTreeMap<MigrationName, usize> = history
        .migrations
        .iter()
        .enumerate()
        .map(|(index, migration)| (migration.id(), index))
        .collect();
    let mut waiting: Vec<usize> = Vec::new();
    let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, migration) in history.migrations.iter().enumerate() {
        for name in &migration.after {
            let Some(before) = positions.get(name) else {
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
    let stuck = (0..waiting.len())
        .filter(|index| !order.contains(index))
        .filter_map(|index| history.migrations.get(index))
        .map(|migration| format!("`{}`", String::from(migration.id())))
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

/// Facts that unordered migrations set differently and that no later one settled.
fn contested(history: &History, order: &[usize], out: &mut Diagnostics) -> Option<BTreeSet<Key>> {
    let ancestors = ancestors(history, order);
    let is_before = |a: usize, b: usize| ancestors.get(b).is_some_and(|all| all.contains(a));
    let mut writers: BTreeMap<Key, Vec<(usize, Option<Fact<'_>>)>> = BTreeMap::new();
    for (index, migration) in history.migrations.iter().enumerate() {
        for (key, value) in writes(&migration.delta) {
            writers.entry(key).or_default().push((index, value));
        }
    }
    // Whoever renames an entity concerns everything in it, also what the other branch added.
    let renamed: Vec<(String, usize)> = writers
        .iter()
        .filter_map(|(key, writes)| match key {
            Key::Entity(name) => Some((name, writes)),
            _ => None,
        })
        .flat_map(|(name, writes)| {
            writes
                .iter()
                .filter(|(_, value)| value.is_none())
                .map(|(index, _)| (name.clone(), *index))
        })
        .collect();
    for (entity, index) in renamed {
        for (key, writes) in &mut writers {
            if let Key::Field(owner, _) | Key::Member(_, owner, _) = key
                && *owner == entity
            {
                writes.push((index, None));
            }
        }
    }
    let mut found = BTreeSet::new();
    let mut fine = true;
    for (key, writes) in &writers {
        let quarrel = writes.iter().enumerate().find_map(|(at, (a, left))| {
            writes
                .iter()
                .skip(at + 1)
                .find(|(b, right)| {
                    a != b
                        && left != right
                        && !is_before(*a, *b)
                        && !is_before(*b, *a)
                        && !writes
                            .iter()
                            .any(|(c, _)| is_before(*a, *c) && is_before(*b, *c))
                })
                .map(|(b, right)| (*a, *b, left.is_some() && right.is_some()))
        });
        let Some((a, b, both_set)) = quarrel else {
            continue;
        };
        if both_set && can_be_set_again(key, history) {
            found.insert(key.clone());
            continue;
        }
        fine = false;
        let name = |index: usize| {
            history
                .migrations
                .get(index)
                .map(|migration| String::from(migration.id()))
                .unwrap_or_default()
        };
        out.push(
            Diagnostic::without_place(
                &evolve::BRANCHES_CONFLICT,
                format!(
                    "migrations `{}` and `{}` of two branches both change {}",
                    name(a),
                    name(b),
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

/// Whether stating the fact once more, after both branches, makes the database what the spec says.
fn can_be_set_again(key: &Key, history: &History) -> bool {
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

/// For each migration, all that it comes after.
fn ancestors(history: &History, order: &[usize]) -> Vec<Bits> {
    let positions: BTreeMap<MigrationName, usize> = history
        .migrations
        .iter()
        .enumerate()
        .map(|(index, migration)| (migration.id(), index))
        .collect();
    let mut all = vec![Bits::default(); history.migrations.len()];
    for index in order {
        let Some(migration) = history.migrations.get(*index) else {
            continue;
        };
        let mut own = Bits::default();
        for before in migration
            .after
            .iter()
            .filter_map(|name| positions.get(name))
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

/// A set of positions: histories of thousands of migrations stay small.
#[derive(Clone, Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn insert(&mut self, position: usize) {
        let word = position / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (position % 64);
        }
    }

    fn contains(&self, position: usize) -> bool {
        self.0
            .get(position / 64)
            .is_some_and(|bits| bits & (1 << (position % 64)) != 0)
    }

    fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }
}

/// Every fact that a delta touches: with its value, or without one when the name is left behind.
fn writes(delta: &Delta) -> Vec<(Key, Option<Fact<'_>>)> {
    let mut list = Vec::new();
    for name in &delta.gone.entities {
        list.push((Key::Entity(name.clone()), None));
    }
    for name in &delta.gone.enums {
        list.push((Key::Enum(name.clone()), None));
    }
    for (entity, names) in &delta.gone.fields {
        for name in names {
            list.push((Key::Field(entity.clone(), name.clone()), None));
        }
    }
    for (kind, by_entity) in [
        ("unique", &delta.gone.uniques),
        ("index", &delta.gone.indexes),
    ] {
        for (entity, names) in by_entity {
            for name in names {
                list.push((Key::Member(kind, entity.clone(), name.clone()), None));
            }
        }
    }
    for (name, facts) in &delta.now.entities {
        entity_writes(name, facts, &mut list);
    }
    for (name, fact) in &delta.now.enums {
        list.push((Key::Enum(name.clone()), Some(Fact::Enum(fact))));
    }
    // A name that is left behind and taken again by the same migration is only taken.
    let taken: BTreeSet<Key> = list
        .iter()
        .filter(|(_, value)| value.is_some())
        .map(|(key, _)| key.clone())
        .collect();
    list.retain(|(key, value)| value.is_some() || !taken.contains(key));
    list
}

fn entity_writes<'d>(name: &str, facts: &'d EntityFacts, list: &mut Vec<(Key, Option<Fact<'d>>)>) {
    if let Some(fact) = &facts.entity {
        list.push((Key::Entity(name.to_owned()), Some(Fact::Entity(fact))));
    }
    for (field, fact) in &facts.fields {
        let key = Key::Field(name.to_owned(), field.clone());
        list.push((key, Some(Fact::Field(fact))));
    }
    let mut members = |kind, member: &String, value| {
        list.push((
            Key::Member(kind, name.to_owned(), member.clone()),
            Some(value),
        ));
    };
    for (member, fact) in &facts.derives {
        members("derive", member, Fact::Derive(fact));
    }
    for (member, fact) in &facts.uniques {
        members("unique", member, Fact::Unique(fact));
    }
    for (member, fact) in &facts.indexes {
        members("index", member, Fact::Index(fact));
    }
    for (member, fact) in &facts.invariants {
        members("invariant", member, Fact::Invariant(fact));
    }
}

/// Any fact, to be compared with another one of the same name.
#[derive(Clone, Copy, PartialEq)]
enum Fact<'d> {
    Entity(&'d EntityFact),
    Enum(&'d EnumFact),
    Field(&'d FieldFact),
    Derive(&'d DeriveFact),
    Unique(&'d UniqueFact),
    Index(&'d IndexFact),
    Invariant(&'d InvariantFact),
}

impl Key {
    fn describe(&self) -> String {
        match self {
            Self::Entity(name) => format!("entity `{name}`"),
            Self::Enum(name) => format!("enum `{name}`"),
            Self::Field(entity, name) => format!("field `{entity}.{name}`"),
            Self::Member(kind, entity, name) => format!("{kind} `{name}` of `{entity}`"),
        }
    }
}
