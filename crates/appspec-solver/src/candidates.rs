//! Numbers worth trying, the pleasant ones first.

use rust_decimal::Decimal;

use crate::float;
use crate::replay::TODAY;
use crate::slot::{Class, DAY};

const HOUR: i128 = DAY / 24;

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) class: Class,
    /// The smallest and the largest number.
    pub(crate) ends: (i128, i128),
    /// Of what it is a multiple.
    pub(crate) unit: i128,
    pub(crate) scale: u32,
    /// The number that is wished.
    pub(crate) wish: Option<i128>,
    /// Whether a number close to the wish is better than a round one.
    pub(crate) near: bool,
    /// Whether it may be compared with the current moment.
    pub(crate) timed: bool,
    /// Whether it is the length of a text.
    pub(crate) is_length: bool,
    /// What every database keeps lies below this on either side, and is tried first.
    pub(crate) kept_below: Option<i128>,
}

/// The first of [`numbers`], where nothing is wished, without the others.
pub(crate) fn first(asked: &Asked) -> Option<i128> {
    let (low, high) = asked.ends;
    let whole = |number: i128| asked.unit == 1 || number % asked.unit == 0;
    let is_kept = |number: i128| {
        let end = asked.kept_below.map(i128::unsigned_abs);
        end.is_none_or(|end| number.unsigned_abs() < end)
    };
    let mut pleasant = pleasant(asked).into_iter();
    pleasant.find(|number| (low..=high).contains(number) && whole(*number) && is_kept(*number))
}

/// Numbers between the ends, each once.
pub(crate) fn numbers(asked: &Asked) -> Vec<i128> {
    let (low, high) = asked.ends;
    if low > high {
        return Vec::new();
    }
    let mut found: Vec<i128> = Vec::new();
    let mut add = |number: i128| {
        let whole = asked.unit == 1 || number % asked.unit == 0;
        let fits = (low..=high).contains(&number) && whole;
        if fits && !found.contains(&number) {
            found.push(number);
        }
    };
    let pleasant = pleasant(asked);
    if let Some(wish) = asked.wish {
        add(wish);
    }
    if asked.near {
        add(asked.wish.unwrap_or(0).clamp(low, high));
    }
    pleasant.iter().copied().for_each(&mut add);
    add(asked.wish.unwrap_or(0).clamp(low, high));
    for step in 0..if asked.is_length { 40 } else { 3 } {
        add(low.saturating_add(asked.unit.saturating_mul(step)));
    }
    add(high);
    add(high.saturating_sub(asked.unit));
    let middle = low / 2 + high / 2;
    add(middle - middle % asked.unit);
    if let Some(end) = asked.kept_below {
        add(low.max(asked.unit - end));
        add(high.min(end - asked.unit));
        found.sort_by_key(|number| number.unsigned_abs() >= end.unsigned_abs());
    }
    found
}

fn pleasant(asked: &Asked) -> Vec<i128> {
    let today = i128::from(TODAY);
    // Far enough from any day on which a test runs.
    let far = [376_200, 10_957];
    let days = [0, 1, 2, 3, 4, 5, 6, 7, 30, 40, 180, 365, -1, -2, -30, -365];
    match asked.class {
        Class::Number if asked.is_length => Vec::new(),
        Class::Number => {
            let unit = 10_i128.checked_pow(asked.scale).unwrap_or(1);
            [1_i128, 0, 2, 3, 5, 10, 20, 50, 100, 1000, -1]
                .into_iter()
                .filter_map(|number| number.checked_mul(unit))
                .collect()
        }
        Class::Date => {
            let near = days.map(|day| today + day);
            if asked.timed {
                far.into_iter().chain(near).collect()
            } else {
                near.to_vec()
            }
        }
        Class::DateTime => {
            let base = today * DAY + 9 * HOUR;
            let hours = [0, 1, 2, 3].map(|hour| base + hour * HOUR);
            let near = hours
                .into_iter()
                .chain(days.map(|day| base + day * DAY))
                .chain([base - HOUR]);
            if asked.timed {
                far.map(|day| day * DAY).into_iter().chain(near).collect()
            } else {
                near.collect()
            }
        }
        Class::Time => [9, 10, 11, 12, 17, 0].map(|hour| hour * HOUR).to_vec(),
        Class::Duration => vec![HOUR, 0, HOUR / 2, 2 * HOUR, DAY, 7 * DAY, HOUR / 4],
        Class::Float => [10, 0, 5, 20, 100, 1000, -10]
            .into_iter()
            .filter_map(|tenths| float::place(Decimal::new(tenths, 1)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(ends: (i128, i128), wish: Option<i128>, near: bool) -> Vec<i128> {
        numbers(&Asked {
            class: Class::Number,
            ends,
            unit: 1,
            scale: 2,
            wish,
            near,
            timed: false,
            is_length: false,
            kept_below: None,
        })
    }

    #[test]
    fn the_first_is_the_first_of_all() {
        for ends in [(50, 5000), (-900, -100), (0, 0), (-1000, 1000)] {
            let asked = Asked {
                class: Class::Number,
                ends,
                unit: 1,
                scale: 2,
                wish: None,
                near: false,
                timed: false,
                is_length: false,
                kept_below: None,
            };
            if let Some(first) = first(&asked) {
                assert_eq!(first, numbers(&asked)[0], "{ends:?}");
            }
        }
    }

    #[test]
    fn round_numbers_go_first_unless_a_row_is_given() {
        assert_eq!(asked((50, 5000), None, false)[0], 100);
        assert_eq!(asked((50, 5000), Some(77), false)[0], 77);
        assert_eq!(asked((50, 5000), Some(40), true)[0], 50);
        assert_eq!(asked((7, 7), None, false), [7]);
    }
}
