//! Numbers for a field, by what it is called and by what its range allows.

use appspec_ir::{Bound, Field, Scalar, Value, Walk};
use rust_decimal::Decimal;

use super::judge::whole_digits;
use super::pools as pool;
use super::texts::Turn;
use super::topics::words;

/// The ends of a field's range.
pub(super) fn ends(field: Walk<'_, Field>) -> Vec<Value> {
    let mut found = Vec::new();
    for bound in &field.get().bounds {
        if let Bound::Range { low, high, .. } = bound {
            found.extend(low.clone());
            found.extend(high.clone());
        }
    }
    found
}

/// Numbers that look like what the field is called.
pub(super) fn numbers(field: Walk<'_, Field>, scalar: Scalar, turn: Turn) -> Vec<Value> {
    let own = words(&field.name);
    let row = i64::try_from(turn.variant % 10_000).unwrap_or(0);
    let from = |list: &[i64]| {
        list.get(turn.variant % list.len().max(1))
            .copied()
            .unwrap_or(1)
    };
    // In hundredths.
    let hundredths = if own.has(&["latitude", "longitude", "lat", "lng", "lon"]) {
        let column = if own.has(&["latitude", "lat"]) { 6 } else { 7 };
        let place = pool::PLACES.get(turn.variant % pool::PLACES.len());
        let text = place
            .and_then(|place| place.get(column))
            .copied()
            .unwrap_or("0");
        let exact: Decimal = text.parse().unwrap_or_default();
        return placed(exact, field, scalar);
    } else if own.has(&["salary", "wage", "income", "budget"]) {
        from(&pool::PRICES) * 200
    } else if own.has(&[
        "price", "amount", "cost", "total", "fee", "value", "net", "gross", "deposit", "balance",
        "paid", "due",
    ]) {
        from(&pool::PRICES)
    } else if own.has(&[
        "percent",
        "percentage",
        "discount",
        "tax",
        "vat",
        "rate",
        "share",
        "commission",
        "tip",
    ]) {
        from(&pool::PERCENTS) * 100
    } else if own.has(&["year"]) {
        (2018 + row % 8) * 100
    } else if own.has(&["age"]) {
        (19 + row * 7 % 50) * 100
    } else if own.has(&[
        "position", "order", "rank", "sequence", "sort", "number", "index", "round", "shirt",
    ]) {
        (row + 1) * 100
    } else if own.has(&["minutes", "duration", "takes"]) {
        from(&pool::MINUTES) * 100
    } else if own.has(&[
        "rating", "score", "stars", "level", "priority", "grade", "goals", "points",
    ]) {
        (1 + row % 5) * 100
    } else if own.has(&["capacity", "seats", "chairs", "places"]) {
        (8 + row * 4 % 40) * 100
    } else {
        from(&pool::COUNTS) * 100
    };
    placed(Decimal::new(hundredths, 2), field, scalar)
}

/// A number as the field's type keeps it, and others near it that its range may like better.
fn placed(wanted: Decimal, field: Walk<'_, Field>, scalar: Scalar) -> Vec<Value> {
    let mut found: Vec<Decimal> = vec![wanted];
    let ends = ends(field);
    let decimal = |value: &Value| match value {
        Value::Int(number) => Decimal::try_from_i128_with_scale(*number, 0).ok(),
        Value::Decimal(number) => Some(*number),
        _ => None,
    };
    let known: Vec<Decimal> = ends.iter().filter_map(decimal).collect();
    // Inside a range: as far above its lower end as was wanted, then its middle, then its ends.
    if let [low, high] = known.as_slice() {
        let width = high.saturating_sub(*low);
        let step = wanted.abs().checked_rem(width).unwrap_or_default();
        found.push(low.saturating_add(step));
        found.push(low.saturating_add(width.checked_div(Decimal::TWO).unwrap_or_default()));
    } else if let [one] = known.as_slice() {
        found.extend([
            one.saturating_add(wanted.abs()),
            one.saturating_sub(wanted.abs()),
        ]);
    }
    found.extend(known);
    found.extend([
        Decimal::ONE,
        Decimal::ZERO,
        Decimal::TEN,
        Decimal::ONE_HUNDRED,
    ]);
    let mut values: Vec<Value> = Vec::new();
    for number in found {
        let value = match scalar {
            Scalar::Int | Scalar::BigInt => Value::Int(number.trunc().mantissa()),
            Scalar::Decimal { digits, places } => {
                let kept = number.trunc_with_scale(places).normalize();
                if whole_digits(kept) > digits.saturating_sub(places) as usize {
                    continue;
                }
                Value::Decimal(kept)
            }
            _ => Value::Decimal(number.normalize()),
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}
