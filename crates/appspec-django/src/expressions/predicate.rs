//! IR expression → Python over a row: `self`, or another name.

use appspec_backend::python::{Expr as Py, Ident, Operator, Stmt};
use appspec_ir::{
    ArithmeticOp, Comparison, Each, Expr, ExprKind, Field, FieldType, Function, Id, Rows, Scalar,
    Summary, Type, Value, round_places,
};

use super::Scope;
use super::condition::reversed;
use super::way::{Step, Way};
use crate::names;

/// The columns that a returned expression has in a method.
const RETURNED: usize = 100 - 8 - "return ".len();

/// Prints predicates.
#[derive(Clone, Copy)]
pub(crate) struct Predicates<'s> {
    pub(crate) scope: Scope<'s>,
    /// What the row is called.
    row: &'static str,
    /// The way to the row which is read.
    way: Way,
    /// What is called by a name of its own, and not an attribute of the row.
    given: &'s [(Id<Field>, Ident)],
    /// Whether rows behind references are read.
    follows: bool,
}

impl<'s> Predicates<'s> {
    /// About a row of this name, but for what is called by a name of its own.
    pub(crate) fn of(scope: Scope<'s>, row: &'static str, given: &'s [(Id<Field>, Ident)]) -> Self {
        Self {
            scope,
            row,
            way: Way::default(),
            given,
            follows: false,
        }
    }

    /// The expression over the attributes of the row.
    pub(crate) fn python(self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Value(value) => self.constant(value, expr.ty),
            ExprKind::Field(id) => self.attribute(*id),
            ExprKind::Not(inner) => self.opposite(inner),
            ExprKind::And(parts) => self.chain(Operator::And, parts),
            ExprKind::Or(parts) => self.chain(Operator::Or, parts),
            ExprKind::Implies(a, b) => Py::binary(Operator::Or, self.opposite(a), self.python(b)),
            ExprKind::Compare(op, a, b) => self.compared(*op, a, b),
            ExprKind::In(inner, values) => self.one_of(inner, values, true),
            ExprKind::Between(value, low, high) => Py::chain(
                Operator::And,
                vec![
                    Py::binary(
                        Operator::GreaterOrEqual,
                        self.python(value),
                        self.side(low, value),
                    ),
                    Py::binary(
                        Operator::LessOrEqual,
                        self.python(value),
                        self.side(high, value),
                    ),
                ],
            ),
            ExprKind::IsSet(id) => self.is_set(*id, true),
            ExprKind::Otherwise(id, other) => self.otherwise(self.attribute(*id), other),
            ExprKind::Negate(inner) => self.python(inner).negate(),
            ExprKind::Arithmetic(op, a, b) => {
                let operator = match op {
                    ArithmeticOp::Add => Operator::Add,
                    ArithmeticOp::Subtract => Operator::Subtract,
                    ArithmeticOp::Multiply => Operator::Multiply,
                };
                Py::binary(operator, self.python(a), self.python(b))
            }
            ExprKind::Call(called, arguments) => self.call(*called, arguments),
            ExprKind::Behind(reference, inner) => self.behind(*reference).python(inner),
            ExprKind::Outer(inner) => self.outside().python(inner),
            ExprKind::Old(inner) => self.before().python(inner),
            ExprKind::This => Py::name(self.row).attr("pk"),
            ExprKind::Me => Py::name("me").attr("pk"),
            ExprKind::Mine(inner) => self.mine().python(inner),
            ExprKind::Fallback(value, other) => self.fallback(value, other),
            ExprKind::Each(each) => self.each(each, None),
        }
    }

    /// About the record whose rules these are.
    fn outside(self) -> Self {
        Self {
            row: "self",
            way: Way::default(),
            ..self
        }
    }

    /// About the record as it was.
    fn before(self) -> Self {
        Self { row: "old", ..self }
    }

    /// About the record of the person who asks.
    fn mine(self) -> Self {
        Self {
            row: "me",
            way: Way::default(),
            ..self
        }
    }

    /// The same for a record that is asked together with the rows to which its references lead: of those it asks whether
    /// they are there, and not of their keys.
    pub(crate) fn following(self) -> Self {
        Self {
            follows: true,
            ..self
        }
    }

    fn behind(self, reference: Id<Field>) -> Self {
        Self {
            way: self.way.then(Step::Reference(reference)),
            ..self
        }
    }

    /// `all(row.amount > 0 for row in pointing(self, "lines"))`
    fn each(self, each: &Each, otherwise: Option<&Expr>) -> Py {
        let inside = Self {
            row: "row",
            way: Way::default(),
            ..self
        };
        let rows = self.rows(each.rows);
        let of = |value: Py, only: &Option<Expr>| {
            let only = only.as_ref().map(|only| inside.python(only));
            Py::generator(value, "row", rows.clone(), only)
        };
        let every = &None;
        let least = |names: [&'static str; 2], value: &Expr, only: &Option<Expr>| {
            let values = of(inside.python(value), only);
            let [known, perhaps] = names;
            match otherwise {
                None => Py::name(known).arg(values),
                Some(other) => self.otherwise(helper(perhaps).arg(values), other),
            }
        };
        match &each.summary {
            Summary::All(said) => Py::name("all").arg(of(inside.python(said), every)),
            Summary::Some(said) if said.is_true() => Py::name("any").arg(of(Py::bool(true), every)),
            Summary::Some(said) => Py::name("any").arg(of(inside.python(said), every)),
            Summary::Count(only) => Py::name("sum").arg(of(Py::int(1), only)),
            Summary::Sum(value, only) => Py::name("sum").arg(of(inside.python(value), only)),
            Summary::Min(value, only) => least(["min", "smallest"], value, only),
            Summary::Max(value, only) => least(["max", "largest"], value, only),
        }
    }

    /// Several rows that are related to this one.
    fn rows(self, rows: Rows) -> Py {
        let spec = self.scope.spec;
        let pointing = |name: &str| {
            helper("pointing")
                .arg(Py::name(self.row))
                .arg(Py::text(name))
        };
        let inverse = |field: Id<Field>| {
            let field = spec.walk(field).get();
            let inverse = match &field.ty {
                FieldType::Relation(relation) => relation.inverse.as_ref(),
                FieldType::Many(many) => many.inverse.as_ref(),
                _ => None,
            };
            inverse.map_or("", |inverse| &inverse.name)
        };
        match rows {
            Rows::Pointing(field) | Rows::Holding(field) => pointing(inverse(field)),
            Rows::Held(field) => pointing(&spec.walk(field).name),
            Rows::Matching { theirs, own } => {
                let field = spec.walk(theirs);
                helper("matching")
                    .arg(Py::name(self.row))
                    .arg(Py::text(names::model_label(field.entity())))
                    .arg(Py::text(&field.name))
                    .arg(self.attribute(own))
            }
        }
    }

    /// A value, or another one where it or something on the way to it is missing.
    fn fallback(self, value: &Expr, other: &Expr) -> Py {
        match &value.kind {
            ExprKind::Each(each) => self.each(each, Some(other)),
            ExprKind::Outer(inner) => self.outside().fallback(inner, other),
            _ => {
                let mut end = self;
                let mut inner = value;
                while let ExprKind::Behind(reference, behind) = &inner.kind {
                    end = end.behind(*reference);
                    inner = behind;
                }
                let reached = match &inner.kind {
                    ExprKind::Field(id) => {
                        let mut names = end.way.names(self.scope.spec);
                        names.push(self.column(*id));
                        names
                            .into_iter()
                            .fold(helper("reached").arg(Py::name(self.row)), |call, name| {
                                call.arg(Py::text(name))
                            })
                    }
                    _ => self.python(value),
                };
                self.otherwise(reached, other)
            }
        }
    }

    /// `otherwise(self.discount, 0)`
    fn otherwise(self, value: Py, other: &Expr) -> Py {
        let call = helper("otherwise").arg(value);
        match other.kind {
            // What a bare true stands for, nobody would know.
            ExprKind::Value(Value::Bool(_)) => call.kw("other", self.python(other)),
            _ => call.arg(self.python(other)),
        }
    }

    /// The body of a method that says whether the expression holds.
    ///
    /// What is too long for a line becomes several statements: they read better than nested parentheses.
    pub(crate) fn body(self, expr: &Expr) -> Vec<Stmt> {
        let whole = self.python(expr);
        // What adds values of other rows is of no type that a checker knows, and neither is what compares it.
        let said = |comparison: Py| {
            let is_compared = match &expr.kind {
                ExprKind::Compare(..) | ExprKind::Between(..) | ExprKind::Fallback(..) => true,
                ExprKind::In(_, values) => values.len() == 1,
                _ => false,
            };
            if is_compared && adds_up(expr) {
                Py::name("bool").arg(comparison)
            } else {
                comparison
            }
        };
        if whole.width() <= RETURNED {
            return vec![Stmt::Return(said(whole))];
        }
        let early = |condition: Py, answer: bool, rest: &Expr| {
            let mut body = vec![Stmt::If(condition, vec![Stmt::Return(Py::bool(answer))])];
            body.extend(self.body(rest));
            body
        };
        match &expr.kind {
            ExprKind::Implies(a, b) => early(self.opposite(a), true, b),
            ExprKind::Or(parts) => match parts.as_slice() {
                [a, b] => early(self.python(a), true, b),
                _ => vec![Stmt::Return(whole)],
            },
            ExprKind::And(parts) => match parts.as_slice() {
                [a, b] => early(self.opposite(a), false, b),
                _ => vec![Stmt::Return(whole)],
            },
            ExprKind::Between(value, low, high) => vec![
                Stmt::If(
                    Py::binary(Operator::Less, self.python(value), self.side(low, value)),
                    vec![Stmt::Return(Py::bool(false))],
                ),
                Stmt::Return(said(Py::binary(
                    Operator::LessOrEqual,
                    self.python(value),
                    self.side(high, value),
                ))),
            ],
            ExprKind::Compare(op, a, b) => vec![
                Stmt::assign("left", self.side(a, b)),
                Stmt::assign("right", self.side(b, a)),
                Stmt::Return(said(Py::binary(
                    operator(*op),
                    Py::name("left"),
                    Py::name("right"),
                ))),
            ],
            _ => vec![Stmt::Return(whole)],
        }
    }

    /// What is true where the expression is not.
    pub(crate) fn opposite(self, expr: &Expr) -> Py {
        match &expr.kind {
            ExprKind::IsSet(id) => self.is_set(*id, false),
            ExprKind::Not(inner) => self.python(inner),
            ExprKind::Behind(reference, inner) => self.behind(*reference).opposite(inner),
            ExprKind::Outer(inner) => self.outside().opposite(inner),
            ExprKind::Old(inner) => self.before().opposite(inner),
            ExprKind::In(inner, values) => self.one_of(inner, values, false),
            ExprKind::Compare(op, a, b) => self.compared(reversed(*op), a, b),
            _ => self.python(expr).not(),
        }
    }

    /// A comparison; what is compared with true or false says so by itself.
    fn compared(self, op: Comparison, a: &Expr, b: &Expr) -> Py {
        let wanted = |expr: &Expr| match expr.kind {
            ExprKind::Value(Value::Bool(truth)) => Some(truth == (op == Comparison::Equal)),
            _ => None,
        };
        match (wanted(a), wanted(b)) {
            (None, Some(true)) => self.python(a),
            (None, Some(false)) => self.opposite(a),
            (Some(true), None) => self.python(b),
            (Some(false), None) => self.opposite(b),
            _ => Py::binary(operator(op), self.side(a, b), self.side(b, a)),
        }
    }

    /// `row.state in ("open", "paid")`; a single value is compared.
    fn one_of(self, inner: &Expr, values: &[Value], is_in: bool) -> Py {
        let operator = |yes, no| if is_in { yes } else { no };
        match values {
            [Value::Bool(truth)] if *truth == is_in => self.python(inner),
            [Value::Bool(_)] => self.opposite(inner),
            [single] => Py::binary(
                operator(Operator::Equal, Operator::NotEqual),
                self.python(inner),
                self.constant(single, inner.ty),
            ),
            several => {
                let listed = several.iter().map(|value| self.constant(value, inner.ty));
                Py::binary(
                    operator(Operator::In, Operator::NotIn),
                    self.python(inner),
                    Py::Tuple(listed.collect()),
                )
            }
        }
    }

    fn chain(self, operator: Operator, parts: &[Expr]) -> Py {
        Py::chain(
            operator,
            parts.iter().map(|part| self.python(part)).collect(),
        )
    }

    /// A side of a comparison; a constant is of the other side's type.
    fn side(self, expr: &Expr, other: &Expr) -> Py {
        match &expr.kind {
            ExprKind::Value(value) => self.constant(value, other.ty),
            _ => self.python(expr),
        }
    }

    fn constant(self, value: &Value, ty: Type) -> Py {
        self.scope.constant(value, ty)
    }

    fn attribute(self, id: Id<Field>) -> Py {
        if let Some((_, name)) = self.given.iter().find(|(given, _)| *given == id) {
            return Py::name(name.clone());
        }
        self.of_row(self.column(id))
    }

    /// What a record calls what a field holds.
    fn column(self, id: Id<Field>) -> String {
        let field = self.scope.spec.walk(id);
        if field.relation().is_some() {
            format!("{}_id", field.name)
        } else {
            field.name.clone()
        }
    }

    /// Something of the row that is read.
    fn of_row(self, name: String) -> Py {
        let steps = self.way.names(self.scope.spec).into_iter();
        steps
            .fold(Py::name(self.row), |row, step| row.attr(&step))
            .attr(name)
    }

    fn is_set(self, id: Id<Field>, wanted: bool) -> Py {
        let stored = matches!(
            self.scope.spec.walk(id).get().ty,
            FieldType::Scalar(Scalar::File | Scalar::Image)
        );
        let field = self.scope.spec.walk(id);
        let attribute = match field.relation() {
            Some(_) if self.follows => self.of_row(field.name.clone()),
            _ => self.attribute(id),
        };
        match (stored, wanted) {
            // A file field is never None: it holds a file or is false.
            (true, true) => Py::name("bool").arg(attribute),
            (true, false) => attribute.not(),
            (false, true) => Py::binary(Operator::IsNot, attribute, Py::none()),
            (false, false) => Py::binary(Operator::Is, attribute, Py::none()),
        }
    }

    fn call(self, called: Function, arguments: &[Expr]) -> Py {
        let all = |call: Py| {
            arguments.iter().fold(call.call(), |call, argument| {
                call.arg(self.python(argument))
            })
        };
        let first = || {
            arguments
                .first()
                .map_or_else(Py::none, |first| self.python(first))
        };
        let local = || match arguments.first() {
            Some(argument) if argument.ty == Type::DateTime => timezone("localtime").arg(first()),
            _ => first(),
        };
        let second = || {
            arguments
                .get(1)
                .map_or_else(Py::none, |second| self.python(second))
        };
        match called {
            Function::Now => timezone("now").call(),
            Function::Today => timezone("localdate").call(),
            Function::Length => all(Py::name("len")),
            Function::Lower => all(helper("ascii_lower")),
            Function::Upper => all(helper("ascii_upper")),
            Function::Trim => first().attr("strip").arg(Py::text(" ")),
            Function::Round => helper("rounded")
                .arg(first())
                .arg(Py::int(round_places(arguments))),
            Function::Abs => all(Py::name("abs")),
            Function::Floor => all(Py::module("math").attr("floor")),
            Function::Ceil => all(Py::module("math").attr("ceil")),
            Function::Min => all(Py::name("min")),
            Function::Max => all(Py::name("max")),
            Function::Year => local().attr("year"),
            Function::Month => local().attr("month"),
            Function::Day => local().attr("day"),
            Function::Weekday => local().attr("isoweekday").call(),
            Function::Hour => local().attr("hour"),
            Function::Date => local().attr("date").call(),
            Function::Time => local().attr("time").call(),
            Function::MinutesBetween => all(helper("minutes_between")),
            Function::HoursBetween => all(helper("hours_between")),
            Function::DaysBetween => all(helper("days_between")),
            Function::StartsWith => first().attr("startswith").arg(second()),
            Function::EndsWith => first().attr("endswith").arg(second()),
            Function::Contains => Py::binary(Operator::In, second(), first()),
        }
    }
}

/// Whether values of other rows are added up or picked in it.
fn adds_up(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        found |= matches!(part.kind, ExprKind::Fallback(..));
        if let ExprKind::Each(each) = &part.kind {
            found |= matches!(
                each.summary,
                Summary::Sum(..) | Summary::Min(..) | Summary::Max(..)
            );
        }
    });
    found
}

fn timezone(name: &'static str) -> Py {
    Py::from("django.utils", "timezone").attr(name)
}

fn helper(name: &'static str) -> Py {
    Py::from("core.functions", name)
}

fn operator(op: Comparison) -> Operator {
    match op {
        Comparison::Equal => Operator::Equal,
        Comparison::NotEqual => Operator::NotEqual,
        Comparison::Less => Operator::Less,
        Comparison::LessOrEqual => Operator::LessOrEqual,
        Comparison::Greater => Operator::Greater,
        Comparison::GreaterOrEqual => Operator::GreaterOrEqual,
    }
}
