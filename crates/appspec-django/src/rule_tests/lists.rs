//! Lists on either side of the bounds that count their items.

use appspec_backend::python::{Expr as Py, Operator};
use appspec_ir::{Bound, Field, FieldType, ListItem, Scalar, Value, Walk};

/// The longest list that a test makes.
const LONGEST: i128 = 10_000;

/// The shortest list that the field accepts.
pub(crate) fn shortest(field: Walk<'_, Field>) -> Py {
    let (low, _) = ends(field);
    with_items(field, low.unwrap_or(0))
}

/// Whether the field accepts lists of so many items.
pub(crate) fn accepts(field: Walk<'_, Field>, count: i128) -> bool {
    let (low, high) = ends(field);
    low.is_none_or(|low| low <= count) && high.is_none_or(|high| count <= high)
}

/// A list just outside of the bounds, and the code of the validator that speaks.
pub(super) fn outside(field: Walk<'_, Field>) -> Option<(Py, &'static str)> {
    match ends(field) {
        (_, Some(high)) if high < LONGEST => Some((with_items(field, high + 1), "too_many")),
        (Some(low), _) if low > 0 => Some((with_items(field, low - 1), "too_few")),
        _ => None,
    }
}

/// How many items there are at least and at most.
fn ends(field: Walk<'_, Field>) -> (Option<i128>, Option<i128>) {
    let count = |end: &Option<Value>| match end {
        Some(Value::Int(count)) => Some(*count),
        _ => None,
    };
    let ranges = field.get().bounds.iter().filter_map(|bound| match bound {
        Bound::Range { low, high, .. } => Some((count(low), count(high))),
        Bound::Matches { .. } | Bound::File { .. } => None,
    });
    // A named type and its field have a range each.
    ranges.fold((None, None), |(low, high), (other_low, other_high)| {
        (
            low.max(other_low),
            [high, other_high].into_iter().flatten().min(),
        )
    })
}

fn with_items(field: Walk<'_, Field>, count: i128) -> Py {
    let FieldType::List(item) = &field.get().ty else {
        return Py::List(vec![]);
    };
    match count {
        0 => Py::List(vec![]),
        1 => Py::List(vec![sample(field, *item)]),
        _ => Py::binary(
            Operator::Multiply,
            Py::List(vec![sample(field, *item)]),
            Py::int(count),
        ),
    }
}

/// An item as JSON keeps it.
fn sample(field: Walk<'_, Field>, item: ListItem) -> Py {
    match item {
        ListItem::Enum(id) => {
            let first = field.spec.walk(id).get().choices.first();
            Py::text(
                first
                    .map(|choice| choice.stored.clone())
                    .unwrap_or_default(),
            )
        }
        ListItem::Scalar(scalar) => match scalar {
            Scalar::Int | Scalar::BigInt => Py::int(1),
            Scalar::Float => Py::float("1.5"),
            Scalar::Bool => Py::bool(true),
            // A whole zero is a digit before the point, for which there may be no place.
            Scalar::Decimal { digits, places } if digits == places => Py::text("0.0"),
            Scalar::Decimal { .. } => Py::text("0"),
            Scalar::Date => Py::text("2026-01-01"),
            Scalar::Time => Py::text("09:00:00"),
            Scalar::DateTime => Py::text("2026-01-01T09:00:00Z"),
            Scalar::Duration => Py::text("P0DT00H15M00S"),
            Scalar::Uuid => Py::text("11111111-1111-4111-8111-111111111111"),
            Scalar::Email => Py::text("a@example.com"),
            Scalar::Url => Py::text("https://example.com"),
            Scalar::Ip => Py::text("192.0.2.1"),
            Scalar::Phone => Py::text("+351 210 000 000"),
            Scalar::Token { length } => Py::text("a".repeat(length as usize)),
            Scalar::Text { .. }
            | Scalar::Slug { .. }
            | Scalar::Json
            | Scalar::File
            | Scalar::Image
            | Scalar::Bytes => Py::text("a"),
        },
    }
}
