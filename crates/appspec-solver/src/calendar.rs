//! Dates and their parts: which days are left where the year, the month, the day of the month or of the week is known.

use appspec_ir::Function;

use crate::definition::{Definition, Is, between};
use crate::linear::Linear;
use crate::matrix::Conflict;
use crate::problem::Problem;
use crate::slot::DAYS;
use crate::state::State;

/// So many days are looked at for one that fits; every date but a leap day on a certain day of the week comes again
/// within them.
const MOST_DAYS: i128 = 3_000;
/// Of so many days, all are looked at.
const FEW_DAYS: i128 = 400;

/// A part of a date, between what it has to lie.
struct Part<'d> {
    definition: &'d Definition,
    function: Function,
    weight: i128,
    low: i128,
    high: i128,
}

/// Draws what follows for a date and its parts; whether that was news. All parts of one date are looked at together, when
/// the first of them is drawn from.
pub(crate) fn draw(
    problem: &Problem<'_>,
    state: &mut State,
    own: usize,
    of: &Linear,
) -> Result<bool, Conflict> {
    let parts: Vec<Part<'_>> = problem
        .definitions
        .iter()
        .filter_map(|definition| match &definition.is {
            Is::Part {
                part,
                of: other,
                weight,
            } if other == of => Some(Part {
                definition,
                function: *part,
                weight: *weight,
                low: -(-state.matrix.lower(definition.result)).div_euclid(*weight),
                high: state.matrix.upper(definition.result).div_euclid(*weight),
            }),
            _ => None,
        })
        .collect();
    let is_first = parts
        .first()
        .is_some_and(|first| first.definition.result == own);
    let Some((low, high)) = state.range(of).filter(|_| is_first) else {
        return Ok(false);
    };
    let (mut low, mut high) = (low.max(DAYS.0), high.min(DAYS.1));
    for years in parts.iter().filter(|own| own.function == Function::Year) {
        low = low.max(first_of(years.low, 1));
        high = high.min(first_of(years.high.saturating_add(1), 1) - 1);
    }
    if low > high || !has_day(&parts) {
        return Err(Conflict);
    }
    let fits = |day: i128| {
        let date = Date::of(day);
        parts
            .iter()
            .all(|own| (own.low..=own.high).contains(&date.part(own.function)))
    };
    match (low..=high.min(low + MOST_DAYS)).find(|day| fits(*day)) {
        Some(day) => low = day,
        None if high <= low + MOST_DAYS => return Err(Conflict),
        None => {}
    }
    if let Some(day) = (low.max(high - MOST_DAYS)..=high)
        .rev()
        .find(|day| fits(*day))
    {
        high = day;
    }
    let mut news = false;
    if let [(number, 1)] = of.terms.as_slice() {
        let ends = (low - of.constant, high - of.constant);
        news |= between(*number, ends, problem, state)?;
    }
    let is_short = high - low <= FEW_DAYS;
    for own in &parts {
        let value = |day: i128| Date::of(day).part(own.function);
        let ends = if own.function == Function::Year {
            Some((value(low), value(high)))
        } else if is_short {
            let values = || (low..=high).filter(|day| fits(*day)).map(value);
            values().min().zip(values().max())
        } else {
            None
        };
        if let Some((least, most)) = ends {
            let ends = (
                least.saturating_mul(own.weight),
                most.saturating_mul(own.weight),
            );
            news |= between(own.definition.result, ends, problem, state)?;
        }
    }
    Ok(news)
}

/// Whether one of the months has one of the days, in some year.
fn has_day(parts: &[Part<'_>]) -> bool {
    let ends = |function: Function, widest: (i128, i128)| {
        let own = parts.iter().filter(|own| own.function == function);
        own.fold(widest, |ends, own| {
            (ends.0.max(own.low), ends.1.min(own.high))
        })
    };
    let (months, days) = (ends(Function::Month, (1, 12)), ends(Function::Day, (1, 31)));
    days.0 <= days.1
        && (months.0..=months.1).any(|month| {
            let most = match month {
                2 => 29,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            days.0 <= most
        })
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    year: i128,
    month: i128,
    day: i128,
    weekday: i128,
}

impl Date {
    /// The day so many days after 1970-01-01, which was a Thursday.
    fn of(day: i128) -> Self {
        // Years begin in March here, so that the leap day is their last.
        let since = day + 719_468;
        let era = since.div_euclid(146_097);
        let of_era = since.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        Self {
            year: year_of_era + era * 400 + i128::from(month <= 2),
            month,
            day: of_year - (153 * month_from_march + 2) / 5 + 1,
            weekday: (day + 3).rem_euclid(7) + 1,
        }
    }

    fn part(self, part: Function) -> i128 {
        match part {
            Function::Year => self.year,
            Function::Month => self.month,
            Function::Weekday => self.weekday,
            _ => self.day,
        }
    }
}

/// The first day of a month.
fn first_of(year: i128, month: i128) -> i128 {
    let year = year.clamp(0, 10_001);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let year = year - i128::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * from_march + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::{FileId, Span};
    use appspec_ir::{Expr, ExprKind, Row, Surroundings, Type, Value, evaluate};

    use super::*;

    /// What the evaluator of the language says.
    fn asked(part: Function, day: i128) -> i128 {
        let expr = |kind, ty| Expr {
            kind,
            ty,
            span: Span::new(FileId(0), 0, 0),
        };
        let day = Value::Date(i64::try_from(day).unwrap());
        let day = expr(ExprKind::Value(day), Type::Date);
        let call = expr(ExprKind::Call(part, vec![day]), Type::Int);
        match evaluate(&call, &Row::new(), Surroundings::default()) {
            Ok(Value::Int(number)) => number,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_calendar_is_that_of_the_language() {
        let days = (DAYS.0..=DAYS.1).step_by(997);
        for day in days.chain([DAYS.0, -1, 0, 11_016, 19_782, DAYS.1]) {
            let date = Date::of(day);
            for part in [
                Function::Year,
                Function::Month,
                Function::Day,
                Function::Weekday,
            ] {
                assert_eq!(date.part(part), asked(part, day), "{part:?} of {day}");
            }
            assert_eq!(first_of(date.year, date.month) + date.day - 1, day);
        }
    }
}
