/// A quotient of whole numbers, exact; what leaves 128 bits is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    /// Of a reduced quotient.
    top: i128,
    /// Positive.
    bottom: i128,
}

impl Fraction {
    pub(crate) const ZERO: Self = Self::whole(0);
    pub(crate) const ONE: Self = Self::whole(1);

    pub(crate) const fn whole(number: i128) -> Self {
        Self {
            top: number,
            bottom: 1,
        }
    }

    fn reduced(top: i128, bottom: i128) -> Option<Self> {
        let shared = i128::try_from(common(top.unsigned_abs(), bottom.unsigned_abs())).ok()?;
        if shared == 0 || bottom == 0 {
            return None;
        }
        let sign = bottom.signum();
        Some(Self {
            top: (top / shared).checked_mul(sign)?,
            bottom: (bottom / shared).checked_mul(sign)?,
        })
    }

    pub(crate) fn is_zero(self) -> bool {
        self.top == 0
    }

    pub(crate) fn is_positive(self) -> bool {
        self.top > 0
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        if self.bottom == 1 && other.bottom == 1 {
            return Some(Self::whole(self.top.checked_add(other.top)?));
        }
        let left = self.top.checked_mul(other.bottom)?;
        let right = other.top.checked_mul(self.bottom)?;
        Self::reduced(
            left.checked_add(right)?,
            self.bottom.checked_mul(other.bottom)?,
        )
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self {
            top: other.top.checked_neg()?,
            bottom: other.bottom,
        })
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        if self.bottom == 1 && other.bottom == 1 {
            return Some(Self::whole(self.top.checked_mul(other.top)?));
        }
        Self::reduced(
            self.top.checked_mul(other.top)?,
            self.bottom.checked_mul(other.bottom)?,
        )
    }

    pub(crate) fn over(self, other: Self) -> Option<Self> {
        Self::reduced(
            self.top.checked_mul(other.bottom)?,
            self.bottom.checked_mul(other.top)?,
        )
    }

    /// Whether it is less than a whole number.
    pub(crate) fn is_below(self, number: i128) -> Option<bool> {
        Some(self.top < number.checked_mul(self.bottom)?)
    }

    /// Whether it is more than a whole number.
    pub(crate) fn is_above(self, number: i128) -> Option<bool> {
        Some(self.top > number.checked_mul(self.bottom)?)
    }
}

fn common(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::Fraction;

    #[test]
    fn it_counts_exactly_or_not_at_all() {
        let half = Fraction::ONE.over(Fraction::whole(-2)).unwrap();
        assert_eq!(half.plus(half), Some(Fraction::whole(-1)));
        assert_eq!(half.minus(half), Some(Fraction::ZERO));
        assert_eq!(half.times(half), Fraction::ONE.over(Fraction::whole(4)));
        assert_eq!(half.is_below(0), Some(true));
        assert_eq!(half.is_above(-1), Some(true));
        assert_eq!(Fraction::ONE.over(Fraction::ZERO), None);
        let large = Fraction::whole(i128::MAX);
        assert_eq!(large.plus(Fraction::ONE), None);
        assert_eq!(large.times(Fraction::whole(2)), None);
    }
}
