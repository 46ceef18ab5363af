use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Each, Field, Id, Type, Value};

/// A typed expression over the fields of one row; in a rule across rows, over those of rows that it is related to.
///
/// Two-valued: an optional field is read only where it is known to be set, which the analysis has proven.
/// The depth is limited by the parser, so recursion along an expression is safe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expr {
    /// What it is made of.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExprKind {
    /// A constant; literals are already of the type they are compared with.
    Value(Value),
    /// A field of the row.
    Field(Id<Field>),
    /// `not x`
    Not(Box<Expr>),
    /// `a and b and c`; at least two.
    And(Vec<Expr>),
    /// `a or b or c`; at least two.
    Or(Vec<Expr>),
    /// `a implies b`
    Implies(Box<Expr>, Box<Expr>),
    /// `a < b`
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `x in {a, b}`; the values are constants.
    In(Box<Expr>, Vec<Value>),
    /// `x in a..b`, both ends included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x is set`
    IsSet(Id<Field>),
    /// `x otherwise y`: the field's value, or `y` where it is missing.
    Otherwise(Id<Field>, Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `length(name)`
    Call(Function, Vec<Expr>),
    /// `order.state`: what is said of the row to which a reference leads.
    Behind(Id<Field>, Box<Expr>),
    /// `mentor.salon.opened_on otherwise y`, `min(l.amount for l in lines) otherwise y`: the value, or `y` where it or
    /// something on the way to it is missing.
    Fallback(Box<Expr>, Box<Expr>),
    /// `count(l in lines)`: what is said of several rows.
    Each(Box<Each>),
    /// Within [`ExprKind::Each`]: what is read of the row to which these rows are related.
    Outer(Box<Expr>),
    /// `old.price`: what is read of the row as it was, in a rule about a change.
    Old(Box<Expr>),
    /// `this`: the row itself, where it is compared with a reference; in a role or an access rule.
    This,
    /// `me`: the person who asks; in an access rule.
    Me,
    /// `me.salon`: what is read of the row of the person who asks.
    Mine(Box<Expr>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same @ (Self::Equal | Self::NotEqual) => same,
        }
    }
}

/// How two numbers, or moments and durations, are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
}

/// The functions of the language; each means the same in Python, PostgreSQL and SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// The current moment; moments and defaults only.
    Now,
    /// The current day in the project's time zone; moments and defaults only.
    Today,
    /// Number of code points.
    Length,
    /// ASCII letters to lower case.
    Lower,
    /// ASCII letters to upper case.
    Upper,
    /// Without blanks (U+0020) at both ends.
    Trim,
    /// To so many places, halves away from zero.
    Round,
    /// The distance from zero.
    Abs,
    /// The largest whole number not above.
    Floor,
    /// The smallest whole number not below.
    Ceil,
    /// The smaller of two.
    Min,
    /// The larger of two.
    Max,
    /// The year of a date or moment.
    Year,
    /// The month, 1 to 12.
    Month,
    /// The day of the month, 1 to 31.
    Day,
    /// The day of the week, Monday is 1, Sunday is 7.
    Weekday,
    /// The hour of a time or moment, 0 to 23.
    Hour,
    /// The day of a moment, in the project's time zone.
    Date,
    /// The time of day of a moment, in the project's time zone.
    Time,
    /// Whole minutes from the first to the second moment, towards zero.
    MinutesBetween,
    /// Whole hours from the first to the second moment, towards zero.
    HoursBetween,
    /// Days from the first to the second date; whole days of 24 h for moments, towards zero.
    DaysBetween,
    /// Whether the text begins with the second.
    StartsWith,
    /// Whether the text ends with the second.
    EndsWith,
    /// Whether the text holds the second.
    Contains,
}

impl ExprKind {
    /// Calls `change` for the expressions of which this one is made.
    pub fn for_children_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        match self {
            Self::Value(_) | Self::Field(_) | Self::IsSet(_) | Self::This | Self::Me => {}
            Self::Not(inner)
            | Self::Negate(inner)
            | Self::In(inner, _)
            | Self::Otherwise(_, inner)
            | Self::Behind(_, inner)
            | Self::Outer(inner)
            | Self::Old(inner)
            | Self::Mine(inner) => change(inner),
            Self::And(parts) | Self::Or(parts) | Self::Call(_, parts) => {
                parts.iter_mut().for_each(change);
            }
            Self::Implies(a, b)
            | Self::Fallback(a, b)
            | Self::Compare(_, a, b)
            | Self::Arithmetic(_, a, b) => {
                change(a);
                change(b);
            }
            Self::Between(value, low, high) => {
                change(value);
                change(low);
                change(high);
            }
            Self::Each(each) => each.summary.parts_mut().for_each(change),
        }
    }
}

impl Expr {
    /// Calls `visit` for this expression and everything inside it, outermost first.
    pub fn visit<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        visit(self);
        self.for_children(&mut |child| child.visit(visit));
    }

    /// Calls `visit` for the expressions of which this one is made.
    pub fn for_children<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::IsSet(_)
            | ExprKind::This
            | ExprKind::Me => {}
            ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::In(inner, _)
            | ExprKind::Otherwise(_, inner)
            | ExprKind::Behind(_, inner)
            | ExprKind::Outer(inner)
            | ExprKind::Old(inner)
            | ExprKind::Mine(inner) => visit(inner),
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.iter().for_each(visit);
            }
            ExprKind::Implies(a, b)
            | ExprKind::Fallback(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Arithmetic(_, a, b) => {
                visit(a);
                visit(b);
            }
            ExprKind::Between(value, low, high) => {
                visit(value);
                visit(low);
                visit(high);
            }
            ExprKind::Each(each) => each.summary.parts().for_each(visit),
        }
    }

    /// The fields that are read, each once, in the order of the text.
    pub fn fields(&self) -> Vec<Id<Field>> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let ExprKind::Field(id) | ExprKind::IsSet(id) | ExprKind::Otherwise(id, _) =
                &expr.kind
                && !found.contains(id)
            {
                found.push(*id);
            }
        });
        found
    }

    /// Whether a function is called anywhere inside.
    pub fn calls(&self, wanted: Function) -> bool {
        let mut found = false;
        self.visit(&mut |expr| {
            found |= matches!(&expr.kind, ExprKind::Call(function, _) if *function == wanted);
        });
        found
    }
}
