use crate::Value;
use crate::evaluate::calendar::{DAY, HOUR, MINUTE, SECOND, civil};

/// A constant as text of the language.
pub(super) fn constant(value: &Value) -> String {
    match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) | Value::Uuid(text) => quoted(text),
        Value::Date(days) => day(*days),
        Value::Time(time) => time_of_day(*time),
        Value::DateTime(moment) => format!(
            "{}T{}Z",
            day(moment.div_euclid(DAY)),
            time_of_day(moment.rem_euclid(DAY))
        ),
        Value::Duration(length) => duration(*length),
        Value::Enum(name) => name.clone(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn day(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

fn time_of_day(time: i64) -> String {
    let (hour, minute, second) = (time / HOUR, time / MINUTE % 60, time / SECOND % 60);
    match (second, time % SECOND) {
        (0, 0) => format!("{hour:02}:{minute:02}"),
        (second, 0) => format!("{hour:02}:{minute:02}:{second:02}"),
        (second, fraction) => format!("{hour:02}:{minute:02}:{second:02}.{fraction:06}"),
    }
}

/// The largest unit that measures the length without a rest.
fn duration(length: i64) -> String {
    const UNITS: [(i64, &str); 5] = [
        (DAY, "d"),
        (HOUR, "h"),
        (MINUTE, "min"),
        (SECOND, "s"),
        (1_000, "ms"),
    ];
    let fitting = UNITS
        .iter()
        .find(|(unit, _)| length % unit == 0 && length != 0);
    match fitting {
        Some((unit, name)) => format!("{}{name}", length / unit),
        None if length == 0 => "0s".to_owned(),
        None => part_of_a_millisecond(length),
    }
}

/// `5.001ms`, `3600.000001s`: the language writes milliseconds at the finest, so the rest becomes places.
fn part_of_a_millisecond(length: i64) -> String {
    let sign = if length < 0 { "-" } else { "" };
    let length = length.unsigned_abs();
    let (unit, name, places) = if length < SECOND.unsigned_abs() {
        (1_000, "ms", 3)
    } else {
        (SECOND.unsigned_abs(), "s", 6)
    };
    let (whole, rest) = (length / unit, length % unit);
    let rest = format!("{rest:0places$}");
    format!("{sign}{whole}.{}{name}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_look_as_they_are_written() {
        let cases = [
            (Value::Duration(30 * DAY), "30d"),
            (Value::Duration(90 * MINUTE), "90min"),
            (Value::Duration(1_500_000), "1500ms"),
            (Value::Duration(0), "0s"),
            (Value::Duration(5_001), "5.001ms"),
            (Value::Duration(-7), "-0.007ms"),
            (Value::Duration(HOUR + 10), "3600.00001s"),
            (Value::Date(19_782), "2024-02-29"),
            (Value::Time(9 * HOUR + 30 * MINUTE), "09:30"),
            (Value::Time(SECOND), "00:00:01"),
            (Value::DateTime(-SECOND), "1969-12-31T23:59:59Z"),
            (Value::Text("say \"hi\"\\\n".into()), r#""say \"hi\"\\\n""#),
            (Value::Enum("done".into()), "done"),
            (Value::Bool(true), "true"),
        ];
        for (value, text) in cases {
            assert_eq!(constant(&value), text);
        }
    }
}
