use std::cmp::Ordering;

use super::number::Exact;
use super::{Item, Undefined, calendar};
use crate::{ArithmeticOp, Comparison, Value};

pub(super) fn compare(comparison: Comparison, a: &Item, b: &Item) -> Result<bool, Undefined> {
    Ok(match comparison {
        Comparison::Equal => equal(a, b)?,
        Comparison::NotEqual => !equal(a, b)?,
        Comparison::Less => order(a, b)?.is_lt(),
        Comparison::LessOrEqual => order(a, b)?.is_le(),
        Comparison::Greater => order(a, b)?.is_gt(),
        Comparison::GreaterOrEqual => order(a, b)?.is_ge(),
    })
}

pub(super) fn equal(a: &Item, b: &Item) -> Result<bool, Undefined> {
    match (a, b) {
        (Item::Other(a), Item::Other(b)) => Ok(a == b),
        _ => Ok(order(a, b)?.is_eq()),
    }
}

/// Which is larger; text by code points.
pub(super) fn order(a: &Item, b: &Item) -> Result<Ordering, Undefined> {
    match (a, b) {
        (Item::Exact(a), Item::Exact(b)) => a.compare(*b),
        (Item::Float(_), _) | (_, Item::Float(_)) => {
            float(a)?.partial_cmp(&float(b)?).ok_or(Undefined::Overflow)
        }
        (Item::Other(a), Item::Other(b))
            if std::mem::discriminant(a) == std::mem::discriminant(b) =>
        {
            Ok(a.cmp(b))
        }
        _ => Err(Undefined::WrongType),
    }
}

fn float(item: &Item) -> Result<f64, Undefined> {
    match item {
        Item::Float(number) => Ok(*number),
        Item::Exact(number) => Ok(number.to_float()),
        Item::Other(_) => Err(Undefined::WrongType),
    }
}

pub(super) fn negate(item: &Item) -> Result<Item, Undefined> {
    Ok(match item {
        Item::Exact(number) => Item::Exact(number.negate()?),
        Item::Float(number) => Item::Float(-number),
        Item::Other(Value::Duration(length)) => Item::Other(Value::Duration(
            length.checked_neg().ok_or(Undefined::Overflow)?,
        )),
        Item::Other(_) => return Err(Undefined::WrongType),
    })
}

pub(super) fn arithmetic(operator: ArithmeticOp, a: &Item, b: &Item) -> Result<Item, Undefined> {
    match (a, b) {
        (Item::Exact(a), Item::Exact(b)) => exact(operator, *a, *b).map(Item::Exact),
        (Item::Other(a), Item::Other(b)) => time(operator, a, b).map(Item::Other),
        (Item::Other(Value::Duration(length)), Item::Exact(times))
        | (Item::Exact(times), Item::Other(Value::Duration(length)))
            if operator == ArithmeticOp::Multiply =>
        {
            let product = i128::from(*length)
                .checked_mul(times.to_whole()?)
                .ok_or(Undefined::Overflow)?;
            Ok(Item::Other(Value::Duration(calendar::checked_duration(
                product,
            )?)))
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
