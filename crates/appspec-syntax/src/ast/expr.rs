use appspec_diagnostics::Span;

use super::{Name, Path, Text};

/// An expression of the rule language.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is made of.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// `status`, `this`, `Status.done`, `service.price`
    Path(Path),
    /// `not x`, `-x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it is applied to.
        operand: Box<Expr>,
    },
    /// `a + b`, `a and b`, …
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The place of the operator itself.
        op_span: Span,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// `x is set`, `x is not set`
    IsSet {
        /// What may be missing.
        operand: Box<Expr>,
        /// `is not set`
        negated: bool,
    },
    /// `x in {a, b}`, `x not in {a, b}`
    InSet {
        /// What is looked for.
        operand: Box<Expr>,
        /// The values.
        values: Vec<Expr>,
        /// `not in`
        negated: bool,
    },
    /// `x in a..b`, `x not in a..b`; both ends belong to the range.
    InRange {
        /// What is looked for.
        operand: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
        /// `not in`
        negated: bool,
    },
    /// `now()`, `length(name)`, `late(this)`
    Call {
        /// The function or predicate.
        function: Box<Name>,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// `all(l in lines have …)`, `sum(l.amount for l in lines)`
    Each(Box<Each>),
    /// `[]`, `["a", "b"]`: a list value.
    List(Vec<Expr>),
    /// `{}`: the empty JSON object, as a default.
    EmptyObject,
}

impl Expr {
    /// The expressions that it is made of directly.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::EmptyObject | ExprKind::Path(_) => Vec::new(),
            ExprKind::Unary { operand, .. } | ExprKind::IsSet { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::InSet {
                operand, values, ..
            } => std::iter::once(&**operand).chain(values).collect(),
            ExprKind::InRange {
                operand, low, high, ..
            } => vec![operand, low, high],
            ExprKind::Call { arguments, .. } => arguments.iter().collect(),
            ExprKind::Each(each) => each.summary.parts().collect(),
            ExprKind::List(items) => items.iter().collect(),
        }
    }
}

/// What is said of several rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// What one of them is called.
    pub row: Name,
    /// The relation that leads to them; of `exists` the entity.
    pub rows: Path,
    /// What is said.
    pub summary: Summary,
}

/// What can be said of several rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Summary {
    /// `all(… have …)`
    All(Expr),
    /// `some(… has …)`
    Some(Expr),
    /// `count(… where …)`
    Count(Option<Expr>),
    /// `sum(… for … where …)`
    Sum(Expr, Option<Expr>),
    /// `min(… for … where …)`
    Min(Expr, Option<Expr>),
    /// `max(… for … where …)`
    Max(Expr, Option<Expr>),
    /// `exists(… where …)`: of all rows of an entity.
    Exists(Expr),
}

impl Summary {
    /// The expressions, in the order of the text.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) | Self::Exists(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_ref(), None),
            Self::Sum(value, condition)
            | Self::Min(value, condition)
            | Self::Max(value, condition) => (Some(value), condition.as_ref()),
        };
        first.into_iter().chain(second)
    }

    pub(crate) fn parts_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) | Self::Exists(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_mut(), None),
            Self::Sum(value, condition)
            | Self::Min(value, condition)
            | Self::Max(value, condition) => (Some(value), condition.as_mut()),
        };
        first.into_iter().chain(second)
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `42`, digits only.
    Int(String),
    /// `12.50`, digits, a dot, digits.
    Decimal(String),
    /// `"text"`
    Text(Text),
    /// `true`, `false`
    Bool(bool),
    /// `30d`, `15min`: microseconds.
    Duration(i64),
    /// `5MB`: bytes.
    Size(u64),
    /// `2026-03-01`, shape checked only.
    Date(String),
    /// `09:30`, `09:30:15`, shape checked only.
    Time(String),
    /// `2026-03-01T09:30`, optionally with seconds and `Z` or an offset, shape checked only.
    DateTime(String),
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not x`
    Not,
    /// `-x`
    Negate,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `a implies b`
    Implies,
    /// `a or b`
    Or,
    /// `a and b`
    And,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a < b`
    Less,
    /// `a <= b`
    LessOrEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterOrEqual,
    /// `a otherwise b`
    Otherwise,
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
}
