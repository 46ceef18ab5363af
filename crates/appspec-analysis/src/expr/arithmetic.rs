use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{ArithmeticOp, Expr, ExprKind, Type, Value};
use appspec_syntax::ast::{self, BinaryOp};

use super::lowerer::{Lowerer, value};
use crate::lower::calendar::DAY;

impl Lowerer<'_, '_> {
    pub(super) fn negate(
        &mut self,
        operand: &ast::Expr,
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        let inner = self.lower(operand, hint)?;
        let folded = match &inner.kind {
            ExprKind::Value(Value::Int(number)) => number.checked_neg().map(Value::Int),
            ExprKind::Value(Value::Decimal(number)) => Some(Value::Decimal(-*number)),
            ExprKind::Value(Value::Duration(micros)) => micros.checked_neg().map(Value::Duration),
            _ => None,
        };
        if let Some(folded) = folded {
            return Some(value(folded, inner.ty, span));
        }
        if !matches!(
            inner.ty,
            Type::Int | Type::Decimal { .. } | Type::Float | Type::Duration
        ) {
            let found = self.describe(inner.ty);
            self.out.push(
                Diagnostic::new(
                    &codes::types::MISMATCH,
                    inner.span,
                    format!("`-` needs a number, not {found}"),
                )
                .help("use a number or a duration"),
            );
            return None;
        }
        Some(Expr {
            ty: inner.ty,
            kind: ExprKind::Negate(Box::new(inner)),
            span,
        })
    }

    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        (left, right): (&ast::Expr, &ast::Expr),
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        // Only the surroundings know whether two bare literals are whole numbers, decimals or floats.
        let (a, b) = if self.needs_hint(left) && self.needs_hint(right) {
            let (a, b) = (self.lower(left, hint), self.lower(right, hint));
            (a?, b?)
        } else {
            self.pair(left, right)?
        };
        let op = match op {
            BinaryOp::Add => ArithmeticOp::Add,
            BinaryOp::Subtract => ArithmeticOp::Subtract,
            _ => ArithmeticOp::Multiply,
        };
        let Some(ty) = result(op, &a, &b) else {
            self.cannot_combine(op, op_span, &a, &b);
            return None;
        };
        if let Some(folded) = fold(op, &a, &b) {
            return Some(value(folded, ty, span));
        }
        Some(Expr {
            kind: ExprKind::Arithmetic(op, Box::new(a), Box::new(b)),
            ty,
            span,
        })
    }

    fn cannot_combine(&mut self, op: ArithmeticOp, at: Span, a: &Expr, b: &Expr) {
        let (left, right) = (self.describe(a.ty), self.describe(b.ty));
        let sign = match op {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
        };
        let finding = Diagnostic::new(
            &codes::types::MISMATCH,
            at,
            format!("`{sign}` can't combine {left} and {right}"),
        )
        .note(a.span, left)
        .note(b.span, right)
        .rooted(match (&a.kind, &b.kind) {
            // No text is ever combined with anything.
            (ExprKind::Field(id), _) if a.ty == Type::Text => self.wrong_type(*id, a.ty, b.ty),
            (_, ExprKind::Field(id)) if b.ty == Type::Text => self.wrong_type(*id, b.ty, a.ty),
            _ => self.odd_one(a, b),
        });
        self.out.push(match (op, a.ty, b.ty) {
            (ArithmeticOp::Subtract, Type::Date, Type::Date) => {
                finding.help("count the days: `days_between(first, second)`")
            }
            (_, Type::Date, Type::Int) => finding.help("add days as a duration: `+ 7d`"),
            (_, Type::Date, Type::Duration) => {
                finding.help("a date moves by whole days written out: `+ 7d`")
            }
            (_, Type::DateTime, Type::Int) => finding.help("add a duration: `+ 30min`"),
            (_, Type::Time, Type::Duration) => {
                finding.help("a time of day would wrap around at midnight; use a `datetime`")
            }
            (_, Type::Text, _) | (_, _, Type::Text) => {
                finding.help("text can't be joined in a rule")
            }
            (_, Type::Float, _) | (_, _, Type::Float) => {
                finding.help("use the same type for both: `decimal(p, s)` is exact")
            }
            _ => finding.help("use numbers, or moments with durations"),
        });
    }
}

/// The type of a combination; `None` when there is none.
fn result(op: ArithmeticOp, a: &Expr, b: &Expr) -> Option<Type> {
    use ArithmeticOp::{Add, Multiply, Subtract};
    Some(match (op, a.ty, b.ty) {
        (_, Type::Int, Type::Int) => Type::Int,
        (_, Type::Float, Type::Float) => Type::Float,
        (Add | Subtract, x, y) if places(x).is_some() && places(y).is_some() => Type::Decimal {
            places: places(x)?.max(places(y)?),
        },
        (Multiply, x, y) if places(x).is_some() && places(y).is_some() => Type::Decimal {
            places: places(x)? + places(y)?,
        },
        (Add | Subtract, Type::Duration, Type::Duration)
        | (Multiply, Type::Duration, Type::Int)
        | (Multiply, Type::Int, Type::Duration)
        | (Subtract, Type::DateTime, Type::DateTime) => Type::Duration,
        (Add | Subtract, Type::DateTime, Type::Duration)
        | (Add, Type::Duration, Type::DateTime) => Type::DateTime,
        (Add | Subtract, Type::Date, Type::Duration) if is_whole_days(b) => Type::Date,
        _ => return None,
    })
}

/// Digits after the point of an exact number.
fn places(ty: Type) -> Option<u32> {
    match ty {
        Type::Int => Some(0),
        Type::Decimal { places } => Some(places),
        _ => None,
    }
}

/// Only days that are written out keep a date a date in every layer.
fn is_whole_days(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Value(Value::Duration(micros)) if micros % DAY == 0)
}

/// Two constants as one, where that is exact.
fn fold(op: ArithmeticOp, a: &Expr, b: &Expr) -> Option<Value> {
    let (ExprKind::Value(a), ExprKind::Value(b)) = (&a.kind, &b.kind) else {
        return None;
    };
    Some(match (op, a, b) {
        (ArithmeticOp::Add, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_add(*b)?),
        (ArithmeticOp::Subtract, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_sub(*b)?),
        (ArithmeticOp::Multiply, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_mul(*b)?),
        (ArithmeticOp::Add, Value::Duration(a), Value::Duration(b)) => {
            Value::Duration(a.checked_add(*b)?)
        }
        (ArithmeticOp::Subtract, Value::Duration(a), Value::Duration(b)) => {
            Value::Duration(a.checked_sub(*b)?)
        }
        (ArithmeticOp::Multiply, Value::Duration(a), Value::Int(b))
        | (ArithmeticOp::Multiply, Value::Int(b), Value::Duration(a)) => {
            Value::Duration(a.checked_mul(i64::try_from(*b).ok()?)?)
        }
        _ => return None,
    })
}
