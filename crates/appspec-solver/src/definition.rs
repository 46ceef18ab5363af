use appspec_ir::Function;

use crate::calendar;
use crate::linear::Linear;
use crate::matrix::{Conflict, LARGEST};
use crate::problem::{FRESH, Problem};
use crate::state::State;

/// A number that stands for a part of an expression that is no sum.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The number.
    pub(crate) result: usize,
    pub(crate) is: Is,
}

/// What such a number is.
#[derive(Clone, Debug)]
pub(crate) enum Is {
    /// The product of two sums, without their shifts.
    Product(Linear, Linear),
    /// A sum without its shift, divided by a unit and made whole, times a weight.
    Divided {
        of: Linear,
        unit: i128,
        mode: Rounding,
        weight: i128,
    },
    /// A part of a day, times a weight.
    Part {
        part: Function,
        of: Linear,
        weight: i128,
    },
    /// The length of a text, times a weight.
    Length { symbol: usize, weight: i128 },
}

/// How a quotient becomes whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Halves away from zero.
    Half,
    Down,
    Up,
    TowardsZero,
}

impl Rounding {
    /// How far below and above a number what it becomes can lie, in parts of a unit.
    pub(crate) fn strays(self, unit: i128) -> (i128, i128) {
        match self {
            Self::Half => (unit / 2, unit / 2),
            Self::Down => (unit - 1, 0),
            Self::Up => (0, unit - 1),
            Self::TowardsZero => (unit - 1, unit - 1),
        }
    }

    pub(crate) fn apply(self, number: i128, unit: i128) -> i128 {
        let down = number.div_euclid(unit);
        let rest = number.rem_euclid(unit);
        let exact = rest == 0;
        match self {
            Self::Down => down,
            Self::Up => down + i128::from(!exact),
            Self::TowardsZero => down + i128::from(!exact && number < 0),
            Self::Half => {
                let other = unit - rest;
                let away_is_up = number >= 0;
                let up = rest > other || (rest == other && away_is_up);
                down + i128::from(up && !exact)
            }
        }
    }
}

impl Definition {
    /// Draws what follows from the ends of the numbers; whether that was news.
    pub(crate) fn draw(&self, problem: &Problem<'_>, state: &mut State) -> Result<bool, Conflict> {
        match &self.is {
            Is::Product(a, b) => self.product(problem, state, a, b),
            Is::Divided {
                of,
                unit,
                mode,
                weight,
            } => self.divided(problem, state, of, (*unit, *mode, *weight)),
            Is::Part { of, .. } => calendar::draw(problem, state, self.result, of),
            Is::Length { symbol, weight } => self.length(problem, state, *symbol, *weight),
        }
    }

    fn product(
        &self,
        problem: &Problem<'_>,
        state: &mut State,
        a: &Linear,
        b: &Linear,
    ) -> Result<bool, Conflict> {
        let (Some(x), Some(y)) = (state.range(a), state.range(b)) else {
            return Ok(false);
        };
        let ends = if a == b { square(x) } else { product(x, y) };
        let Some(ends) = ends else {
            return Ok(false);
        };
        let mut news = between(self.result, ends, problem, state)?;
        let result = (
            state.matrix.lower(self.result),
            state.matrix.upper(self.result),
        );
        for (factor, other) in [(a, y), (b, x)] {
            let ends = if other.0 > 0 {
                quotient(result, other)
            } else if other.1 < 0 {
                quotient((-result.1, -result.0), (-other.1, -other.0))
            } else {
                continue;
            };
            if let Some(number) = factor.as_number() {
                news |= between(number, ends, problem, state)?;
            }
        }
        Ok(news)
    }

    fn divided(
        &self,
        problem: &Problem<'_>,
        state: &mut State,
        of: &Linear,
        (unit, mode, weight): (i128, Rounding, i128),
    ) -> Result<bool, Conflict> {
        let Some((low, high)) = state.range(of) else {
            return Ok(false);
        };
        // All of them are monotone.
        let end = |number| mode.apply(number, unit).saturating_mul(weight);
        let mut news = between(self.result, (end(low), end(high)), problem, state)?;
        if let Some(number) = of.as_number() {
            let low = state.matrix.lower(self.result).div_euclid(weight);
            let high = state.matrix.upper(self.result).div_euclid(weight);
            // Wide enough for every way of rounding.
            let ends = (
                (low - 1).saturating_mul(unit),
                (high + 1).saturating_mul(unit),
            );
            news |= between(number, ends, problem, state)?;
        }
        Ok(news)
    }

    fn length(
        &self,
        problem: &Problem<'_>,
        state: &mut State,
        symbol: usize,
        weight: i128,
    ) -> Result<bool, Conflict> {
        let Some(constants) = problem.constants(symbol) else {
            return Ok(false);
        };
        let domain = state.domain(symbol);
        let ends = (
            state.matrix.lower(self.result),
            state.matrix.upper(self.result),
        );
        let (mut kept, mut low, mut high) = (domain & FRESH, i128::MAX, i128::MIN);
        for (place, value) in constants.values.iter().enumerate() {
            let length = crate::problem::characters(value).saturating_mul(weight);
            let bit = 2_u128 << place;
            if domain & bit != 0 && (ends.0..=ends.1).contains(&length) {
                kept |= bit;
                low = low.min(length);
                high = high.max(length);
            }
        }
        let mut news = state.restrict(symbol, kept)?;
        if kept & FRESH == 0 {
            news |= between(self.result, (low, high), problem, state)?;
        }
        Ok(news)
    }
}

/// The smallest and the largest product; `None` when it leaves 128 bits.
pub(crate) fn product(x: (i128, i128), y: (i128, i128)) -> Option<(i128, i128)> {
    let is_small = |end: &i128| i64::try_from(*end).is_ok();
    if [x.0, x.1, y.0, y.1].iter().all(is_small) && x.0 >= 0 && y.0 >= 0 {
        return Some((x.0 * y.0, x.1 * y.1));
    }
    let corners = [
        x.0.checked_mul(y.0)?,
        x.0.checked_mul(y.1)?,
        x.1.checked_mul(y.0)?,
        x.1.checked_mul(y.1)?,
    ];
    Some((
        corners.iter().copied().min()?,
        corners.iter().copied().max()?,
    ))
}

/// The smallest and the largest square; `None` when it leaves 128 bits.
pub(crate) fn square((low, high): (i128, i128)) -> Option<(i128, i128)> {
    let ends = (low.checked_mul(low)?, high.checked_mul(high)?);
    let least = if low <= 0 && high >= 0 {
        0
    } else {
        ends.0.min(ends.1)
    };
    Some((least, ends.0.max(ends.1)))
}

/// What a factor can be, given the product and the other factor, which is positive.
fn quotient(product: (i128, i128), other: (i128, i128)) -> (i128, i128) {
    let up = |number: i128, unit: i128| Rounding::Up.apply(number, unit);
    let low = if product.0 >= 0 {
        up(product.0, other.1)
    } else {
        up(product.0, other.0)
    };
    let high = if product.1 >= 0 {
        product.1.div_euclid(other.0)
    } else {
        product.1.div_euclid(other.1)
    };
    (low, high)
}

/// Leaves a number only what lies between two ends; whether that is news.
pub(crate) fn between(
    number: usize,
    (low, high): (i128, i128),
    problem: &Problem<'_>,
    state: &mut State,
) -> Result<bool, Conflict> {
    let (low, high) = (low.max(-LARGEST), high.min(LARGEST));
    let above = state.matrix.at_least(number, low, &problem.units)?;
    let below = state.matrix.at_most(number, high, &problem.units)?;
    Ok(above || below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_rounding_is_that_of_the_language() {
        let cases = [
            (15, Rounding::Half, 2),
            (-15, Rounding::Half, -2),
            (14, Rounding::Half, 1),
            (-14, Rounding::Half, -1),
            (-15, Rounding::Down, -2),
            (-15, Rounding::Up, -1),
            (15, Rounding::Up, 2),
            (-15, Rounding::TowardsZero, -1),
            (15, Rounding::TowardsZero, 1),
            (-20, Rounding::TowardsZero, -2),
        ];
        for (number, mode, expected) in cases {
            assert_eq!(mode.apply(number, 10), expected, "{number} {mode:?}");
        }
    }

    #[test]
    fn no_way_of_rounding_strays_farther_than_it_says() {
        for mode in [
            Rounding::Half,
            Rounding::Down,
            Rounding::Up,
            Rounding::TowardsZero,
        ] {
            for unit in [1, 2, 7, 10] {
                let gaps = (-30..=30).map(|number| mode.apply(number, unit) * unit - number);
                let (low, high) =
                    gaps.fold((0, 0), |(low, high), gap| (gap.min(low), gap.max(high)));
                assert_eq!((-low, high), mode.strays(unit), "{mode:?} {unit}");
            }
        }
    }

    #[test]
    fn factors_follow_from_products() {
        assert_eq!(square((-2, 3)), Some((0, 9)));
        assert_eq!(square((-5, -2)), Some((4, 25)));
        assert_eq!(product((-2, 3), (-5, 7)), Some((-15, 21)));
        assert_eq!(quotient((7, 7), (2, 3)), (3, 3));
        assert_eq!(quotient((-7, 20), (2, 3)), (-3, 10));
    }
}
