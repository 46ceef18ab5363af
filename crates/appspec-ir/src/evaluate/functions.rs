use super::number::Exact;
use super::{Item, Surroundings, Undefined, calendar, operators};
use crate::{Function, Value};

/// The value of a function call; the meaning of each function is declared with [`Function`].
pub(super) fn call<'v>(
    function: Function,
    arguments: &[Item<'v>],
    around: Surroundings<'_>,
) -> Result<Item<'v>, Undefined> {
    match function {
        Function::Now | Function::Today => clock(function, arguments, around),
        Function::Length
        | Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::StartsWith
        | Function::EndsWith
        | Function::Contains => text(function, arguments),
        Function::Round
        | Function::Abs
        | Function::Floor
        | Function::Ceil
        | Function::Min
        | Function::Max => number(function, arguments),
        Function::Year
        | Function::Month
        | Function::Day
        | Function::Weekday
        | Function::Hour
        | Function::Date
        | Function::Time => part(function, arguments, around),
        Function::MinutesBetween | Function::HoursBetween | Function::DaysBetween => {
            distance(function, arguments)
        }
    }
}

fn clock<'v>(
    function: Function,
    arguments: &[Item<'v>],
    around: Surroundings<'_>,
) -> Result<Item<'v>, Undefined> {
    if !arguments.is_empty() {
        return Err(Undefined::WrongType);
    }
    let now = around.now.ok_or(Undefined::NoClock)?;
    Ok(Item::made(if function == Function::Today {
        Value::Date(local(now, around)?.div_euclid(calendar::DAY))
    } else {
        Value::DateTime(now)
    }))
}

fn text<'v>(function: Function, arguments: &[Item<'v>]) -> Result<Item<'v>, Undefined> {
    let (subject, pattern) = match arguments {
        [subject] => (subject.text()?, None),
        [subject, pattern] => (subject.text()?, Some(pattern.text()?)),
        _ => return Err(Undefined::WrongType),
    };
    let value = match (function, pattern) {
        (Function::Length, None) => {
            let count = i128::try_from(subject.chars().count()).map_err(|_| Undefined::Overflow)?;
            return Ok(whole(count));
        }
        (Function::Lower, None) => Value::Text(subject.to_ascii_lowercase()),
        (Function::Upper, None) => Value::Text(subject.to_ascii_uppercase()),
        (Function::Trim, None) => Value::Text(subject.trim_matches(' ').to_owned()),
        (Function::StartsWith, Some(pattern)) => Value::Bool(subject.starts_with(pattern)),
        (Function::EndsWith, Some(pattern)) => Value::Bool(subject.ends_with(pattern)),
        (Function::Contains, Some(pattern)) => Value::Bool(subject.contains(pattern)),
        _ => return Err(Undefined::WrongType),
    };
    Ok(Item::made(value))
}

fn number<'v>(function: Function, arguments: &[Item<'v>]) -> Result<Item<'v>, Undefined> {
    match (function, arguments) {
        (Function::Round, [value]) => round(value, 0),
        (Function::Round, [value, places]) => round(value, places.whole()?),
        (Function::Abs, [Item::Float(value)]) => Ok(Item::Float(value.abs())),
        (Function::Abs, [value]) => {
            if let Some(Value::Duration(length)) = value.other() {
                let length = length.checked_abs().ok_or(Undefined::Overflow)?;
                return Ok(Item::made(Value::Duration(length)));
            }
            let value = value.exact()?;
            Ok(Item::Exact(if value.mantissa < 0 {
                value.negate()?
            } else {
                value
            }))
        }
        (Function::Floor, [value]) => exact(value)?.floor().map(whole),
        (Function::Ceil, [value]) => {
            let below = exact(value)?.negate()?.floor()?;
            below.checked_neg().map(whole).ok_or(Undefined::Overflow)
        }
        (Function::Min, [a, b]) => Ok(if operators::order(a, b)?.is_le() {
            a
        } else {
            b
        }
        .clone()),
        (Function::Max, [a, b]) => Ok(if operators::order(a, b)?.is_ge() {
            a
        } else {
            b
        }
        .clone()),
        _ => Err(Undefined::WrongType),
    }
}

fn whole<'v>(number: i128) -> Item<'v> {
    Item::Exact(Exact::whole(number))
}

/// A number as it is written: a binary fraction counts as the shortest decimal that names it.
fn exact(item: &Item<'_>) -> Result<Exact, Undefined> {
    match item {
        Item::Float(number) => Exact::of_float(*number),
        other => other.exact(),
    }
}

fn round<'v>(item: &Item<'v>, places: i128) -> Result<Item<'v>, Undefined> {
    let rounded = exact(item)?.round(places)?;
    Ok(match item {
        Item::Float(_) => Item::Float(rounded.to_float()),
        _ => Item::Exact(rounded),
    })
}

/// Microseconds of local time since 1970-01-01T00:00.
fn local(moment: i64, around: Surroundings<'_>) -> Result<i64, Undefined> {
    let offset = around.offset.ok_or(Undefined::NoZone)?;
    let local = moment
        .checked_add(offset(moment))
        .ok_or(Undefined::Overflow)?;
    calendar::checked_moment(local)
}

fn part<'v>(
    function: Function,
    arguments: &[Item<'v>],
    around: Surroundings<'_>,
) -> Result<Item<'v>, Undefined> {
    let [Item::Other(value)] = arguments else {
        return Err(Undefined::WrongType);
    };
    let (days, time) = match value.as_ref() {
        Value::Date(days) => (Some(*days), None),
        Value::Time(time) => (None, Some(*time)),
        Value::DateTime(moment) => {
            let local = local(*moment, around)?;
            (
                Some(local.div_euclid(calendar::DAY)),
                Some(local.rem_euclid(calendar::DAY)),
            )
        }
        _ => return Err(Undefined::WrongType),
    };
    let of_day = |part: fn(i64) -> i64| {
        let part = part(days.ok_or(Undefined::WrongType)?);
        Ok(whole(i128::from(part)))
    };
    match function {
        Function::Year => of_day(|days| calendar::civil(days).0),
        Function::Month => of_day(|days| calendar::civil(days).1),
        Function::Day => of_day(|days| calendar::civil(days).2),
        Function::Weekday => of_day(calendar::weekday),
        Function::Hour => {
            let hour = time.ok_or(Undefined::WrongType)? / calendar::HOUR;
            Ok(whole(i128::from(hour)))
        }
        Function::Date => days
            .map(|days| Item::made(Value::Date(days)))
            .ok_or(Undefined::WrongType),
        Function::Time => time
            .map(|time| Item::made(Value::Time(time)))
            .ok_or(Undefined::WrongType),
        _ => Err(Undefined::WrongType),
    }
}

fn distance<'v>(function: Function, arguments: &[Item<'v>]) -> Result<Item<'v>, Undefined> {
    let unit = match function {
        Function::MinutesBetween => calendar::MINUTE,
        Function::HoursBetween => calendar::HOUR,
        _ => calendar::DAY,
    };
    let [from, to] = arguments else {
        return Err(Undefined::WrongType);
    };
    match (from.other(), to.other()) {
        (Some(Value::DateTime(from)), Some(Value::DateTime(to))) => {
            // Rust divides towards zero, which is what the language says.
            let length = i128::from(*to) - i128::from(*from);
            Ok(whole(length / i128::from(unit)))
        }
        (Some(Value::Date(from)), Some(Value::Date(to))) if function == Function::DaysBetween => {
            Ok(whole(i128::from(*to) - i128::from(*from)))
        }
        _ => Err(Undefined::WrongType),
    }
}
