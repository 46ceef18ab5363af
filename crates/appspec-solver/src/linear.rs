use crate::matrix::{LARGEST, shared};

/// A weighted sum of numbers: `(sum + constant) / 10^shift`, exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Linear {
    /// Numbers and their weights, by number; no weight is 0.
    pub(crate) terms: Vec<(usize, i128)>,
    pub(crate) constant: i128,
    pub(crate) shift: u32,
}

impl Linear {
    pub(crate) fn constant(constant: i128) -> Self {
        Self {
            terms: Vec::new(),
            constant,
            shift: 0,
        }
    }

    pub(crate) fn number(number: usize) -> Self {
        Self {
            terms: vec![(number, 1)],
            constant: 0,
            shift: 0,
        }
    }

    /// The constant that it is, if it reads no number.
    pub(crate) fn as_constant(&self) -> Option<i128> {
        (self.terms.is_empty() && self.shift == 0).then_some(self.constant)
    }

    /// The number that it is, if it is nothing else; whatever the shift.
    pub(crate) fn as_number(&self) -> Option<usize> {
        match self.terms.as_slice() {
            [(number, 1)] if self.constant == 0 => Some(*number),
            _ => None,
        }
    }

    /// So many times as much; `None` when it leaves 128 bits, here and below.
    pub(crate) fn times(&self, factor: i128) -> Option<Self> {
        let mut terms = Vec::with_capacity(self.terms.len());
        for (number, weight) in &self.terms {
            let weight = weight.checked_mul(factor)?;
            if weight != 0 {
                terms.push((*number, weight));
            }
        }
        Some(Self {
            terms,
            constant: self.constant.checked_mul(factor)?,
            shift: self.shift,
        })
    }

    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        self.with(other, 1)
    }

    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.with(other, -1)
    }

    /// With so many times another one.
    fn with(&self, other: &Self, times: i128) -> Option<Self> {
        let shift = self.shift.max(other.shift);
        let own = power_of_ten(shift - self.shift)?;
        let times = power_of_ten(shift - other.shift)?.checked_mul(times)?;
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        for (number, weight) in &self.terms {
            terms.push((*number, weight.checked_mul(own)?));
        }
        for (number, weight) in &other.terms {
            let weight = weight.checked_mul(times)?;
            match terms.iter_mut().find(|(known, _)| known == number) {
                Some((_, known)) => *known = known.checked_add(weight)?,
                None => terms.push((*number, weight)),
            }
        }
        terms.retain(|(_, weight)| *weight != 0);
        terms.sort_unstable();
        let more = other.constant.checked_mul(times)?;
        Some(Self {
            terms,
            constant: self.constant.checked_mul(own)?.checked_add(more)?,
            shift,
        })
    }

    /// The smallest and the largest value of `sum + constant`, given those of the numbers.
    pub(crate) fn range(&self, ends: impl Fn(usize) -> (i128, i128)) -> Option<(i128, i128)> {
        let (mut low, mut high) = (self.constant, self.constant);
        for (number, weight) in &self.terms {
            let (from, to) = ends(*number);
            let (from, to) = if *weight > 0 { (from, to) } else { (to, from) };
            low = low.checked_add(from.checked_mul(*weight)?)?;
            high = high.checked_add(to.checked_mul(*weight)?)?;
        }
        Some((low, high))
    }
}

/// `sum of terms <= most`, made as simple as it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AtMost {
    Always,
    Never,
    /// `x <= most`
    Upper(usize, i128),
    /// `x >= least`
    Lower(usize, i128),
    /// `x - y <= most`
    Difference(usize, usize, i128),
    /// Anything else: weights and most.
    Sum(Vec<(usize, i128)>, i128),
}

/// `linear <= 0`, or `linear < 0`; `unit` says of what a number is a multiple.
pub(crate) fn at_most_zero(
    linear: &Linear,
    strictly: bool,
    unit: impl Fn(usize) -> i128,
) -> Option<AtMost> {
    let most = linear
        .constant
        .checked_neg()?
        .checked_sub(i128::from(strictly))?;
    let terms = &linear.terms;
    if terms.is_empty() {
        return Some(if most >= 0 {
            AtMost::Always
        } else {
            AtMost::Never
        });
    }
    let weights = terms
        .iter()
        .fold(0, |all, (_, weight)| shared(all, *weight));
    let mut step = 0;
    for (number, weight) in terms {
        step = shared(step, (weight / weights).checked_mul(unit(*number))?);
    }
    // The sum is a multiple of `weights` and, what is left of it, of `step`.
    let most = most.div_euclid(weights);
    let most = crate::matrix::rounded_down(most, step);
    let reduced = |weight: i128| weight / weights;
    Some(match terms.as_slice() {
        [(x, weight)] if *weight > 0 => AtMost::Upper(*x, most),
        [(x, _)] => AtMost::Lower(*x, most.checked_neg()?),
        [(x, a), (y, b)] if reduced(*a) == 1 && reduced(*b) == -1 => {
            AtMost::Difference(*x, *y, most)
        }
        [(x, a), (y, b)] if reduced(*a) == -1 && reduced(*b) == 1 => {
            AtMost::Difference(*y, *x, most)
        }
        _ => AtMost::Sum(
            terms
                .iter()
                .map(|(number, weight)| (*number, reduced(*weight)))
                .collect(),
            most,
        ),
    })
}

pub(crate) fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// Whether a number is within what the matrix can add up.
pub(crate) fn is_small(number: i128) -> bool {
    (-LARGEST..=LARGEST).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simple(linear: &Linear, strictly: bool) -> AtMost {
        at_most_zero(linear, strictly, |_| 1).unwrap()
    }

    #[test]
    fn common_weights_go_away_and_bounds_are_rounded() {
        let x = Linear::number(0).times(3).unwrap();
        let seven = Linear::constant(7);
        // 3x <= 7, 3x < 6, 7 <= 3x
        assert_eq!(
            simple(&x.minus(&seven).unwrap(), false),
            AtMost::Upper(0, 2)
        );
        let six = Linear::constant(6);
        assert_eq!(simple(&x.minus(&six).unwrap(), true), AtMost::Upper(0, 1));
        assert_eq!(
            simple(&seven.minus(&x).unwrap(), false),
            AtMost::Lower(0, 3)
        );
    }

    #[test]
    fn two_opposite_numbers_are_a_difference() {
        let gap = Linear::number(0).minus(&Linear::number(1)).unwrap();
        assert_eq!(simple(&gap, true), AtMost::Difference(0, 1, -1));
        let back = gap.times(-10).unwrap();
        assert_eq!(simple(&back, true), AtMost::Difference(1, 0, -1));
        let sum = Linear::number(0).plus(&Linear::number(1)).unwrap();
        assert_eq!(simple(&sum, false), AtMost::Sum(vec![(0, 1), (1, 1)], 0));
    }

    #[test]
    fn shifts_are_brought_together() {
        let half = Linear {
            shift: 1,
            ..Linear::number(0).times(5).unwrap()
        };
        // x * 0.5 - 3 <= 0
        let sum = half.minus(&Linear::constant(3)).unwrap();
        assert_eq!(simple(&sum, false), AtMost::Upper(0, 6));
    }
}
