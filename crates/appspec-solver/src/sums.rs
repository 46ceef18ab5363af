//! Sums that no numbers fulfil together, although the ends of each number alone leave room for each of them.
//!
//! The simplex method over exact fractions: where it ends without numbers, one of its rows says which sums, added up, ask
//! for less than nothing. It is asked where a branch has no choices left and the matrix of differences found nothing; it
//! gives up after a few steps, or when a number leaves 128 bits, and then nothing is proven.

use crate::definition::{Definition, Is, Rounding};
use crate::fraction::{Beyond, Fraction};
use crate::problem::Problem;
use crate::state::State;

/// With more numbers, or more sums, nothing is tried.
const MOST_NUMBERS: usize = 24;
const MOST_ROWS: usize = 48;
/// How often two numbers are exchanged.
const MOST_STEPS: usize = 120;

/// Whether no numbers fulfil all sums of a state; `false` when nobody knows.
pub(crate) fn exclude_each_other(problem: &Problem<'_>, state: &State) -> bool {
    if state.sums().is_empty() {
        return false;
    }
    let Some(sums) = Sums::of(problem, state) else {
        return false;
    };
    // The simplex method moves a sum between its ends, which have to be in order.
    if sums.rows.iter().any(Row::is_empty) {
        return true;
    }
    sums.rows.len() > 1 && Tableau::new(sums).excludes_all(problem) == Ok(true)
}

/// Weights, and between what their sum has to lie.
#[derive(Debug)]
struct Row {
    weights: Vec<(usize, i128)>,
    low: Option<i128>,
    high: Option<i128>,
}

impl Row {
    fn is_empty(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low > high)
    }
}

/// The sums of a state.
#[derive(Debug, Default)]
struct Sums {
    /// The numbers of the problem that they are about.
    numbers: Vec<usize>,
    /// The ends of each of them.
    ends: Vec<(i128, i128)>,
    rows: Vec<Row>,
}

impl Sums {
    fn of(problem: &Problem<'_>, state: &State) -> Option<Self> {
        let mut own = Self::default();
        for (terms, most) in state.sums() {
            own.add(terms, None, Some(*most))?;
        }
        for definition in &problem.definitions {
            own.add_quotient(definition)?;
        }
        own.ends = own
            .numbers
            .iter()
            .map(|number| state.ends(*number))
            .collect();
        let numbers = own.numbers.clone();
        for (place, x) in numbers.iter().enumerate() {
            for y in numbers.iter().skip(place + 1) {
                let (x_ends, y_ends) = (state.ends(*x), state.ends(*y));
                let most = state.matrix.difference(*x, *y);
                let least = -state.matrix.difference(*y, *x);
                // The ends of both say the others already.
                if most < x_ends.1 - y_ends.0 || least > x_ends.0 - y_ends.1 {
                    own.add(&[(*x, 1), (*y, -1)], Some(least), Some(most))?;
                }
            }
        }
        Some(own)
    }

    /// A quotient made whole is less than a unit away from what is divided.
    fn add_quotient(&mut self, definition: &Definition) -> Option<()> {
        let Is::Divided {
            of,
            unit,
            mode,
            weight,
        } = &definition.is
        else {
            return Some(());
        };
        // `weight * of - unit * result`, of which the constant is on the other side.
        let Some(scaled) = of.times(*weight) else {
            return Some(());
        };
        let (low, high) = match mode {
            Rounding::Half => (-(unit / 2), unit / 2),
            Rounding::Down => (0, unit - 1),
            Rounding::Up => (1 - unit, 0),
            Rounding::TowardsZero => (1 - unit, unit - 1),
        };
        let mut terms = scaled.terms;
        if terms.iter().any(|(number, _)| *number == definition.result) {
            return Some(());
        }
        terms.push((definition.result, unit.checked_neg()?));
        let end = |end: i128| end.checked_mul(*weight)?.checked_sub(scaled.constant);
        let (Some(low), Some(high)) = (end(low), end(high)) else {
            return Some(());
        };
        self.add(&terms, Some(low), Some(high))
    }

    fn add(
        &mut self,
        terms: &[(usize, i128)],
        low: Option<i128>,
        high: Option<i128>,
    ) -> Option<()> {
        let mut weights = Vec::with_capacity(terms.len());
        for (number, weight) in terms {
            let known = self.numbers.iter().position(|own| own == number);
            let place = known.unwrap_or_else(|| {
                self.numbers.push(*number);
                self.numbers.len() - 1
            });
            weights.push((place, *weight));
        }
        weights.sort_unstable();
        let (mut low, mut high) = (low, high);
        // A sum and its opposite are one row.
        if weights.first().is_some_and(|(_, weight)| *weight < 0) {
            for (_, weight) in &mut weights {
                *weight = weight.checked_neg()?;
            }
            let turned = |end: Option<i128>| match end {
                Some(end) => Some(Some(end.checked_neg()?)),
                None => Some(None),
            };
            (low, high) = (turned(high)?, turned(low)?);
        }
        if let Some(row) = self.rows.iter_mut().find(|row| row.weights == weights) {
            row.low = row.low.max(low);
            row.high = [row.high, high].into_iter().flatten().min();
        } else {
            self.rows.push(Row { weights, low, high });
        }
        (self.rows.len() <= MOST_ROWS && self.numbers.len() <= MOST_NUMBERS).then_some(())
    }
}

/// A variable: a number, or what a row adds up to.
#[derive(Clone, Copy, Debug)]
struct Variable {
    /// Its place among all: of several that could be exchanged, the first is taken, so that it ends.
    place: usize,
    low: Option<i128>,
    high: Option<i128>,
    value: Fraction,
}

impl Variable {
    /// The end that its value is beyond.
    fn missed(&self) -> Result<Option<i128>, Beyond> {
        if let Some(low) = self.low
            && self.value.is_below(low)?
        {
            return Ok(Some(low));
        }
        if let Some(high) = self.high
            && self.value.is_above(high)?
        {
            return Ok(Some(high));
        }
        Ok(None)
    }

    fn can_grow(&self) -> Result<bool, Beyond> {
        self.high.map_or(Ok(true), |high| self.value.is_below(high))
    }

    fn can_shrink(&self) -> Result<bool, Beyond> {
        self.low.map_or(Ok(true), |low| self.value.is_above(low))
    }
}

/// Each line is a variable as a weighted sum of the free ones.
#[derive(Debug)]
struct Line {
    variable: Variable,
    weights: Vec<Fraction>,
}

#[derive(Debug)]
struct Tableau {
    lines: Vec<Line>,
    free: Vec<Variable>,
}

impl Tableau {
    fn new(sums: Sums) -> Self {
        let count = sums.ends.len();
        let variable = |(place, (low, high)): (usize, &(i128, i128))| Variable {
            place,
            low: Some(*low),
            high: Some(*high),
            value: Fraction::whole(*low),
        };
        let free: Vec<Variable> = sums.ends.iter().enumerate().map(variable).collect();
        let lines = sums.rows.into_iter().enumerate().map(|(place, row)| Line {
            variable: Variable {
                place: count + place,
                low: row.low,
                high: row.high,
                value: Fraction::ZERO,
            },
            weights: (0..count)
                .map(|own| {
                    let weight = row.weights.iter().find(|(number, _)| *number == own);
                    Fraction::whole(weight.map_or(0, |(_, weight)| *weight))
                })
                .collect(),
        });
        Self {
            lines: lines.collect(),
            free,
        }
    }

    /// Whether no values are within all ends; an error when nobody knows.
    fn excludes_all(mut self, problem: &Problem<'_>) -> Result<bool, Beyond> {
        for line in &mut self.lines {
            let mut value = Fraction::ZERO;
            for (weight, own) in line.weights.iter().zip(&self.free) {
                value = value.plus(weight.times(own.value)?)?;
            }
            line.variable.value = value;
        }
        for _ in 0..MOST_STEPS {
            if !problem.fuel.take() {
                return Err(Beyond);
            }
            let Some((row, end)) = self.first_missed()? else {
                return Ok(false);
            };
            let Some(column) = self.first_that_helps(row, end)? else {
                return Ok(true);
            };
            self.exchange(row, column, end)?;
        }
        Err(Beyond)
    }

    /// The first line whose value is beyond an end, with that end.
    fn first_missed(&self) -> Result<Option<(usize, i128)>, Beyond> {
        let mut first: Option<(usize, usize, i128)> = None;
        for (row, line) in self.lines.iter().enumerate() {
            let place = line.variable.place;
            if let Some(end) = line.variable.missed()?
                && first.is_none_or(|(_, least, _)| place < least)
            {
                first = Some((row, place, end));
            }
        }
        Ok(first.map(|(row, _, end)| (row, end)))
    }

    /// The first free variable that can move so that the line comes closer to an end.
    fn first_that_helps(&self, row: usize, end: i128) -> Result<Option<usize>, Beyond> {
        let line = self.lines.get(row).ok_or(Beyond)?;
        let grows = line.variable.value.is_below(end)?;
        let mut first: Option<(usize, usize)> = None;
        for (column, (weight, free)) in line.weights.iter().zip(&self.free).enumerate() {
            if weight.is_zero() || first.is_some_and(|(_, least)| least < free.place) {
                continue;
            }
            let helps = if weight.is_positive() == grows {
                free.can_grow()?
            } else {
                free.can_shrink()?
            };
            if helps {
                first = Some((column, free.place));
            }
        }
        Ok(first.map(|(column, _)| column))
    }

    /// Moves a free variable so that a line has the value of an end, and lets both change places.
    fn exchange(&mut self, row: usize, column: usize, end: i128) -> Result<(), Beyond> {
        let line = self.lines.get_mut(row).ok_or(Beyond)?;
        let pivot = *line.weights.get(column).ok_or(Beyond)?;
        let way = Fraction::whole(end)
            .minus(line.variable.value)?
            .over(pivot)?;
        line.variable.value = Fraction::whole(end);
        // What was free as a sum of what is free now.
        let mut solved = Vec::with_capacity(line.weights.len());
        for (place, weight) in line.weights.iter().enumerate() {
            solved.push(if place == column {
                Fraction::ONE.over(pivot)?
            } else {
                Fraction::ZERO.minus(weight.over(pivot)?)?
            });
        }
        line.weights.clone_from(&solved);
        let free = self.free.get_mut(column).ok_or(Beyond)?;
        free.value = free.value.plus(way)?;
        std::mem::swap(&mut line.variable, free);
        for (place, line) in self.lines.iter_mut().enumerate() {
            if place == row {
                continue;
            }
            let Some(weight) = line.weights.get_mut(column) else {
                continue;
            };
            let factor = std::mem::replace(weight, Fraction::ZERO);
            if factor.is_zero() {
                continue;
            }
            line.variable.value = line.variable.value.plus(factor.times(way)?)?;
            for (weight, solved) in line.weights.iter_mut().zip(&solved) {
                *weight = weight.plus(factor.times(*solved)?)?;
            }
        }
        Ok(())
    }
}
