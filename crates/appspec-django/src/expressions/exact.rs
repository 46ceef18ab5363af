//! Arithmetic over decimals, exact on both databases: see `core.db.expressions.Scaled`.

use appspec_backend::python::{Expr as Py, Operator};
use appspec_ir::{ArithmeticOp, Expr, ExprKind, Function, Type, Value};

use super::{Scope, core, function, places};

/// Whether SQLite's floats could decide the value of an expression.
pub(super) fn is_inexact(expr: &Expr) -> bool {
    let mut computed = false;
    let mut decimal = false;
    expr.visit(&mut |part| {
        decimal |= matches!(part.ty, Type::Decimal { .. });
        computed |= match &part.kind {
            ExprKind::Arithmetic(..) | ExprKind::Negate(_) => true,
            ExprKind::Call(called, _) => {
                matches!(called, Function::Round | Function::Floor | Function::Ceil)
            }
            _ => false,
        };
    });
    decimal && computed && matches!(expr.ty, Type::Decimal { .. } | Type::Int)
}

impl Scope<'_> {
    /// The digits after the point that an exact computation needs.
    pub(super) fn scale(&self, expr: &Expr) -> u32 {
        match &expr.kind {
            ExprKind::Value(Value::Decimal(number)) => number.scale(),
            ExprKind::Field(id) => places(self.spec, *id),
            ExprKind::Otherwise(id, other) => places(self.spec, *id).max(self.scale(other)),
            ExprKind::Negate(inner) => self.scale(inner),
            ExprKind::Arithmetic(ArithmeticOp::Multiply, a, b) => self.scale(a) + self.scale(b),
            ExprKind::Arithmetic(_, a, b) => self.scale(a).max(self.scale(b)),
            ExprKind::Call(Function::Round, arguments) => round_places(arguments),
            ExprKind::Call(Function::Abs | Function::Min | Function::Max, arguments) => arguments
                .iter()
                .map(|argument| self.scale(argument))
                .max()
                .unwrap_or(0),
            _ => 0,
        }
    }

    /// The expression as a number that SQLite counts in units of `10 ** -scale`.
    pub(super) fn scaled(&self, expr: &Expr, scale: u32) -> Py {
        match &expr.kind {
            ExprKind::Negate(inner) => self.scaled(inner, scale).negate(),
            ExprKind::Arithmetic(ArithmeticOp::Multiply, a, b) => {
                let right = self.scale(b);
                Py::binary(
                    Operator::Multiply,
                    self.scaled(a, scale.saturating_sub(right)),
                    self.scaled(b, right),
                )
            }
            ExprKind::Arithmetic(ArithmeticOp::Add, a, b) => {
                Py::binary(Operator::Add, self.scaled(a, scale), self.scaled(b, scale))
            }
            ExprKind::Arithmetic(ArithmeticOp::Subtract, a, b) => Py::binary(
                Operator::Subtract,
                self.scaled(a, scale),
                self.scaled(b, scale),
            ),
            ExprKind::Call(Function::Abs, arguments) => {
                self.each(function("Abs"), arguments, scale)
            }
            ExprKind::Call(Function::Min, arguments) => {
                self.each(function("Least"), arguments, scale)
            }
            ExprKind::Call(Function::Max, arguments) => {
                self.each(function("Greatest"), arguments, scale)
            }
            ExprKind::Call(
                called @ (Function::Round | Function::Floor | Function::Ceil),
                arguments,
            ) => {
                let Some(first) = arguments.first() else {
                    return self.value(expr);
                };
                let wanted = if *called == Function::Round {
                    round_places(arguments)
                } else {
                    0
                };
                let own = self.scale(first).max(wanted);
                let inner = self.scaled(first, own);
                let call = match called {
                    Function::Round => core("Rounded").arg(inner),
                    Function::Floor => core("Floored").arg(inner),
                    _ => core("Ceiled").arg(inner),
                };
                let call = call.kw("scale", Py::int(own));
                let call = if *called == Function::Round {
                    call.kw("places", Py::int(wanted))
                } else {
                    call
                };
                call.kw("to", Py::int(scale))
            }
            _ if scale == 0 && expr.ty == Type::Int => self.value(expr),
            _ => core("Scaled").arg(self.operand(expr)).arg(Py::int(scale)),
        }
    }

    fn each(&self, call: Py, arguments: &[Expr], scale: u32) -> Py {
        arguments.iter().fold(call.call(), |call, argument| {
            call.arg(self.scaled(argument, scale))
        })
    }
}

/// The second argument of `round(x, n)`; none means whole numbers.
pub(super) fn round_places(arguments: &[Expr]) -> u32 {
    match arguments.get(1).map(|argument| &argument.kind) {
        Some(ExprKind::Value(Value::Int(places))) => u32::try_from(*places).unwrap_or(0),
        _ => 0,
    }
}
