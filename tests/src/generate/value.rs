//! Constants, with the order that the language gives them.

#![allow(
    missing_docs,
    reason = "the variants and fields have the names that the language gives them"
)]

use super::model::Id;

/// A constant of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Bool(bool),
    Int(i128),
    /// Units of the last place, and how many places there are. Floats are written like this, too.
    Decimal(i128, u32),
    Text(String),
    /// Year, month, day.
    Date(i64, u32, u32),
    /// Hour, minute, second.
    Time(u32, u32, u32),
    /// Year, month, day, hour, minute; in UTC.
    Moment(i64, u32, u32, u32, u32),
    /// Milliseconds.
    Duration(i64),
    /// A value of an enum by its name.
    Choice(Id, String),
}

impl Value {
    /// Where the value stands among those of its type, in the smallest steps of the type.
    pub fn rank(&self) -> Option<i128> {
        Some(match self {
            Self::Int(number) | Self::Decimal(number, _) => *number,
            Self::Date(year, month, day) => i128::from(days(*year, *month, *day)),
            Self::Time(hour, minute, second) => {
                i128::from(*hour) * 3600 + i128::from(*minute) * 60 + i128::from(*second)
            }
            Self::Moment(year, month, day, hour, minute) => {
                i128::from(days(*year, *month, *day)) * 1440
                    + i128::from(*hour) * 60
                    + i128::from(*minute)
            }
            Self::Duration(millis) => i128::from(*millis),
            Self::Bool(_) | Self::Text(_) | Self::Choice(..) => return None,
        })
    }

    /// As it is written; what an enum's value is called is the printer's to say.
    pub fn written(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Decimal(units, places) => decimal(*units, *places),
            Self::Text(text) => quoted(text),
            Self::Date(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
            Self::Time(hour, minute, 0) => format!("{hour:02}:{minute:02}"),
            Self::Time(hour, minute, second) => format!("{hour:02}:{minute:02}:{second:02}"),
            Self::Moment(year, month, day, hour, minute) => {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
            }
            Self::Duration(millis) => duration(*millis),
            Self::Choice(_, name) => name.clone(),
        }
    }
}

/// Text in quotes, with the escapes of the language.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn decimal(units: i128, places: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = units.unsigned_abs().to_string();
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let places = places as usize;
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{fraction}")
}

/// In the largest unit that leaves a whole number.
fn duration(millis: i64) -> String {
    let units = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1000, "s"),
        (1, "ms"),
    ];
    let (size, unit) = units
        .into_iter()
        .find(|(size, _)| millis % size == 0)
        .unwrap_or((1, "ms"));
    format!("{}{unit}", millis / size)
}

/// Days since the first of March of the year 0.
pub fn days(year: i64, month: u32, day: u32) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + i64::from((153 * month + 2) / 5)
        + i64::from(day)
        - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_language_reads_them() {
        assert_eq!(Value::Decimal(-5, 2).written(), "-0.05");
        assert_eq!(Value::Decimal(12345, 2).written(), "123.45");
        assert_eq!(Value::Decimal(7, 0).written(), "7");
        assert_eq!(Value::Duration(0).written(), "0d");
        assert_eq!(Value::Duration(-90_000).written(), "-90s");
        assert_eq!(Value::Text("a\"b\\".into()).written(), r#""a\"b\\""#);
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(days(2000, 3, 1) - days(2000, 2, 28), 2);
        assert_eq!(days(1900, 3, 1) - days(1900, 2, 28), 1);
        assert_eq!(days(2027, 1, 1) - days(2026, 1, 1), 365);
    }
}
