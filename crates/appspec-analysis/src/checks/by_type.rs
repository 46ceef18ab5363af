//! What the type of a field excludes by itself, which no rule of the spec says.

use appspec_ir::{Comparison, Expr, ExprKind, Field, FieldType, Function, Id, Scalar, Spec, Value};
use rust_decimal::Decimal;

use crate::lower::scalars::text_limit;

/// The field whose type leaves no value for a comparison that has to hold, and what the type says.
pub(super) fn excluded(spec: &Spec, condition: &Expr) -> Option<(Id<Field>, String)> {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().find_map(|part| excluded(spec, part)),
        ExprKind::Compare(comparison, a, b) => {
            let (measured, comparison, constant) = match (&a.kind, &b.kind) {
                (_, ExprKind::Value(constant)) => (a, *comparison, constant),
                (ExprKind::Value(constant), _) => (b, comparison.mirrored(), constant),
                _ => return None,
            };
            let is_above = |limit: Decimal| match comparison {
                Comparison::Greater => number(constant).is_some_and(|it| it >= limit),
                Comparison::GreaterOrEqual | Comparison::Equal => {
                    number(constant).is_some_and(|it| it > limit)
                }
                Comparison::Less | Comparison::LessOrEqual | Comparison::NotEqual => false,
            };
            let (field, limit, says) = limit(spec, measured)?;
            is_above(limit).then_some((field, says))
        }
        ExprKind::Between(measured, low, _) => {
            let ExprKind::Value(low) = &low.kind else {
                return None;
            };
            let (field, limit, says) = limit(spec, measured)?;
            (number(low)? > limit).then_some((field, says))
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(number) => Decimal::try_from_i128_with_scale(*number, 0).ok(),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// The largest number that something can be because of a type.
fn limit(spec: &Spec, measured: &Expr) -> Option<(Id<Field>, Decimal, String)> {
    match &measured.kind {
        ExprKind::Call(Function::Length, arguments) => {
            let [
                Expr {
                    kind: ExprKind::Field(id),
                    ..
                },
            ] = arguments.as_slice()
            else {
                return None;
            };
            let FieldType::Scalar(scalar) = spec.walk(*id).get().ty else {
                return None;
            };
            let limit = text_limit(scalar)??;
            let says = match limit {
                1 => format!("`{scalar}` holds one character"),
                _ => format!("`{scalar}` holds at most {limit} characters"),
            };
            Some((*id, limit.into(), says))
        }
        ExprKind::Field(id) => {
            let FieldType::Scalar(scalar) = spec.walk(*id).get().ty else {
                return None;
            };
            let limit = match scalar {
                Scalar::Decimal { digits, places } => {
                    Decimal::try_from_i128_with_scale(10_i128.checked_pow(digits)? - 1, places)
                        .ok()?
                }
                _ => return None,
            };
            Some((*id, limit, format!("`{scalar}` ends at {limit}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::labels;

    fn told(rule: &str) -> Vec<String> {
        let fields = "name: text(10)\n mail: email\n price: decimal(4, 2)\n n: int";
        labels(&format!("entity E {{\n {fields}\n invariant x: {rule}\n}}"))
    }

    #[test]
    fn what_a_type_excludes_is_shown_at_the_field() {
        for (rule, says) in [
            (
                "length(name) > 10",
                "`text(10)` holds at most 10 characters",
            ),
            (
                "11 <= length(name)",
                "`text(10)` holds at most 10 characters",
            ),
            (
                "length(name) in 11..20",
                "`text(10)` holds at most 10 characters",
            ),
            (
                "n > 3 and length(mail) > 300",
                "`email` holds at most 254 characters",
            ),
            ("price > 99.99", "`decimal(4, 2)` ends at 99.99"),
            (
                "length(name) > 10 implies n > 3",
                "`text(10)` holds at most 10 characters",
            ),
            (
                "length(name) > 10 or n > 3",
                "`text(10)` holds at most 10 characters",
            ),
        ] {
            assert!(
                told(rule).iter().any(|label| label == says),
                "{rule}: {:?}",
                told(rule)
            );
        }
    }

    #[test]
    fn a_type_is_not_blamed_for_what_something_else_excludes() {
        for rule in [
            "length(name) > 8 and length(name) < 3",
            "price > 99.98 and price < 2",
            "length(name) < 1",
        ] {
            let told = told(rule);
            assert!(!told.is_empty(), "{rule}");
            assert!(
                told.iter()
                    .all(|label| !label.contains("holds at most") && !label.contains("ends at")),
                "{told:?}"
            );
        }
    }
}
