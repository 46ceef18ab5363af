//! The example rows of a spec: made entity by entity, each row judged by the evaluator and beside the rows before it.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{
    Compiled, Entity, Field, FieldType, Id, Row, Seed, SeedValue, Spec, Walk, in_shares,
};

use super::breaking::Breaking;
use super::candidate::{Candidate, SITUATIONS, has_default};
use super::judge::{self, Values};
use super::made::{Maker, reads_others};
use super::order::in_order;
use super::patterns::Patterns;
use super::settled::Settled;

/// Below this many entities, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 8;

/// One example row.
pub(super) struct Example {
    /// By which others refer to it.
    pub(super) handle: String,
    pub(super) values: Values,
    /// Rows that it is linked to, by the relation to many.
    pub(super) links: Vec<(Id<Field>, Vec<usize>)>,
    /// As the evaluator sees it in the first situation.
    pub(super) row: Row,
}

/// All rows, by entity.
pub(super) struct Examples {
    pub(super) rows: BTreeMap<Id<Entity>, Vec<Example>>,
    /// Those whose rows every installation has.
    pub(super) seeded: BTreeSet<Id<Entity>>,
    /// What breaks the rules that span rows.
    pub(super) breaking: Vec<Breaking>,
}

impl Examples {
    pub(super) fn of(compiled: &Compiled) -> Self {
        // Enough to see lists, and few enough to be stored in a moment.
        let wanted = match compiled.spec.entities.len() {
            0..=40 => 6,
            41..=200 => 4,
            _ => 3,
        };
        let order = in_order(&compiled.spec);
        let mut settled = settled(compiled, &order, wanted);
        let breaking = settled.breaking();
        Self {
            rows: settled.tables,
            seeded: settled.fixed,
            breaking,
        }
    }
}

/// So many rows of each entity that keep the rules that span rows, or fewer.
pub(super) fn settled<'c>(
    compiled: &'c Compiled,
    order: &'c [Id<Entity>],
    wanted: usize,
) -> Settled<'c> {
    let spec = &compiled.spec;
    let mut seeds: BTreeMap<Id<Entity>, Vec<&Seed>> = BTreeMap::new();
    for id in spec.seeds.ids() {
        let seed = spec.walk(id).get();
        if !seed.rows.is_empty() {
            seeds.entry(seed.entity).or_default().push(seed);
        }
    }
    let expected = Expected::of(spec, order, &seeds, wanted);
    let guesses = guesses(compiled, order, &seeds, &expected);
    let mut patterns = Patterns::default();
    let mut rows: BTreeMap<Id<Entity>, Vec<Example>> = BTreeMap::new();
    for (id, guess) in order.iter().copied().zip(guesses) {
        let entity = spec.walk(id);
        let there = |target: Id<Entity>| rows.get(&target).map_or(0, Vec::len);
        let is_as_expected = |target: &Id<Entity>| there(*target) == expected.count(id, *target);
        let mut maker = Maker {
            compiled,
            rows: &rows,
            there: &there,
            patterns: &mut patterns,
            wanted,
        };
        let own = match (seeds.get(&id), guess) {
            (Some(seeds), _) => {
                let mut rows = seeded(entity, seeds);
                for row in &mut rows {
                    maker.fill_gaps(entity, &mut row.values);
                    row.row = judge::row(entity, &row.values, SITUATIONS[0]);
                }
                rows
            }
            (None, Some(guess)) if targets(entity).iter().all(is_as_expected) => guess,
            (None, _) => maker.made(entity),
        };
        rows.insert(id, own);
    }
    Settled::of(spec, order, rows, seeds.into_keys().collect())
}

/// How many rows entities have when those of another one are made, if all of them get as many as are wanted.
struct Expected {
    /// The place in the order, and the number of rows, by entity.
    entities: Vec<(usize, usize)>,
    wanted: usize,
}

impl Expected {
    fn of(
        spec: &Spec,
        order: &[Id<Entity>],
        seeds: &BTreeMap<Id<Entity>, Vec<&Seed>>,
        wanted: usize,
    ) -> Self {
        let mut entities = vec![(usize::MAX, 0); spec.entities.len()];
        for (place, id) in order.iter().enumerate() {
            let own = seeds.get(id).map_or(wanted, |seeds| {
                seeds.iter().map(|seed| seed.rows.len()).sum()
            });
            if let Some(entity) = entities.get_mut(id.index()) {
                *entity = (place, own);
            }
        }
        Self { entities, wanted }
    }

    /// The rows of `target` when those of `entity` are made.
    fn count(&self, entity: Id<Entity>, target: Id<Entity>) -> usize {
        let of = |id: Id<Entity>| self.entities.get(id.index()).copied();
        match (of(entity), of(target)) {
            (Some((own, _)), Some((place, count))) if place < own => count,
            _ => 0,
        }
    }
}

/// The rows of each entity as they are if all those before it have as many as expected: which is nearly always so, and
/// then no entity has to wait for another one. None where more than that number matters.
fn guesses(
    compiled: &Compiled,
    order: &[Id<Entity>],
    seeds: &BTreeMap<Id<Entity>, Vec<&Seed>>,
    expected: &Expected,
) -> Vec<Option<Vec<Example>>> {
    // Before the threads, which would wait for each other.
    compiled.witnesses();
    let none = BTreeMap::new();
    in_shares(order, WORTH_A_THREAD, |ids| {
        let mut patterns = Patterns::default();
        ids.iter()
            .map(|id| {
                let entity = compiled.spec.walk(*id);
                let there = |target: Id<Entity>| expected.count(*id, target);
                let mut maker = Maker {
                    compiled,
                    rows: &none,
                    there: &there,
                    patterns: &mut patterns,
                    wanted: expected.wanted,
                };
                let is_free = !seeds.contains_key(id) && !reads_others(entity);
                is_free.then(|| maker.made(entity))
            })
            .collect()
    })
}

/// The entities whose rows the rows of an entity refer to.
fn targets(entity: Walk<'_, Entity>) -> Vec<Id<Entity>> {
    let ends = entity.fields().filter_map(|field| match &field.get().ty {
        FieldType::Relation(relation) => Some(relation.target),
        FieldType::Many(many) => Some(many.target),
        _ => None,
    });
    ends.filter(|target| *target != entity.id).collect()
}

/// The rows that every installation has, as examples.
fn seeded(entity: Walk<'_, Entity>, seeds: &[&Seed]) -> Vec<Example> {
    let spec = entity.spec;
    let rows = seeds.iter().flat_map(|seed| &seed.rows);
    rows.map(|seed| {
        let mut values = Values::new();
        for field in entity.fields().filter(|field| field.is_column()) {
            let given = seed.values.iter().find(|(id, _)| *id == field.id);
            let candidate = match given.map(|(_, value)| value) {
                Some(SeedValue::Value(value)) => Candidate::Constant(value.clone()),
                Some(SeedValue::List(_)) => Candidate::Unread,
                Some(SeedValue::Row(handle)) => {
                    seed_place(spec, field, handle).map_or(Candidate::Empty, Candidate::Row)
                }
                None if has_default(field) => Candidate::Default,
                None => Candidate::Empty,
            };
            values.insert(field.id, candidate);
        }
        Example {
            handle: seed.handle.clone(),
            row: Row::new(),
            values,
            links: Vec::new(),
        }
    })
    .collect()
}

/// The place of a seed row among those of its entity.
fn seed_place(spec: &Spec, field: Walk<'_, Field>, handle: &str) -> Option<usize> {
    let target = field.target()?.id;
    let seeds = spec.seeds.ids().map(|id| spec.walk(id).get());
    let mut rows = seeds
        .filter(|seed| seed.entity == target)
        .flat_map(|seed| &seed.rows);
    rows.position(|row| row.handle == handle)
}
