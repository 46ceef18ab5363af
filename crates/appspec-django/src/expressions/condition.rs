//! IR expression → a `Q` that a constraint, an index or a filter takes.

use appspec_backend::python::{Expr as Py, Operator};
use appspec_ir::{Comparison, Expr, ExprKind, Field, Function, Id, Type, Value};

use super::exact::needs_exact;
use super::query::{on_field, q};
use super::{Scope, core, touches_optional};

/// Prints conditions.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'s>(pub(crate) Scope<'s>);

impl Conditions<'_> {
    /// What a CHECK holds: false, not unknown, where a value is missing.
    pub(crate) fn check(self, expr: &Expr) -> Py {
        let condition = self.condition(expr);
        if touches_optional(self.0.spec, expr) {
            core("Holds").arg(condition)
        } else {
            condition
        }
    }

    /// The condition as a `Q`.
    pub(crate) fn condition(self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::And(parts) => self.chain(Operator::BitAnd, parts),
            ExprKind::Or(parts) => self.chain(Operator::BitOr, parts),
            ExprKind::Not(inner) => self.opposite(inner),
            ExprKind::Implies(a, b) => {
                Py::binary(Operator::BitOr, self.opposite(a), self.condition(b))
            }
            ExprKind::IsSet(id) => self.is_null(*id, false),
            ExprKind::Field(id) if self.0.is_asked_by_name() => {
                on_field(&self.0.field(*id), "", Py::bool(true))
            }
            ExprKind::Behind(reference, inner) => self.behind(*reference).condition(inner),
            ExprKind::Outer(inner) => Self(self.0.outer()).condition(inner),
            ExprKind::Old(inner) => Self(self.0.old()).condition(inner),
            ExprKind::Mine(inner) => q().arg(
                Py::from("core.db.mine", "is_so")
                    .arg(Py::name("me"))
                    .arg(Self(Scope::of(self.0.spec, self.0.target)).condition(inner)),
            ),
            ExprKind::Each(each) if expr.ty == Type::Bool => q().arg(self.0.each(each)),
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b),
            ExprKind::In(inner, values) => self.one_of(inner, values),
            ExprKind::Between(value, low, high) => Py::binary(
                Operator::BitAnd,
                self.compare(Comparison::GreaterOrEqual, value, low),
                self.compare(Comparison::LessOrEqual, value, high),
            ),
            ExprKind::Call(Function::StartsWith | Function::EndsWith | Function::Contains, _) => {
                q().arg(self.0.value(expr))
            }
            _ => q().arg(
                lookup("Exact")
                    .arg(self.0.value(expr))
                    .kw("rhs", Py::bool(true)),
            ),
        }
    }

    /// The condition turned around, without a `not` where there is a plainer way to say it.
    fn opposite(self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Not(inner) => self.condition(inner),
            ExprKind::IsSet(id) => self.is_null(*id, true),
            ExprKind::Field(id) if self.0.is_asked_by_name() => {
                on_field(&self.0.field(*id), "", Py::bool(false))
            }
            ExprKind::Behind(reference, inner) => self.behind(*reference).opposite(inner),
            ExprKind::Outer(inner) => Self(self.0.outer()).opposite(inner),
            ExprKind::Old(inner) => Self(self.0.old()).opposite(inner),
            ExprKind::Compare(op, a, b) => self.compare(reversed(*op), a, b),
            ExprKind::And(parts) => Py::chain(
                Operator::BitOr,
                parts.iter().map(|part| self.opposite(part)).collect(),
            ),
            ExprKind::Or(parts) => Py::chain(
                Operator::BitAnd,
                parts.iter().map(|part| self.opposite(part)).collect(),
            ),
            ExprKind::Implies(a, b) => {
                Py::binary(Operator::BitAnd, self.condition(a), self.opposite(b))
            }
            _ => self.condition(expr).invert(),
        }
    }

    fn behind(self, reference: Id<Field>) -> Self {
        Self(self.0.behind(reference))
    }

    fn is_null(self, id: Id<Field>, wanted: bool) -> Py {
        if !self.0.is_asked_by_name() {
            let asked = lookup("IsNull").arg(self.0.f(id));
            return q().arg(asked.kw("rhs", Py::bool(wanted)));
        }
        on_field(&self.0.field(id), "isnull", Py::bool(wanted))
    }

    fn chain(self, operator: Operator, parts: &[Expr]) -> Py {
        Py::chain(
            operator,
            parts.iter().map(|part| self.condition(part)).collect(),
        )
    }

    fn compare(self, op: Comparison, a: &Expr, b: &Expr) -> Py {
        if a.ty == Type::Bool && !(is_plain(a) && is_plain(b)) {
            return self.agree(op == Comparison::Equal, a, b);
        }
        if needs_exact(self.0.spec, a) || needs_exact(self.0.spec, b) {
            let (call, turned) = self.0.compared(op, a, b);
            let condition = q().arg(call);
            return if turned {
                condition.invert()
            } else {
                condition
            };
        }
        let constant = |expr: &Expr| match &expr.kind {
            ExprKind::Value(value) => Some(self.0.constant(value, joint(a, b))),
            _ => None,
        };
        let value = |expr: &Expr| constant(expr).unwrap_or_else(|| self.0.value(expr));
        // Django takes it that what a column is compared with is there, and looks for it by an inner join.
        let columns = if may_lead_nowhere(a) || may_lead_nowhere(b) {
            (None, None)
        } else {
            (self.0.column(a), self.0.column(b))
        };
        match columns {
            (Some(name), _) => return Self::on_value(op, &name, value(b)),
            (None, Some(name)) => return Self::on_value(op.mirrored(), &name, value(a)),
            (None, None) => {}
        }
        match (&a.kind, &b.kind) {
            (_, ExprKind::Value(value)) => {
                Self::between_values(op, self.0.value(a), self.0.constant(value, joint(a, b)))
            }
            _ => Self::between_values(op, self.0.value(a), self.0.value(b)),
        }
    }

    /// Two conditions of which both or none hold, or, if they are not to agree, exactly one.
    ///
    /// Spelled out: a condition as the value of another is not asked whether a column is NULL.
    fn agree(self, wanted: bool, a: &Expr, b: &Expr) -> Py {
        let constant = |expr: &Expr| match expr.kind {
            ExprKind::Value(Value::Bool(value)) => Some(value),
            _ => None,
        };
        let asked = |expr: &Expr, holds: bool| {
            if holds {
                self.condition(expr)
            } else {
                self.opposite(expr)
            }
        };
        match (constant(a), constant(b)) {
            (Some(value), _) => asked(b, value == wanted),
            (_, Some(value)) => asked(a, value == wanted),
            _ => Py::binary(
                Operator::BitOr,
                Py::binary(Operator::BitAnd, asked(a, true), asked(b, wanted)),
                Py::binary(Operator::BitAnd, asked(a, false), asked(b, !wanted)),
            ),
        }
    }

    fn on_value(op: Comparison, field: &str, value: Py) -> Py {
        let (suffix, turned) = match op {
            Comparison::Equal => ("", false),
            Comparison::NotEqual => ("", true),
            Comparison::Less => ("lt", false),
            Comparison::LessOrEqual => ("lte", false),
            Comparison::Greater => ("gt", false),
            Comparison::GreaterOrEqual => ("gte", false),
        };
        let condition = on_field(field, suffix, value);
        if turned {
            condition.invert()
        } else {
            condition
        }
    }

    fn between_values(op: Comparison, a: Py, b: Py) -> Py {
        let name = match op {
            Comparison::Equal | Comparison::NotEqual => "Exact",
            Comparison::Less => "LessThan",
            Comparison::LessOrEqual => "LessThanOrEqual",
            Comparison::Greater => "GreaterThan",
            Comparison::GreaterOrEqual => "GreaterThanOrEqual",
        };
        let condition = q().arg(lookup(name).arg(a).arg(b));
        if op == Comparison::NotEqual {
            condition.invert()
        } else {
            condition
        }
    }

    fn one_of(self, inner: &Expr, values: &[Value]) -> Py {
        let constant = |value: &Value| Expr {
            kind: ExprKind::Value(value.clone()),
            ..inner.clone()
        };
        let is_exact = |expr: &Expr| needs_exact(self.0.spec, expr);
        if is_exact(inner) || values.iter().any(|value| is_exact(&constant(value))) {
            return Py::chain(
                Operator::BitOr,
                values
                    .iter()
                    .map(|value| self.compare(Comparison::Equal, inner, &constant(value)))
                    .collect(),
            );
        }
        let list = |ty: Type| {
            Py::List(
                values
                    .iter()
                    .map(|value| self.0.constant(value, ty))
                    .collect(),
            )
        };
        match self.0.column(inner) {
            Some(name) => on_field(&name, "in", list(inner.ty)),
            None => q().arg(lookup("In").arg(self.0.value(inner)).arg(list(inner.ty))),
        }
    }
}

/// Whether Django compares the value as it stands, without asking anything about it.
fn is_plain(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Field(_) | ExprKind::Value(_))
}

/// Whether it reads what stands behind a reference and says what holds where that leads nowhere.
fn may_lead_nowhere(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Fallback(value, _) => matches!(value.kind, ExprKind::Behind(..)),
        // These are asked in a query of their own.
        ExprKind::Mine(_) | ExprKind::Each(_) | ExprKind::Outer(_) => false,
        _ => {
            let mut found = false;
            expr.for_children(&mut |part| found |= may_lead_nowhere(part));
            found
        }
    }
}

fn lookup(name: &'static str) -> Py {
    Py::from("django.db.models.lookups", name)
}

/// The type in which a constant is compared: that of the side that is no constant.
fn joint(a: &Expr, b: &Expr) -> Type {
    if matches!(a.kind, ExprKind::Value(_)) {
        b.ty
    } else {
        a.ty
    }
}

pub(super) fn reversed(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}
