//! Dates and their parts: which days are left where the year, the month, the day of the month or of the week is known.

use appspec_ir::Function;

use crate::definition::{Definition, Is, between};
use crate::fuel::DATE;
use crate::linear::Linear;
use crate::matrix::Conflict;
use crate::problem::Problem;
use crate::slot::DAYS;
use crate::state::State;

/// So many days are looked at for one that fits; every date but a leap day on a certain day of the week comes again
/// within them.
const MOST_DAYS: i64 = 3_000;
/// Of so many days, all are looked at.
const FEW_DAYS: i64 = 400;

/// A part of a date, between what it has to lie.
struct Part<'d> {
    definition: &'d Definition,
    function: Function,
    weight: i128,
    ends: Ends,
}

/// The least and the most.
type Ends = (i64, i64);

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
            } if other == of => {
                let low = -(-state.matrix.lower(definition.result)).div_euclid(*weight);
                let high = state.matrix.upper(definition.result).div_euclid(*weight);
                Some(Part {
                    definition,
                    function: *part,
                    weight: *weight,
                    ends: (small(low), small(high)),
                })
            }
            _ => None,
        })
        .collect();
    let is_first = parts
        .first()
        .is_some_and(|first| first.definition.result == own);
    let Some((low, high)) = state.range(of).filter(|_| is_first) else {
        return Ok(false);
    };
    let wanted = Wanted::of(&parts);
    let years = wanted.year;
    let mut low = small(low.max(DAYS.0)).max(first_of(years.0, 1));
    let mut high = small(high.min(DAYS.1)).min(first_of(years.1.saturating_add(1), 1) - 1);
    if low > high || !wanted.has_day() {
        return Err(Conflict);
    }
    let mut steps = 0;
    match wanted.next(low, high.min(low + MOST_DAYS), &mut steps) {
        Some(day) => low = day,
        None if high <= low + MOST_DAYS => return Err(Conflict),
        None => {}
    }
    if let Some(day) = wanted.last(low.max(high - MOST_DAYS), high, &mut steps) {
        high = day;
    }
    let mut news = false;
    if let [(number, 1)] = of.terms.as_slice() {
        let ends = (
            i128::from(low) - of.constant,
            i128::from(high) - of.constant,
        );
        news |= between(*number, ends, problem, state)?;
    }
    let left = (high - low <= FEW_DAYS).then(|| wanted.left(low, high, &mut steps));
    // The next step of the search sees that there is nothing left.
    problem.fuel.take_for(steps, DATE);
    for own in &parts {
        let ends = match (own.function, &left) {
            (Function::Year, _) => (Date::of(low).year, Date::of(high).year),
            (function, Some(Some((least, most)))) => (least.part(function), most.part(function)),
            _ => continue,
        };
        let weighted = |end: i64| i128::from(end).saturating_mul(own.weight);
        let ends = (weighted(ends.0), weighted(ends.1));
        news |= between(own.definition.result, ends, problem, state)?;
    }
    Ok(news)
}

/// A number of the search as one of the calendar, which ends long before.
fn small(number: i128) -> i64 {
    let most = i128::from(i32::MAX);
    i64::try_from(number.clamp(-most, most)).unwrap_or_default()
}

/// Between what the parts of a day have to lie.
struct Wanted {
    year: Ends,
    month: Ends,
    day: Ends,
    weekday: Ends,
}

impl Wanted {
    fn of(parts: &[Part<'_>]) -> Self {
        let ends = |function: Function, widest: Ends| {
            let own = parts.iter().filter(|own| own.function == function);
            own.fold(widest, |ends, own| {
                (ends.0.max(own.ends.0), ends.1.min(own.ends.1))
            })
        };
        Self {
            year: ends(Function::Year, (0, 10_000)),
            month: ends(Function::Month, (1, 12)),
            day: ends(Function::Day, (1, 31)),
            weekday: ends(Function::Weekday, (1, 7)),
        }
    }

    /// Whether one of the months has one of the days, in some year.
    fn has_day(&self) -> bool {
        let is_one = |ends: Ends| ends.0 <= ends.1;
        is_one(self.day)
            && is_one(self.weekday)
            && (self.month.0..=self.month.1).any(|month| {
                let most = match month {
                    2 => 29,
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                self.day.0 <= most
            })
    }

    /// The first day that fits. Days that can't fit are jumped over.
    fn next(&self, from: i64, to: i64, steps: &mut usize) -> Option<i64> {
        let mut day = from;
        while day <= to {
            *steps += 1;
            let date = Date::of(day);
            day = if date.month < self.month.0 {
                first_of(date.year, self.month.0)
            } else if date.month > self.month.1 {
                first_of(date.year + 1, self.month.0)
            } else if date.day < self.day.0 {
                // The month may be over before.
                (day + self.day.0 - date.day).min(first_of(date.year, date.month + 1))
            } else if date.day > self.day.1 {
                first_of(date.year, date.month + 1)
            } else if date.weekday < self.weekday.0 {
                day + self.weekday.0 - date.weekday
            } else if date.weekday > self.weekday.1 {
                day + self.weekday.0 + 7 - date.weekday
            } else {
                return Some(day);
            };
        }
        None
    }

    /// The last day that fits.
    fn last(&self, from: i64, to: i64, steps: &mut usize) -> Option<i64> {
        let mut day = to;
        while day >= from {
            *steps += 1;
            let date = Date::of(day);
            day = if date.month > self.month.1 {
                first_of(date.year, self.month.1 + 1) - 1
            } else if date.month < self.month.0 {
                first_of(date.year - 1, self.month.1 + 1) - 1
            } else if date.day > self.day.1 {
                day - date.day + self.day.1
            } else if date.day < self.day.0 {
                day - date.day
            } else if date.weekday > self.weekday.1 {
                day - date.weekday + self.weekday.1
            } else if date.weekday < self.weekday.0 {
                day - date.weekday - 7 + self.weekday.1
            } else {
                return Some(day);
            };
        }
        None
    }

    /// The least and the most of each part, of the days that fit.
    fn left(&self, from: i64, to: i64, steps: &mut usize) -> Option<(Date, Date)> {
        let mut found: Option<(Date, Date)> = None;
        let mut day = from;
        while let Some(next) = self.next(day, to, steps) {
            let date = Date::of(next);
            let (least, most) = found.get_or_insert((date, date));
            *least = least.with(date, i64::min);
            *most = most.with(date, i64::max);
            day = next + 1;
        }
        found
    }
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
    weekday: i64,
}

impl Date {
    /// The day so many days after 1970-01-01, which was a Thursday.
    fn of(day: i64) -> Self {
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
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * month_from_march + 2) / 5 + 1,
            weekday: (day + 3).rem_euclid(7) + 1,
        }
    }

    fn part(self, part: Function) -> i64 {
        match part {
            Function::Year => self.year,
            Function::Month => self.month,
            Function::Weekday => self.weekday,
            _ => self.day,
        }
    }

    /// Part by part one of two.
    fn with(self, other: Self, one: fn(i64, i64) -> i64) -> Self {
        Self {
            year: one(self.year, other.year),
            month: one(self.month, other.month),
            day: one(self.day, other.day),
            weekday: one(self.weekday, other.weekday),
        }
    }
}

/// The first day of a month; the thirteenth is the first of the next year.
fn first_of(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 12 {
        (year + 1, 1)
    } else {
        (year, month)
    };
    let year = year.clamp(0, 10_001);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let year = year - i64::from(month <= 2);
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
    fn asked(part: Function, day: i64) -> i64 {
        let expr = |kind, ty| Expr {
            kind,
            ty,
            span: Span::new(FileId(0), 0, 0),
        };
        let day = Value::Date(day);
        let day = expr(ExprKind::Value(day), Type::Date);
        let call = expr(ExprKind::Call(part, vec![day]), Type::Int);
        match evaluate(&call, &Row::new(), Surroundings::default()) {
            Ok(Value::Int(number)) => i64::try_from(number).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_calendar_is_that_of_the_language() {
        let (first, last) = (small(DAYS.0), small(DAYS.1));
        for day in (first..=last)
            .step_by(997)
            .chain([-1, 0, 11_016, 19_782, last])
        {
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

    #[test]
    fn what_is_jumped_over_does_not_fit() {
        let (first, last) = (19_700, 19_700 + 900);
        for (month, day, weekday) in [
            ((2, 2), (29, 29), (1, 7)),
            ((1, 12), (31, 31), (5, 5)),
            ((4, 6), (1, 31), (6, 7)),
            ((12, 12), (24, 26), (1, 1)),
            ((1, 12), (13, 13), (5, 5)),
            ((2, 2), (30, 31), (1, 7)),
        ] {
            let wanted = Wanted {
                year: (0, 10_000),
                month,
                day,
                weekday,
            };
            let inside = |ends: Ends, part: i64| (ends.0..=ends.1).contains(&part);
            let all: Vec<i64> = (first..=last)
                .filter(|at| {
                    let date = Date::of(*at);
                    inside(month, date.month)
                        && inside(day, date.day)
                        && inside(weekday, date.weekday)
                })
                .collect();
            for at in first..=last {
                let next = all.iter().find(|day| **day >= at);
                assert_eq!(wanted.next(at, last, &mut 0), next.copied());
                let before = all.iter().rfind(|day| **day <= at);
                assert_eq!(wanted.last(first, at, &mut 0), before.copied());
            }
        }
    }
}
