//! The value of a new row for which nothing is given.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Default, Field, FieldType, Scalar, Value, Walk};

use crate::target::Target;
use crate::values;

/// Adds the default to a field.
pub(super) fn add(call: Py, field: Walk<'_, Field>, default: &Default, target: Target) -> Py {
    let timezone = |name: &'static str| Py::from("django.utils", "timezone").attr(name);
    let ours = |name: &'static str| Py::from("core.defaults", name);
    match default {
        Default::Value(value) => {
            let constant = constant(field, value, target);
            call.kw("default", constant.clone())
                .kw("db_default", constant)
        }
        Default::Now { offset: 0 } => call.kw("default", timezone("now")),
        Default::Now { offset } => {
            call.kw("default", ours("FromNow").arg(values::duration(*offset)))
        }
        Default::Today => call.kw("default", timezone("localdate")),
        Default::Uuid => call.kw("default", Py::from("uuid", "uuid4")),
        Default::Token { length } => call.kw("default", ours("Token").arg(Py::int(*length))),
        Default::EmptyList => call.kw("default", built_in(field, "list", target)),
        Default::EmptyObject => call.kw("default", built_in(field, "dict", target)),
        // Filled in by the model from the row that it points to.
        Default::Path(_) => call,
    }
}

/// What Python makes an empty value with; in the body of a model, a field of that name takes its place.
fn built_in(field: Walk<'_, Field>, name: &'static str, target: Target) -> Py {
    let entity = field.entity();
    let is_taken = entity.fields().any(|other| other.get().name == name)
        || entity.derives().any(|other| other.get().name == name);
    match target {
        Target::Model if is_taken => Py::module("builtins").attr(name),
        _ => Py::name(name),
    }
}

/// A constant of the field's type.
pub(crate) fn constant(field: Walk<'_, Field>, value: &Value, target: Target) -> Py {
    match (&field.get().ty, value) {
        (FieldType::Enum(id), _) => values::value(field.spec, target, value, Some(*id)),
        (FieldType::Scalar(Scalar::Float), Value::Int(number)) => Py::float(&number.to_string()),
        (FieldType::Scalar(Scalar::Float), Value::Decimal(number)) => {
            Py::float(&number.to_string())
        }
        (FieldType::Scalar(Scalar::Decimal { .. }), Value::Int(number)) => {
            values::decimal(&number.to_string())
        }
        _ => values::value(field.spec, target, value, None),
    }
}
