//! What an expression says about a row. The meaning is that of Python; every backend has to agree with it.

pub(crate) mod calendar;
mod functions;
mod number;
mod operators;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ArithmeticOp, Each, Expr, ExprKind, Field, Id, Rows, Summary, Type, Value};
use number::Exact;

/// The values of one row. A field that is not there is empty.
///
/// A `float` is given as the decimal that names it (the nearest binary fraction is used), a reference as
/// the key of the row pointed to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// By the ids of the fields. A row has so few of them that a list is made, read and copied faster than a map.
    values: Vec<(Id<Field>, Value)>,
}

impl Row {
    /// A row of empty fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// A row of empty fields, with room for so many that are not.
    pub fn with_room(fields: usize) -> Self {
        Self {
            values: Vec::with_capacity(fields),
        }
    }

    /// Sets a field.
    pub fn set(&mut self, field: Id<Field>, value: Value) {
        match self.place(field) {
            Ok(place) => {
                if let Some((_, own)) = self.values.get_mut(place) {
                    *own = value;
                }
            }
            Err(place) => self.values.insert(place, (field, value)),
        }
    }

    /// Empties a field.
    pub fn clear(&mut self, field: Id<Field>) {
        self.take(field);
    }

    /// Empties a field; what it had.
    pub fn take(&mut self, field: Id<Field>) -> Option<Value> {
        let place = self.place(field).ok()?;
        Some(self.values.remove(place).1)
    }

    /// The fields that are not empty, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (Id<Field>, &Value)> {
        self.values.iter().map(|(field, value)| (*field, value))
    }

    /// The value of a field, unless it is empty.
    pub fn get(&self, field: Id<Field>) -> Option<&Value> {
        let (_, value) = self.values.get(self.place(field).ok()?)?;
        Some(value)
    }

    /// Where a field is, or would have to be.
    fn place(&self, field: Id<Field>) -> Result<usize, usize> {
        self.values.binary_search_by_key(&field, |(own, _)| *own)
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = BTreeMap::<Id<Field>, Value>::deserialize(deserializer)?;
        Ok(Self {
            values: values.into_iter().collect(),
        })
    }
}

/// What an expression may ask of the world; given from outside, so that the answer depends on nothing else.
#[derive(Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// The current moment, microseconds since 1970-01-01T00:00Z.
    pub now: Option<i64>,
    /// The project's time zone: microseconds to add to a moment to get local time.
    pub offset: Option<&'a dyn Fn(i64) -> i64>,
    /// The person who asks.
    pub me: Option<Person<'a>>,
}

/// The person who asks.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The key of their row.
    pub key: &'a Value,
    /// Their row.
    pub row: &'a Row,
}

impl fmt::Debug for Surroundings<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Surroundings")
            .field("now", &self.now)
            .field("offset", &self.offset.map(|_| ".."))
            .field("me", &self.me)
            .finish()
    }
}

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// An empty field was read where a value is needed.
    Missing(Id<Field>),
    /// The result is out of reach: 128 bits for numbers, the years 1 to 9999 for days.
    Overflow,
    /// `now()` or `today()` without a current moment.
    NoClock,
    /// A date part of a moment without a time zone.
    NoZone,
    /// Another row was read, and none is known.
    NoRow,
    /// The person who asks was read, and nobody is known.
    Nobody,
    /// The smallest or the largest of no rows.
    Nothing,
    /// A value is not of the type that the expression says; never so for what the analysis has typed.
    WrongType,
}

/// The value of an expression for a row.
///
/// `and`, `or` and `implies` look at their parts from the left and stop when the answer is known.
pub fn evaluate(expr: &Expr, row: &Row, around: Surroundings<'_>) -> Result<Value, Undefined> {
    let evaluator = Evaluator::alone(row, around);
    evaluator.value(expr)?.into_value(expr.ty)
}

/// Whether a condition holds for a row.
pub fn holds(condition: &Expr, row: &Row, around: Surroundings<'_>) -> Result<bool, Undefined> {
    Evaluator::alone(row, around).truth(condition)
}

/// The rows that a rule across rows reads besides its own.
pub trait OtherRows {
    /// The row that a reference leads to, by its key.
    fn behind(&self, reference: Id<Field>, key: &Value) -> Option<&Row>;

    /// The rows that are related so to a row with this key.
    fn several(&self, rows: Rows, row: &Row, key: &Value) -> Vec<&Row>;
}

/// Whether a rule across rows holds for a row with this key.
pub fn holds_across(
    condition: &Expr,
    row: &Row,
    key: &Value,
    others: &dyn OtherRows,
) -> Result<bool, Undefined> {
    let evaluator = Evaluator {
        others: Some((others, key)),
        ..Evaluator::alone(row, Surroundings::default())
    };
    evaluator.truth(condition)
}

/// Whether what an access rule says holds for a row with this key and the person who asks.
pub fn holds_for(
    condition: &Expr,
    (row, key): (&Row, &Value),
    others: &dyn OtherRows,
    around: Surroundings<'_>,
) -> Result<bool, Undefined> {
    let evaluator = Evaluator {
        others: Some((others, key)),
        ..Evaluator::alone(row, around)
    };
    evaluator.truth(condition)
}

/// The value of a part of a rule across rows, for a row with this key.
pub fn evaluate_across(
    expr: &Expr,
    row: &Row,
    key: &Value,
    others: &dyn OtherRows,
) -> Result<Value, Undefined> {
    let evaluator = Evaluator {
        others: Some((others, key)),
        ..Evaluator::alone(row, Surroundings::default())
    };
    evaluator.value(expr)?.into_value(expr.ty)
}

/// A value while it is worked with; texts of rows and rules stay where they are.
#[derive(Clone, Debug)]
enum Item<'v> {
    Exact(Exact),
    Float(f64),
    Other(Cow<'v, Value>),
}

impl<'v> Item<'v> {
    fn of(value: &'v Value, ty: Type) -> Self {
        match value {
            Value::Int(number) => Self::number(Exact::whole(*number), ty),
            Value::Decimal(number) => Self::number(Exact::of_decimal(*number), ty),
            other => Self::Other(Cow::Borrowed(other)),
        }
    }

    /// A value that is no number.
    fn made(value: Value) -> Self {
        Self::Other(Cow::Owned(value))
    }

    fn truth(truth: bool) -> Self {
        Self::made(Value::Bool(truth))
    }

    fn whole_number(number: i128, ty: Type) -> Self {
        Self::number(Exact::whole(number), ty)
    }

    fn number(number: Exact, ty: Type) -> Self {
        if ty == Type::Float {
            Self::Float(number.to_float())
        } else {
            Self::Exact(number)
        }
    }

    fn into_value(self, ty: Type) -> Result<Value, Undefined> {
        match self {
            Self::Exact(number) if ty == Type::Int => number.to_whole().map(Value::Int),
            Self::Exact(number) => number.to_decimal().map(Value::Decimal),
            Self::Float(number) => Exact::of_float(number)?.to_decimal().map(Value::Decimal),
            Self::Other(value) => Ok(value.into_owned()),
        }
    }

    /// The same, whatever it was read from.
    fn detached<'o>(self) -> Item<'o> {
        match self {
            Self::Exact(number) => Item::Exact(number),
            Self::Float(number) => Item::Float(number),
            Self::Other(value) => Item::made(value.into_owned()),
        }
    }

    /// The value, unless it is a number.
    fn other(&self) -> Option<&Value> {
        match self {
            Self::Other(value) => Some(value),
            Self::Exact(_) | Self::Float(_) => None,
        }
    }

    fn exact(&self) -> Result<Exact, Undefined> {
        match self {
            Self::Exact(number) => Ok(*number),
            _ => Err(Undefined::WrongType),
        }
    }

    fn whole(&self) -> Result<i128, Undefined> {
        self.exact()?.to_whole()
    }

    fn text(&self) -> Result<&str, Undefined> {
        match self.other() {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Undefined::WrongType),
        }
    }
}

struct Evaluator<'a> {
    row: &'a Row,
    around: Surroundings<'a>,
    /// The other rows, and the key of this one, as far as they are known.
    others: Option<(&'a dyn OtherRows, &'a Value)>,
    /// Where this row is one of several: the row to which they point.
    outer: Option<&'a Evaluator<'a>>,
}

impl<'a> Evaluator<'a> {
    fn alone(row: &'a Row, around: Surroundings<'a>) -> Self {
        Self {
            row,
            around,
            others: None,
            outer: None,
        }
    }

    /// The value of an expression in the row that a reference leads to.
    fn behind(&self, reference: Id<Field>, expr: &'a Expr) -> Result<Item<'a>, Undefined> {
        let key = self
            .row
            .get(reference)
            .ok_or(Undefined::Missing(reference))?;
        let (others, _) = self.others.ok_or(Undefined::NoRow)?;
        let row = others.behind(reference, key).ok_or(Undefined::NoRow)?;
        Evaluator {
            others: Some((others, key)),
            ..Evaluator::alone(row, self.around)
        }
        .value(expr)
    }

    fn me(&self) -> Result<Person<'a>, Undefined> {
        self.around.me.ok_or(Undefined::Nobody)
    }

    /// The value of an expression in the row of the person who asks.
    fn mine(&self, expr: &'a Expr) -> Result<Item<'a>, Undefined> {
        let me = self.me()?;
        Evaluator {
            others: self.others.map(|(others, _)| (others, me.key)),
            ..Evaluator::alone(me.row, self.around)
        }
        .value(expr)
    }

    /// What is said of several rows.
    fn each(&self, each: &'a Each, ty: Type) -> Result<Item<'a>, Undefined> {
        let (others, key) = self.others.ok_or(Undefined::NoRow)?;
        let rows = others.several(each.rows, self.row, key);
        let rows = rows.into_iter().map(|row| Evaluator {
            others: self.others,
            outer: Some(self),
            ..Evaluator::alone(row, self.around)
        });
        let counts = |row: &Evaluator<'_>, condition: Option<&Expr>| {
            condition.map_or(Ok(true), |condition| row.truth(condition))
        };
        match &each.summary {
            Summary::All(condition) => {
                for row in rows {
                    if !row.truth(condition)? {
                        return Ok(Item::truth(false));
                    }
                }
                Ok(Item::truth(true))
            }
            Summary::Some(condition) => {
                for row in rows {
                    if row.truth(condition)? {
                        return Ok(Item::truth(true));
                    }
                }
                Ok(Item::truth(false))
            }
            Summary::Count(condition) => {
                let mut number = 0;
                for row in rows {
                    number += i128::from(counts(&row, condition.as_ref())?);
                }
                Ok(Item::whole_number(number, ty))
            }
            Summary::Sum(value, condition) => {
                let mut sum = Item::whole_number(0, ty);
                for row in rows {
                    if counts(&row, condition.as_ref())? {
                        sum = operators::arithmetic(ArithmeticOp::Add, &sum, &row.value(value)?)?;
                    }
                }
                Ok(sum.detached())
            }
            Summary::Min(value, condition) | Summary::Max(value, condition) => {
                let wanted = match each.summary {
                    Summary::Min(..) => Ordering::Less,
                    _ => Ordering::Greater,
                };
                let mut found: Option<Item> = None;
                for row in rows {
                    if counts(&row, condition.as_ref())? {
                        let value = row.value(value)?;
                        let is_first = match &found {
                            Some(before) => operators::order(&value, before)? == wanted,
                            None => true,
                        };
                        if is_first {
                            found = Some(value);
                        }
                    }
                }
                found.map(Item::detached).ok_or(Undefined::Nothing)
            }
        }
    }

    fn truth(&self, expr: &'a Expr) -> Result<bool, Undefined> {
        match self.value(expr)?.other() {
            Some(Value::Bool(truth)) => Ok(*truth),
            _ => Err(Undefined::WrongType),
        }
    }

    fn field(&self, id: Id<Field>, ty: Type) -> Option<Item<'a>> {
        self.row.get(id).map(|value| Item::of(value, ty))
    }

    fn value(&self, expr: &'a Expr) -> Result<Item<'a>, Undefined> {
        let truth = |truth| Ok(Item::truth(truth));
        match &expr.kind {
            ExprKind::Value(value) => Ok(Item::of(value, expr.ty)),
            ExprKind::Field(id) => self.field(*id, expr.ty).ok_or(Undefined::Missing(*id)),
            ExprKind::IsSet(id) => truth(self.row.get(*id).is_some()),
            ExprKind::Otherwise(id, fallback) => self
                .field(*id, expr.ty)
                .map_or_else(|| self.value(fallback), Ok),
            ExprKind::Not(inner) => truth(!self.truth(inner)?),
            ExprKind::And(parts) => {
                for part in parts {
                    if !self.truth(part)? {
                        return truth(false);
                    }
                }
                truth(true)
            }
            ExprKind::Or(parts) => {
                for part in parts {
                    if self.truth(part)? {
                        return truth(true);
                    }
                }
                truth(false)
            }
            ExprKind::Implies(condition, consequence) => {
                truth(!self.truth(condition)? || self.truth(consequence)?)
            }
            ExprKind::Compare(comparison, a, b) => truth(operators::compare(
                *comparison,
                &self.value(a)?,
                &self.value(b)?,
            )?),
            ExprKind::In(inner, values) => {
                let wanted = self.value(inner)?;
                for value in values {
                    let candidate = Item::of(value, inner.ty);
                    if operators::equal(&wanted, &candidate)? {
                        return truth(true);
                    }
                }
                truth(false)
            }
            ExprKind::Between(inner, low, high) => {
                let value = self.value(inner)?;
                truth(
                    operators::order(&self.value(low)?, &value)?.is_le()
                        && operators::order(&value, &self.value(high)?)?.is_le(),
                )
            }
            ExprKind::Negate(inner) => operators::negate(&self.value(inner)?),
            ExprKind::Arithmetic(operator, a, b) => {
                operators::arithmetic(*operator, &self.value(a)?, &self.value(b)?)
            }
            ExprKind::Call(function, arguments) => {
                let values = arguments
                    .iter()
                    .map(|argument| self.value(argument))
                    .collect::<Result<Vec<_>, _>>()?;
                functions::call(*function, &values, self.around)
            }
            ExprKind::Behind(reference, inner) => self.behind(*reference, inner),
            ExprKind::Fallback(value, other) => match self.value(value) {
                Err(Undefined::Missing(_) | Undefined::Nothing) => self.value(other),
                found => found,
            },
            ExprKind::Each(each) => self.each(each, expr.ty),
            ExprKind::Outer(inner) => self.outer.ok_or(Undefined::NoRow)?.value(inner),
            // Whoever knows the row as it was has put its values there.
            ExprKind::Old(_) => Err(Undefined::NoRow),
            ExprKind::This => {
                let (_, key) = self.others.ok_or(Undefined::NoRow)?;
                Ok(Item::of(key, expr.ty))
            }
            ExprKind::Me => Ok(Item::of(self.me()?.key, expr.ty)),
            ExprKind::Mine(inner) => self.mine(inner),
        }
    }
}
