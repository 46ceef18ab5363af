//! Which rows SQLite keeps: it holds a decimal as a float, and a column refuses what has more than 15 digits, counted
//! with the places of its type.

use appspec_ir::{
    Default, Entity, Field, FieldType, Row, Scalar, SeedValue, Spec, Surroundings, Undefined,
    Value, Walk, evaluate, print_value,
};

/// The first number, in units of the last place, that has too many digits.
const FIRST_REFUSED: u128 = 10_u128.pow(15);

/// Constants of a spec that SQLite refuses and PostgreSQL stores: each default and each value of a seed row, as people
/// find it.
pub fn refused_by_sqlite(spec: &Spec) -> Vec<String> {
    let mut found = Vec::new();
    for entity in spec.walk_entities() {
        for field in entity.fields() {
            if let Some(Default::Value(value)) = &field.get().default
                && !is_kept(field, value)
            {
                let (entity, value) = (entity.full_name(), print_value(value));
                found.push(format!("{entity}.{} = {value}", field.name));
            }
        }
    }
    for (_, seed) in spec.seeds.iter() {
        let entity = spec.walk(seed.entity).full_name();
        for row in &seed.rows {
            for (field, value) in &row.values {
                let field = spec.walk(*field);
                if let SeedValue::Value(value) = value
                    && !is_kept(field, value)
                {
                    let (handle, value) = (&row.handle, print_value(value));
                    found.push(format!("seed {entity} {handle}, {}: {value}", field.name));
                }
            }
        }
    }
    found
}

/// Whether a column keeps a value.
pub(crate) fn is_kept(field: Walk<'_, Field>, value: &Value) -> bool {
    is_of_type_kept(&field.get().ty, value)
}

/// Whether a row is kept, with what the database computes from it.
pub(crate) fn is_row_kept(entity: Walk<'_, Entity>, row: &Row) -> bool {
    let mut decimals = entity.fields().filter(|field| is_decimal(&field.get().ty));
    let mut derives = entity.derives();
    let keeps = |field: Walk<'_, Field>| {
        let value = row.get(field.id);
        value.is_none_or(|value| is_kept(field, value))
    };
    decimals.all(keeps)
        && derives.all(|derive| {
            match evaluate(&derive.get().value, row, Surroundings::default()) {
                Ok(value) => is_of_type_kept(&derive.get().ty, &value),
                Err(Undefined::Overflow) => false,
                // What is missing is kept; what hangs on the clock is not stored, and no number.
                Err(_) => true,
            }
        })
}

fn is_decimal(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Scalar(Scalar::Decimal { .. }))
}

fn is_of_type_kept(ty: &FieldType, value: &Value) -> bool {
    let (FieldType::Scalar(Scalar::Decimal { places, .. }), Value::Decimal(number)) = (ty, value)
    else {
        return true;
    };
    let number = number.normalize();
    let units = 10_u128
        .checked_pow(places.saturating_sub(number.scale()))
        .and_then(|unit| number.mantissa().unsigned_abs().checked_mul(unit));
    units.is_some_and(|units| units < FIRST_REFUSED)
}
