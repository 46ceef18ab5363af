//! All example rows together, as rules that span rows see them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{
    Across, Entity, ExprKind, Field, Id, OtherRows, Row, Rows, Spec, Start, Summary, Value,
    evaluate_across, holds_across, made_up_key, made_up_number,
};

use super::rows::Example;

/// The rows of all entities.
pub(super) type Tables = BTreeMap<Id<Entity>, Vec<Example>>;

/// A rule that some rows break, and the place of one of these.
pub(super) type Broken = BTreeSet<(Id<Entity>, String, usize)>;

/// The rows as a rule sees them.
pub(super) struct World<'w> {
    pub(super) spec: &'w Spec,
    pub(super) tables: &'w Tables,
}

impl OtherRows for World<'_> {
    fn behind(&self, reference: Id<Field>, key: &Value) -> Option<&Row> {
        let target = self.spec.walk(reference).target()?;
        let place = made_up_number(key)?.checked_sub(1)?;
        Some(&self.tables.get(&target.id)?.get(place)?.row)
    }

    fn several(&self, rows: Rows, row: &Row, key: &Value) -> Vec<&Row> {
        let places = self.places(rows, row, key).into_iter();
        places
            .filter_map(|(entity, place)| Some(&self.tables.get(&entity)?.get(place)?.row))
            .collect()
    }
}

impl World<'_> {
    fn key(&self, entity: Id<Entity>, place: usize) -> Value {
        made_up_key(self.spec.walk(entity).identity, place + 1)
    }

    /// The places of the rows that are related so to a row with this key.
    fn places(&self, rows: Rows, row: &Row, key: &Value) -> Vec<(Id<Entity>, usize)> {
        if let Some((here, there)) = rows.through(self.spec) {
            let target = self.spec.walk(there).target();
            let pairs = self.holding(here, Some(key));
            let ends = pairs.into_iter().filter_map(|(entity, place)| {
                let pair = self.tables.get(&entity)?.get(place)?;
                let place = made_up_number(pair.row.get(there)?)?.checked_sub(1)?;
                Some((target.as_ref()?.id, place))
            });
            return ends.collect();
        }
        match rows {
            Rows::Pointing(reference) => self.holding(reference, Some(key)),
            Rows::Matching { theirs, own } => self.holding(theirs, row.get(own)),
            Rows::Held(_) | Rows::Holding(_) => {
                let place = made_up_number(key).and_then(|number| number.checked_sub(1));
                let pairs = place.map_or_else(Vec::new, |place| self.pairs(rows, place));
                let there = rows.entity(self.spec);
                let ends = pairs.into_iter().filter_map(|(source, target)| {
                    let end = match rows {
                        Rows::Held(_) => target,
                        _ => source,
                    };
                    Some((there?, end))
                });
                ends.collect()
            }
        }
    }

    /// The places of the rows in which a field has a value.
    fn holding(&self, field: Id<Field>, value: Option<&Value>) -> Vec<(Id<Entity>, usize)> {
        let owner = self.spec.fields[field].entity;
        let rows = self.tables.get(&owner).into_iter().flatten().enumerate();
        let rows = rows.filter(|(_, own)| value.is_some() && own.row.get(field) == value);
        rows.map(|(place, _)| (owner, place)).collect()
    }

    /// The pairs of a `many` with the row at a place at one end: the places of the row that holds and of the one that is held.
    pub(super) fn pairs(&self, rows: Rows, place: usize) -> Vec<(usize, usize)> {
        let (Rows::Held(many) | Rows::Holding(many)) = rows else {
            return Vec::new();
        };
        let source = self.spec.fields[many].entity;
        let mut found = Vec::new();
        for (holds, own) in self.tables.get(&source).into_iter().flatten().enumerate() {
            let links = own.links.iter().filter(|(id, _)| *id == many);
            let held = links.flat_map(|(_, places)| places.iter().copied());
            found.extend(held.map(|held| (holds, held)));
        }
        found.retain(|(holds, held)| match rows {
            Rows::Held(_) => *holds == place,
            _ => *held == place,
        });
        found
    }

    /// What is broken by which rows.
    pub(super) fn broken(&self) -> Broken {
        let mut found = Broken::new();
        for entity in self.spec.walk_entities() {
            for rule in &entity.get().across {
                let rows = self.tables.get(&entity.id).into_iter().flatten();
                for (place, own) in rows.enumerate() {
                    let key = self.key(entity.id, place);
                    if holds_across(&rule.condition, &own.row, &key, self) != Ok(true) {
                        found.insert((entity.id, rule.name.clone(), place));
                    }
                }
            }
        }
        found
    }

    /// The places of the rows that a rule reads for one row, by entity.
    pub(super) fn read(
        &self,
        entity: Id<Entity>,
        rule: &Across,
        place: usize,
    ) -> Vec<(Id<Entity>, usize, Vec<Id<Field>>)> {
        let key = self.key(entity, place);
        let own = self.tables.get(&entity).and_then(|rows| rows.get(place));
        let mut found = Vec::new();
        for (side, fields) in rule.reads(self.spec) {
            // What many rows point to stays as it is.
            if !side.steps.is_empty() {
                continue;
            }
            match side.start {
                Start::Own => found.push((entity, place, fields)),
                Start::Of(rows @ (Rows::Pointing(by) | Rows::Matching { theirs: by, .. })) => {
                    let rows = own.map_or_else(Vec::new, |own| self.places(rows, &own.row, &key));
                    let fields: Vec<Id<Field>> =
                        fields.into_iter().filter(|id| *id != by).collect();
                    let rows = rows.into_iter();
                    found.extend(rows.map(|(owner, place)| (owner, place, fields.clone())));
                }
                Start::Of(Rows::Held(_) | Rows::Holding(_)) | Start::Pairs(_) => {}
            }
        }
        found
    }

    /// The places of the rows to which references of these lead.
    pub(super) fn behind(
        &self,
        entity: Id<Entity>,
        rule: &Across,
        place: usize,
    ) -> Vec<(Id<Entity>, usize, Vec<Id<Field>>)> {
        let key = self.key(entity, place);
        let own = self.tables.get(&entity).and_then(|rows| rows.get(place));
        let mut found = Vec::new();
        for (side, fields) in rule.reads(self.spec) {
            let Some(own) = own else { break };
            let mut places = match side.start {
                Start::Own => vec![(entity, place)],
                Start::Of(rows) => self.places(rows, &own.row, &key),
                Start::Pairs(_) => Vec::new(),
            };
            for reference in &side.steps {
                let target = self.spec.walk(*reference).target();
                let steps = places.into_iter().filter_map(|(entity, place)| {
                    let own = self.tables.get(&entity)?.get(place)?;
                    let number = made_up_number(own.row.get(*reference)?)?;
                    Some((target.as_ref()?.id, number.checked_sub(1)?))
                });
                places = steps.collect();
            }
            let is_held = matches!(side.start, Start::Of(Rows::Held(_) | Rows::Holding(_)));
            if is_held || !side.steps.is_empty() {
                let places = places.into_iter();
                found.extend(places.map(|(entity, place)| (entity, place, fields.clone())));
            }
        }
        found
    }

    /// The numbers that a rule computes for a row.
    pub(super) fn computed(&self, entity: Id<Entity>, rule: &Across, place: usize) -> Vec<Value> {
        let Some(own) = self.tables.get(&entity).and_then(|rows| rows.get(place)) else {
            return Vec::new();
        };
        let key = self.key(entity, place);
        let mut found = Vec::new();
        rule.condition.visit(&mut |part| {
            let is_number = matches!(&part.kind, ExprKind::Each(each)
                if !matches!(each.summary, Summary::All(_) | Summary::Some(_)));
            if is_number && let Ok(value) = evaluate_across(part, &own.row, &key, self) {
                found.push(value);
            }
        });
        found
    }
}
