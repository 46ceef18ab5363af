//! The range of a derived value: what does not fit its type is refused like a broken rule.

use crate::evaluate::calendar::{DAY, FIRST_DAY, LAST_DAY};
use crate::interval::of_scalar;
use crate::{
    Comparison, Derive, Expr, ExprKind, FieldType, Scalar, Type, Value, Walk, interval,
    is_immutable,
};

/// Whether the database has to refuse rows for which the result does not fit: it is kept, and neither types nor bounds
/// prove that every result does.
pub fn has_range(derive: Walk<'_, Derive>) -> bool {
    let FieldType::Scalar(scalar) = derive.ty else {
        return false;
    };
    let value = &derive.get().value;
    let may_leave = match scalar {
        Scalar::Int | Scalar::BigInt | Scalar::Decimal { .. } => {
            let within = of_scalar(scalar);
            let values = interval(derive.spec, value);
            !matches!((values, within), (Some(values), Some(within)) if values.lies_in(within))
        }
        // A day or a moment that somebody gave has a name already.
        Scalar::Date | Scalar::DateTime => {
            !matches!(value.kind, ExprKind::Field(_) | ExprKind::Value(_))
        }
        _ => false,
    };
    may_leave && is_immutable(value)
}

/// The smallest and the largest value of such a type. Of a decimal they hang on its digits, of which 128 bits do not hold all.
pub fn ends_of_type(scalar: Scalar) -> Option<(Value, Value)> {
    match scalar {
        Scalar::Int => Some((Value::Int(i32::MIN.into()), Value::Int(i32::MAX.into()))),
        Scalar::BigInt => Some((Value::Int(i64::MIN.into()), Value::Int(i64::MAX.into()))),
        Scalar::Date => Some((Value::Date(FIRST_DAY), Value::Date(LAST_DAY))),
        Scalar::DateTime => Some((
            Value::DateTime(FIRST_DAY * DAY),
            Value::DateTime((LAST_DAY + 1) * DAY - 1),
        )),
        _ => None,
    }
}

/// That condition on the row: the value is missing, or it fits. `None` where everything fits, or where numbers of 128 bits
/// are not enough to say so.
pub fn range_condition(derive: Walk<'_, Derive>) -> Option<Expr> {
    if !has_range(derive) {
        return None;
    }
    let FieldType::Scalar(scalar) = derive.ty else {
        return None;
    };
    let maker = Maker { derive };
    let fits = if let Scalar::Decimal { digits, places } = scalar {
        // The digits after the point are no more than the type has, so the ones before it decide.
        let beyond = 10_i128.checked_pow(digits.saturating_sub(places))?;
        maker.strictly_between(-beyond, beyond)
    } else {
        let (low, high) = ends_of_type(scalar)?;
        maker.between(low, high)
    };
    Some(match maker.missing(&derive.get().value) {
        None => fits,
        Some(missing) => maker.truth(ExprKind::Or(vec![missing, fits])),
    })
}

struct Maker<'s> {
    derive: Walk<'s, Derive>,
}

impl Maker<'_> {
    fn truth(&self, kind: ExprKind) -> Expr {
        self.expr(kind, Type::Bool)
    }

    fn expr(&self, kind: ExprKind, ty: Type) -> Expr {
        Expr {
            kind,
            ty,
            span: self.derive.get().span,
        }
    }

    fn value(&self) -> Expr {
        self.derive.get().value.clone()
    }

    fn between(&self, low: Value, high: Value) -> Expr {
        let ty = self.derive.get().value.ty;
        let end = |value| Box::new(self.expr(ExprKind::Value(value), ty));
        self.truth(ExprKind::Between(
            Box::new(self.value()),
            end(low),
            end(high),
        ))
    }

    fn strictly_between(&self, low: i128, high: i128) -> Expr {
        let end = |number| Box::new(self.expr(ExprKind::Value(Value::Int(number)), Type::Int));
        let less = |a, b| self.truth(ExprKind::Compare(Comparison::Less, a, b));
        self.truth(ExprKind::And(vec![
            less(end(low), Box::new(self.value())),
            less(Box::new(self.value()), end(high)),
        ]))
    }

    /// Where an expression has no value because a field is empty; `None` where it always has one.
    fn missing(&self, expr: &Expr) -> Option<Expr> {
        match &expr.kind {
            ExprKind::Field(field) => self.derive.spec.walk(*field).optional.then(|| {
                let is_set = self.truth(ExprKind::IsSet(*field));
                self.truth(ExprKind::Not(Box::new(is_set)))
            }),
            ExprKind::Otherwise(field, other) => {
                let is_set = self.truth(ExprKind::IsSet(*field));
                let empty = self.truth(ExprKind::Not(Box::new(is_set)));
                let other = self.missing(other)?;
                Some(self.truth(ExprKind::And(vec![empty, other])))
            }
            ExprKind::Negate(inner) => self.missing(inner),
            ExprKind::Arithmetic(_, a, b) => self.one_of([a.as_ref(), b.as_ref()].into_iter()),
            ExprKind::Call(_, arguments) => self.one_of(arguments.iter()),
            // Conditions, of which a number, a day or a moment has none.
            ExprKind::Value(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Implies(..)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Between(..)
            | ExprKind::IsSet(_)
            | ExprKind::Behind(..)
            | ExprKind::Fallback(..)
            | ExprKind::Each(_)
            | ExprKind::Outer(_)
            | ExprKind::Old(_)
            | ExprKind::This
            | ExprKind::Me
            | ExprKind::Mine(_) => None,
        }
    }

    fn one_of<'e>(&self, parts: impl Iterator<Item = &'e Expr>) -> Option<Expr> {
        let mut missing: Vec<Expr> = Vec::new();
        for part in parts {
            // A field that is read twice is asked for once.
            let one = self.missing(part);
            missing.extend(one.filter(|one| !missing.contains(one)));
        }
        match missing.len() {
            0 => None,
            1 => missing.pop(),
            _ => Some(self.truth(ExprKind::Or(missing))),
        }
    }
}
