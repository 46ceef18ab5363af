//! Rules that span rows, asked of all example rows together: what breaks one is changed, or left out.

use std::collections::BTreeSet;

use appspec_ir::{
    Across, Entity, Field, FieldType, Id, Row, Rows, Scalar, Spec, Start, Type, Value, Walk,
    collisions,
};

use super::candidate::{Candidate, SITUATIONS, anchored};
use super::judge::{self, Values};
use super::patterns::Patterns;
use super::world::{Tables, World};
use crate::fields::is_mark;
use crate::kept::is_row_kept;

/// So many changes are made before rows are left out.
const MOST_CHANGES: usize = 200;

/// Which of the rows that a rule reads.
#[derive(Clone, Copy)]
pub(super) enum From {
    Own,
    Pointing,
    Behind,
}

/// One value of one row.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) entity: Id<Entity>,
    pub(super) place: usize,
    pub(super) field: Id<Field>,
    pub(super) candidate: Candidate,
}

/// What a row holds in one of its `many`.
#[derive(Clone)]
pub(super) struct Pairing {
    pub(super) entity: Id<Entity>,
    pub(super) place: usize,
    pub(super) many: Id<Field>,
    /// The places of the rows that it holds.
    pub(super) held: Vec<usize>,
}

/// Rows that can be changed and left out.
pub(super) struct Settled<'s> {
    pub(super) spec: &'s Spec,
    pub(super) tables: Tables,
    /// Those of which every installation has the rows.
    pub(super) fixed: BTreeSet<Id<Entity>>,
    /// The order in which rows are made: what a row points to comes first.
    order: &'s [Id<Entity>],
    patterns: Patterns,
}

impl<'s> Settled<'s> {
    pub(super) fn of(
        spec: &'s Spec,
        order: &'s [Id<Entity>],
        tables: Tables,
        fixed: BTreeSet<Id<Entity>>,
    ) -> Self {
        let mut settled = Self {
            spec,
            tables,
            fixed,
            order,
            patterns: Patterns::default(),
        };
        settled.settle();
        settled
    }

    pub(super) fn world(&self) -> World<'_> {
        World {
            spec: self.spec,
            tables: &self.tables,
        }
    }

    /// Changes rows until no rule is broken; rows that go on breaking one are left out.
    fn settle(&mut self) {
        let mut broken = self.world().broken();
        for _ in 0..MOST_CHANGES {
            if broken.is_empty() {
                return;
            }
            let first = broken.iter().find_map(|(entity, rule, place)| {
                let rule = self.rule(*entity, rule)?;
                Some((*entity, rule, *place))
            });
            let Some((entity, rule, place)) = first else {
                return;
            };
            let before = broken.len();
            let own = self.changes(entity, rule, place, From::Own);
            let pointing = self.changes(entity, rule, place, From::Pointing);
            // No example is made right by deleting it.
            let changes = own.into_iter().chain(pointing);
            let changes = changes.filter(|change| !is_mark(self.spec.walk(change.field)));
            let found = changes.into_iter().find_map(|change| {
                self.tried(&change, |settled| {
                    let now = settled.world().broken();
                    (now.len() < before).then_some(now)
                })
            });
            if let Some(now) = found {
                broken = now;
                continue;
            }
            let paired = self.pairings(entity, rule, place).into_iter();
            let fewer = paired.into_iter().find_map(|pairing| {
                let held = self.hold(&pairing)?;
                let now = self.world().broken();
                if now.len() < before {
                    return Some(now);
                }
                self.hold(&Pairing { held, ..pairing });
                None
            });
            if let Some(now) = fewer {
                broken = now;
                continue;
            }
            if !self.leave_out(entity, rule, place) {
                return;
            }
            broken = self.world().broken();
        }
    }

    fn rule(&self, entity: Id<Entity>, name: &str) -> Option<&'s Across> {
        let mut rules = self.spec.walk(entity).get().across.iter();
        rules.find(|rule| rule.name == name)
    }

    /// What rows could hold instead in the `many` that a rule reads for one row: one less, one more, or none.
    pub(super) fn pairings(&self, entity: Id<Entity>, rule: &Across, place: usize) -> Vec<Pairing> {
        let mut found = Vec::new();
        for (side, _) in rule.reads(self.spec) {
            let Start::Pairs(rows @ (Rows::Held(many) | Rows::Holding(many))) = side.start else {
                continue;
            };
            let source = self.spec.fields[many].entity;
            let Some(target) = self.spec.fields[many].many().map(|many| many.target) else {
                continue;
            };
            if self.fixed.contains(&source) {
                continue;
            }
            let count = |id| self.tables.get(&id).map_or(0, Vec::len);
            let holders: Vec<usize> = match rows {
                Rows::Held(_) if source == entity => vec![place],
                _ => (0..count(source)).collect(),
            };
            for holder in holders {
                let held = self.world().pairs(Rows::Held(many), holder);
                let held: Vec<usize> = held.into_iter().map(|(_, held)| held).collect();
                let pairing = |held| Pairing {
                    entity: source,
                    place: holder,
                    many,
                    held,
                };
                let concerned: Vec<usize> = match rows {
                    Rows::Held(_) => (0..count(target)).collect(),
                    _ => vec![place],
                };
                for one in concerned {
                    let mut other = held.clone();
                    match held.iter().position(|place| *place == one) {
                        Some(at) => drop(other.remove(at)),
                        None => other.push(one),
                    }
                    found.push(pairing(other));
                }
                if held.len() > 1 && matches!(rows, Rows::Held(_)) {
                    found.push(pairing(Vec::new()));
                }
            }
        }
        found
    }

    /// Lets a row hold other rows; those that it held before.
    pub(super) fn hold(&mut self, pairing: &Pairing) -> Option<Vec<usize>> {
        let own = self
            .tables
            .get_mut(&pairing.entity)?
            .get_mut(pairing.place)?;
        let links = own.links.iter_mut().find(|(id, _)| *id == pairing.many);
        let Some((_, held)) = links else {
            own.links.push((pairing.many, pairing.held.clone()));
            return Some(Vec::new());
        };
        Some(std::mem::replace(held, pairing.held.clone()))
    }

    /// What could be changed in the rows that a rule reads for one row.
    pub(super) fn changes(
        &self,
        entity: Id<Entity>,
        rule: &Across,
        place: usize,
        from: From,
    ) -> Vec<Change> {
        let world = self.world();
        let computed = world.computed(entity, rule, place);
        let read = world.read(entity, rule, place);
        let written: Vec<_> = match from {
            From::Own => read.iter().take(1).cloned().collect(),
            From::Pointing => read.iter().skip(1).cloned().collect(),
            From::Behind => world.behind(entity, rule, place),
        };
        let held: Vec<(Type, Value)> = read
            .iter()
            .flat_map(|(owner, place, fields)| {
                let own = self.tables.get(owner).and_then(|rows| rows.get(*place));
                let values = fields
                    .iter()
                    .filter_map(move |id| Some((*id, own?.row.get(*id)?)));
                values.map(|(id, value)| (self.spec.walk(id).get().ty.seen(), value.clone()))
            })
            .collect();
        let mut held = held;
        held.extend(self.shared(rule));
        let mut found = Vec::new();
        for (owner, place, fields) in written {
            if self.fixed.contains(&owner) {
                continue;
            }
            for id in fields {
                let field = self.spec.walk(id);
                let candidates = self.candidates(field, place, &held, &computed);
                found.extend(candidates.into_iter().map(|candidate| Change {
                    entity: owner,
                    place,
                    field: id,
                    candidate,
                }));
            }
        }
        found
    }

    /// What rows could have in common with those that a rule is about.
    fn shared(&self, rule: &Across) -> Vec<(Type, Value)> {
        let mut found = Vec::new();
        for (side, _) in rule.reads(self.spec) {
            if let Start::Of(Rows::Matching { theirs, .. }) = side.start {
                let field = &self.spec.fields[theirs];
                let rows = self.tables.get(&field.entity).into_iter().flatten();
                let values = rows.filter_map(|own| own.row.get(theirs).cloned());
                found.extend(values.map(|value| (field.ty.seen(), value)));
            }
        }
        found
    }

    fn candidates(
        &self,
        field: Walk<'_, Field>,
        place: usize,
        held: &[(Type, Value)],
        computed: &[Value],
    ) -> Vec<Candidate> {
        let constant = |value: Value| Candidate::Constant(value);
        if is_mark(field) {
            // At some moment, whichever.
            return vec![constant(Value::DateTime(0))];
        }
        let mut found: Vec<Candidate> = match &field.get().ty {
            FieldType::Enum(id) => {
                let choices = self.spec.walk(*id).get().choices.iter();
                choices
                    .map(|one| constant(Value::Enum(one.name.clone())))
                    .collect()
            }
            FieldType::Relation(relation) => {
                let there = self.tables.get(&relation.target).map_or(0, Vec::len);
                let position = |id| self.order.iter().position(|other| *other == id);
                let first = match relation.target {
                    target if target == field.entity => place.min(there),
                    target if position(target) < position(field.entity) => there,
                    _ => 0,
                };
                (0..first).map(Candidate::Row).collect()
            }
            FieldType::Scalar(Scalar::Bool) => [true, false]
                .map(|truth| constant(Value::Bool(truth)))
                .into(),
            FieldType::Scalar(scalar) => {
                let own = self.spec.walk(field.id).get().ty.seen();
                let same = held.iter().filter(|(other, _)| *other == own);
                let same = same.map(|(_, value)| value.clone());
                let mut numbers: Vec<Value> = Vec::new();
                let is_decimal = matches!(scalar, Scalar::Decimal { .. });
                if is_decimal || matches!(scalar, Scalar::Int | Scalar::BigInt) {
                    let near = computed.iter().flat_map(|value| {
                        let more = |by| crate::rule_tests::moved(value, by);
                        [Some(value.clone()), more(1), more(-1)]
                    });
                    let few = [0, 1, 1_000, 100_000].map(|few| Some(Value::Int(few)));
                    numbers.extend(
                        near.chain(few)
                            .flatten()
                            .filter_map(|it| as_number(it, *scalar)),
                    );
                }
                numbers.into_iter().chain(same).map(anchored).collect()
            }
            FieldType::List(_) | FieldType::Many(_) => Vec::new(),
        };
        if field.optional {
            found.push(Candidate::Empty);
        }
        found
    }

    /// Makes a change, and takes it back unless the row is one that may stand beside the others and something is found.
    pub(super) fn tried<T>(
        &mut self,
        change: &Change,
        find: impl FnOnce(&Self) -> Option<T>,
    ) -> Option<T> {
        let entity = self.spec.walk(change.entity);
        let field = self.spec.walk(change.field);
        if !judge::fits(field, &change.candidate, &mut self.patterns) {
            return None;
        }
        let rows = self.tables.get(&change.entity)?;
        let mut values = rows.get(change.place)?.values.clone();
        if values.get(&change.field) == Some(&change.candidate) {
            return None;
        }
        values.insert(change.field, change.candidate.clone());
        let row = judge::row(entity, &values, SITUATIONS[0]);
        let others = || {
            let all = rows.iter().enumerate();
            all.filter(|(place, _)| *place != change.place)
                .map(|(_, own)| own)
        };
        let stands = judge::rules(entity)
            .iter()
            .all(|rule| rule.holds(entity, &values))
            && others().all(|other| collisions(entity, &other.row, &row).is_empty())
            && !judge::in_the_way(entity, &values, others().map(|own| &own.values))
            && is_row_kept(entity, &row);
        if !stands {
            return None;
        }
        let before = self.put(change, values, row)?;
        let found = find(self);
        if found.is_none() {
            self.put(change, before.0, before.1);
        }
        found
    }

    pub(super) fn put(
        &mut self,
        change: &Change,
        values: Values,
        row: Row,
    ) -> Option<(Values, Row)> {
        let own = self.tables.get_mut(&change.entity)?.get_mut(change.place)?;
        let values = std::mem::replace(&mut own.values, values);
        Some((values, std::mem::replace(&mut own.row, row)))
    }

    /// Leaves out a row that points to one which breaks a rule, or that one with all that needs it.
    fn leave_out(&mut self, entity: Id<Entity>, rule: &Across, place: usize) -> bool {
        let points: BTreeSet<Id<Entity>> = rule
            .reads(self.spec)
            .iter()
            .filter_map(|(side, _)| Some(self.spec.fields[side.pointing()?].entity))
            .collect();
        let read = self.world().read(entity, rule, place);
        let pointing = read
            .into_iter()
            .skip(1)
            .map(|(owner, place, _)| (owner, place))
            .filter(|(owner, _)| points.contains(owner))
            .collect::<Vec<_>>()
            .into_iter();
        let last = pointing
            .rev()
            .find(|(owner, _)| !self.fixed.contains(owner));
        let gone = last.unwrap_or((entity, place));
        !self.fixed.contains(&gone.0) && {
            self.remove(gone);
            true
        }
    }

    /// Removes a row and those that need it, and gives the others their places.
    fn remove(&mut self, first: (Id<Entity>, usize)) {
        let mut gone = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(removed) = open.pop() {
            for (owner, rows) in &self.tables {
                for (place, own) in rows.iter().enumerate() {
                    let points = own.values.iter().any(|(id, candidate)| {
                        let target = self.spec.walk(*id).target();
                        *candidate == Candidate::Row(removed.1)
                            && target.is_some_and(|target| target.id == removed.0)
                    });
                    if points && gone.insert((*owner, place)) {
                        open.push((*owner, place));
                    }
                }
            }
        }
        let spec = self.spec;
        let place_of = |target: Id<Entity>, place: usize| {
            let before = gone.range((target, 0)..(target, place)).count();
            (!gone.contains(&(target, place))).then(|| place - before)
        };
        for (owner, rows) in &mut self.tables {
            let mut place = 0;
            rows.retain(|_| {
                place += 1;
                !gone.contains(&(*owner, place - 1))
            });
            let entity = spec.walk(*owner);
            for own in rows {
                for (id, candidate) in &mut own.values {
                    if let (Candidate::Row(place), Some(target)) =
                        (&*candidate, spec.walk(*id).target())
                        && let Some(place) = place_of(target.id, *place)
                    {
                        *candidate = Candidate::Row(place);
                    }
                }
                for (id, places) in &mut own.links {
                    if let FieldType::Many(many) = &spec.walk(*id).get().ty {
                        *places = places
                            .iter()
                            .filter_map(|place| place_of(many.target, *place))
                            .collect();
                    }
                }
                own.row = judge::row(entity, &own.values, SITUATIONS[0]);
            }
        }
    }
}

/// A number as a field holds it.
fn as_number(value: Value, scalar: Scalar) -> Option<Value> {
    match (value, scalar) {
        (Value::Int(number), Scalar::Decimal { places, .. }) => {
            let mut decimal = rust_decimal::Decimal::try_from_i128_with_scale(number, 0).ok()?;
            decimal.rescale(places);
            Some(Value::Decimal(decimal))
        }
        (Value::Decimal(mut number), Scalar::Decimal { places, .. }) => {
            number.rescale(places);
            Some(Value::Decimal(number))
        }
        (Value::Int(number), _) => Some(Value::Int(number)),
        _ => None,
    }
}
