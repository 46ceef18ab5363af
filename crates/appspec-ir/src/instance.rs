//! Made-up rows that stand together: what a row points to, what that points to, and no unique rule in the way.

use std::collections::BTreeMap;

use crate::{
    Entity, Expr, Field, Id, Identity, Row, Spec, Surroundings, UniqueRule, Value, Walk, Witnesses,
    holds,
};

/// A row to which others point by its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its entity.
    pub entity: Id<Entity>,
    /// 1 for the entity's passing row, 2 and 3 for the others.
    pub number: usize,
    /// Its values.
    pub row: Row,
}

/// The key of a made-up row; they are numbered from 1.
pub fn made_up_key(identity: Identity, number: usize) -> Value {
    match identity {
        Identity::Uuid => Value::Uuid(format!("{MADE_UP}{number:012x}")),
        Identity::Int => Value::Int(i128::try_from(number).unwrap_or(0)),
    }
}

/// How the UUID of a made-up row begins.
const MADE_UP: &str = "00000000-0000-4000-8000-";

/// The number of the made-up row that a key names.
pub fn made_up_number(key: &Value) -> Option<usize> {
    match key {
        Value::Uuid(text) => usize::from_str_radix(text.strip_prefix(MADE_UP)?, 16).ok(),
        Value::Int(number) => usize::try_from(*number).ok(),
        _ => None,
    }
    .filter(|number| *number > 0)
}

/// The references of a row that have a value, and the numbers of the rows that they name.
pub fn references<'s>(
    entity: Walk<'s, Entity>,
    row: &Row,
) -> Vec<(Walk<'s, Field>, Option<usize>)> {
    entity
        .fields()
        .filter(|field| field.relation().is_some())
        .filter_map(|field| Some((field, made_up_number(row.get(field.id)?))))
        .collect()
}

/// The same row, pointing to other rows by number.
#[must_use]
pub fn renumbered(
    entity: Walk<'_, Entity>,
    row: &Row,
    number: impl Fn(Walk<'_, Field>, usize) -> usize,
) -> Row {
    let mut other = row.clone();
    for (field, named) in references(entity, row) {
        let identity = field
            .relation()
            .map(|relation| entity.spec.walk(relation.target).identity);
        if let (Some(identity), Some(named)) = (identity, named) {
            other.set(field.id, made_up_key(identity, number(field, named)));
        }
    }
    other
}

/// The unique rules that keep two rows of an entity apart.
pub fn collisions(entity: Walk<'_, Entity>, first: &Row, second: &Row) -> Vec<UniqueRule> {
    let same =
        |field: &Id<Field>, ignoring_case: bool| match (first.get(*field), second.get(*field)) {
            (Some(Value::Text(one)), Some(Value::Text(other))) if ignoring_case => {
                one.to_lowercase() == other.to_lowercase()
            }
            (Some(one), Some(other)) => one == other,
            _ => false,
        };
    let concerns_both = |condition: Option<&Expr>| {
        condition.is_none_or(|condition| {
            // Where nobody knows, it may.
            let concerns = |row| holds(condition, row, Surroundings::default()) != Ok(false);
            concerns(first) && concerns(second)
        })
    };
    let mut found = Vec::new();
    for (place, unique) in entity.get().uniques.iter().enumerate() {
        let agree = unique
            .fields
            .iter()
            .all(|field| same(field, unique.ignoring_case));
        if agree && concerns_both(unique.condition.as_ref()) {
            found.push(UniqueRule::Set(place));
        }
    }
    for (place, overlap) in entity.get().overlaps.iter().enumerate() {
        let agree = overlap.per.iter().all(|field| same(field, false));
        if agree && overlap.meets(first, second) && concerns_both(overlap.condition.as_ref()) {
            found.push(UniqueRule::Overlap(place));
        }
    }
    for field in entity.fields() {
        let is_one = field.get().relation().is_some_and(|own| own.one_to_one);
        let said = entity
            .get()
            .uniques
            .iter()
            .any(|own| own.fields == [field.id] && own.condition.is_none());
        if is_one && !said && same(&field.id, false) {
            found.push(UniqueRule::OneToOne(field.id));
        }
    }
    found
}

impl Witnesses {
    /// A row of an entity by its number.
    pub fn numbered(&self, entity: Id<Entity>, number: usize) -> Option<&Row> {
        let own = self.of(entity)?;
        match number {
            1 => own.passing.as_ref(),
            2 => own.another.as_ref(),
            3 => own.third.as_ref(),
            _ => None,
        }
    }

    /// What rows point to, directly or through others, each one before those that point to it. None when one of them
    /// is not known, or would have to be there before itself.
    pub fn pointed_to(&self, spec: &Spec, rows: &[(Id<Entity>, &Row)]) -> Option<Vec<Standing>> {
        let targets = |entity: Id<Entity>, row: &Row| -> Option<Vec<(Id<Entity>, usize)>> {
            references(spec.walk(entity), row)
                .into_iter()
                .map(|(field, number)| Some((field.relation()?.target, number?)))
                .collect()
        };
        let mut done: Vec<Standing> = Vec::new();
        // Whether all that a row points to is there.
        let mut seen: BTreeMap<(Id<Entity>, usize), bool> = BTreeMap::new();
        for (entity, row) in rows {
            let mut open: Vec<(Id<Entity>, usize)> = targets(*entity, row)?;
            open.reverse();
            while let Some(next) = open.last().copied() {
                let own = self.numbered(next.0, next.1)?;
                match seen.get(&next) {
                    Some(true) => {
                        open.pop();
                    }
                    Some(false) => {
                        open.pop();
                        seen.insert(next, true);
                        done.push(Standing {
                            entity: next.0,
                            number: next.1,
                            row: own.clone(),
                        });
                    }
                    None => {
                        seen.insert(next, false);
                        for target in targets(next.0, own)? {
                            match seen.get(&target) {
                                Some(true) => {}
                                Some(false) => return None,
                                None => open.push(target),
                            }
                        }
                    }
                }
            }
        }
        Some(done)
    }
}
