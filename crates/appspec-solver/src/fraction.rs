/// A number leaves 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beyond;

/// A quotient of whole numbers, exact.
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

    fn reduced(top: i128, bottom: i128) -> Result<Self, Beyond> {
        let shared = i128::try_from(common(top.unsigned_abs(), bottom.unsigned_abs()))
            .map_err(|_| Beyond)?;
        if shared == 0 || bottom == 0 {
            return Err(Beyond);
        }
        let sign = bottom.signum();
        Ok(Self {
            top: (top / shared).checked_mul(sign).ok_or(Beyond)?,
            bottom: (bottom / shared).checked_mul(sign).ok_or(Beyond)?,
        })
    }

    pub(crate) fn is_zero(self) -> bool {
        self.top == 0
    }

    pub(crate) fn is_positive(self) -> bool {
        self.top > 0
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self, Beyond> {
        if self.bottom == 1 && other.bottom == 1 {
            return Ok(Self::whole(self.top.checked_add(other.top).ok_or(Beyond)?));
        }
        let left = self.top.checked_mul(other.bottom).ok_or(Beyond)?;
        let right = other.top.checked_mul(self.bottom).ok_or(Beyond)?;
        Self::reduced(
            left.checked_add(right).ok_or(Beyond)?,
            self.bottom.checked_mul(other.bottom).ok_or(Beyond)?,
        )
    }

    pub(crate) fn minus(self, other: Self) -> Result<Self, Beyond> {
        self.plus(Self {
            top: other.top.checked_neg().ok_or(Beyond)?,
            bottom: other.bottom,
        })
    }

    pub(crate) fn times(self, other: Self) -> Result<Self, Beyond> {
        if self.bottom == 1 && other.bottom == 1 {
            return Ok(Self::whole(self.top.checked_mul(other.top).ok_or(Beyond)?));
        }
        Self::reduced(
            self.top.checked_mul(other.top).ok_or(Beyond)?,
            self.bottom.checked_mul(other.bottom).ok_or(Beyond)?,
        )
    }

    pub(crate) fn over(self, other: Self) -> Result<Self, Beyond> {
        Self::reduced(
            self.top.checked_mul(other.bottom).ok_or(Beyond)?,
            self.bottom.checked_mul(other.top).ok_or(Beyond)?,
        )
    }

    /// Whether it is less than a whole number.
    pub(crate) fn is_below(self, number: i128) -> Result<bool, Beyond> {
        Ok(self.top < number.checked_mul(self.bottom).ok_or(Beyond)?)
    }

    /// Whether it is more than a whole number.
    pub(crate) fn is_above(self, number: i128) -> Result<bool, Beyond> {
        Ok(self.top > number.checked_mul(self.bottom).ok_or(Beyond)?)
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
    use super::{Beyond, Fraction};

    #[test]
    fn it_counts_exactly_or_not_at_all() {
        let half = Fraction::ONE.over(Fraction::whole(-2)).unwrap();
        assert_eq!(half.plus(half), Ok(Fraction::whole(-1)));
        assert_eq!(half.minus(half), Ok(Fraction::ZERO));
        assert_eq!(half.times(half), Fraction::ONE.over(Fraction::whole(4)));
        assert_eq!(half.is_below(0), Ok(true));
        assert_eq!(half.is_above(-1), Ok(true));
        assert_eq!(Fraction::ONE.over(Fraction::ZERO), Err(Beyond));
        let large = Fraction::whole(i128::MAX);
        assert_eq!(large.plus(Fraction::ONE), Err(Beyond));
        assert_eq!(large.times(Fraction::whole(2)), Err(Beyond));
    }
}
