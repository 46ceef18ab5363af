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

/// The rules of the database that hang on a field alone, by their kinds: those of its type, and its bounds.
pub(super) fn own_rules(fact: &FieldFact) -> Vec<String> {
    let ty = fact.ty.split(['(', ' ']).next().unwrap_or_default();
    let of_type: &[&str] = match ty {
        "text" | "url" | "token" | "file" | "image" => &["filled"],
        "slug" | "phone" => &["filled", "form"],
        "email" => &["filled", "lower"],
        "enum" => &["choice"],
        "list" => &["list"],
        _ => &[],
    };
    let of_type = of_type.iter().map(|kind| (*kind).to_owned());
    of_type
        .chain(bounds(fact).into_iter().map(|(kind, _)| kind))
        .collect()
}

/// Whether a relation leads to one of these entities, or through one.
pub(super) fn mentions_entity(fact: &FieldFact, entities: &[String]) -> bool {
    let mut words = fact.ty.split(' ');
    fact.relation.is_some() && words.any(|word| entities.iter().any(|entity| entity == word))
}

/// Whether an entity as last built had a relation to one of these, or through one.
pub(super) fn refers(entity: &str, changes: &Changes<'_>, entities: &[String]) -> bool {
    let facts = changes.before.entities.get(entity);
    let mut fields = facts.iter().flat_map(|facts| facts.fields.values());
    fields.any(|fact| mentions_entity(fact, entities))
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

#[cfg(test)]
mod tests {
    use appspec_ir::{Bound, ListItem, Scalar, Value};

    use super::*;
    use crate::fixture;
    use crate::target::Target;

    #[test]
    fn the_rules_of_a_field_that_is_gone_are_those_that_it_had() {
        let mut spec = fixture::salon();
        let fields: Vec<_> = spec.fields.iter().map(|(id, _)| id).collect();
        let id = fields[0];
        let span = spec.fields[id].span;
        let scalars = [
            Scalar::Text { max: None },
            Scalar::Text { max: Some(9) },
            Scalar::Slug { max: 9 },
            Scalar::Token { length: 16 },
            Scalar::Decimal {
                digits: 8,
                places: 2,
            },
            Scalar::Email,
            Scalar::Url,
            Scalar::Phone,
            Scalar::Int,
            Scalar::BigInt,
            Scalar::Float,
            Scalar::Bool,
            Scalar::Date,
            Scalar::Time,
            Scalar::DateTime,
            Scalar::Duration,
            Scalar::Uuid,
            Scalar::Json,
            Scalar::File,
            Scalar::Image,
            Scalar::Ip,
            Scalar::Bytes,
        ];
        let others = fields.iter().map(|id| spec.fields[*id].ty.clone());
        let lists = FieldType::List(ListItem::Scalar(Scalar::Int));
        let types: Vec<FieldType> = scalars
            .map(FieldType::Scalar)
            .into_iter()
            .chain(others)
            .chain([lists])
            .collect();
        let range = |low: i128| Bound::Range {
            low: Some(Value::Int(low)),
            high: None,
            span,
        };
        let pattern = Bound::Matches {
            pattern: "a+".to_owned(),
            span,
        };
        for ty in types {
            let bounds = match &ty {
                FieldType::Scalar(Scalar::Int) => vec![range(1), range(2)],
                FieldType::Scalar(Scalar::Text { .. }) => vec![range(1), pattern.clone()],
                _ => Vec::new(),
            };
            let field = spec.fields.find_mut(id).unwrap();
            field.ty = ty.clone();
            field.bounds = bounds;
            let field = spec.walk(id);
            let wanted: Vec<String> = constraints::of_field(field, Target::Migration)
                .into_iter()
                .filter_map(|rule| match rule.source {
                    constraints::Source::Field(_, kind) => Some(kind),
                    _ => None,
                })
                .collect();
            let facts = appspec_evolve::facts(&spec);
            let fact = &facts.entities[&field.entity().full_name()].fields[&field.get().name];
            assert_eq!(own_rules(fact), wanted, "{ty:?}");
        }
    }
}
