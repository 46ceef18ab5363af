use std::cmp::Ordering;

use super::number::Exact;
use super::{Item, Undefined, calendar};
use crate::{ArithmeticOp, Comparison, Value};

pub(super) fn compare(
    comparison: Comparison,
    a: &Item<'_>,
    b: &Item<'_>,
) -> Result<bool, Undefined> {
    Ok(match comparison {
        Comparison::Equal => equal(a, b)?,
        Comparison::NotEqual => !equal(a, b)?,
        Comparison::Less => order(a, b)?.is_lt(),
        Comparison::LessOrEqual => order(a, b)?.is_le(),
        Comparison::Greater => order(a, b)?.is_gt(),
        Comparison::GreaterOrEqual => order(a, b)?.is_ge(),
    })
}

pub(super) fn equal(a: &Item<'_>, b: &Item<'_>) -> Result<bool, Undefined> {
    match (a.other(), b.other()) {
        (Some(a), Some(b)) => Ok(a == b),
        _ => Ok(order(a, b)?.is_eq()),
    }
}

/// Which is larger; text by code points.
pub(super) fn order(a: &Item<'_>, b: &Item<'_>) -> Result<Ordering, Undefined> {
    match (a, b) {
        (Item::Exact(a), Item::Exact(b)) => a.compare(*b),
        (Item::Float(_), _) | (_, Item::Float(_)) => {
            float(a)?.partial_cmp(&float(b)?).ok_or(Undefined::Overflow)
        }
        (Item::Other(a), Item::Other(b))
            if std::mem::discriminant(a.as_ref()) == std::mem::discriminant(b.as_ref()) =>
        {
            Ok(a.cmp(b))
        }
        _ => Err(Undefined::WrongType),
    }
}

fn float(item: &Item<'_>) -> Result<f64, Undefined> {
    match item {
        Item::Float(number) => Ok(*number),
        Item::Exact(number) => Ok(number.to_float()),
        Item::Other(_) => Err(Undefined::WrongType),
    }
}

pub(super) fn negate<'v>(item: &Item<'v>) -> Result<Item<'v>, Undefined> {
    Ok(match item {
        Item::Exact(number) => Item::Exact(number.negate()?),
        Item::Float(number) => Item::Float(-number),
        Item::Other(value) => match value.as_ref() {
            Value::Duration(length) => {
                let length = length.checked_neg().ok_or(Undefined::Overflow)?;
                Item::made(Value::Duration(length))
            }
            _ => return Err(Undefined::WrongType),
        },
    })
}

pub(super) fn arithmetic<'v>(
    operator: ArithmeticOp,
    a: &Item<'v>,
    b: &Item<'v>,
) -> Result<Item<'v>, Undefined> {
    match (a, b) {
        (Item::Exact(a), Item::Exact(b)) => exact(operator, *a, *b).map(Item::Exact),
        (Item::Other(a), Item::Other(b)) => time(operator, a, b).map(Item::made),
        (Item::Other(length), Item::Exact(times)) | (Item::Exact(times), Item::Other(length)) => {
            let (Value::Duration(length), ArithmeticOp::Multiply) = (length.as_ref(), operator)
            else {
                return Err(Undefined::WrongType);
            };
            let product = i128::from(*length)
                .checked_mul(times.to_whole()?)
                .ok_or(Undefined::Overflow)?;
            let product = calendar::checked_duration(product)?;
            Ok(Item::made(Value::Duration(product)))
        }
        _ => {
            let (a, b) = (float(a)?, float(b)?);
            let result = match operator {
                ArithmeticOp::Add => a + b,
                ArithmeticOp::Subtract => a - b,
                ArithmeticOp::Multiply => a * b,
            };
            if result.is_finite() {
                Ok(Item::Float(result))
            } else {
                Err(Undefined::Overflow)
            }
        }
    }
}

fn exact(operator: ArithmeticOp, a: Exact, b: Exact) -> Result<Exact, Undefined> {
    match operator {
        ArithmeticOp::Add => a.add(b),
        ArithmeticOp::Subtract => a.add(b.negate()?),
        ArithmeticOp::Multiply => a.multiply(b),
    }
}

fn time(operator: ArithmeticOp, a: &Value, b: &Value) -> Result<Value, Undefined> {
    let moved = |from: i64, by: i64| match operator {
        ArithmeticOp::Add => from.checked_add(by).ok_or(Undefined::Overflow),
        ArithmeticOp::Subtract => from.checked_sub(by).ok_or(Undefined::Overflow),
        ArithmeticOp::Multiply => Err(Undefined::WrongType),
    };
    let is_difference = operator == ArithmeticOp::Subtract;
    Ok(match (a, b) {
        (Value::DateTime(moment), Value::Duration(length)) => {
            Value::DateTime(calendar::checked_moment(moved(*moment, *length)?)?)
        }
        (Value::Duration(length), Value::DateTime(moment)) if operator == ArithmeticOp::Add => {
            Value::DateTime(calendar::checked_moment(moved(*moment, *length)?)?)
        }
        // Whole days only, rounded down as `timedelta.days` does.
        (Value::Date(day), Value::Duration(length)) => Value::Date(calendar::checked_day(moved(
            *day,
            length.div_euclid(calendar::DAY),
        )?)?),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(moved(*a, *b)?),
        (Value::DateTime(a), Value::DateTime(b)) if is_difference => {
            Value::Duration(moved(*a, *b)?)
        }
        (Value::Date(a), Value::Date(b)) if is_difference => {
            let days = i128::from(*a) - i128::from(*b);
            Value::Duration(calendar::checked_duration(
                days * i128::from(calendar::DAY),
            )?)
        }
        _ => return Err(Undefined::WrongType),
    })
}
