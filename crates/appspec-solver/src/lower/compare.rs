use appspec_ir::{Comparison, Expr, ExprKind, Function, Type, Value};

use super::turned;
use crate::formula::NodeId;
use crate::linear::Linear;
use crate::problem::Problem;

const MINUTE: i128 = 60_000_000;

impl Problem<'_> {
    /// `a < b` as a formula; `None` when it is not understood.
    pub(super) fn compare(&mut self, comparison: Comparison, a: &Expr, b: &Expr) -> Option<NodeId> {
        match a.ty {
            Type::Bool => self.same_truth(a, b, comparison == Comparison::Equal),
            Type::Int
            | Type::Decimal { .. }
            | Type::Float
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::Duration => self
                .compare_whole_units(comparison, a, b)
                .or_else(|| self.compare_whole_units(comparison.mirrored(), b, a))
                .or_else(|| self.compare_numbers(comparison, a, b)),
            Type::Text | Type::Uuid | Type::Enum(_) | Type::Reference(_) => match comparison {
                Comparison::Equal => self.same(a, b, true),
                Comparison::NotEqual => self.same(a, b, false),
                _ => None,
            },
            Type::Opaque => None,
        }
    }

    fn compare_numbers(&mut self, comparison: Comparison, a: &Expr, b: &Expr) -> Option<NodeId> {
        let (left, right) = (self.number(a)?, self.number(b)?);
        let mut ways = Vec::with_capacity(left.len() * right.len());
        for a in &left {
            for b in &right {
                let mut parts = a.where_.clone();
                parts.extend(&b.where_);
                parts.push(self.compared(comparison, &a.value, &b.value)?);
                ways.push(self.formulas.all(parts));
            }
        }
        Some(self.formulas.any(ways))
    }

    /// `hours_between(a, b) > 8`: whole units towards zero compared with a constant are a plain difference.
    fn compare_whole_units(
        &mut self,
        comparison: Comparison,
        a: &Expr,
        b: &Expr,
    ) -> Option<NodeId> {
        let (ExprKind::Call(function, arguments), ExprKind::Value(Value::Int(units))) =
            (&a.kind, &b.kind)
        else {
            return None;
        };
        let unit = match function {
            Function::MinutesBetween => MINUTE,
            Function::HoursBetween => 60 * MINUTE,
            Function::DaysBetween => 24 * 60 * MINUTE,
            _ => return None,
        };
        let [from, to] = arguments.as_slice() else {
            return None;
        };
        if from.ty != Type::DateTime || to.ty != Type::DateTime {
            return None;
        }
        let (from, to) = (self.number(from)?, self.number(to)?);
        // At least so many whole units, and fewer than that.
        let least = |units: i128| -> Option<i128> {
            if units > 0 {
                units.checked_mul(unit)
            } else {
                units.checked_sub(1)?.checked_mul(unit)?.checked_add(1)
            }
        };
        let mut ways = Vec::new();
        for from in &from {
            for to in &to {
                let gap = to.value.minus(&from.value)?;
                let mut reaches = |units: i128, does: bool| -> Option<NodeId> {
                    let comparison = Comparison::GreaterOrEqual;
                    let comparison = if does { comparison } else { turned(comparison) };
                    self.compared(comparison, &gap, &Linear::constant(least(units)?))
                };
                let next = units.checked_add(1)?;
                let inside = match comparison {
                    Comparison::GreaterOrEqual => reaches(*units, true)?,
                    Comparison::Greater => reaches(next, true)?,
                    Comparison::Less => reaches(*units, false)?,
                    Comparison::LessOrEqual => reaches(next, false)?,
                    Comparison::Equal => {
                        let parts = vec![reaches(*units, true)?, reaches(next, false)?];
                        self.formulas.all(parts)
                    }
                    Comparison::NotEqual => {
                        let parts = vec![reaches(*units, false)?, reaches(next, true)?];
                        self.formulas.any(parts)
                    }
                };
                let mut parts = from.where_.clone();
                parts.extend(&to.where_);
                parts.push(inside);
                ways.push(self.formulas.all(parts));
            }
        }
        Some(self.formulas.any(ways))
    }

    /// `x in {a, b}`, or its opposite.
    pub(super) fn among(&mut self, inner: &Expr, values: &[Value], holds: bool) -> Option<NodeId> {
        let comparison = if holds {
            Comparison::Equal
        } else {
            Comparison::NotEqual
        };
        if let Some(node) = self.among_constants(inner, values, holds) {
            return Some(node);
        }
        let mut parts = Vec::with_capacity(values.len());
        for value in values {
            let value = Expr {
                kind: ExprKind::Value(value.clone()),
                ty: inner.ty,
                span: inner.span,
            };
            let part = match self.compare(comparison, inner, &value) {
                Some(part) => part,
                // Texts that are changed first: each comparison by itself may still be certain.
                None if inner.ty == Type::Text => self.opaque(&equal(inner, value), holds),
                None => return None,
            };
            parts.push(part);
        }
        Some(if holds {
            self.formulas.any(parts)
        } else {
            self.formulas.all(parts)
        })
    }
}

fn equal(a: &Expr, b: Expr) -> Expr {
    Expr {
        kind: ExprKind::Compare(Comparison::Equal, Box::new(a.clone()), Box::new(b)),
        ty: Type::Bool,
        span: a.span,
    }
}
