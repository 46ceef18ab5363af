use std::collections::{BTreeMap, HashMap};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, ExprKind, Field, Id, Seed, SeedRow, SeedValue, Unique, Value};

use super::layout::Layout;
use super::members::Members;

/// Finds by which fields each entity's rows are known, over all its seeds.
pub(super) fn find(
    layout: &Layout<'_>,
    members: &[Members],
    seeds: &mut [Seed],
    out: &mut Diagnostics,
) {
    let rows = by_entity(seeds);
    let mut keys: BTreeMap<Id<Entity>, Vec<Id<Field>>> = BTreeMap::new();
    for (entity, rows) in &rows {
        let Some(members) = members.get(entity.index()) else {
            continue;
        };
        if let Some(key) = key_of(members, rows) {
            repeated(rows, &key, out);
            keys.insert(*entity, key);
            continue;
        }
        // What could not be read may be the key.
        if layout.has_mistakes(*entity, out) {
            continue;
        }
        let at = rows.first().map(|row| row.span);
        let home = layout.names.entities.get(entity.index());
        if let (Some(at), Some(home)) = (at, home) {
            out.push(no_key(&home.item.name.text, home.item.name.span, at));
        }
    }
    for seed in seeds {
        seed.key = keys.get(&seed.entity).cloned().unwrap_or_default();
    }
}

/// Rows that are the same, among those that are left of seeds with mistakes.
pub(super) fn find_repeated(members: &[Members], seeds: &[Seed], out: &mut Diagnostics) {
    for (entity, rows) in by_entity(seeds) {
        let members = members.get(entity.index());
        if let Some(key) = members.and_then(|members| key_of(members, &rows)) {
            repeated(&rows, &key, out);
        }
    }
}

fn by_entity(seeds: &[Seed]) -> BTreeMap<Id<Entity>, Vec<&SeedRow>> {
    let mut rows: BTreeMap<Id<Entity>, Vec<&SeedRow>> = BTreeMap::new();
    for seed in seeds {
        rows.entry(seed.entity).or_default().extend(&seed.rows);
    }
    rows
}

/// The first unique set of which all rows give every field.
fn key_of(members: &Members, rows: &[&SeedRow]) -> Option<Vec<Id<Field>>> {
    candidates(members).into_iter().find(|key| {
        rows.iter()
            .all(|row| key.iter().all(|id| value(row, *id).is_some()))
    })
}

fn no_key(name: &str, declared: Span, at: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::seed::NO_KEY,
        at,
        format!("nothing tells the rows of `{name}` apart when they are loaded again"),
    )
    .label("found again by a unique value")
    .note(declared, "no unique set has a value in every row")
    .help("make a field that all rows give `unique`")
}

/// The unique sets that hold for every row that gives their fields, in the order of the text.
pub(super) fn candidates(members: &Members) -> Vec<Vec<Id<Field>>> {
    let pairs = members
        .fields
        .iter()
        .filter(|(_, field)| field.relation().is_some_and(|relation| relation.one_to_one))
        .map(|(id, _)| vec![*id]);
    members
        .uniques
        .iter()
        .filter(|unique| is_total(unique))
        .map(|unique| unique.fields.clone())
        .chain(pairs)
        .collect()
}

/// No condition, or only that one of its own fields is set.
fn is_total(unique: &Unique) -> bool {
    match unique.condition.as_ref().map(|condition| &condition.kind) {
        None => true,
        Some(ExprKind::IsSet(id)) => unique.fields.contains(id),
        Some(_) => false,
    }
}

fn value(row: &SeedRow, field: Id<Field>) -> Option<&SeedValue> {
    row.values
        .iter()
        .find(|(id, _)| *id == field)
        .map(|(_, value)| value)
}

/// Two rows with one key would be one row.
fn repeated(rows: &[&SeedRow], key: &[Id<Field>], out: &mut Diagnostics) {
    let mut seen: HashMap<Vec<String>, &SeedRow> = HashMap::new();
    for row in rows {
        let values: Vec<String> = key
            .iter()
            .map(|id| value(row, *id).map(comparable).unwrap_or_default())
            .collect();
        let Some(first) = seen.insert(values, row) else {
            continue;
        };
        out.push(
            Diagnostic::new(
                &codes::seed::DUPLICATE_KEY,
                row.span,
                format!(
                    "the rows `{}` and `{}` are the same row",
                    first.handle, row.handle
                ),
            )
            .label("has the same key")
            .note(first.span, "as this row")
            .help("change one of them, or remove it"),
        );
    }
}

/// A text that is the same for the same value.
fn comparable(value: &SeedValue) -> String {
    match value {
        SeedValue::Value(Value::Text(text)) => format!("text {text}"),
        SeedValue::Value(value) => format!("{value:?}"),
        SeedValue::List(values) => format!("{values:?}"),
        SeedValue::Row(handle) => format!("row {handle}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn a_mistake_in_the_entity_is_not_also_a_missing_key() {
        let entity = |members: &str| {
            findings(&format!(
                "entity A {{\n{members}\n}}\nseed A {{ a {{ name: \"A\" }} }}"
            ))
        };
        assert_eq!(
            entity("name: txt(9) unique"),
            ["name::unknown: no type `txt`"]
        );
        assert_eq!(
            entity("name: text\nunique (nam)"),
            ["name::unknown: `A` has no field `nam`"]
        );
        assert_eq!(
            entity("name: text"),
            ["seed::no_key: nothing tells the rows of `A` apart when they are loaded again"]
        );
    }
}
