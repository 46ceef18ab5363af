use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Bound, Entity, Field, FieldType, Id, Scalar, Spec, Unique, Value, Walk};

use super::spelling::one;

/// With more values than this nobody would count rows.
const FEW: u128 = 64;

/// A unique set over a handful of values: so many rows and no more, although each row belongs to another one.
///
/// `unique (weekday)` on opening hours that belong to a shop allows seven rows for all shops together. An
/// entity that belongs to nothing may well be meant as such a short list.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for unique in &entity.get().uniques {
            if let Some((most, owner)) = cap(entity, unique) {
                found.push(finding(entity, unique, most, owner));
            }
        }
    }
}

/// How many rows a unique set leaves room for, with what each row belongs to.
pub(super) fn cap<'s>(
    entity: Walk<'s, Entity>,
    unique: &Unique,
) -> Option<(u128, Walk<'s, Field>)> {
    if unique.condition.is_some() {
        return None;
    }
    Some((combinations(entity.spec, unique)?, owner(entity, unique)?))
}

/// How many rows there can be, if they are few.
fn combinations(spec: &Spec, unique: &Unique) -> Option<u128> {
    let mut most: u128 = 1;
    for field in &unique.fields {
        most = most.checked_mul(values(spec, spec.walk(*field).get())?)?;
    }
    (most <= FEW).then_some(most)
}

/// How many values a field can have; nothing where they are many, or where rows without one do not count.
fn values(spec: &Spec, field: &Field) -> Option<u128> {
    if field.optional {
        return None;
    }
    match &field.ty {
        FieldType::Scalar(Scalar::Bool) => Some(2),
        FieldType::Enum(id) => u128::try_from(spec.walk(*id).get().choices.len()).ok(),
        FieldType::Scalar(Scalar::Int | Scalar::BigInt) => {
            let sizes = field.bounds.iter().filter_map(|bound| match bound {
                Bound::Range {
                    low: Some(Value::Int(low)),
                    high: Some(Value::Int(high)),
                    ..
                } => u128::try_from(high - low + 1).ok(),
                _ => None,
            });
            sizes.min()
        }
        _ => None,
    }
}

/// The relation to what each row belongs to, if the unique set forgets it.
fn owner<'s>(entity: Walk<'s, Entity>, unique: &Unique) -> Option<Walk<'s, Field>> {
    let forgotten = |id: Id<Field>| !unique.fields.contains(&id);
    entity.fields().find(|field| {
        let is_required_relation = field.get().relation().is_some() && !field.get().optional;
        is_required_relation && forgotten(field.id)
    })
}

fn finding(
    entity: Walk<'_, Entity>,
    unique: &Unique,
    most: u128,
    owner: Walk<'_, Field>,
) -> Diagnostic {
    let names: Vec<_> = unique
        .fields
        .iter()
        .map(|id| entity.spec.walk(*id).get().name.as_str())
        .collect();
    let target = owner.target().map_or("", |it| it.get().name.as_str());
    let rows = if most == 1 { "row" } else { "rows" };
    Diagnostic::new(
        &codes::relation::UNIQUE_CAPS_ROWS,
        unique.span,
        format!(
            "there can never be more than {most} {rows} of `{}`",
            entity.name
        ),
    )
    .label(format!(
        "no other row may have the same, whatever its `{}`",
        owner.name
    ))
    .note(
        owner.get().span,
        format!("every row belongs to {}", one(target)),
    )
    .help(format!(
        "if it is meant for each `{target}`: `unique ({}, {})`",
        owner.name,
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    fn hours(weekday: &str, rest: &str) -> String {
        format!(
            "enum Weekday {{ monday, tuesday }}\nentity Shop {{ name: text(80)\n rests: Weekday }}\n\
             entity Hours {{\n shop: Shop\n weekday: {weekday}\n{rest}\n}}"
        )
    }

    #[test]
    fn a_unique_set_that_forgets_what_rows_belong_to() {
        let spec = hours("Weekday unique", "");
        assert_eq!(
            findings(&spec),
            ["relation::unique_caps_rows: there can never be more than 2 rows of `Hours`"]
        );
        assert_eq!(
            helps(&spec),
            ["if it is meant for each `Shop`: `unique (shop, weekday)`"]
        );
        assert_eq!(
            codes(&hours(
                "int in 1..7",
                " open: bool\n unique (weekday, open)"
            )),
            ["relation::unique_caps_rows"]
        );
    }

    #[test]
    fn many_values_conditions_and_what_belongs_to_it_are_no_cap() {
        assert_eq!(codes(&hours("Weekday", " unique (shop, weekday)")), [""; 0]);
        assert_eq!(codes(&hours("int in 1..366 unique", "")), [""; 0]);
        assert_eq!(codes(&hours("int unique", "")), [""; 0]);
        assert_eq!(
            codes(&hours(
                "Weekday",
                " main: bool\n unique (weekday) where main"
            )),
            [""; 0]
        );
    }

    #[test]
    fn a_short_list_of_its_own_is_meant() {
        assert_eq!(
            codes("enum Size { s, m }\nentity Price { size: Size unique\n amount: int }"),
            [""; 0]
        );
    }
}
