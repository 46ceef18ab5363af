//! Arithmetic that neither rounds nor overflows on either database: see `core.db.exact`.

use appspec_backend::python::Expr as Py;
use appspec_ir::{
    ArithmeticOp, Comparison, Expr, ExprKind, Function, Interval, Spec, Summary, Type, Value,
    interval, round_places,
};

use super::{Scope, models};
use crate::values;

/// Whether SQLite's floats or PostgreSQL's integers could get a number wrong.
pub(crate) fn needs_exact(spec: &Spec, expr: &Expr) -> bool {
    if !matches!(expr.ty, Type::Decimal { .. } | Type::Int) {
        return false;
    }
    let mut computed = false;
    let mut decimal = false;
    let mut wide = false;
    expr.visit(&mut |part| {
        decimal |= matches!(part.ty, Type::Decimal { .. });
        let here = is_computed(part);
        computed |= here;
        // A constant too: SQLite takes no such number from Python.
        let is_number = here || matches!(part.kind, ExprKind::Value(_));
        wide |= is_number && part.ty == Type::Int && !lies_in(spec, part, Interval::BIGINT);
    });
    (decimal && computed) || wide
}

fn is_computed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Arithmetic(..) | ExprKind::Negate(_) => true,
        ExprKind::Each(each) => matches!(
            each.summary,
            Summary::Sum(..) | Summary::Min(..) | Summary::Max(..)
        ),
        ExprKind::Call(called, _) => matches!(
            called,
            Function::Round | Function::Floor | Function::Ceil | Function::Abs
        ),
        _ => false,
    }
}

/// Whether all values lie within a type.
pub(super) fn lies_in(spec: &Spec, expr: &Expr, within: Interval) -> bool {
    interval(spec, expr).is_some_and(|values| values.lies_in(within))
}

impl Scope<'_> {
    /// A number as an operand of exact arithmetic, where a text names a field.
    pub(super) fn exact(&self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Value(Value::Int(number)) if is_long(*number) => {
                constant(&number.to_string())
            }
            ExprKind::Value(Value::Decimal(number)) if is_long(number.mantissa()) => {
                constant(&number.to_string())
            }
            ExprKind::Field(_) | ExprKind::Value(_) => self.operand(expr),
            // Not `Coalesce`: on SQLite, Django would make a float of the number.
            ExprKind::Otherwise(id, other) => {
                exact("Known").arg(self.named(*id)).arg(self.exact(other))
            }
            ExprKind::Fallback(value, other) => {
                exact("Known").arg(self.exact(value)).arg(self.exact(other))
            }
            ExprKind::Behind(reference, inner) => self.behind(*reference).exact(inner),
            ExprKind::Outer(inner) => self.outer().exact(inner),
            ExprKind::Old(inner) => self.old().exact(inner),
            ExprKind::Negate(inner) => exact("Minus")
                .arg(models().attr("Value").arg(Py::int(0)))
                .arg(self.exact(inner)),
            ExprKind::Arithmetic(op, a, b) => exact(match op {
                ArithmeticOp::Add => "Plus",
                ArithmeticOp::Subtract => "Minus",
                ArithmeticOp::Multiply => "Times",
            })
            .arg(self.exact(a))
            .arg(self.exact(b)),
            ExprKind::Call(called, arguments) => {
                let name = match called {
                    Function::Abs => "Absolute",
                    Function::Min => "Smaller",
                    Function::Max => "Larger",
                    Function::Floor => "Floored",
                    Function::Ceil => "Ceiled",
                    Function::Round => {
                        let first = arguments.first().map(|first| self.exact(first));
                        return exact("Rounded")
                            .arg(first.unwrap_or_else(Py::none))
                            .kw("places", Py::int(round_places(arguments)));
                    }
                    _ => return self.value(expr),
                };
                arguments.iter().fold(exact(name).call(), |call, argument| {
                    call.arg(self.exact(argument))
                })
            }
            _ => self.value(expr),
        }
    }

    /// Whether one number is to another as a comparison says; the second answer turns it around.
    pub(super) fn compared(&self, op: Comparison, a: &Expr, b: &Expr) -> (Py, bool) {
        let (name, turned, mirrored) = match op {
            Comparison::Equal => ("Equal", false, false),
            Comparison::NotEqual => ("Equal", true, false),
            Comparison::Less => ("Less", false, false),
            Comparison::LessOrEqual => ("AtMost", false, false),
            Comparison::Greater => ("Less", false, true),
            Comparison::GreaterOrEqual => ("AtMost", false, true),
        };
        let (a, b) = if mirrored { (b, a) } else { (a, b) };
        (exact(name).arg(self.exact(a)).arg(self.exact(b)), turned)
    }

    /// An exact number as a column or a query holds it.
    pub(super) fn exact_result(&self, expr: &Expr) -> Py {
        let name = if expr.ty == Type::Int {
            "WholeResult"
        } else {
            "Result"
        };
        exact(name).arg(self.exact(expr))
    }
}

/// Whether SQLite would keep fewer digits of a value.
fn is_long(mantissa: i128) -> bool {
    mantissa.unsigned_abs() >= 1_000_000_000_000_000
}

fn constant(number: &str) -> Py {
    exact("Constant").arg(values::decimal(number))
}

/// Something of `core.db.exact`.
fn exact(name: &'static str) -> Py {
    Py::from("core.db.exact", name)
}
