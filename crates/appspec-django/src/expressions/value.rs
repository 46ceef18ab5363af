//! IR expression → a value that the database computes.

use appspec_backend::python::{Expr as Py, Operator};
use appspec_ir::{
    ArithmeticOp, Expr, ExprKind, Function, Interval, Row, Surroundings, Type, Value, evaluate,
    round_places,
};

use super::exact::{lies_in, needs_exact};
use super::{Conditions, Scope, core, function, models};
use crate::values;

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Scope<'_> {
    /// The expression that a generated column or an annotation holds.
    pub(crate) fn result(&self, expr: &Expr) -> Py {
        if needs_exact(self.spec, expr) {
            return self.exact_result(expr);
        }
        match expr.kind {
            ExprKind::Field(_) | ExprKind::Value(_) => self.value(expr),
            _ if expr.ty == Type::Bool => core("Holds").arg(Conditions(*self).condition(expr)),
            _ => self.value(expr),
        }
    }

    /// The expression as an argument of a database function, where a text names a field.
    pub(super) fn operand(&self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Field(id) => self.named(*id),
            _ => self.value(expr),
        }
    }

    /// The constant itself, without `Value(…)`: what may stand on the right of a comparison.
    pub(super) fn constant(&self, value: &Value, ty: Type) -> Py {
        let list = match ty {
            Type::Enum(id) => Some(id),
            _ => None,
        };
        match (value, ty) {
            (Value::Decimal(number), Type::Float) => Py::float(&number.to_string()),
            (Value::Int(number), Type::Float) => Py::float(&number.to_string()),
            _ => values::value(self.spec, self.target, value, list),
        }
    }

    /// An expression that Django combines with others.
    pub(super) fn value(&self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Value(value @ Value::Bool(_)) => models()
                .attr("Value")
                .kw("value", self.constant(value, expr.ty)),
            ExprKind::Value(value) => models().attr("Value").arg(self.constant(value, expr.ty)),
            ExprKind::Field(id) => self.f(*id),
            ExprKind::Otherwise(id, other) => self.told(
                function("Coalesce")
                    .arg(self.named(*id))
                    .arg(self.operand(other)),
                expr,
            ),
            ExprKind::Negate(inner) if expr.ty == Type::Duration => self.opposite(inner),
            ExprKind::Negate(inner) => self.wide(inner, expr).negate(),
            ExprKind::Arithmetic(op, a, b) => self.arithmetic(expr, *op, a, b),
            ExprKind::Call(called, arguments) => match written_out(expr) {
                Some(text) => models().attr("Value").arg(Py::text(&text)),
                None => self.call(expr, *called, arguments),
            },
            ExprKind::Behind(reference, inner) => self.behind(*reference).value(inner),
            ExprKind::Outer(inner) => self.outer().value(inner),
            ExprKind::Old(inner) => self.old().value(inner),
            ExprKind::Fallback(value, other) => self.told(
                function("Coalesce")
                    .arg(self.operand(value))
                    .arg(self.operand(other)),
                expr,
            ),
            ExprKind::Each(each) => self.each(each),
            ExprKind::This => {
                let name = if self.is_outer { "OuterRef" } else { "F" };
                models().attr(name).arg(Py::text(self.key()))
            }
            ExprKind::Me => Py::name("me").attr("pk"),
            ExprKind::Mine(inner) => Py::from("core.db.mine", "mine")
                .arg(Py::name("me"))
                .arg(Scope::of(self.spec, self.target).value(inner)),
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Implies(..)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Between(..)
            | ExprKind::IsSet(_) => Conditions(*self).condition(expr),
        }
    }

    fn arithmetic(&self, whole: &Expr, op: ArithmeticOp, a: &Expr, b: &Expr) -> Py {
        match (op, a.ty, b.ty) {
            (ArithmeticOp::Add, Type::DateTime, Type::Duration) => {
                return self.moved("Later", a, b);
            }
            (ArithmeticOp::Add, Type::Duration, Type::DateTime) => {
                return self.moved("Later", b, a);
            }
            (ArithmeticOp::Subtract, Type::DateTime, Type::Duration) => {
                return self.moved("Earlier", a, b);
            }
            (ArithmeticOp::Multiply, Type::Duration, _) => return self.times(a, b),
            (ArithmeticOp::Multiply, _, Type::Duration) => return self.times(b, a),
            _ => {}
        }
        let operator = match op {
            ArithmeticOp::Add => Operator::Add,
            ArithmeticOp::Subtract => Operator::Subtract,
            ArithmeticOp::Multiply => Operator::Multiply,
        };
        if a.ty == Type::Date
            && let ExprKind::Value(Value::Duration(micros)) = b.kind
        {
            let days = micros.div_euclid(MICROS_PER_DAY);
            let days = if op == ArithmeticOp::Subtract {
                -days
            } else {
                days
            };
            return core("AddDays")
                .arg(self.operand(a))
                .arg(models().attr("Value").arg(Py::int(days)));
        }
        let right = match (&b.kind, b.ty) {
            (ExprKind::Value(value), Type::Int | Type::Float | Type::Duration) => {
                self.constant(value, b.ty)
            }
            _ => self.value(b),
        };
        Py::binary(operator, self.wide(a, whole), right)
    }

    /// A moment moved by a length of time: PostgreSQL's own `+` hangs on the time zone of the session.
    fn moved(&self, to: &'static str, moment: &Expr, length: &Expr) -> Py {
        let length = match &length.kind {
            ExprKind::Value(value) => self.constant(value, length.ty),
            _ => self.operand(length),
        };
        core(to).arg(self.operand(moment)).arg(length)
    }

    /// A length of time, so many times: Django knows no such product.
    fn times(&self, length: &Expr, number: &Expr) -> Py {
        core("Times")
            .arg(self.operand(length))
            .arg(self.operand(number))
    }

    /// An operand as a whole number of 64 bits, where 32 may not hold what is computed from it.
    fn wide(&self, operand: &Expr, computed: &Expr) -> Py {
        if !self.is_widened(operand, computed) {
            return self.value(operand);
        }
        function("Cast")
            .arg(self.operand(operand))
            .arg(models().attr("BigIntegerField").call())
    }

    pub(super) fn is_widened(&self, operand: &Expr, computed: &Expr) -> bool {
        let narrow = |expr| lies_in(self.spec, expr, Interval::INT);
        computed.ty == Type::Int && !narrow(computed) && narrow(operand)
    }

    fn call(&self, expr: &Expr, called: Function, arguments: &[Expr]) -> Py {
        let moment = arguments
            .first()
            .is_some_and(|first| first.ty == Type::DateTime);
        let all = |call: Py| {
            arguments.iter().fold(call.call(), |call, argument| {
                call.arg(self.operand(argument))
            })
        };
        let zoned = |call: Py| {
            if moment {
                call.kw("tzinfo", self.zone())
            } else {
                call
            }
        };
        match called {
            Function::Now => function("Now").call(),
            Function::Today => function("TruncDate")
                .arg(function("Now").call())
                .kw("tzinfo", self.zone()),
            Function::Length => all(function("Length")),
            Function::Lower => all(core("AsciiLower")),
            Function::Upper => all(core("AsciiUpper")),
            Function::Trim => all(function("Trim")),
            Function::Abs => match arguments.first() {
                Some(length) if length.ty == Type::Duration => self.absolute(length),
                Some(first) if first.ty == Type::Int => function("Abs").arg(self.wide(first, expr)),
                _ => all(function("Abs")),
            },
            Function::Floor => all(function("Floor")),
            Function::Ceil => all(function("Ceil")),
            Function::Min => self.told(all(function("Least")), expr),
            Function::Max => self.told(all(function("Greatest")), expr),
            Function::Round => {
                let call = function("Round");
                let call = arguments.first().map_or_else(
                    || call.clone().call(),
                    |first| call.clone().arg(self.operand(first)),
                );
                match round_places(arguments) {
                    0 => call,
                    places => call.kw("precision", Py::int(places)),
                }
            }
            Function::Year => zoned(all(function("ExtractYear"))),
            Function::Month => zoned(all(function("ExtractMonth"))),
            Function::Day => zoned(all(function("ExtractDay"))),
            Function::Weekday => zoned(all(function("ExtractIsoWeekDay"))),
            Function::Hour => zoned(all(function("ExtractHour"))),
            Function::Date => zoned(all(function("TruncDate"))),
            Function::Time => zoned(all(function("TruncTime"))),
            Function::MinutesBetween => all(core("MinutesBetween")),
            Function::HoursBetween => all(core("HoursBetween")),
            Function::DaysBetween if moment => all(core("DaysBetween")),
            Function::DaysBetween => all(core("DatesBetween")),
            Function::StartsWith => all(core("StartsWith")),
            Function::EndsWith => all(core("EndsWith")),
            Function::Contains => all(core("Contains")),
        }
    }

    /// The same length of time in the other direction: neither database has a minus sign for it.
    fn opposite(&self, length: &Expr) -> Py {
        Py::binary(
            Operator::Subtract,
            models().attr("Value").arg(values::duration(0)),
            self.value(length),
        )
    }

    /// A length of time without its direction: PostgreSQL's `abs` takes numbers only.
    fn absolute(&self, length: &Expr) -> Py {
        function("Greatest")
            .arg(self.operand(length))
            .arg(self.opposite(length))
    }

    fn zone(&self) -> Py {
        let (module, name) = if self.is_change {
            ("core.db.changes", "Zone")
        } else {
            ("zoneinfo", "ZoneInfo")
        };
        Py::from(module, name).arg(Py::text(&self.spec.project.timezone))
    }
}

/// What a text that reads no field is: PostgreSQL can't tell the collation of a column made by `upper("a")`.
fn written_out(expr: &Expr) -> Option<String> {
    if expr.ty != Type::Text || !expr.fields().is_empty() {
        return None;
    }
    match evaluate(expr, &Row::new(), Surroundings::default()) {
        Ok(Value::Text(text)) => Some(text),
        _ => None,
    }
}
