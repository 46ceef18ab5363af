//! What is known of the moments that one write of a row computes, as conditions that the solver is told.

use appspec_ir::{ArithmeticOp, Comparison, Expr, ExprKind, Field, Function, Type, Value, Walk};

/// How far apart the moments are, at most, that one write computes: a minute, in microseconds.
const AT_ONCE: i64 = 60_000_000;

/// The century in which projects that this compiler builds are written to: from 2026 to 2126, in microseconds since
/// 1970-01-01T00:00Z. The compiler has no clock that could say more.
pub(super) const EARLIEST: i64 = 1_767_225_600_000_000;
pub(super) const LATEST: i64 = 4_922_899_200_000_000;

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// Its first and its last day, wherever on earth.
pub(super) const DAYS: (i64, i64) = (EARLIEST / DAY - 1, LATEST / DAY + 1);

/// `now()` or `today()`.
pub(super) fn clock(at: Walk<'_, Field>, function: Function, ty: Type) -> Expr {
    expr(at, ExprKind::Call(function, Vec::new()), ty)
}

/// The value of a field.
pub(super) fn read(field: Walk<'_, Field>, ty: Type) -> Expr {
    expr(field, ExprKind::Field(field.id), ty)
}

/// A moment, so many microseconds after 1970-01-01T00:00Z.
pub(super) fn moment(at: Walk<'_, Field>, micros: i64) -> Expr {
    let micros = ExprKind::Value(Value::DateTime(micros));
    expr(at, micros, Type::DateTime)
}

/// A day, so many days after 1970-01-01.
pub(super) fn day(at: Walk<'_, Field>, days: i64) -> Expr {
    expr(at, ExprKind::Value(Value::Date(days)), Type::Date)
}

/// A day or moment, and so many microseconds later.
pub(super) fn after(at: Walk<'_, Field>, moment: Expr, micros: i64) -> Expr {
    if micros == 0 {
        return moment;
    }
    let micros = ExprKind::Value(Value::Duration(micros));
    let micros = expr(at, micros, Type::Duration);
    let sum = ExprKind::Arithmetic(ArithmeticOp::Add, Box::new(moment), Box::new(micros));
    expr(at, sum, Type::DateTime)
}

/// The second field is so many microseconds later than the first, but for the time that one write takes.
pub(super) fn together(first: Walk<'_, Field>, second: Walk<'_, Field>, apart: i64) -> Expr {
    let read = |field| read(field, Type::DateTime);
    let set = || vec![first, second];
    let most = after(first, read(first), apart.saturating_add(AT_ONCE));
    let least = after(second, read(second), AT_ONCE.saturating_sub(apart));
    let parts = vec![
        in_order(second, read(second), most, set()),
        in_order(first, read(first), least, set()),
    ];
    expr(second, ExprKind::And(parts), Type::Bool)
}

/// `a <= b`, where the optional ones of these fields have values.
pub(super) fn in_order(at: Walk<'_, Field>, a: Expr, b: Expr, reads: Vec<Walk<'_, Field>>) -> Expr {
    let compared = ExprKind::Compare(Comparison::LessOrEqual, Box::new(a), Box::new(b));
    let compared = expr(at, compared, Type::Bool);
    let optional = reads.into_iter().filter(|field| field.get().optional);
    let mut parts: Vec<Expr> = optional
        .map(|field| expr(field, ExprKind::IsSet(field.id), Type::Bool))
        .collect();
    if parts.is_empty() {
        return compared;
    }
    parts.push(compared);
    expr(at, ExprKind::And(parts), Type::Bool)
}

fn expr(at: Walk<'_, Field>, kind: ExprKind, ty: Type) -> Expr {
    Expr {
        kind,
        ty,
        span: at.get().span,
    }
}
