//! Binary fractions as places in their order, so that comparing them is comparing whole numbers.

use rust_decimal::Decimal;

/// The places of the lowest and the highest finite binary fraction.
pub(crate) const LOWEST: i128 = -HIGHEST;
pub(crate) const HIGHEST: i128 = 0x7FEF_FFFF_FFFF_FFFF;

/// The place of the binary fraction that a decimal names.
pub(crate) fn place(number: Decimal) -> Option<i128> {
    // Through text, because a quotient of two rounded fractions is rounded twice.
    let fraction: f64 = format!("{}e-{}", number.mantissa(), number.scale())
        .parse()
        .ok()?;
    let size = i128::from(fraction.abs().to_bits());
    Some(if fraction < 0.0 { -size } else { size })
}

/// A decimal that names the binary fraction at a place, if there is a short enough one.
pub(crate) fn named(place: i128) -> Option<Decimal> {
    let size = f64::from_bits(u64::try_from(place.checked_abs()?).ok()?);
    let fraction = if place < 0 { -size } else { size };
    let named: Decimal = fraction.to_string().parse().ok()?;
    (self::place(named) == Some(place)).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept_and_names_lead_back() {
        let texts = [
            "-2.5",
            "-0.1",
            "0",
            "0.1",
            "0.30000000000000004",
            "1",
            "1e3",
        ];
        let places: Vec<i128> = texts
            .map(|text| place(Decimal::from_scientific(text).or(text.parse()).unwrap()).unwrap())
            .to_vec();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
        for place in &places {
            assert_eq!(super::place(named(*place).unwrap()), Some(*place));
        }
        assert_eq!(named(HIGHEST), None);
    }
}
