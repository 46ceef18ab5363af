//! Lists as rows of tests hold them: with as few items as their bounds allow, or one too few or too many.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Bound, Field, ListItem, Scalar, Value, Walk};

/// A test writes every item out.
const MOST: i128 = 50;

/// The shortest list that the field accepts.
pub(super) fn shortest(field: Walk<'_, Field>, item: ListItem) -> Py {
    let least = field.get().bounds.iter().filter_map(|bound| match bound {
        Bound::Range {
            low: Some(Value::Int(low)),
            ..
        } => Some(*low),
        _ => None,
    });
    of(field, item, least.max().unwrap_or(0))
}

/// A list just outside of a range, and the code of the validator that refuses it.
pub(super) fn outside(
    field: Walk<'_, Field>,
    item: ListItem,
    low: Option<&Value>,
    high: Option<&Value>,
) -> Option<(Py, &'static str)> {
    match (low, high) {
        (_, Some(Value::Int(high))) if *high < MOST => {
            Some((of(field, item, high + 1), "max_items"))
        }
        (Some(Value::Int(low)), _) if *low > 0 => Some((of(field, item, low - 1), "min_items")),
        _ => None,
    }
}

fn of(field: Walk<'_, Field>, item: ListItem, count: i128) -> Py {
    Py::List((0..count).map(|_| one(field, item)).collect())
}

/// An item as JSON holds it.
fn one(field: Walk<'_, Field>, item: ListItem) -> Py {
    let scalar = match item {
        ListItem::Enum(id) => {
            let choices = &field.spec.walk(id).get().choices;
            return Py::text(choices.first().map_or("", |choice| choice.stored.as_str()));
        }
        ListItem::Scalar(scalar) => scalar,
    };
    match scalar {
        Scalar::Int | Scalar::BigInt => Py::int(1),
        Scalar::Float => Py::float("1.5"),
        Scalar::Bool => Py::bool(true),
        Scalar::Decimal { digits, places } if digits == places => Py::text("0.0"),
        Scalar::Decimal { .. } => Py::text("1"),
        Scalar::Email => Py::text("a@example.com"),
        Scalar::Url => Py::text("https://example.com"),
        Scalar::Phone => Py::text("+351 210 000 000"),
        Scalar::Ip => Py::text("192.0.2.1"),
        Scalar::Date => Py::text("2026-01-01"),
        Scalar::Time => Py::text("09:30:00"),
        Scalar::DateTime => Py::text("2026-01-01T09:30:00Z"),
        Scalar::Duration => Py::text("0:15:00"),
        Scalar::Uuid => Py::text("11111111-1111-4111-8111-111111111111"),
        Scalar::Token { length } => Py::text("a".repeat(length as usize)),
        _ => Py::text("a"),
    }
}
