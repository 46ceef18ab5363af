//! Rows that may not change, each with what it may not become.

use appspec_ir::{Changed, Entity, Field, Id, Keeper, Keeping, Kept, Row, Traced, Walk};

use crate::changing;
use crate::fact::{Fact, standing_rules};
use crate::fuel::Tank;
use crate::patterns::Patterns;
use crate::replay::{self, Replay};
use crate::same;
use crate::witnesses::{Known, solved};

/// For each rule about what rows keep, a row that it concerns, and the same row changed; where it concerns some rows
/// only, another one that may change.
pub(crate) fn keeping(known: &Known<'_, '_>, near: &Row, patterns: &mut Patterns) -> Vec<Keeping> {
    let frozen = known.entity.get().frozen.as_ref();
    let mut found = Vec::new();
    // Neither the row that is there nor the one that it becomes is a new one.
    let changes = !known.entity.get().changes.is_empty();
    let written = changes.then(|| Known {
        entity: known.entity,
        rules: standing_rules(known.entity),
        rows: known.rows,
        tank: Tank::one_of(known.entity.spec.entities.len()),
    });
    for (place, rule) in known.entity.kept().iter().enumerate() {
        if let Keeper::Change(change) = rule.source {
            let written = written.as_ref();
            found.extend(
                written.and_then(|it| changing::changing(it, place, change, near, patterns)),
            );
            continue;
        }
        if matches!(rule.source, Keeper::Audit) {
            // It refuses nothing: any change that is accepted.
            let recorded = known.entity.traced();
            let recorded =
                recorded.filter(|(field, it)| *it == Traced::Values && may_change(*field));
            let mut fields = recorded.map(|(field, _)| field.id);
            let kept = fields.find_map(|id| changed(known, rule, id, near, patterns));
            found.extend(kept.map(|kept| Keeping {
                rule: place,
                kept,
                free: None,
            }));
            continue;
        }
        // What becomes of a marked row, or of one whose time is over, is that it goes, and a number is no value that anybody
        // thinks of.
        if matches!(
            rule.source,
            Keeper::Live(_) | Keeper::Serial(..) | Keeper::Term(_)
        ) {
            continue;
        }
        let (row, free) = match (rule.condition(), frozen) {
            (Some(condition), _) => (
                solved(known, vec![condition.clone()], near, patterns),
                solved(known, vec![same::not(condition.clone())], near, patterns),
            ),
            // Of two rules that refuse a change, a database names any.
            (None, Some(frozen)) => {
                let open = same::not(frozen.condition.clone());
                (solved(known, vec![open], near, patterns), None)
            }
            (None, None) => (Some(near.clone()), None),
        };
        let mut fields = own_fields(known.entity, rule).into_iter();
        let kept = row.and_then(|row| {
            fields.find_map(|field| {
                let free = free.as_ref();
                let free = free.and_then(|free| changed(known, rule, field, free, patterns));
                Some((changed(known, rule, field, &row, patterns)?, free))
            })
        });
        found.extend(kept.map(|(kept, free)| Keeping {
            rule: place,
            kept,
            free,
        }));
    }
    found
}

/// The fields whose change no other rule about changes refuses.
pub(crate) fn own_fields(entity: Walk<'_, Entity>, rule: &Kept<'_>) -> Vec<Id<Field>> {
    let is_of_field = matches!(rule.source, Keeper::Field(_));
    if is_of_field && entity.append_only.is_some() {
        return Vec::new();
    }
    let is_own = |id: &Id<Field>| {
        let field = entity.spec.walk(*id);
        !field.is_given_by_writes() && !entity.is_state(*id) && (is_of_field || !field.immutable)
    };
    rule.fields.iter().copied().filter(is_own).collect()
}

/// Whether a field gets the value that it is given.
fn may_change(field: Walk<'_, Field>) -> bool {
    let is_told = field.serial.is_none() && !field.is_given_by_writes();
    is_told && !field.immutable && !field.entity().is_state(field.id)
}

/// The row with another value in a field, and in as few others as rules ask for; states are left as they are.
fn changed(
    known: &Known<'_, '_>,
    rule: &Kept<'_>,
    field: Id<Field>,
    row: &Row,
    patterns: &mut Patterns,
) -> Option<Changed> {
    let entity = known.entity;
    let spec = entity.spec;
    let other = match row.get(field) {
        Some(value) => same::differs(spec.walk(field), value, true)?,
        None => same::is_set(spec.walk(field)),
    };
    let states = entity.get().lifecycles.iter();
    let states = states.filter_map(|lifecycle| {
        let state = row.get(lifecycle.field)?;
        same::condition(spec.walk(lifecycle.field), state)
    });
    let to = solved(known, states.chain([other]).collect(), row, patterns)?;
    let is_alone = allowed_by_others(entity, &rule.name, row, &to, patterns);
    (is_alone && row.get(field) != to.get(field)).then(|| Changed {
        row: row.clone(),
        to,
    })
}

/// Whether no other rule about changes refuses that a row becomes another.
pub(crate) fn allowed_by_others(
    entity: Walk<'_, Entity>,
    own: &str,
    row: &Row,
    to: &Row,
    patterns: &mut Patterns,
) -> bool {
    let replay = Replay { spec: entity.spec };
    let differs = |id: &Id<Field>| row.get(*id) != to.get(*id);
    entity.kept().iter().all(|other| {
        if other.name == own || !other.fields.iter().any(differs) {
            return true;
        }
        if let Some(rule) = other.change() {
            let asked = Fact::made(changing::of_row(entity.spec, rule, row));
            return replay.agrees(&asked, true, to, patterns);
        }
        let condition = other.condition();
        condition.is_some_and(|it| replay::says(it, row) == Some(false))
    })
}
