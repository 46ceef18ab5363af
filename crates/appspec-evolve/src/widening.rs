//! Types and bounds as they were built, read back from what is remembered.

use appspec_ir::{Bound, Field, FieldType, Scalar, Value};

use crate::FieldFact;

impl FieldFact {
    /// Makes a field what it was when it was built, as far as other things are computed from it: its type where that was
    /// a narrower one, the ranges of numbers, and whether it was optional.
    pub fn restore(&self, field: &mut Field) {
        field.optional = self.optional;
        if let Some(scalar) = narrower(&self.ty) {
            field.ty = FieldType::Scalar(scalar);
        }
        if let FieldType::Scalar(
            Scalar::Int | Scalar::BigInt | Scalar::Decimal { .. } | Scalar::Float,
        ) = field.ty
        {
            let span = field.span;
            let ranges = self.bounds.iter().filter_map(|bound| {
                let (low, high) = bound.strip_prefix("in ")?.split_once("..")?;
                let (low, high) = (number(low, &field.ty), number(high, &field.ty));
                Some(Bound::Range { low, high, span })
            });
            field.bounds = ranges.collect();
        }
    }
}

fn number(text: &str, ty: &FieldType) -> Option<Value> {
    match ty {
        FieldType::Scalar(Scalar::Int | Scalar::BigInt) => text.parse().ok().map(Value::Int),
        _ => text.parse().ok().map(Value::Decimal),
    }
}

/// The types from which there is a way to a wider one.
fn narrower(ty: &str) -> Option<Scalar> {
    match shape(ty) {
        ("text", [Some(max), None]) => Some(Scalar::Text { max: Some(max) }),
        ("slug", [Some(max), None]) => Some(Scalar::Slug { max }),
        ("int", _) => Some(Scalar::Int),
        ("decimal", [Some(digits), Some(places)]) => Some(Scalar::Decimal { digits, places }),
        _ => None,
    }
}

/// Whether every value of the type that was built is one of the type of now, and is stored in the same way.
pub(crate) fn is_widened(then: &str, now: &str) -> bool {
    if let (Some(then), Some(now)) = (then.strip_prefix("list of "), now.strip_prefix("list of ")) {
        // Lists hold numbers as texts that look like their type.
        return then.starts_with(['t', 's']) && is_widened(then, now);
    }
    match (shape(then), shape(now)) {
        (("text", [Some(_), None]), ("text", [None, None])) | (("int", _), ("bigint", _)) => true,
        (("text" | "slug", [Some(before), None]), (_, [Some(after), None])) => {
            shape(then).0 == shape(now).0 && before <= after
        }
        (
            ("decimal", [Some(digits), Some(places)]),
            ("decimal", [Some(more_digits), Some(more_places)]),
        ) => {
            places <= more_places
                && digits.saturating_sub(places) <= more_digits.saturating_sub(more_places)
        }
        _ => false,
    }
}

/// The word of a type, and the numbers in its parentheses.
fn shape(ty: &str) -> (&str, [Option<u32>; 2]) {
    let Some((word, numbers)) = ty.split_once('(') else {
        return (ty, [None, None]);
    };
    let mut numbers = numbers
        .trim_end_matches(')')
        .split(", ")
        .map(|number| number.parse::<u32>().ok());
    (word, [numbers.next().flatten(), numbers.next().flatten()])
}

#[cfg(test)]
mod tests {
    use super::is_widened;

    #[test]
    fn what_holds_more_is_wider() {
        for (then, now) in [
            ("text(80)", "text(120)"),
            ("text(80)", "text"),
            ("slug(20)", "slug(50)"),
            ("int", "bigint"),
            ("decimal(6, 2)", "decimal(8, 2)"),
            ("decimal(6, 2)", "decimal(8, 4)"),
            ("list of text(8)", "list of text(9)"),
        ] {
            assert!(is_widened(then, now), "{then} to {now}");
            assert!(!is_widened(now, then), "{now} to {then}");
        }
    }

    #[test]
    fn what_holds_less_or_something_else_is_not() {
        for (then, now) in [
            ("decimal(6, 2)", "decimal(6, 4)"),
            ("decimal(6, 2)", "decimal(7, 1)"),
            ("text(80)", "slug(90)"),
            ("slug(20)", "text(90)"),
            ("text", "text(90)"),
            ("int", "decimal(20, 2)"),
            ("date", "datetime"),
            ("token(8)", "token(9)"),
            ("list of int", "list of bigint"),
            ("list of text(8)", "text(9)"),
            ("enum shop.Status", "enum shop.State"),
            ("one shop.A", "one shop.B"),
        ] {
            assert!(!is_widened(then, now), "{then} to {now}");
        }
    }
}
