//! A derived value: a generated column where both databases compute the same once and for all, otherwise a part
//! of every query.

use appspec_backend::python::{Expr as Py, Operator};
use appspec_ir::{Derive, ExprKind, FieldType, Scalar, Walk, is_immutable};

use super::kinds;
use crate::expressions::{Scope, models};
use crate::target::Target;
use crate::values;

/// The generated column, or `None` where the value depends on the clock or on a time zone.
pub(crate) fn generated(derive: Walk<'_, Derive>, target: Target) -> Option<Py> {
    is_immutable(&derive.value).then(|| {
        let field = || kinds::constructor(derive.spec, &derive.get().ty, target);
        let result = scope(derive, target).result(&derive.get().value);
        let expression = match derive.value.kind {
            // A reference alone is no expression yet.
            ExprKind::Field(_) => models()
                .attr("ExpressionWrapper")
                .arg(result)
                .kw("output_field", field()),
            _ => result,
        };
        models()
            .attr("GeneratedField")
            .kw("expression", expression)
            .kw("output_field", field())
            .kw("db_persist", Py::bool(true))
            .maybe_kw("db_comment", comment(derive))
    })
}

/// The value as a part of queries: `Derived[int](…)`.
pub(crate) fn annotated(derive: Walk<'_, Derive>) -> Py {
    let python = python_type(&derive.get().ty);
    let python = if derive.optional {
        Py::binary(Operator::BitOr, python, Py::none())
    } else {
        python
    };
    Py::from("core.models", "Derived")
        .subscript(python)
        .arg(scope(derive, Target::Model).result(&derive.get().value))
}

fn scope(derive: Walk<'_, Derive>, target: Target) -> Scope<'_> {
    Scope::of(derive.spec, target)
}

fn comment(derive: Walk<'_, Derive>) -> Option<Py> {
    values::comment(derive.get().doc.as_deref()?).map(Py::text)
}

/// What Python holds for a value of a type that expressions have.
pub(crate) fn python_type(ty: &FieldType) -> Py {
    match ty {
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Int | Scalar::BigInt => Py::name("int"),
            Scalar::Float => Py::name("float"),
            Scalar::Bool => Py::name("bool"),
            Scalar::Decimal { .. } => Py::from("decimal", "Decimal"),
            Scalar::Date => Py::from("datetime", "date"),
            Scalar::Time => Py::from("datetime", "time"),
            Scalar::DateTime => Py::from("datetime", "datetime"),
            Scalar::Duration => Py::from("datetime", "timedelta"),
            Scalar::Uuid => Py::from("uuid", "UUID"),
            _ => Py::name("str"),
        },
        _ => Py::name("str"),
    }
}
