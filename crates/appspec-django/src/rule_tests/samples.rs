//! Values and rows on either side of a rule, found by trying; each was judged by the evaluator of the language.

use appspec_backend::python::Expr as Py;
use appspec_ir::{
    Bound, Entity, Expr, ExprKind, Field, FieldType, Function, Id, Identity, Invariant, Moment,
    Row, Scalar, Spec, Surroundings, Type, Value, Walk, holds,
};

use crate::fields::constant;
use crate::kept::is_kept;
use crate::target::Target;

/// How many rows are tried for one rule.
const FUEL: usize = 20_000;
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// 2026-01-01, in days.
const TODAY: i64 = 20_454;

/// A value that a rule about a single field refuses, where one is known without doubt.
pub(super) fn breaking(field: Walk<'_, Field>, kind: &str) -> Option<Py> {
    match kind {
        // A file without a name becomes a missing one before the rule is asked.
        "filled" if !crate::fields::is_text(&field.get().ty) => None,
        "filled" => Some(Py::text("")),
        "choice" => Some(Py::text("~")),
        "list" => Some(Py::Dict(vec![])),
        "form" => Some(Py::text("\n")),
        // Django itself refuses a decimal that is no number, before the rule is asked.
        "finite" if matches!(field.get().ty, FieldType::Scalar(Scalar::Float)) => {
            Some(Py::name("float").arg(Py::text("inf")))
        }
        "range" if matches!(field.get().ty, FieldType::List(_)) => {
            super::lists::outside(field).map(|(value, _)| value)
        }
        "range" => field.get().bounds.iter().find_map(|bound| match bound {
            Bound::Range { low, high, .. } => outside(field, low.as_ref(), high.as_ref()),
            _ => None,
        }),
        _ => None,
    }
}

/// A value just outside of a range.
fn outside(field: Walk<'_, Field>, low: Option<&Value>, high: Option<&Value>) -> Option<Py> {
    if crate::fields::is_text(&field.get().ty) {
        let Some(Value::Int(high)) = high else {
            return None;
        };
        let length = usize::try_from(*high).ok().filter(|length| *length < 200)?;
        return Some(Py::text("x".repeat(length + 1)));
    }
    let beyond = match (low, high) {
        (_, Some(high)) => moved(high, 1)?,
        (Some(low), None) => moved(low, -1)?,
        (None, None) => return None,
    };
    is_kept(field, &beyond).then(|| constant(field, &beyond, Target::Model))
}

/// The days that Python can name.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;
/// The longest duration that Python can hold, either way.
const LONGEST: i64 = 999_999_999;

/// Whether Python and both databases can be asked about a value.
fn is_askable(value: &Value) -> bool {
    match value {
        Value::Int(number) => i64::try_from(*number).is_ok(),
        Value::Date(days) => DAYS.contains(days),
        // A day less at either end: every time zone has its own.
        Value::DateTime(micros) => {
            let day = micros.div_euclid(DAY);
            DAYS.contains(&(day - 1)) && DAYS.contains(&(day + 1))
        }
        Value::Duration(micros) => (micros / DAY).abs() < LONGEST,
        _ => true,
    }
}

/// The next value up or down, if there is one.
pub(crate) fn moved(value: &Value, by: i64) -> Option<Value> {
    let moved = match value {
        Value::Int(number) => Value::Int(number.checked_add(i128::from(by))?),
        Value::Decimal(number) => Value::Decimal(number.checked_add(by.into())?),
        Value::Date(days) => Value::Date(days.checked_add(by)?),
        Value::DateTime(micros) => Value::DateTime(micros.checked_add(by.checked_mul(HOUR)?)?),
        Value::Duration(micros) => Value::Duration(micros.checked_add(by.checked_mul(HOUR)?)?),
        _ => return None,
    };
    is_askable(&moved).then_some(moved)
}

/// A row as the keyword arguments of its model.
type Arguments = Vec<(Py, Py)>;

/// A row that breaks an invariant and one that keeps it, as far as trying finds them.
pub(super) fn rows(invariant: Walk<'_, Invariant>) -> (Option<Arguments>, Option<Arguments>) {
    let spec = invariant.spec;
    let condition = &invariant.get().condition;
    let at_creation = invariant.moment == Moment::Create;
    let fields = condition.fields();
    let judged = fields.iter().all(|id| is_simple(spec, *id));
    if !judged || reads_zone(condition) {
        return (None, None);
    }
    let candidates: Vec<Vec<Option<Value>>> = fields
        .iter()
        .map(|id| candidates(spec.walk(*id), condition, at_creation))
        .collect();
    let around = Surroundings {
        now: at_creation.then_some(TODAY * DAY),
        offset: Some(&|_| 0),
        me: None,
    };
    let (mut breaks, mut keeps) = (None, None);
    let mut places = vec![0_usize; fields.len()];
    for _ in 0..FUEL {
        let mut row = Row::new();
        let mut arguments = Vec::new();
        for ((id, values), place) in fields.iter().zip(&candidates).zip(&places) {
            let field = spec.walk(*id);
            match values.get(*place) {
                Some(Some(value)) => {
                    row.set(*id, value.clone());
                    arguments.push(argument(field, value));
                }
                // What is left out would get its default.
                Some(None) if field.get().default.is_some() => {
                    arguments.push((Py::text(&field.get().name), Py::none()));
                }
                _ => {}
            }
        }
        match holds(condition, &row, around) {
            Ok(true) if keeps.is_none() => keeps = Some(arguments),
            Ok(false) if breaks.is_none() => breaks = Some(arguments),
            _ => {}
        }
        if (breaks.is_some() && keeps.is_some()) || !advance(&mut places, &candidates) {
            break;
        }
    }
    (breaks, keeps)
}

/// The next combination; false when all were tried.
fn advance(places: &mut [usize], candidates: &[Vec<Option<Value>>]) -> bool {
    for (place, values) in places.iter_mut().zip(candidates) {
        *place += 1;
        if *place < values.len() {
            return true;
        }
        *place = 0;
    }
    false
}

/// Whether a value of the field can be made up.
fn is_simple(spec: &Spec, id: Id<Field>) -> bool {
    match &spec.walk(id).get().ty {
        FieldType::Scalar(scalar) => !matches!(
            scalar,
            Scalar::Json | Scalar::Ip | Scalar::Bytes | Scalar::Float
        ),
        FieldType::Enum(_) => true,
        FieldType::Relation(relation) => {
            spec.walk::<Entity>(relation.target).identity == Identity::Uuid
        }
        FieldType::List(_) | FieldType::Many(_) => false,
    }
}

/// Whether the answer depends on the project's time zone.
fn reads_zone(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        if let ExprKind::Call(called, arguments) = &part.kind {
            let moment = arguments
                .first()
                .is_some_and(|first| first.ty == Type::DateTime);
            found |= matches!(called, Function::Date | Function::Time)
                || (moment
                    && matches!(
                        called,
                        Function::Year
                            | Function::Month
                            | Function::Day
                            | Function::Weekday
                            | Function::Hour
                    ));
        }
    });
    found
}

/// Values worth trying: the constants that the rule names and their neighbours, and a few of each type.
fn candidates(field: Walk<'_, Field>, condition: &Expr, at_creation: bool) -> Vec<Option<Value>> {
    let mut found: Vec<Value> = Vec::new();
    condition.visit(&mut |part| match &part.kind {
        ExprKind::Value(value) => found.extend(
            [Some(value.clone()), moved(value, 1), moved(value, -1)]
                .into_iter()
                .flatten(),
        ),
        ExprKind::In(_, values) => found.extend(values.iter().cloned()),
        _ => {}
    });
    found.retain(|value| fits(field, value));
    if at_creation {
        found.retain(|value| !matches!(value, Value::Date(_) | Value::DateTime(_)));
    }
    found.extend(usual(field, at_creation));
    let mut values: Vec<Option<Value>> = Vec::new();
    if field.optional {
        values.push(None);
    }
    for value in found {
        let value = Some(value);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn usual(field: Walk<'_, Field>, at_creation: bool) -> Vec<Value> {
    let ints = || [0, 1, 2, 5, -1].map(Value::Int).to_vec();
    match &field.get().ty {
        FieldType::Enum(id) => {
            let list = field.spec.walk(*id);
            list.get()
                .choices
                .iter()
                .map(|choice| Value::Enum(choice.name.clone()))
                .collect()
        }
        FieldType::Relation(_) => [
            "11111111-1111-4111-8111-111111111111",
            "22222222-2222-4222-8222-222222222222",
        ]
        .map(|key| Value::Uuid(key.to_owned()))
        .to_vec(),
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Int | Scalar::BigInt => ints(),
            Scalar::Decimal { .. } => [0, 1, 2, 5, -1]
                .map(|number| Value::Decimal(number.into()))
                .to_vec(),
            Scalar::Bool => vec![Value::Bool(true), Value::Bool(false)],
            // Far enough from any day on which the tests run.
            Scalar::Date if at_creation => vec![Value::Date(376_200), Value::Date(10_957)],
            Scalar::DateTime if at_creation => vec![
                Value::DateTime(376_200 * DAY),
                Value::DateTime(10_957 * DAY),
            ],
            Scalar::Date => [0, 1, -1, 40, 400]
                .map(|days| Value::Date(TODAY + days))
                .to_vec(),
            Scalar::DateTime => [0, 1, 2, 24, 24 * 40, -1]
                .map(|hours| Value::DateTime(TODAY * DAY + hours * HOUR))
                .to_vec(),
            Scalar::Time => [9, 10, 17].map(|hour| Value::Time(hour * HOUR)).to_vec(),
            Scalar::Duration => [0, 1, 24]
                .map(|hours| Value::Duration(hours * HOUR))
                .to_vec(),
            // Only whether there is one can be asked.
            Scalar::File | Scalar::Image => vec![Value::Text("a".to_owned())],
            Scalar::Uuid => vec![Value::Uuid(
                "11111111-1111-4111-8111-111111111111".to_owned(),
            )],
            _ => ["a", "b", "aa", "A", "1", "a b"]
                .map(|text| Value::Text(text.to_owned()))
                .to_vec(),
        },
        FieldType::List(_) | FieldType::Many(_) => Vec::new(),
    }
}

/// Whether a constant of the rule could be a value of the field.
pub(super) fn fits(field: Walk<'_, Field>, value: &Value) -> bool {
    match (&field.get().ty, value) {
        (FieldType::Enum(id), Value::Enum(name)) => field
            .spec
            .walk(*id)
            .choices
            .iter()
            .any(|choice| choice.name == *name),
        (FieldType::Scalar(scalar), value) => match (scalar, value) {
            (Scalar::Int, Value::Int(number)) => i32::try_from(*number).is_ok(),
            (Scalar::BigInt, Value::Int(number)) => i64::try_from(*number).is_ok(),
            (Scalar::Decimal { digits, places }, Value::Decimal(number)) => {
                number.scale() <= *places
                    && number.mantissa().to_string().len() < *digits as usize
                    && is_kept(field, value)
            }
            (Scalar::Date, Value::Date(_))
            | (Scalar::DateTime, Value::DateTime(_))
            | (Scalar::Time, Value::Time(_))
            | (Scalar::Duration, Value::Duration(_)) => true,
            (Scalar::Text { max }, Value::Text(text)) => {
                !text.is_empty() && max.is_none_or(|max| text.chars().count() <= max as usize)
            }
            _ => false,
        },
        _ => false,
    }
}

fn argument(field: Walk<'_, Field>, value: &Value) -> (Py, Py) {
    let name = match field.get().ty {
        FieldType::Relation(_) => format!("{}_id", field.get().name),
        _ => field.get().name.clone(),
    };
    (Py::text(name), constant(field, value, Target::Model))
}
