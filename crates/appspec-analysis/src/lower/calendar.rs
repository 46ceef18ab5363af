//! ISO dates and times to the numbers of [`appspec_ir::Value`], in the proleptic Gregorian calendar.

/// Microseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// `2026-03-01` as days since 1970-01-01; `None` when there is no such day.
pub(crate) fn date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year: i64 = number(parts.next()?, 4)?;
    let month: i64 = number(parts.next()?, 2)?;
    let day: i64 = number(parts.next()?, 2)?;
    let valid = parts.next().is_none()
        && year >= 1
        && (1..=12).contains(&month)
        && (1..=month_length(year, month)).contains(&day);
    valid.then(|| days_from_civil(year, month, day))
}

/// `09:30` or `09:30:15` as microseconds since midnight; `None` when there is no such time.
pub(crate) fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour: i64 = number(parts.next()?, 2)?;
    let minute: i64 = number(parts.next()?, 2)?;
    let second: i64 = parts.next().map_or(Some(0), |part| number(part, 2))?;
    let valid = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    valid.then_some((hour * 3600 + minute * 60 + second) * SECOND)
}

/// What a date-time literal turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Microseconds since 1970-01-01T00:00Z.
    At(i64),
    /// It has neither `Z` nor an offset, so it is no moment.
    NoZone,
    /// There is no such day, time or offset.
    Invalid,
}

/// `2026-03-01T09:30Z`, `2026-03-01T09:30:00+01:00`
pub(crate) fn moment(text: &str) -> Moment {
    let Some((day, clock)) = text.split_once(['T', 't']) else {
        return Moment::Invalid;
    };
    let Some(day) = date(day) else {
        return Moment::Invalid;
    };
    let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
        Some(at) => match (clock.get(..at), clock.get(at..)) {
            (Some(clock), Some(zone)) => (clock, zone_offset(zone)),
            _ => return Moment::Invalid,
        },
        None => {
            return match time(clock) {
                Some(_) => Moment::NoZone,
                None => Moment::Invalid,
            };
        }
    };
    match (time(clock), offset) {
        (Some(clock), Some(offset)) => Moment::At(day * DAY + clock - offset),
        _ => Moment::Invalid,
    }
}

fn zone_offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    Some(sign * time(clock)?)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let shaped = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    shaped.then(|| text.parse().ok())?
}

fn month_length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts years from March, so that the leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::{DAY, Moment, SECOND, date, moment, time};

    #[test]
    fn days_count_from_1970() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("2000-03-01"), Some(11_017));
        assert_eq!(date("1969-12-31"), Some(-1));
        assert_eq!(date("2024-02-29"), Some(19_782));
        assert_eq!(date("2026-02-29"), None);
        assert_eq!(date("2026-13-01"), None);
    }

    #[test]
    fn moments_need_a_zone() {
        assert_eq!(time("09:30"), Some(34_200 * SECOND));
        assert_eq!(time("24:00"), None);
        assert_eq!(moment("1970-01-02T00:00Z"), Moment::At(DAY));
        assert_eq!(moment("1970-01-01T01:00:00+01:00"), Moment::At(0));
        assert_eq!(moment("2026-03-01T09:30"), Moment::NoZone);
        assert_eq!(moment("2026-02-30T09:30Z"), Moment::Invalid);
    }
}
