//! Between which numbers the value of an expression lies, from the types and bounds of its fields.

use crate::{
    ArithmeticOp, Bound, Expr, ExprKind, Field, FieldType, Function, Id, Scalar, Spec, Value,
};

/// All numbers from one to another; both count units of `10 ** -scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    low: i128,
    high: i128,
    scale: u32,
}

impl Interval {
    /// The numbers of an `int` column.
    pub const INT: Self = Self::whole(i32::MIN as i128, i32::MAX as i128);
    /// The numbers of a `bigint` column.
    pub const BIGINT: Self = Self::whole(i64::MIN as i128, i64::MAX as i128);

    const fn whole(low: i128, high: i128) -> Self {
        Self {
            low,
            high,
            scale: 0,
        }
    }

    /// The numbers of so many digits, some of them after the point; `None` beyond 128 bits.
    pub fn decimal(digits: u32, places: u32) -> Option<Self> {
        let largest = 10_i128.checked_pow(digits)? - 1;
        Some(Self {
            low: -largest,
            high: largest,
            scale: places,
        })
    }

    /// Whether all of them lie in another interval.
    pub fn lies_in(self, other: Self) -> bool {
        Self::aligned(self, other)
            .is_some_and(|(own, other)| other.low <= own.low && own.high <= other.high)
    }

    /// Whether none of them is further from zero than this whole number.
    pub fn is_within(self, most: i128) -> bool {
        self.lies_in(Self::whole(-most, most))
    }

    /// Whether none of them lies below zero.
    pub fn is_never_negative(self) -> bool {
        self.low >= 0
    }

    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(Self::whole(*number, *number)),
            Value::Decimal(number) => Some(Self {
                low: number.mantissa(),
                high: number.mantissa(),
                scale: number.scale(),
            }),
            _ => None,
        }
    }

    fn at(self, scale: u32) -> Option<Self> {
        let unit = 10_i128.checked_pow(scale.checked_sub(self.scale)?)?;
        Some(Self {
            low: self.low.checked_mul(unit)?,
            high: self.high.checked_mul(unit)?,
            scale,
        })
    }

    fn aligned(a: Self, b: Self) -> Option<(Self, Self)> {
        let scale = a.scale.max(b.scale);
        Some((a.at(scale)?, b.at(scale)?))
    }

    fn union(a: Self, b: Self) -> Option<Self> {
        Self::both(a, b, i128::min, i128::max)
    }

    fn both(
        a: Self,
        b: Self,
        low: impl Fn(i128, i128) -> i128,
        high: impl Fn(i128, i128) -> i128,
    ) -> Option<Self> {
        let (a, b) = Self::aligned(a, b)?;
        Some(Self {
            low: low(a.low, b.low),
            high: high(a.high, b.high),
            scale: a.scale,
        })
    }

    fn negated(self) -> Option<Self> {
        Some(Self {
            low: self.high.checked_neg()?,
            high: self.low.checked_neg()?,
            scale: self.scale,
        })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (a, b) = Self::aligned(self, other)?;
        Some(Self {
            low: a.low.checked_add(b.low)?,
            high: a.high.checked_add(b.high)?,
            scale: a.scale,
        })
    }

    fn times(self, other: Self) -> Option<Self> {
        let corners = [
            self.low.checked_mul(other.low)?,
            self.low.checked_mul(other.high)?,
            self.high.checked_mul(other.low)?,
            self.high.checked_mul(other.high)?,
        ];
        Some(Self {
            low: corners.into_iter().min()?,
            high: corners.into_iter().max()?,
            scale: self.scale + other.scale,
        })
    }

    fn absolute(self) -> Option<Self> {
        let (low, high) = (self.low.checked_abs()?, self.high.checked_abs()?);
        let crosses = self.low <= 0 && self.high >= 0;
        Some(Self {
            low: if crosses { 0 } else { low.min(high) },
            high: low.max(high),
            scale: self.scale,
        })
    }

    /// With so many places at most; both ends move outwards, so that every way of rounding stays inside.
    fn shortened(self, places: u32) -> Option<Self> {
        let Some(dropped) = self.scale.checked_sub(places) else {
            return Some(self);
        };
        let unit = 10_i128.checked_pow(dropped)?;
        let up = i128::from(self.high.rem_euclid(unit) != 0);
        Some(Self {
            low: self.low.div_euclid(unit),
            high: self.high.div_euclid(unit) + up,
            scale: places,
        })
    }
}

/// Where the value of a number lies; `None` when nothing is known.
pub fn interval(spec: &Spec, expr: &Expr) -> Option<Interval> {
    match &expr.kind {
        ExprKind::Value(value) => Interval::of(value),
        ExprKind::Field(id) => of_field(spec, *id),
        ExprKind::Behind(_, inner)
        | ExprKind::Outer(inner)
        | ExprKind::Old(inner)
        | ExprKind::Mine(inner) => interval(spec, inner),
        ExprKind::Fallback(value, other) => {
            Interval::union(interval(spec, value)?, interval(spec, other)?)
        }
        ExprKind::Otherwise(id, other) => {
            Interval::union(of_field(spec, *id)?, interval(spec, other)?)
        }
        ExprKind::Negate(inner) => interval(spec, inner)?.negated(),
        ExprKind::Arithmetic(op, a, b) => {
            let (a, b) = (interval(spec, a)?, interval(spec, b)?);
            match op {
                ArithmeticOp::Add => a.plus(b),
                ArithmeticOp::Subtract => a.plus(b.negated()?),
                ArithmeticOp::Multiply => a.times(b),
            }
        }
        ExprKind::Call(called, arguments) => of_call(spec, *called, arguments),
        _ => None,
    }
}

fn of_call(spec: &Spec, called: Function, arguments: &[Expr]) -> Option<Interval> {
    let argument = |at: usize| interval(spec, arguments.get(at)?);
    match called {
        Function::Abs => argument(0)?.absolute(),
        Function::Min => Interval::both(argument(0)?, argument(1)?, i128::min, i128::min),
        Function::Max => Interval::both(argument(0)?, argument(1)?, i128::max, i128::max),
        Function::Round => argument(0)?.shortened(round_places(arguments)),
        Function::Floor | Function::Ceil => argument(0)?.shortened(0),
        // PostgreSQL holds a text of 1 GB at most.
        Function::Length => Some(Interval::whole(0, 1 << 30)),
        Function::Year => Some(Interval::whole(1, 9999)),
        Function::Month => Some(Interval::whole(1, 12)),
        Function::Day => Some(Interval::whole(1, 31)),
        Function::Weekday => Some(Interval::whole(1, 7)),
        Function::Hour => Some(Interval::whole(0, 23)),
        // From the first to the last day that has a name.
        Function::DaysBetween => Some(apart(1)),
        Function::HoursBetween => Some(apart(24)),
        Function::MinutesBetween => Some(apart(24 * 60)),
        _ => None,
    }
}

/// How many units lie between the years 1 and 9999, in either direction.
const fn apart(units_per_day: i128) -> Interval {
    const DAYS: i128 = 3_652_059;
    Interval::whole(-DAYS * units_per_day, DAYS * units_per_day)
}

fn of_field(spec: &Spec, id: Id<Field>) -> Option<Interval> {
    let field = spec.walk(id);
    let FieldType::Scalar(scalar) = field.get().ty else {
        return None;
    };
    let mut found = of_scalar(scalar)?;
    for bound in &field.get().bounds {
        let Bound::Range { low, high, .. } = bound else {
            continue;
        };
        let end = |value: &Option<Value>| {
            let end = Interval::of(value.as_ref()?)?.shortened(found.scale)?;
            end.at(found.scale)
        };
        let (low, high) = (end(low), end(high));
        found.low = low.map_or(found.low, |low| found.low.max(low.low));
        found.high = high.map_or(found.high, |high| found.high.min(high.high));
    }
    Some(found)
}

/// The numbers of a type; `None` for what is no exact number.
pub(crate) fn of_scalar(scalar: Scalar) -> Option<Interval> {
    match scalar {
        Scalar::Int => Some(Interval::INT),
        Scalar::BigInt => Some(Interval::BIGINT),
        Scalar::Decimal { digits, places } => Interval::decimal(digits, places),
        _ => None,
    }
}

/// To how many places `round` rounds.
pub fn round_places(arguments: &[Expr]) -> u32 {
    match arguments.get(1).map(|argument| &argument.kind) {
        Some(ExprKind::Value(Value::Int(places))) => u32::try_from(*places).unwrap_or(0),
        _ => 0,
    }
}
