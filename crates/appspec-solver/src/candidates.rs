//! Values worth trying: of numbers the pleasant ones first.

use std::ops::ControlFlow;

use rust_decimal::Decimal;

use crate::float;
use crate::replay::TODAY;
use crate::slot::{Class, DAY};

const HOUR: i128 = DAY / 24;

/// Values worth trying, by number; of a symbol the bits.
#[derive(Debug)]
pub(crate) enum Candidates {
    Numbers(Numbers),
    Symbols(Bits),
}

impl Iterator for Candidates {
    type Item = i128;

    fn next(&mut self) -> Option<i128> {
        match self {
            Self::Numbers(numbers) => numbers.next(),
            Self::Symbols(bits) => bits.next(),
        }
    }
}

/// The bits of a domain, the wished one first.
#[derive(Debug)]
pub(crate) struct Bits {
    wish: Option<u32>,
    left: u128,
}

impl Bits {
    pub(crate) fn of(domain: u128, wish: Option<u128>) -> Self {
        let wish = wish.filter(|wish| domain & wish != 0);
        Self {
            wish: wish.map(u128::trailing_zeros),
            left: domain,
        }
    }
}

impl Iterator for Bits {
    type Item = i128;

    fn next(&mut self) -> Option<i128> {
        let bit = match self.wish.take() {
            Some(wish) => wish,
            None if self.left == 0 => return None,
            None => self.left.trailing_zeros(),
        };
        self.left &= !(1 << bit);
        Some(i128::from(bit))
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
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

/// [`numbers`] one by one: mostly the first one is good enough, and the others need not be thought of.
#[derive(Debug)]
pub(crate) struct Numbers {
    asked: Asked,
    is_first: bool,
    rest: Option<std::vec::IntoIter<i128>>,
}

impl Numbers {
    pub(crate) fn of(asked: Asked) -> Self {
        Self {
            asked,
            is_first: true,
            rest: None,
        }
    }
}

impl Iterator for Numbers {
    type Item = i128;

    fn next(&mut self) -> Option<i128> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        if is_first && let Some(first) = first(&self.asked) {
            return Some(first);
        }
        let rest = self.rest.get_or_insert_with(|| {
            let mut all = numbers(&self.asked).into_iter();
            if !is_first {
                all.next();
            }
            all
        });
        rest.next()
    }
}

/// The first of [`numbers`] without the others, where it is among those that are thought of before the others.
pub(crate) fn first(asked: &Asked) -> Option<i128> {
    let (low, high) = asked.ends;
    if low > high {
        return None;
    }
    let is_kept = |number: i128| {
        let end = asked.kept_below.map(i128::unsigned_abs);
        end.is_none_or(|end| number.unsigned_abs() < end)
    };
    let fits = |number: &i128| {
        let whole = asked.unit == 1 || number % asked.unit == 0;
        (low..=high).contains(number) && whole && is_kept(*number)
    };
    let clamped = || asked.wish.unwrap_or(0).clamp(low, high);
    let near = asked.near.then(clamped);
    asked.wish.into_iter().chain(near).find(fits).or_else(|| {
        let found = pleasant(asked, |number| {
            if fits(&number) {
                ControlFlow::Break(number)
            } else {
                ControlFlow::Continue(())
            }
        });
        found.break_value()
    })
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
    if let Some(wish) = asked.wish {
        add(wish);
    }
    if asked.near {
        add(asked.wish.unwrap_or(0).clamp(low, high));
    }
    let _ = pleasant(asked, |number| {
        add(number);
        ControlFlow::<()>::Continue(())
    });
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

/// Visits the pleasant ones in order, until a visit ends it.
fn pleasant<T>(asked: &Asked, visit: impl FnMut(i128) -> ControlFlow<T>) -> ControlFlow<T> {
    let today = i128::from(TODAY);
    // Far enough from any day on which a test runs.
    let far = [376_200, 10_957];
    let far = || far.into_iter().filter(|_| asked.timed);
    let days = [0, 1, 2, 3, 4, 5, 6, 7, 30, 40, 180, 365, -1, -2, -30, -365];
    match asked.class {
        Class::Number if asked.is_length => ControlFlow::Continue(()),
        Class::Number => {
            let unit = 10_i128.checked_pow(asked.scale).unwrap_or(1);
            [1_i128, 0, 2, 3, 5, 10, 20, 50, 100, 1000, -1]
                .into_iter()
                .filter_map(|number| number.checked_mul(unit))
                .try_for_each(visit)
        }
        Class::Date => {
            let near = days.into_iter().map(|day| today + day);
            far().chain(near).try_for_each(visit)
        }
        Class::DateTime => {
            let base = today * DAY + 9 * HOUR;
            let hours = [0, 1, 2, 3].into_iter().map(|hour| base + hour * HOUR);
            let days = days.into_iter().map(|day| base + day * DAY);
            let near = hours.chain(days).chain([base - HOUR]);
            far().map(|day| day * DAY).chain(near).try_for_each(visit)
        }
        Class::Time => [9, 10, 11, 12, 17, 0]
            .into_iter()
            .map(|hour| hour * HOUR)
            .try_for_each(visit),
        Class::Duration => [HOUR, 0, HOUR / 2, 2 * HOUR, DAY, 7 * DAY, HOUR / 4]
            .into_iter()
            .try_for_each(visit),
        Class::Float => [10, 0, 5, 20, 100, 1000, -10]
            .into_iter()
            .filter_map(|tenths| float::place(Decimal::new(tenths, 1)))
            .try_for_each(visit),
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
    fn one_by_one_they_are_the_same() {
        let classes = [
            Class::Number,
            Class::Date,
            Class::Time,
            Class::DateTime,
            Class::Duration,
        ];
        let ends = [(50, 5000), (-900, -100), (0, 0), (-1000, 1000), (7, 3)];
        let wishes = [None, Some(0), Some(77), Some(40), Some(9_000)];
        let mut places = [0_usize; 8];
        let sizes = [classes.len(), ends.len(), wishes.len(), 2, 2, 2, 3, 2];
        loop {
            let asked = Asked {
                class: classes[places[0]],
                ends: ends[places[1]],
                unit: [1, 100][places[7]],
                scale: 2,
                wish: wishes[places[2]],
                near: places[3] == 1,
                timed: places[4] == 1,
                is_length: places[5] == 1,
                kept_below: [None, Some(60), Some(1_000_000)][places[6]],
            };
            let one_by_one: Vec<i128> = Numbers::of(asked).collect();
            assert_eq!(one_by_one, numbers(&asked), "{asked:?}");
            if let Some(first) = first(&asked) {
                assert_eq!(first, one_by_one[0], "{asked:?}");
            }
            let Some(at) = (0..sizes.len()).find(|at| places[*at] + 1 < sizes[*at]) else {
                break;
            };
            places[at] += 1;
            places[..at].fill(0);
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
