use appspec_ir::{Default, Field, FieldType, Id, Identity, Scalar, Spec, Value, Walk, made_up_key};
use rust_decimal::Decimal;

use crate::float;
use crate::linear::{is_small, power_of_ten};

/// What kind of numbers a number is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `int`, `bigint`, `decimal`, counts: in units of the problem's scale.
    Number,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since midnight.
    Time,
    /// Microseconds since 1970-01-01T00:00Z.
    DateTime,
    /// Microseconds.
    Duration,
    /// The place among all binary fractions.
    Float,
}

/// What kind of things a symbol is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Bool,
    Enum(Id<appspec_ir::Enum>),
    Text,
    Uuid,
    Key(Id<appspec_ir::Entity>),
}

/// How the value of a field is reasoned about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number(Class),
    Symbol(Sort),
    /// Only whether there is one.
    Presence,
}

pub(crate) const DAY: i128 = 86_400_000_000;
/// 0001-01-01 and 9999-12-31.
pub(crate) const DAYS: (i128, i128) = (-719_162, 2_932_896);

pub(crate) fn kind(field: &Field) -> Kind {
    match &field.ty {
        FieldType::Enum(id) => Kind::Symbol(Sort::Enum(*id)),
        FieldType::Relation(relation) => Kind::Symbol(Sort::Key(relation.target)),
        FieldType::List(_) | FieldType::Many(_) => Kind::Presence,
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Text { .. }
            | Scalar::Slug { .. }
            | Scalar::Email
            | Scalar::Url
            | Scalar::Phone
            | Scalar::Token { .. } => Kind::Symbol(Sort::Text),
            Scalar::Int | Scalar::BigInt | Scalar::Decimal { .. } => Kind::Number(Class::Number),
            Scalar::Float => Kind::Number(Class::Float),
            Scalar::Bool => Kind::Symbol(Sort::Bool),
            Scalar::Date => Kind::Number(Class::Date),
            Scalar::Time => Kind::Number(Class::Time),
            Scalar::DateTime => Kind::Number(Class::DateTime),
            Scalar::Duration => Kind::Number(Class::Duration),
            Scalar::Uuid => Kind::Symbol(Sort::Uuid),
            Scalar::Json | Scalar::File | Scalar::Image | Scalar::Ip | Scalar::Bytes => {
                Kind::Presence
            }
        },
    }
}

/// Digits after the point that a field needs.
pub(crate) fn places(field: &Field) -> u32 {
    match field.ty {
        FieldType::Scalar(Scalar::Decimal { places, .. }) => places,
        _ => 0,
    }
}

/// The smallest and the largest number that a field holds, and its unit; `None` when they are out of reach.
pub(crate) fn range(field: &Field, scale: u32) -> Option<(i128, i128, i128)> {
    let FieldType::Scalar(scalar) = &field.ty else {
        return None;
    };
    let whole = |low: i128, high: i128| {
        let unit = power_of_ten(scale)?;
        Some((low.checked_mul(unit)?, high.checked_mul(unit)?, unit))
    };
    let (low, high, unit) = match scalar {
        Scalar::Int => whole(i128::from(i32::MIN), i128::from(i32::MAX))?,
        Scalar::BigInt => whole(i128::from(i64::MIN), i128::from(i64::MAX))?,
        Scalar::Decimal { digits, places } => {
            let unit = power_of_ten(scale.checked_sub(*places)?)?;
            let most = power_of_ten(*digits)?.checked_sub(1)?.checked_mul(unit)?;
            (-most, most, unit)
        }
        Scalar::Float => (float::LOWEST, float::HIGHEST, 1),
        Scalar::Date => (DAYS.0, DAYS.1, 1),
        Scalar::Time => (0, DAY - 1, 1),
        Scalar::DateTime => (DAYS.0 * DAY, DAYS.1 * DAY + DAY - 1, 1),
        Scalar::Duration => (i128::from(i64::MIN), i128::from(i64::MAX), 1),
        _ => return None,
    };
    (is_small(low) && is_small(high)).then_some((low, high, unit))
}

/// The shortest and the longest text of a field.
pub(crate) fn lengths(field: &Field) -> (i128, i128) {
    let FieldType::Scalar(scalar) = &field.ty else {
        return (0, i128::from(u32::MAX));
    };
    // No column holds an empty text: what is missing is missing.
    match scalar {
        Scalar::Text { max: Some(max) } | Scalar::Slug { max } => (1, i128::from(*max)),
        Scalar::Email => (1, 254),
        Scalar::Url => (1, 2000),
        Scalar::Phone => (1, 32),
        Scalar::Token { length } => (1, i128::from(*length)),
        _ => (1, i128::from(u32::MAX)),
    }
}

/// A constant as a number of its class.
pub(crate) fn number(value: &Value, class: Class, scale: u32) -> Option<i128> {
    Some(match (class, value) {
        (Class::Number, Value::Int(number)) => number.checked_mul(power_of_ten(scale)?)?,
        (Class::Number, Value::Decimal(number)) => {
            let number = number.normalize();
            let missing = scale.checked_sub(number.scale())?;
            number.mantissa().checked_mul(power_of_ten(missing)?)?
        }
        (Class::Date, Value::Date(number))
        | (Class::Time, Value::Time(number))
        | (Class::DateTime, Value::DateTime(number))
        | (Class::Duration, Value::Duration(number)) => i128::from(*number),
        (Class::Float, Value::Decimal(number)) => float::place(*number)?,
        (Class::Float, Value::Int(number)) => {
            float::place(Decimal::try_from_i128_with_scale(*number, 0).ok()?)?
        }
        _ => return None,
    })
}

/// A number as the value that a field holds.
pub(crate) fn value(field: &Field, class: Class, number: i128, scale: u32) -> Option<Value> {
    let small = || i64::try_from(number).ok();
    Some(match class {
        Class::Number => {
            let places = places(field);
            let unit = power_of_ten(scale.checked_sub(places)?)?;
            if number % unit != 0 {
                return None;
            }
            let number = number / unit;
            if matches!(field.ty, FieldType::Scalar(Scalar::Decimal { .. })) {
                Value::Decimal(decimal(number, places)?)
            } else {
                Value::Int(number)
            }
        }
        Class::Date => Value::Date(small()?),
        Class::Time => Value::Time(small()?),
        Class::DateTime => Value::DateTime(small()?),
        Class::Duration => Value::Duration(small()?),
        Class::Float => Value::Decimal(float::named(number)?),
    })
}

/// Where a decimal gets more than 15 digits, of which not every database is certain.
pub(crate) fn kept_below(field: &Field, scale: u32) -> Option<i128> {
    let FieldType::Scalar(Scalar::Decimal { places, .. }) = field.ty else {
        return None;
    };
    power_of_ten(scale.checked_sub(places)?)?.checked_mul(10_i128.pow(15))
}

/// A number of so many places, of which a `Decimal` has room for 28: zeros at the end are none of them.
fn decimal(mut number: i128, mut places: u32) -> Option<Decimal> {
    while places > Decimal::MAX_SCALE && number % 10 == 0 {
        number /= 10;
        places -= 1;
    }
    Decimal::try_from_i128_with_scale(number, places).ok()
}

/// The key of a made-up row that a reference points to.
pub(crate) fn key(spec: &Spec, entity: Id<appspec_ir::Entity>, which: usize) -> Value {
    made_up_key(spec.walk(entity).identity, which + 1)
}

/// A made-up UUID of version 4.
pub(crate) fn uuid(which: usize) -> Value {
    made_up_key(Identity::Uuid, which + 1)
}

/// Whether a new row has something in a field for which nothing is given. At the end of a path there is mostly a value, and
/// who gives one is right in any case.
pub(crate) fn gets_a_value(field: &Field) -> bool {
    matches!(field.default, Some(Default::Value(_) | Default::Path(_)))
}

/// What a new row has in a field for which nothing is given, as far as that is a constant.
pub(crate) fn usual(field: Walk<'_, Field>) -> Option<Value> {
    match &field.get().default {
        Some(Default::Value(value)) => Some(value.clone()),
        _ => None,
    }
}
