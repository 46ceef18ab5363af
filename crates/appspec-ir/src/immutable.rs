//! What a database may keep: PostgreSQL takes only immutable expressions for generated columns and for the
//! conditions of indexes.

use crate::{Expr, ExprKind, Function, Type};

/// Whether both databases compute the same from the same row at any time and under any setting.
///
/// A moment moved by a length of time is written as `core.db.expressions.Later`, which counts in UTC:
/// PostgreSQL's own `timestamptz + interval` counts days in the time zone of the session.
pub fn is_immutable(expr: &Expr) -> bool {
    let mut immutable = true;
    expr.visit(&mut |part| immutable &= is_step_immutable(part));
    immutable
}

/// Whether what this node adds to its parts is immutable.
fn is_step_immutable(expr: &Expr) -> bool {
    let (called, arguments) = match &expr.kind {
        ExprKind::Call(called, arguments) => (called, arguments),
        // What other rows hold changes without this one.
        ExprKind::Behind(..) | ExprKind::Each(_) => return false,
        _ => return true,
    };
    match called {
        Function::Now | Function::Today => false,
        // Parts of a moment are those that the clocks of the project's time zone show; laws change that.
        Function::Date
        | Function::Time
        | Function::Year
        | Function::Month
        | Function::Day
        | Function::Weekday
        | Function::Hour => arguments
            .first()
            .is_none_or(|first| first.ty != Type::DateTime),
        Function::Length
        | Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::Round
        | Function::Abs
        | Function::Floor
        | Function::Ceil
        | Function::Min
        | Function::Max
        | Function::MinutesBetween
        | Function::HoursBetween
        | Function::DaysBetween
        | Function::StartsWith
        | Function::EndsWith
        | Function::Contains => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::{ArithmeticOp, Comparison, Id, Value};
    use appspec_diagnostics::{FileId, Span};

    use super::*;

    fn expr(kind: ExprKind, ty: Type) -> Expr {
        Expr {
            kind,
            ty,
            span: Span::new(FileId(0), 0, 0),
        }
    }

    fn field(ty: Type) -> Expr {
        expr(ExprKind::Field(Id::from_index(0)), ty)
    }

    fn call(function: Function, arguments: Vec<Expr>) -> Expr {
        expr(ExprKind::Call(function, arguments), Type::Int)
    }

    fn sum(op: ArithmeticOp, a: Type, b: Type) -> Expr {
        expr(
            ExprKind::Arithmetic(op, Box::new(field(a)), Box::new(field(b))),
            a,
        )
    }

    #[test]
    fn the_clock_is_never_kept() {
        assert!(!is_immutable(&call(Function::Now, vec![])));
        assert!(!is_immutable(&call(Function::Today, vec![])));
    }

    #[test]
    fn parts_of_a_moment_hang_on_the_time_zone_and_parts_of_a_date_or_time_do_not() {
        for part in [
            Function::Date,
            Function::Time,
            Function::Year,
            Function::Month,
            Function::Day,
            Function::Weekday,
            Function::Hour,
        ] {
            assert!(!is_immutable(&call(part, vec![field(Type::DateTime)])));
        }
        for part in [
            Function::Year,
            Function::Month,
            Function::Day,
            Function::Weekday,
        ] {
            assert!(is_immutable(&call(part, vec![field(Type::Date)])));
        }
        assert!(is_immutable(&call(Function::Hour, vec![field(Type::Time)])));
    }

    #[test]
    fn every_other_function_is_kept() {
        for (function, ty) in [
            (Function::Length, Type::Text),
            (Function::Lower, Type::Text),
            (Function::Upper, Type::Text),
            (Function::Trim, Type::Text),
            (Function::Round, Type::Float),
            (Function::Abs, Type::Duration),
            (Function::Floor, Type::Float),
            (Function::Ceil, Type::Float),
            (Function::Min, Type::DateTime),
            (Function::Max, Type::DateTime),
            (Function::MinutesBetween, Type::DateTime),
            (Function::HoursBetween, Type::DateTime),
            (Function::DaysBetween, Type::DateTime),
            (Function::DaysBetween, Type::Date),
            (Function::StartsWith, Type::Text),
            (Function::EndsWith, Type::Text),
            (Function::Contains, Type::Text),
        ] {
            let called = call(function, vec![field(ty), field(ty)]);
            assert!(is_immutable(&called), "{function:?} of {ty:?}");
        }
    }

    #[test]
    fn arithmetic_with_moments_dates_and_lengths_of_time_is_kept() {
        for (op, a, b) in [
            (ArithmeticOp::Add, Type::DateTime, Type::Duration),
            (ArithmeticOp::Add, Type::Duration, Type::DateTime),
            (ArithmeticOp::Subtract, Type::DateTime, Type::Duration),
            (ArithmeticOp::Subtract, Type::DateTime, Type::DateTime),
            (ArithmeticOp::Add, Type::Date, Type::Duration),
            (ArithmeticOp::Multiply, Type::Duration, Type::Int),
        ] {
            assert!(is_immutable(&sum(op, a, b)), "{a:?} {op:?} {b:?}");
        }
    }

    #[test]
    fn one_part_that_changes_is_enough() {
        let now = call(Function::Now, vec![]);
        let compared = expr(
            ExprKind::Compare(
                Comparison::Less,
                Box::new(field(Type::DateTime)),
                Box::new(now),
            ),
            Type::Bool,
        );
        let truth = expr(ExprKind::Value(Value::Bool(true)), Type::Bool);
        assert!(is_immutable(&truth));
        assert!(!is_immutable(&expr(
            ExprKind::And(vec![truth, compared]),
            Type::Bool
        )));
    }
}
