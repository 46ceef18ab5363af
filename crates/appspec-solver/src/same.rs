//! Conditions that a field has a value, or another one.

use appspec_ir::{
    Comparison, Expr, ExprKind, Field, FieldType, Function, Overlap, Scalar, Spec, Type, Value,
    Walk,
};

use crate::slot::{self, Class, Kind, Sort};

/// The type of an expression that reads a field; `None` for fields that can't be compared.
pub fn type_of(field: Walk<'_, Field>) -> Option<Type> {
    Some(match slot::kind(field.get()) {
        Kind::Number(Class::Number) => match field.ty {
            FieldType::Scalar(Scalar::Decimal { places, .. }) => Type::Decimal { places },
            _ => Type::Int,
        },
        Kind::Number(Class::Float) => Type::Float,
        Kind::Number(Class::Date) => Type::Date,
        Kind::Number(Class::Time) => Type::Time,
        Kind::Number(Class::DateTime) => Type::DateTime,
        Kind::Number(Class::Duration) => Type::Duration,
        Kind::Symbol(Sort::Bool) => Type::Bool,
        Kind::Symbol(Sort::Enum(id)) => Type::Enum(id),
        Kind::Symbol(Sort::Text) => Type::Text,
        Kind::Symbol(Sort::Uuid) => Type::Uuid,
        Kind::Symbol(Sort::Key(entity)) => Type::Reference(entity),
        Kind::Presence => return None,
    })
}

/// The field has a value, and it is this one.
pub(crate) fn condition(field: Walk<'_, Field>, value: &Value) -> Option<Expr> {
    lies(field, Comparison::Equal, value)
}

/// The field has no value, or another one.
pub fn differs(field: Walk<'_, Field>, value: &Value, ignoring_case: bool) -> Option<Expr> {
    let other = compared(field, value, Comparison::NotEqual, ignoring_case)?;
    if !field.optional {
        return Some(other);
    }
    Some(truth(field, ExprKind::Or(vec![is_empty(field), other])))
}

/// The field has a value, and it lies on this side of another one.
pub(crate) fn lies(field: Walk<'_, Field>, side: Comparison, of: &Value) -> Option<Expr> {
    let lies = compared(field, of, side, false)?;
    if !field.optional {
        return Some(lies);
    }
    Some(truth(field, ExprKind::And(vec![is_set(field), lies])))
}

/// The field has no value.
pub(crate) fn is_empty(field: Walk<'_, Field>) -> Expr {
    not(is_set(field))
}

/// A condition does not hold.
pub(crate) fn not(condition: Expr) -> Expr {
    Expr {
        ty: condition.ty,
        span: condition.span,
        kind: ExprKind::Not(Box::new(condition)),
    }
}

/// The field has a value.
pub(crate) fn is_set(field: Walk<'_, Field>) -> Expr {
    truth(field, ExprKind::IsSet(field.id))
}

pub(crate) fn truth(field: Walk<'_, Field>, kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: field.span,
    }
}

fn compared(
    field: Walk<'_, Field>,
    value: &Value,
    comparison: Comparison,
    ignoring_case: bool,
) -> Option<Expr> {
    let ty = type_of(field)?;
    let typed = |kind| Expr {
        kind,
        ty,
        span: field.span,
    };
    let mut read = typed(ExprKind::Field(field.id));
    let mut value = value.clone();
    if let (true, Value::Text(text)) = (ignoring_case, &value) {
        value = Value::Text(text.to_ascii_lowercase());
        read = typed(ExprKind::Call(Function::Lower, vec![read]));
    }
    let (read, value) = (Box::new(read), Box::new(typed(ExprKind::Value(value))));
    let kind = if ty == Type::Float {
        // The language has no equality of floats, but the ends of a range belong to it.
        let inside = ExprKind::Between(read, value.clone(), value);
        match comparison {
            Comparison::Equal => inside,
            _ => ExprKind::Not(Box::new(truth(field, inside))),
        }
    } else {
        ExprKind::Compare(comparison, read, value)
    };
    Some(truth(field, kind))
}

/// The row takes up something: with `until`, one that ends where it begins does not. None where every row does, as far as
/// an end lies before no start.
pub fn takes_up(spec: &Spec, stretch: &Overlap) -> Option<Expr> {
    if stretch.closed {
        return None;
    }
    let ends = [spec.walk(stretch.start), spec.walk(stretch.end)];
    let read = |field: Walk<'_, Field>| {
        let (kind, ty) = (ExprKind::Field(field.id), type_of(field)?);
        let span = field.get().span;
        Some(Box::new(Expr { kind, ty, span }))
    };
    let [start, end] = ends;
    let ordered = ExprKind::Compare(Comparison::Less, read(start)?, read(end)?);
    let ordered = truth(end, ordered);
    let mut ways: Vec<Expr> = ends
        .into_iter()
        .filter(|field| field.get().optional)
        .map(is_empty)
        .collect();
    if ways.is_empty() {
        return Some(ordered);
    }
    ways.push(ordered);
    Some(truth(end, ExprKind::Or(ways)))
}
