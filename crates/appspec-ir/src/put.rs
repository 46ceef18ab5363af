//! Expressions over a row that is about to change.

use crate::{Expr, ExprKind, Field, Id, Type, Value};

/// What an expression finds where it reads a field.
#[derive(Clone, Copy, Debug)]
pub enum Put<'e> {
    /// What the row holds.
    Own,
    /// Nothing.
    Nothing,
    /// The value of another expression.
    Value(&'e Expr),
}

impl Expr {
    /// The condition as it reads once fields hold something else. Where a guarded comparison asked for a value that is gone, it
    /// does not matter what stands there any more. As deep as the condition, which the parser bounds.
    #[must_use]
    pub fn truth_with<'e>(&self, put: &impl Fn(Id<Field>) -> Put<'e>) -> Self {
        self.with(put).unwrap_or_else(|| self.constant(false))
    }

    /// The expression as it reads then; None where it reads what is gone.
    pub fn with<'e>(&self, put: &impl Fn(Id<Field>) -> Put<'e>) -> Option<Self> {
        self.put(put, &|part| Some(part.clone()))
    }

    /// What a rule about a change says of one row, from which both the row as it was and the row that it becomes follow.
    #[must_use]
    pub fn truth_between<'e>(
        &self,
        was: &impl Fn(Id<Field>) -> Put<'e>,
        becomes: &impl Fn(Id<Field>) -> Put<'e>,
    ) -> Self {
        let old = |part: &Self| match &part.kind {
            ExprKind::Old(inner) => inner.with(was),
            _ => Some(part.clone()),
        };
        let put = self.put(becomes, &old);
        put.unwrap_or_else(|| self.constant(false))
    }

    fn put<'e>(
        &self,
        put: &impl Fn(Id<Field>) -> Put<'e>,
        old: &impl Fn(&Self) -> Option<Self>,
    ) -> Option<Self> {
        let boxed = |part: &Self| part.put(put, old).map(Box::new);
        let truth = |part: &Self| {
            let put = part.put(put, old);
            put.unwrap_or_else(|| part.constant(false))
        };
        let kind = match &self.kind {
            // What other rows hold stays as it is.
            ExprKind::Value(_)
            | ExprKind::Each(_)
            | ExprKind::Outer(_)
            | ExprKind::This
            | ExprKind::Me
            | ExprKind::Mine(_) => self.kind.clone(),
            ExprKind::Behind(id, _) => match put(*id) {
                Put::Nothing => return None,
                Put::Own | Put::Value(_) => self.kind.clone(),
            },
            ExprKind::Fallback(value, other) => match boxed(value) {
                Some(value) => ExprKind::Fallback(value, boxed(other)?),
                None => return other.put(put, old),
            },
            ExprKind::Old(_) => return old(self),
            ExprKind::Field(id) => match put(*id) {
                Put::Own => self.kind.clone(),
                Put::Nothing => return None,
                Put::Value(value) => return Some(value.clone()),
            },
            ExprKind::IsSet(id) => match put(*id) {
                Put::Own => self.kind.clone(),
                Put::Nothing => return Some(self.constant(false)),
                Put::Value(_) => return Some(self.constant(true)),
            },
            ExprKind::Otherwise(id, other) => match put(*id) {
                Put::Own => ExprKind::Otherwise(*id, boxed(other)?),
                Put::Nothing => return other.put(put, old),
                Put::Value(value) => return Some(value.clone()),
            },
            ExprKind::Not(inner) => ExprKind::Not(Box::new(truth(inner))),
            ExprKind::And(parts) => ExprKind::And(parts.iter().map(truth).collect()),
            ExprKind::Or(parts) => ExprKind::Or(parts.iter().map(truth).collect()),
            ExprKind::Implies(a, b) => ExprKind::Implies(Box::new(truth(a)), Box::new(truth(b))),
            ExprKind::Compare(how, a, b) => ExprKind::Compare(*how, boxed(a)?, boxed(b)?),
            ExprKind::In(inner, values) => ExprKind::In(boxed(inner)?, values.clone()),
            ExprKind::Between(inner, low, high) => {
                ExprKind::Between(boxed(inner)?, boxed(low)?, boxed(high)?)
            }
            ExprKind::Negate(inner) => ExprKind::Negate(boxed(inner)?),
            ExprKind::Arithmetic(op, a, b) => ExprKind::Arithmetic(*op, boxed(a)?, boxed(b)?),
            ExprKind::Call(called, arguments) => {
                let arguments = arguments.iter().map(|part| part.put(put, old));
                ExprKind::Call(*called, arguments.collect::<Option<_>>()?)
            }
        };
        Some(Self {
            kind,
            ty: self.ty,
            span: self.span,
        })
    }

    fn constant(&self, truth: bool) -> Self {
        Self {
            kind: ExprKind::Value(Value::Bool(truth)),
            ty: Type::Bool,
            span: self.span,
        }
    }
}
