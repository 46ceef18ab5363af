use appspec_ir::{
    Expr, Field, FieldType, Id, Row, Scalar, Spec, Surroundings, Value, evaluate, holds,
    is_immutable,
};

use crate::fact::{Fact, Says};
use crate::patterns::Patterns;
use crate::slot;

const DAY: i64 = 86_400_000_000;
const HOUR: i64 = DAY / 24;
/// 2026-01-01, in days since 1970-01-01.
pub(crate) const TODAY: i64 = 20_454;

/// Moments and distances from UTC at which a row has to say the same, since nobody knows when and where it is used.
const SITUATIONS: [(i64, i64); 4] = [
    (TODAY, 0),
    (TODAY, 14 * HOUR),
    (TODAY + 2 * 365, -12 * HOUR),
    (TODAY + 100 * 365, HOUR),
];

/// Asks the evaluator of the language what a row says to facts.
#[derive(Debug)]
pub(crate) struct Replay<'s> {
    pub(crate) spec: &'s Spec,
}

impl Replay<'_> {
    /// Whether a fact comes out like this, at any moment and in any zone.
    pub(crate) fn agrees(
        &self,
        fact: &Fact<'_>,
        wanted: bool,
        row: &Row,
        patterns: &mut Patterns,
    ) -> bool {
        match &fact.says {
            Says::Condition(condition) => {
                let agrees =
                    |place: usize| at(place, |around| holds(condition, row, around)) == Ok(wanted);
                agrees(0) && (is_immutable(condition) || (1..SITUATIONS.len()).all(agrees))
            }
            Says::Range { field, low, high } => {
                let inside = self.inside(*field, *low, *high, row);
                match row.get(*field) {
                    None => wanted,
                    Some(_) => inside == Some(wanted),
                }
            }
            Says::Matches { field, pattern } => match row.get(*field) {
                None => wanted,
                Some(Value::Text(text)) => patterns.matches(pattern, text) == Some(wanted),
                Some(_) => false,
            },
        }
    }

    fn inside(
        &self,
        field: Id<Field>,
        low: Option<&Value>,
        high: Option<&Value>,
        row: &Row,
    ) -> Option<bool> {
        let own = self.spec.walk(field).get();
        let value = match row.get(field)? {
            Value::Text(text) => Value::Int(i128::try_from(text.chars().count()).ok()?),
            value => value.clone(),
        };
        let is_float = matches!(own.ty, FieldType::Scalar(Scalar::Float));
        let ordered = |a: &Value, b: &Value| -> Option<bool> {
            if is_float {
                let place = |value: &Value| slot::number(value, slot::Class::Float, 0);
                return Some(place(a)? <= place(b)?);
            }
            (std::mem::discriminant(a) == std::mem::discriminant(b)).then(|| a <= b)
        };
        let above = low.map_or(Some(true), |low| ordered(low, &value))?;
        let below = high.map_or(Some(true), |high| ordered(&value, high))?;
        Some(above && below)
    }
}

/// What a condition says at one of those moments.
pub(crate) fn says(condition: &Expr, row: &Row) -> Option<bool> {
    at(0, |around| holds(condition, row, around)).ok()
}

/// The value of an expression at one of those moments.
pub(crate) fn value(expr: &Expr, row: &Row) -> Option<Value> {
    at(0, |around| evaluate(expr, row, around)).ok()
}

/// Asks in one of the situations.
fn at<T>(place: usize, ask: impl FnOnce(Surroundings<'_>) -> T) -> T {
    let (day, zone) = SITUATIONS.get(place).copied().unwrap_or((TODAY, 0));
    let offset = |_: i64| zone;
    ask(Surroundings {
        now: Some(day * DAY + 9 * HOUR),
        offset: Some(&offset),
        me: None,
    })
}
