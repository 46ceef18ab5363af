//! Fields and rules as they were built, beside what they are now.

use std::collections::BTreeSet;

use appspec_evolve::{Change, Changes, FieldFact, Step, UniqueFact};
use appspec_ir::{Entity, Field, FieldType, Id, Spec, Walk};

use crate::constraints;

/// Whether rows that are there may be none of the field as it is now.
pub(super) fn asks_rows(field: Walk<'_, Field>, before: &FieldFact) -> bool {
    let was_unique = before.relation.as_ref().is_some_and(|it| it.one_to_one);
    let is_unique = field.relation().is_some_and(|it| it.one_to_one);
    (before.optional && !field.optional) || (is_unique && !was_unique)
}

/// The fact that a step states of a field.
pub(super) fn now<'c>(field: Walk<'_, Field>, steps: &[&'c Step]) -> Option<&'c FieldFact> {
    let name = field.entity().full_name();
    steps.iter().find_map(|step| match step.change {
        Change::AlterField(id) if id == field.id => {
            let facts = step.delta.now.entities.get(&name)?;
            facts.fields.get(&field.get().name)
        }
        _ => None,
    })
}

/// The rules of the database that bounds are, or that there are for want of one: the kind of each, numbered, and the
/// bound.
pub(super) fn bounds(fact: &FieldFact) -> Vec<(String, &str)> {
    let mut found: Vec<(String, &str)> = Vec::new();
    let is_fraction = fact.ty.starts_with("decimal(") || fact.ty == "float";
    if is_fraction && !fact.bounds.iter().any(|bound| is_closed(bound)) {
        found.push(("finite".to_owned(), ""));
    }
    for bound in &fact.bounds {
        let kind = match bound.split(' ').next() {
            Some("in") if bound != "in .." => "range",
            Some("matches") => "matches",
            _ => continue,
        };
        let before = found.iter().filter(|(other, _)| other.starts_with(kind));
        let kind = constraints::numbered(kind, before.count());
        found.push((kind, bound));
    }
    found
}

/// Whether a bound is a range with both ends: `in 0..100`
fn is_closed(bound: &str) -> bool {
    let ends = bound
        .strip_prefix("in ")
        .and_then(|ends| ends.split_once(".."));
    ends.is_some_and(|(low, high)| !low.is_empty() && !high.is_empty())
}

/// What a rule about the field alone was called, without app and model.
pub(super) fn field_rule(before: &FieldFact, kind: &str) -> String {
    constraints::field_rule(&before.name, kind)
}

/// Whether a unique rule as last built was a rule of the database, and not a unique column.
pub(super) fn is_own_rule(entity: Id<Entity>, name: &str, changes: &Changes<'_>) -> bool {
    let Some(facts) = changes.facts_before(entity) else {
        return false;
    };
    let is_one_to_one = |field: &String| {
        let relation = facts.fields.get(field).and_then(|it| it.relation.as_ref());
        relation.is_some_and(|relation| relation.one_to_one)
    };
    facts.uniques.get(name).is_some_and(|fact| match fact {
        UniqueFact {
            fields,
            condition: None,
            ..
        } => !matches!(fields.as_slice(), [only] if is_one_to_one(only)),
        _ => true,
    })
}

/// The field to which a step gives another type.
pub(super) fn retyped<'s>(
    spec: &'s Spec,
    changes: &Changes<'_>,
    step: &Step,
) -> Option<Walk<'s, Field>> {
    let Change::AlterField(id) = step.change else {
        return None;
    };
    let field = spec.walk(id);
    let before = changes.field_before(id)?;
    let now = now(field, &[step])?;
    // Another name of what a reference or a choice is about is no other type.
    let is_scalar = matches!(field.get().ty, FieldType::Scalar(_));
    (is_scalar && before.ty != now.ty).then_some(field)
}

/// The spec with its fields as they were built, as far as expressions are written by what fields are, and the entities in
/// which some are not any more.
pub(super) fn as_built(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
) -> Option<(Spec, BTreeSet<Id<Entity>>)> {
    let mut then: Option<Spec> = None;
    let mut entities = BTreeSet::new();
    for step in steps {
        let Change::AlterField(id) = step.change else {
            continue;
        };
        let field = spec.walk(id);
        let (Some(before), Some(now)) = (changes.field_before(id), now(field, &[*step])) else {
            continue;
        };
        let shape = |fact: &FieldFact| (fact.ty.clone(), fact.optional, fact.bounds.clone());
        if shape(before) == shape(now) {
            continue;
        }
        let then = then.get_or_insert_with(|| spec.clone());
        if let Some(field) = then.fields.find_mut(id) {
            before.restore(field);
        }
        entities.insert(field.get().entity);
    }
    then.map(|then| (then, entities))
}
