//! Constants of a spec as Python values.

use appspec_backend::python::{Expr, Operator};
use appspec_ir::{Enum, Id, Spec, Value};

use crate::target::Target;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// So many equal characters are written down, and no more.
const COUNTED: usize = 24;

/// A constant; `list` is the enum that an enum value belongs to.
pub(crate) fn value(spec: &Spec, target: Target, value: &Value, list: Option<Id<Enum>>) -> Expr {
    match value {
        Value::Bool(truth) => Expr::bool(*truth),
        Value::Int(number) => Expr::int(*number),
        Value::Decimal(number) => decimal(&number.to_string()),
        Value::Text(text) => self::text(text),
        Value::Date(days) => date(*days),
        Value::Time(micros) => time(*micros),
        Value::DateTime(micros) => moment(*micros),
        Value::Duration(micros) => duration(*micros),
        Value::Uuid(text) => Expr::from("uuid", "UUID").arg(Expr::text(text)),
        Value::Enum(name) => match list {
            Some(id) => target.choice(spec, id, name),
            None => Expr::text(name),
        },
    }
}

/// `"a" * 120` for what nobody would count, and as it is written otherwise.
fn text(text: &str) -> Expr {
    let mut characters = text.chars();
    let count = characters.clone().count();
    match characters.next() {
        Some(first) if count > COUNTED && characters.all(|other| other == first) => {
            let count = Expr::int(i128::try_from(count).unwrap_or_default());
            Expr::binary(Operator::Multiply, Expr::text(first.to_string()), count)
        }
        _ => Expr::text(text),
    }
}

/// `Decimal("1.50")`, `Decimal(5)`
pub(crate) fn decimal(text: &str) -> Expr {
    let number = match text.parse::<i128>() {
        Ok(whole) => Expr::int(whole),
        Err(_) => Expr::text(text),
    };
    Expr::from("decimal", "Decimal").arg(number)
}

/// Documentation on one line, for a comment in the database, which knows no control characters.
///
/// Django hands a comment to PostgreSQL's driver as part of a statement with parameters, where `%` begins a
/// placeholder; the database keeps a single one.
pub(crate) fn comment(text: &str) -> Option<String> {
    let visible: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace('%', "%%");
    (!line.is_empty()).then_some(line)
}

/// A message that Django fills values into: a percent sign of the spec stands for itself.
pub(crate) fn message(text: &str) -> Expr {
    Expr::text(text.replace('%', "%%"))
}

/// `timedelta(days=1, hours=2)`, in the units that people use.
pub(crate) fn duration(micros: i64) -> Expr {
    let mut call = Expr::from("datetime", "timedelta").call();
    let sign = if micros < 0 { -1 } else { 1 };
    let mut rest = i128::from(micros).abs();
    for (unit, size) in [
        ("days", 86_400_000_000),
        ("hours", 3_600_000_000),
        ("minutes", 60_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
    ] {
        if rest >= size {
            call = call.kw(unit, Expr::int(sign * (rest / size)));
            rest %= size;
        }
    }
    call
}

fn date(days: i64) -> Expr {
    let (year, month, day) = civil(days);
    Expr::from("datetime", "date")
        .arg(Expr::int(year))
        .arg(Expr::int(month))
        .arg(Expr::int(day))
}

fn time(micros: i64) -> Expr {
    clock(Expr::from("datetime", "time"), micros)
}

/// `datetime(2026, 1, 31, 12, 30, tzinfo=UTC)`
fn moment(micros: i64) -> Expr {
    let day_length = SECONDS_PER_DAY * MICROS_PER_SECOND;
    let (year, month, day) = civil(micros.div_euclid(day_length));
    let call = Expr::from("datetime", "datetime")
        .arg(Expr::int(year))
        .arg(Expr::int(month))
        .arg(Expr::int(day));
    clock(call, micros.rem_euclid(day_length)).kw("tzinfo", Expr::from("datetime", "UTC"))
}

fn clock(call: Expr, micros: i64) -> Expr {
    let seconds = micros / MICROS_PER_SECOND;
    let parts = [
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        micros % MICROS_PER_SECOND,
    ];
    let used = parts
        .iter()
        .rposition(|part| *part != 0)
        .unwrap_or(0)
        .max(1);
    parts
        .iter()
        .take(used + 1)
        .fold(call, |call, part| call.arg(Expr::int(*part)))
}

/// The calendar day that is so many days after 1970-01-01, by Howard Hinnant's algorithm.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (19_782, (2024, 2, 29)),
            (-719_162, (1, 1, 1)),
            (2_932_896, (9999, 12, 31)),
        ] {
            assert_eq!(civil(days), expected);
        }
    }
}
