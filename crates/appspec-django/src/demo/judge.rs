//! Whether an example row keeps the rules of its entity, whenever it is made.

use std::borrow::Cow;
use std::collections::BTreeMap;

use appspec_ir::{
    Bound, Entity, Expr, Field, FieldType, Function, Id, Row, Scalar, Surroundings, UniqueRule,
    Value, Walk, collisions, holds, range_condition,
};

use rust_decimal::Decimal;

use crate::kept::is_kept;

use super::candidate::{Candidate, SITUATIONS, Situation};
use super::patterns::Patterns;

/// The values of a row in the making.
pub(super) type Values = BTreeMap<Id<Field>, Candidate>;

/// A rule about one row, and what it hangs on.
pub(super) struct Rule<'s> {
    condition: Cow<'s, Expr>,
    pub(super) fields: Vec<Id<Field>>,
    asks_the_clock: bool,
}

/// The rules of an entity: its own, and that what is derived from a row fits.
pub(super) fn rules(entity: Walk<'_, Entity>) -> Vec<Rule<'_>> {
    let own = entity.invariants();
    let own = own.map(|invariant| Cow::Borrowed(&invariant.get().condition));
    let derived = entity.derives().filter_map(range_condition).map(Cow::Owned);
    own.chain(derived)
        .map(|condition| Rule {
            fields: condition.fields(),
            asks_the_clock: condition.calls(Function::Now) || condition.calls(Function::Today),
            condition,
        })
        .collect()
}

/// The row as the evaluator is given it.
pub(super) fn row(entity: Walk<'_, Entity>, values: &Values, at: Situation) -> Row {
    let mut row = Row::with_room(values.len());
    for field in entity.fields() {
        let value = values.get(&field.id).and_then(|own| own.value(field, at));
        if let Some(value) = value {
            row.set(field.id, value);
        }
    }
    row
}

impl Rule<'_> {
    /// Whether it reads one of these fields.
    pub(super) fn reads_any(&self, fields: &[Id<Field>]) -> bool {
        self.fields.iter().any(|id| fields.contains(id))
    }

    /// Whether it may hang on the day that a row is about.
    pub(super) fn reads_time(&self, entity: Walk<'_, Entity>) -> bool {
        let is_time = |id: &Id<Field>| {
            let field = entity.spec.walk(*id);
            field.touched
                || matches!(
                    field.get().ty,
                    FieldType::Scalar(Scalar::Date | Scalar::DateTime)
                )
        };
        self.asks_the_clock || self.fields.iter().any(is_time)
    }

    /// Whether it holds in every situation.
    pub(super) fn holds(&self, entity: Walk<'_, Entity>, values: &Values) -> bool {
        let spec = entity.spec;
        let moves = self.asks_the_clock
            || self.fields.iter().any(|id| {
                let own = values.get(id);
                own.is_some_and(|own| own.moves(spec.walk(*id)))
            });
        let asked = if moves { SITUATIONS.len() } else { 1 };
        SITUATIONS.iter().take(asked).all(|at| {
            let mut row = Row::with_room(self.fields.len());
            for id in &self.fields {
                let value = values
                    .get(id)
                    .and_then(|own| own.value(spec.walk(*id), *at));
                if let Some(value) = value {
                    row.set(*id, value);
                }
            }
            let offset = |_: i64| at.zone;
            let around = Surroundings {
                now: Some(at.now()),
                offset: Some(&offset),
                me: None,
            };
            holds(&self.condition, &row, around) == Ok(true)
        })
    }
}

/// Whether the stretch of a row meets that of another one at some time: ends may move at different speeds.
pub(super) fn in_the_way<'v>(
    entity: Walk<'_, Entity>,
    values: &Values,
    mut before: impl Iterator<Item = &'v Values>,
) -> bool {
    let meets = |other: &Values| {
        SITUATIONS.iter().any(|at| {
            let (first, second) = (row(entity, other, *at), row(entity, values, *at));
            let met = collisions(entity, &first, &second);
            met.iter()
                .any(|rule| matches!(rule, UniqueRule::Overlap(_)))
        })
    };
    !entity.get().overlaps.is_empty() && before.any(meets)
}

/// Whether a number is not too large for a type; everything else is of any size.
fn is_wide_enough(scalar: Scalar, value: &Value) -> bool {
    match (scalar, value) {
        (Scalar::Int, Value::Int(number)) => i32::try_from(*number).is_ok(),
        (Scalar::BigInt, Value::Int(number)) => i64::try_from(*number).is_ok(),
        (Scalar::Decimal { digits, places }, Value::Decimal(number)) => {
            whole_digits(*number) <= digits.saturating_sub(places) as usize
        }
        _ => true,
    }
}

/// How many digits stand before the point.
pub(super) fn whole_digits(number: Decimal) -> usize {
    let whole = number.trunc().mantissa().unsigned_abs();
    whole.checked_ilog10().map_or(0, |log| log as usize + 1)
}

/// Whether a field may hold this at all, in every situation.
pub(super) fn fits(field: Walk<'_, Field>, candidate: &Candidate, patterns: &mut Patterns) -> bool {
    let asked = if candidate.moves(field) {
        SITUATIONS.len()
    } else {
        1
    };
    match candidate {
        Candidate::Empty => return field.optional,
        Candidate::Unread | Candidate::Row(_) => return true,
        // A moment is of its type at any time.
        Candidate::Day(_) | Candidate::At(..) if field.get().bounds.is_empty() => return true,
        Candidate::Default | Candidate::Constant(_) | Candidate::Day(_) | Candidate::At(..) => {}
    }
    SITUATIONS
        .iter()
        .take(asked)
        .all(|at| match candidate.value(field, *at) {
            Some(value) => {
                is_in_type(field, &value, patterns)
                    && is_in_bounds(field, &value, patterns)
                    && is_kept(field, &value)
            }
            // A token or a UUID that is drawn.
            None => true,
        })
}

fn is_in_type(field: Walk<'_, Field>, value: &Value, patterns: &mut Patterns) -> bool {
    let FieldType::Scalar(scalar) = &field.get().ty else {
        return true;
    };
    let Value::Text(text) = value else {
        return is_wide_enough(*scalar, value);
    };
    let length = text.chars().count();
    let most = match scalar {
        Scalar::Text { max } => max.unwrap_or(u32::MAX),
        Scalar::Slug { max } => *max,
        Scalar::Email => 254,
        Scalar::Url => 2_000,
        Scalar::Phone => 32,
        Scalar::Token { length } => *length,
        _ => u32::MAX,
    };
    let shaped = crate::fields::text_pattern(&field.get().ty)
        .is_none_or(|(pattern, _)| patterns.matches(pattern, text));
    length > 0 && length <= most as usize && shaped
}

fn is_in_bounds(field: Walk<'_, Field>, value: &Value, patterns: &mut Patterns) -> bool {
    field.get().bounds.iter().all(|bound| match bound {
        Bound::Range { low, high, .. } => {
            let measured = match value {
                Value::Text(text) => {
                    Value::Int(i128::try_from(text.chars().count()).unwrap_or(i128::MAX))
                }
                other => other.clone(),
            };
            low.as_ref().is_none_or(|low| is_ordered(low, &measured))
                && high.as_ref().is_none_or(|high| is_ordered(&measured, high))
        }
        Bound::Matches { pattern, .. } => match value {
            Value::Text(text) => patterns.matches(pattern, text),
            _ => false,
        },
        Bound::File { .. } => true,
    })
}

/// Whether the second is not smaller; what can't be compared is not.
fn is_ordered(first: &Value, second: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Int(number) => Decimal::try_from_i128_with_scale(*number, 0).ok(),
        Value::Decimal(number) => Some(*number),
        _ => None,
    };
    match (number(first), number(second)) {
        (Some(first), Some(second)) => first <= second,
        (None, None) => {
            std::mem::discriminant(first) == std::mem::discriminant(second) && first <= second
        }
        _ => false,
    }
}
