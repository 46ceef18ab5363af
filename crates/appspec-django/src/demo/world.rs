//! All example rows together, as rules that span rows see them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{
    Across, Entity, ExprKind, Field, Id, OtherRows, Row, Side, Spec, Summary, Value,
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

    fn pointing(&self, reference: Id<Field>, key: &Value) -> Vec<&Row> {
        let owner = self.spec.fields[reference].entity;
        let rows = self.tables.get(&owner).into_iter().flatten();
        let rows = rows.filter(|own| own.row.get(reference) == Some(key));
        rows.map(|own| &own.row).collect()
    }
}

impl World<'_> {
    fn key(&self, entity: Id<Entity>, place: usize) -> Value {
        made_up_key(self.spec.walk(entity).identity, place + 1)
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
        let mut found = Vec::new();
        for (side, fields) in rule.reads() {
            match side {
                Side::Own => found.push((entity, place, fields)),
                Side::Pointing(reference) => {
                    let owner = self.spec.fields[reference].entity;
                    let rows = self.tables.get(&owner).into_iter().flatten().enumerate();
                    let rows = rows.filter(|(_, own)| own.row.get(reference) == Some(&key));
                    let fields: Vec<Id<Field>> =
                        fields.into_iter().filter(|id| *id != reference).collect();
                    found.extend(rows.map(|(place, _)| (owner, place, fields.clone())));
                }
                // What many rows point to stays as it is.
                Side::Behind(_) | Side::BehindPointing(..) => {}
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
        let rows = self.read(entity, rule, place);
        let mut found = Vec::new();
        for (side, fields) in rule.reads() {
            let (owner, reference) = match side {
                Side::Behind(reference) => (entity, reference),
                Side::BehindPointing(by, reference) => (self.spec.fields[by].entity, reference),
                Side::Own | Side::Pointing(_) => continue,
            };
            for (_, place, _) in rows.iter().filter(|(of, ..)| *of == owner) {
                let own = self.tables.get(&owner).and_then(|rows| rows.get(*place));
                let key = own.and_then(|own| made_up_number(own.row.get(reference)?));
                if let (Some(number), Some(target)) = (key, self.spec.walk(reference).target()) {
                    found.push((target.id, number.saturating_sub(1), fields.clone()));
                }
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
                if matches!(each.summary, Summary::Count(_) | Summary::Sum(..)));
            if is_number && let Ok(value) = evaluate_across(part, &own.row, &key, self) {
                found.push(value);
            }
        });
        found
    }
}
