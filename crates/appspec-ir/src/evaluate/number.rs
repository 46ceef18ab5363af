use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::Undefined;

/// An exact number: `mantissa` / 10^`scale`. Whole numbers have scale 0.
///
/// Wider than `rust_decimal`, so that a product of two columns is still exact; what does not fit into
/// 128 bits is an error and never a rounded result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    pub(super) mantissa: i128,
    pub(super) scale: u32,
}

impl Exact {
    pub(super) fn whole(number: i128) -> Self {
        Self {
            mantissa: number,
            scale: 0,
        }
    }

    pub(super) fn of_decimal(number: Decimal) -> Self {
        Self {
            mantissa: number.mantissa(),
            scale: number.scale(),
        }
    }

    /// The same number as a `rust_decimal`, if 96 bits are enough.
    pub(super) fn to_decimal(self) -> Result<Decimal, Undefined> {
        let mut shorter = self;
        while shorter.scale > 0 && shorter.mantissa % 10 == 0 {
            shorter.mantissa /= 10;
            shorter.scale -= 1;
        }
        Decimal::try_from_i128_with_scale(shorter.mantissa, shorter.scale)
            .map_err(|_| Undefined::Overflow)
    }

    /// The same number as a whole number, if it is one.
    pub(super) fn to_whole(self) -> Result<i128, Undefined> {
        let unit = power_of_ten(self.scale)?;
        if self.mantissa % unit == 0 {
            Ok(self.mantissa / unit)
        } else {
            Err(Undefined::WrongType)
        }
    }

    /// The nearest binary fraction.
    pub(super) fn to_float(self) -> f64 {
        // Through text, because a quotient of two rounded floats is rounded twice.
        format!("{}e-{}", self.mantissa, self.scale)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// A shortest decimal that reads back as this binary fraction.
    pub(super) fn of_float(number: f64) -> Result<Self, Undefined> {
        let text = number.to_string();
        let (digits, scale) = match text.split_once('.') {
            Some((before, after)) => (format!("{before}{after}"), after.len()),
            None => (text, 0),
        };
        Ok(Self {
            mantissa: digits.parse().map_err(|_| Undefined::Overflow)?,
            scale: u32::try_from(scale).map_err(|_| Undefined::Overflow)?,
        })
    }

    pub(super) fn add(self, other: Self) -> Result<Self, Undefined> {
        let (a, b, scale) = self.aligned(other)?;
        Ok(Self {
            mantissa: a.checked_add(b).ok_or(Undefined::Overflow)?,
            scale,
        })
    }

    pub(super) fn multiply(self, other: Self) -> Result<Self, Undefined> {
        Ok(Self {
            mantissa: self
                .mantissa
                .checked_mul(other.mantissa)
                .ok_or(Undefined::Overflow)?,
            scale: self.scale + other.scale,
        })
    }

    pub(super) fn negate(self) -> Result<Self, Undefined> {
        Ok(Self {
            mantissa: self.mantissa.checked_neg().ok_or(Undefined::Overflow)?,
            ..self
        })
    }

    fn aligned(self, other: Self) -> Result<(i128, i128, u32), Undefined> {
        let scale = self.scale.max(other.scale);
        let to_scale = |number: Self| {
            power_of_ten(scale - number.scale)?
                .checked_mul(number.mantissa)
                .ok_or(Undefined::Overflow)
        };
        Ok((to_scale(self)?, to_scale(other)?, scale))
    }

    /// Which is larger; exact even where the two can't be brought to one scale.
    pub(super) fn compare(self, other: Self) -> Result<Ordering, Undefined> {
        let (a, b) = (power_of_ten(self.scale)?, power_of_ten(other.scale)?);
        let whole = (self.mantissa.div_euclid(a)).cmp(&other.mantissa.div_euclid(b));
        if whole.is_ne() {
            return Ok(whole);
        }
        let rest = |number: Self, unit: i128| Self {
            mantissa: number.mantissa.rem_euclid(unit),
            scale: number.scale,
        };
        let (a, b, _) = rest(self, a).aligned(rest(other, b))?;
        Ok(a.cmp(&b))
    }

    /// The largest whole number not above.
    pub(super) fn floor(self) -> Result<i128, Undefined> {
        Ok(self.mantissa.div_euclid(power_of_ten(self.scale)?))
    }

    /// To so many places, halves away from zero; negative places round before the point.
    pub(super) fn round(self, places: i128) -> Result<Self, Undefined> {
        let dropped = i128::from(self.scale) - places;
        if dropped <= 0 {
            return Ok(self);
        }
        let Ok(dropped) = u32::try_from(dropped) else {
            return Ok(Self::whole(0));
        };
        let Ok(unit) = power_of_ten(dropped) else {
            // More digits are dropped than 128 bits can hold.
            return Ok(Self::whole(0));
        };
        let towards_zero = self.mantissa / unit;
        let rest = (self.mantissa % unit).unsigned_abs();
        let away = i128::from(rest >= unit.unsigned_abs().div_ceil(2)) * self.mantissa.signum();
        let rounded = towards_zero + away;
        if dropped <= self.scale {
            return Ok(Self {
                mantissa: rounded,
                scale: self.scale - dropped,
            });
        }
        Ok(Self::whole(
            rounded
                .checked_mul(power_of_ten(dropped - self.scale)?)
                .ok_or(Undefined::Overflow)?,
        ))
    }
}

fn power_of_ten(exponent: u32) -> Result<i128, Undefined> {
    10_i128.checked_pow(exponent).ok_or(Undefined::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(mantissa: i128, scale: u32) -> Exact {
        Exact { mantissa, scale }
    }

    #[test]
    fn halves_go_away_from_zero() {
        let rounded = |mantissa, scale, places| {
            let result = exact(mantissa, scale).round(places).unwrap();
            (result.mantissa, result.scale)
        };
        assert_eq!(rounded(1005, 3, 2), (101, 2));
        assert_eq!(rounded(-1005, 3, 2), (-101, 2));
        assert_eq!(rounded(1004, 3, 2), (100, 2));
        assert_eq!(rounded(15, 1, 0), (2, 0));
        assert_eq!(rounded(-15, 1, 0), (-2, 0));
        assert_eq!(rounded(149, 0, -2), (100, 0));
        assert_eq!(rounded(150, 0, -2), (200, 0));
        assert_eq!(rounded(5, 0, -60), (0, 0));
    }

    #[test]
    fn comparing_needs_no_common_scale() {
        let huge = exact(i128::MAX, 0);
        assert_eq!(huge.compare(exact(1, 30)).unwrap(), Ordering::Greater);
        assert_eq!(exact(-1, 30).compare(exact(0, 0)).unwrap(), Ordering::Less);
        assert_eq!(
            exact(10, 1).compare(exact(100, 2)).unwrap(),
            Ordering::Equal
        );
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(
            exact(i128::MAX, 0).add(exact(1, 0)).unwrap_err(),
            Undefined::Overflow
        );
        assert_eq!(
            exact(i128::MAX, 0).multiply(exact(10, 0)).unwrap_err(),
            Undefined::Overflow
        );
        assert_eq!(
            exact(i128::MAX, 0).to_decimal().unwrap_err(),
            Undefined::Overflow
        );
    }
}
