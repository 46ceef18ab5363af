//! Days and moments as numbers; the proleptic Gregorian calendar of Python's `datetime`.

use super::Undefined;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 0001-01-01 and 9999-12-31, the days that Python can name, since 1970-01-01.
pub(crate) const FIRST_DAY: i64 = -719_162;
pub(crate) const LAST_DAY: i64 = 2_932_896;

/// Year, month and day of a number of days since 1970-01-01.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    // Eras of 400 years that start on 1 March, so that the leap day comes last.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Monday is 1, Sunday is 7; 1970-01-01 was a Thursday.
pub(super) fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

/// The day, if Python can name it.
pub(super) fn checked_day(days: i64) -> Result<i64, Undefined> {
    if (FIRST_DAY..=LAST_DAY).contains(&days) {
        Ok(days)
    } else {
        Err(Undefined::Overflow)
    }
}

/// The moment, if its day has a name.
pub(super) fn checked_moment(microseconds: i64) -> Result<i64, Undefined> {
    checked_day(microseconds.div_euclid(DAY))?;
    Ok(microseconds)
}

/// A length of time, if it fits into the 64 bits in which databases keep it.
pub(super) fn checked_duration(microseconds: i128) -> Result<i64, Undefined> {
    i64::try_from(microseconds).map_err(|_| Undefined::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_names_of_the_gregorian_calendar() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(FIRST_DAY), (1, 1, 1));
        assert_eq!(civil(LAST_DAY), (9999, 12, 31));
        assert_eq!(weekday(0), 4);
        assert_eq!(weekday(3), 7);
        assert_eq!(weekday(4), 1);
    }
}
