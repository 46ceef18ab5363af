//! Random facts about a few fields that have a few values each.

use appspec_ir::{
    ArithmeticOp, Bound, Comparison, Derive, Expr, ExprKind, Field, FieldType, Function, Id,
    Scalar, Type, Value, range_condition,
};
use appspec_solver::Claim;

use crate::fixture::{Fixture, nowhere};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const TODAY: i64 = 20_454;

/// What texts may have to match.
pub(crate) const PATTERNS: [&str; 6] = [
    "[a-z]+",
    "a[b-z]?",
    "[^b]+",
    "(?:a|Ba)b?",
    ".*[ab]",
    "B?a{1,2}",
];

/// Facts, what is claimed of them, and all values that the fields can have.
pub(crate) struct Question {
    pub(crate) facts: Vec<Given>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) values: Vec<(Id<Field>, Vec<Option<Value>>)>,
}

pub(crate) enum Given {
    Condition(Expr),
    Bound(Id<Field>, Bound),
    /// What is derived from the row has so many digits before the point.
    Derived {
        condition: Expr,
        value: Expr,
        digits: u32,
    },
}

pub(crate) struct Generator<'f> {
    fixture: &'f Fixture,
    seed: u64,
    /// The fields of the question at hand.
    fields: Vec<Id<Field>>,
    values: Vec<(Id<Field>, Vec<Option<Value>>)>,
    /// Whether the question at hand is about sums of numbers.
    summing: bool,
}

fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr {
        kind,
        ty,
        span: nowhere(),
    }
}

fn truth(kind: ExprKind) -> Expr {
    expr(kind, Type::Bool)
}

fn call(function: Function, arguments: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Call(function, arguments), ty)
}

impl<'f> Generator<'f> {
    pub(crate) fn new(fixture: &'f Fixture, seed: u64) -> Self {
        Self {
            fixture,
            seed,
            fields: Vec::new(),
            values: Vec::new(),
            summing: false,
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let limit = u64::try_from(limit).unwrap();
        usize::try_from((self.seed >> 11) % limit).unwrap()
    }

    fn small(&mut self, limit: usize) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn field(&self, id: Id<Field>) -> &'f Field {
        self.fixture.spec.walk(id).get()
    }

    pub(crate) fn question(&mut self) -> Question {
        self.fields.clear();
        self.values.clear();
        let all = &self.fixture.spec.walk(self.fixture.entity).get().fields;
        let mut facts = Vec::new();
        self.summing = self.one_in(8);
        let kinds = if self.summing { 1 } else { 1 + self.below(2) };
        for _ in 0..kinds {
            // Fields of one kind, so that they can be compared; tenths and cents and whole numbers go together.
            let kind = self.below(if self.summing { 3 } else { 12 });
            let more = if self.summing { 3 } else { self.below(3) };
            for _ in 0..=more {
                let kind = if kind < 3 && self.one_in(3) {
                    self.below(3)
                } else {
                    kind
                };
                let id = all[kind * 4 + self.below(4)];
                if !self.fields.contains(&id) && self.fields.len() < 4 {
                    self.fields.push(id);
                    let fact = self.domain(id);
                    facts.push(fact);
                    facts.extend(self.pattern(id));
                }
            }
        }
        let mut claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        if self.one_in(3)
            && let Some(derived) = self.derived()
        {
            facts.push(derived);
            let fact = facts.len() - 1;
            claims.push(Claim::yes(fact));
        }
        for _ in 0..=self.below(4) {
            let depth = self.below(4);
            let condition = self.condition(depth);
            facts.push(Given::Condition(condition));
            let fact = facts.len() - 1;
            claims.push(if self.one_in(4) {
                Claim::no(fact)
            } else {
                Claim::yes(fact)
            });
        }
        Question {
            facts,
            claims,
            values: self.values.clone(),
        }
    }

    /// That a number computed from the row fits a type for which the values of the fields are large.
    fn derived(&mut self) -> Option<Given> {
        let place = self.below(self.fields.len());
        let id = *self.fields.get(place)?;
        let value = self.term(id);
        if !matches!(value.ty, Type::Int | Type::Decimal { .. }) {
            return None;
        }
        let (digits, places) = (u32::try_from(self.below(2)).unwrap(), places(value.ty));
        let digits = if places == 0 { 1 } else { digits };
        let mut spec = self.fixture.spec.clone();
        let derive = spec.derives.push(Derive {
            name: "derived".into(),
            doc: None,
            entity: self.fixture.entity,
            ty: FieldType::Scalar(Scalar::Decimal {
                digits: digits + places,
                places,
            }),
            optional: true,
            value: value.clone(),
            span: nowhere(),
        });
        // None where no value is too large.
        let condition = range_condition(spec.walk(derive))?;
        Some(Given::Derived {
            condition,
            value,
            digits,
        })
    }

    /// That a text matches a pattern.
    fn pattern(&mut self, id: Id<Field>) -> Option<Given> {
        let is_text = matches!(self.field(id).ty, FieldType::Scalar(Scalar::Text { .. }));
        if !is_text || !self.one_in(2) {
            return None;
        }
        let pattern = PATTERNS[self.below(PATTERNS.len())].to_owned();
        let span = nowhere();
        Some(Given::Bound(id, Bound::Matches { pattern, span }))
    }

    /// A fact that leaves a field a few values, and those values.
    fn domain(&mut self, id: Id<Field>) -> Given {
        let own = self.field(id);
        let range = |low: i64, steps: usize, make: &dyn Fn(i64) -> Value| {
            let steps = i64::try_from(steps).unwrap();
            let values: Vec<Value> = (low..low + steps).map(make).collect();
            (values, true)
        };
        let (low, steps) = (self.small(5) - 3, 1 + self.below(4));
        let decimal = |places: u32| {
            move |number: i64| Value::Decimal(rust_decimal::Decimal::new(number, places))
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let (values, is_range) = match &own.ty {
            FieldType::Enum(_) => (
                ["low", "mid", "high"]
                    .map(|name| Value::Enum(name.to_owned()))
                    .to_vec(),
                false,
            ),
            FieldType::Relation(_) => (
                (1..=4).map(|key| Value::Uuid(format!("k{key}"))).collect(),
                false,
            ),
            FieldType::Scalar(scalar) => match scalar {
                Scalar::Int => range(low, steps, &|number| Value::Int(i128::from(number))),
                Scalar::Decimal { places: 1, .. } => range(low, steps, &decimal(1)),
                Scalar::Decimal { .. } => range(low * 7, steps + 3, &decimal(2)),
                Scalar::Date => range(TODAY + low, steps + 1, &Value::Date),
                Scalar::DateTime => (
                    (0..=steps)
                        .map(|step| {
                            let step = i64::try_from(step).unwrap();
                            Value::DateTime(TODAY * DAY + (low + step) * HOUR / 2)
                        })
                        .collect(),
                    false,
                ),
                Scalar::Time => (
                    [0, HOUR / 2, HOUR, 9 * HOUR, DAY - 1]
                        .map(Value::Time)
                        .to_vec(),
                    false,
                ),
                Scalar::Duration => (
                    [0, HOUR / 2, HOUR, DAY].map(Value::Duration).to_vec(),
                    false,
                ),
                Scalar::Bool => (vec![Value::Bool(false), Value::Bool(true)], false),
                Scalar::Text { .. } => (vec![text("a"), text("ab"), text("Ba")], false),
                _ => ([0, 5, 10, 25].map(|n| decimal(1)(n)).to_vec(), false),
            },
            _ => unreachable!("no such field"),
        };
        let mut possible: Vec<Option<Value>> = values.iter().cloned().map(Some).collect();
        if own.optional {
            possible.push(None);
        }
        self.values.push((id, possible));
        if is_range && self.one_in(2) {
            return Given::Bound(
                id,
                Bound::Range {
                    low: values.first().cloned(),
                    high: values.last().cloned(),
                    span: nowhere(),
                },
            );
        }
        Given::Condition(self.domain_condition(id, &values))
    }

    fn domain_condition(&mut self, id: Id<Field>, values: &[Value]) -> Expr {
        let own = self.field(id);
        let field = self.read(id);
        let inside = match &own.ty {
            // Nothing in the language leaves a reference only some keys; four are enough for four fields.
            FieldType::Relation(_) => truth(ExprKind::Value(Value::Bool(true))),
            FieldType::Scalar(Scalar::Float) => {
                let one = |value: &Value| {
                    let constant = expr(ExprKind::Value(value.clone()), field.ty);
                    truth(ExprKind::Between(
                        Box::new(field.clone()),
                        Box::new(constant.clone()),
                        Box::new(constant),
                    ))
                };
                truth(ExprKind::Or(values.iter().map(one).collect()))
            }
            _ => truth(ExprKind::In(Box::new(field), values.to_vec())),
        };
        if own.optional {
            let is_set = truth(ExprKind::IsSet(id));
            return truth(ExprKind::Implies(Box::new(is_set), Box::new(inside)));
        }
        inside
    }

    fn read(&self, id: Id<Field>) -> Expr {
        let ty = match &self.field(id).ty {
            FieldType::Enum(id) => Type::Enum(*id),
            FieldType::Relation(relation) => Type::Reference(relation.target),
            FieldType::Scalar(scalar) => match scalar {
                Scalar::Int => Type::Int,
                Scalar::Decimal { places, .. } => Type::Decimal { places: *places },
                Scalar::Date => Type::Date,
                Scalar::DateTime => Type::DateTime,
                Scalar::Duration => Type::Duration,
                Scalar::Time => Type::Time,
                Scalar::Bool => Type::Bool,
                Scalar::Float => Type::Float,
                _ => Type::Text,
            },
            _ => Type::Opaque,
        };
        expr(ExprKind::Field(id), ty)
    }

    fn condition(&mut self, depth: usize) -> Expr {
        if depth == 0 {
            return self.guarded();
        }
        match self.below(5) {
            0 => truth(ExprKind::Not(Box::new(self.condition(depth - 1)))),
            1 | 2 => {
                let parts = (0..2 + self.below(2))
                    .map(|_| self.condition(depth - 1))
                    .collect();
                truth(if self.one_in(2) {
                    ExprKind::And(parts)
                } else {
                    ExprKind::Or(parts)
                })
            }
            3 => {
                let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
                truth(ExprKind::Implies(Box::new(a), Box::new(b)))
            }
            _ => self.guarded(),
        }
    }

    /// A comparison, behind questions for the optional fields that it reads.
    fn guarded(&mut self) -> Expr {
        let atom = self.atom();
        let mut needed = Vec::new();
        reads(&atom, &mut needed);
        needed.retain(|id| self.field(*id).optional);
        if needed.is_empty() {
            return atom;
        }
        let is_set = |id: &Id<Field>| truth(ExprKind::IsSet(*id));
        if self.one_in(2) {
            let mut parts: Vec<Expr> = needed.iter().map(is_set).collect();
            parts.push(atom);
            return truth(ExprKind::And(parts));
        }
        let mut parts: Vec<Expr> = needed
            .iter()
            .map(|id| truth(ExprKind::Not(Box::new(is_set(id)))))
            .collect();
        parts.push(atom);
        truth(ExprKind::Or(parts))
    }

    fn atom(&mut self) -> Expr {
        let place = self.below(self.fields.len());
        let id = self.fields[place];
        let own = self.field(id);
        if own.optional && self.one_in(4) {
            return truth(ExprKind::IsSet(id));
        }
        match &own.ty {
            FieldType::Enum(level) => self.symbolic(id, Type::Enum(*level)),
            FieldType::Relation(relation) => self.symbolic(id, Type::Reference(relation.target)),
            FieldType::Scalar(Scalar::Bool) => self.flag(id),
            FieldType::Scalar(Scalar::Text { .. }) => self.text(id),
            _ => self.numeric(id),
        }
    }

    fn flag(&mut self, id: Id<Field>) -> Expr {
        let read = self.operand(id);
        match self.below(3) {
            0 => read,
            1 => truth(ExprKind::Not(Box::new(read))),
            _ => {
                let other = self.other(id).unwrap_or_else(|| self.constant(id));
                self.equality(read, other)
            }
        }
    }

    fn equality(&mut self, a: Expr, b: Expr) -> Expr {
        let comparison = if self.one_in(2) {
            Comparison::Equal
        } else {
            Comparison::NotEqual
        };
        truth(ExprKind::Compare(comparison, Box::new(a), Box::new(b)))
    }

    /// No two of the fields of this type have the same value.
    fn all_differ(&mut self, ty: Type) -> Option<Expr> {
        let alike = self.fields.iter().map(|id| self.read(*id));
        let alike: Vec<Expr> = alike.filter(|read| read.ty == ty).collect();
        let pairs = alike.iter().enumerate().flat_map(|(place, a)| {
            let others = alike.iter().skip(place + 1);
            others.map(|b| {
                let sides = (Box::new(a.clone()), Box::new(b.clone()));
                truth(ExprKind::Compare(Comparison::NotEqual, sides.0, sides.1))
            })
        });
        let pairs: Vec<Expr> = pairs.collect();
        (pairs.len() > 1).then(|| truth(ExprKind::And(pairs)))
    }

    fn symbolic(&mut self, id: Id<Field>, ty: Type) -> Expr {
        if self.one_in(4)
            && let Some(all_differ) = self.all_differ(ty)
        {
            return all_differ;
        }
        let is_key = matches!(ty, Type::Reference(_));
        let read = if is_key {
            self.read(id)
        } else {
            self.operand(id)
        };
        match self.other(id) {
            Some(other) if is_key || self.one_in(2) => self.equality(read, other),
            _ if is_key => truth(ExprKind::Value(Value::Bool(true))),
            _ => {
                let values = self.some_values(id);
                truth(ExprKind::In(Box::new(read), values))
            }
        }
    }

    fn text(&mut self, id: Id<Field>) -> Expr {
        let read = self.operand(id);
        let constant = |text: &str| expr(ExprKind::Value(Value::Text(text.to_owned())), Type::Text);
        match self.below(6) {
            0 | 1 => {
                let at = [Function::StartsWith, Function::EndsWith, Function::Contains];
                let at = at[self.below(3)];
                let part = ["a", "b", "ab", "B", "aB", "abab"][self.below(6)];
                call(at, vec![read, constant(part)], Type::Bool)
            }
            2 => {
                let functions = [Function::Lower, Function::Upper, Function::Trim];
                let mut changed = call(functions[self.below(3)], vec![read], Type::Text);
                if self.one_in(3) {
                    changed = call(functions[self.below(3)], vec![changed], Type::Text);
                }
                let text = ["ba", "BA", "b", "B", "aB", "b "][self.below(6)];
                self.equality(changed, constant(text))
            }
            3 => {
                let mut read = self.read(id);
                if self.one_in(2) {
                    let functions = [Function::Lower, Function::Upper, Function::Trim];
                    read = call(functions[self.below(3)], vec![read], Type::Text);
                }
                let length = call(Function::Length, vec![read], Type::Int);
                let limit = expr(
                    ExprKind::Value(Value::Int(i128::from(self.small(5)))),
                    Type::Int,
                );
                let comparison = self.comparison();
                truth(ExprKind::Compare(
                    comparison,
                    Box::new(length),
                    Box::new(limit),
                ))
            }
            4 => {
                let values = self.some_values(id);
                truth(ExprKind::In(Box::new(read), values))
            }
            _ => {
                let other = self.other(id).unwrap_or_else(|| self.constant(id));
                self.equality(read, other)
            }
        }
    }

    fn comparison(&mut self) -> Comparison {
        [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ][self.below(6)]
    }

    fn numeric(&mut self, id: Id<Field>) -> Expr {
        if self.one_in(6)
            && let Some(near) = self.rounded(id)
        {
            return near;
        }
        let a = self.term(id);
        let b = match self.same_class(id) {
            Some(other) if self.one_in(2) => self.term(other),
            _ => self.constant_of(a.ty, id),
        };
        if self.one_in(5) {
            let high = self.constant_of(a.ty, id);
            return truth(ExprKind::Between(Box::new(a), Box::new(b), Box::new(high)));
        }
        let mut comparison = self.comparison();
        if a.ty == Type::Float && matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            comparison = Comparison::Less;
        }
        // A difference of days is a number, so the constant may be of another class.
        let b = if class(a.ty) == class(b.ty) {
            b
        } else {
            self.constant_of(a.ty, id)
        };
        truth(ExprKind::Compare(comparison, Box::new(a), Box::new(b)))
    }

    /// What a number becomes when it is made whole, compared with the number itself: `round(n) > n + 0.5`.
    fn rounded(&mut self, id: Id<Field>) -> Option<Expr> {
        let read = self.operand(id);
        if !matches!(read.ty, Type::Decimal { .. }) {
            return None;
        }
        let function = [Function::Round, Function::Floor, Function::Ceil][self.below(3)];
        let made_whole = call(function, vec![read.clone()], Type::Int);
        let steps = [-10, -5, -1, 0, 1, 5, 10];
        let step = rust_decimal::Decimal::new(steps[self.below(steps.len())], 1);
        let ty = number(places(read.ty).max(1));
        let step = expr(ExprKind::Value(Value::Decimal(step)), number(1));
        let (a, b) = (Box::new(read), Box::new(step));
        let moved = expr(ExprKind::Arithmetic(ArithmeticOp::Add, a, b), ty);
        let sides = (Box::new(made_whole), Box::new(moved));
        let comparison = self.comparison();
        Some(truth(ExprKind::Compare(comparison, sides.0, sides.1)))
    }

    /// The field, or something computed from it.
    fn term(&mut self, id: Id<Field>) -> Expr {
        let read = self.operand(id);
        let boxed = |a: Expr, b: Expr| (Box::new(a), Box::new(b));
        let span = |length: i64| expr(ExprKind::Value(Value::Duration(length)), Type::Duration);
        match read.ty {
            Type::Int | Type::Decimal { .. } if self.summing => {
                if self.one_in(2) {
                    self.sum(id, read)
                } else {
                    read
                }
            }
            Type::Int | Type::Decimal { .. } => match self.below(9) {
                0 => self.sum(id, read),
                1 => {
                    let other = self.same_class(id).unwrap_or(id);
                    let (a, b) = boxed(read, self.read(other));
                    let places = places(a.ty) + places(b.ty);
                    expr(
                        ExprKind::Arithmetic(ArithmeticOp::Multiply, a, b),
                        number(places),
                    )
                }
                2 => {
                    let factor = expr(
                        ExprKind::Value(Value::Int(i128::from(self.small(4) - 1))),
                        Type::Int,
                    );
                    let (a, b) = boxed(factor, read);
                    let ty = b.ty;
                    expr(ExprKind::Arithmetic(ArithmeticOp::Multiply, a, b), ty)
                }
                3 => {
                    let ty = read.ty;
                    call(Function::Abs, vec![read], ty)
                }
                4 => {
                    let other = self.same_class(id).unwrap_or(id);
                    let other = self.read(other);
                    let places = places(read.ty).max(places(other.ty));
                    let function = if self.one_in(2) {
                        Function::Min
                    } else {
                        Function::Max
                    };
                    call(function, vec![read, other], number(places))
                }
                5 => {
                    let function =
                        [Function::Round, Function::Floor, Function::Ceil][self.below(3)];
                    call(function, vec![read], Type::Int)
                }
                _ => read,
            },
            Type::Date => match self.below(5) {
                0 => {
                    let days = self.small(3) * DAY;
                    let (a, b) = boxed(read, span(days));
                    expr(
                        ExprKind::Arithmetic(ArithmeticOp::Subtract, a, b),
                        Type::Date,
                    )
                }
                1 => {
                    let part = [
                        Function::Day,
                        Function::Weekday,
                        Function::Month,
                        Function::Year,
                    ][self.below(4)];
                    call(part, vec![read], Type::Int)
                }
                2 => {
                    let other = self.same_class(id).unwrap_or(id);
                    let other = self.read(other);
                    call(Function::DaysBetween, vec![read, other], Type::Int)
                }
                _ => read,
            },
            Type::DateTime => match self.below(4) {
                0 => {
                    let (a, b) = boxed(read, span(HOUR));
                    expr(
                        ExprKind::Arithmetic(ArithmeticOp::Add, a, b),
                        Type::DateTime,
                    )
                }
                1 => {
                    let other = self.same_class(id).unwrap_or(id);
                    let other = self.read(other);
                    call(Function::HoursBetween, vec![read, other], Type::Int)
                }
                _ => read,
            },
            Type::Time if self.one_in(2) => call(Function::Hour, vec![read], Type::Int),
            Type::Duration if self.one_in(4) => {
                let (a, b) = boxed(read, span(HOUR));
                expr(
                    ExprKind::Arithmetic(ArithmeticOp::Add, a, b),
                    Type::Duration,
                )
            }
            _ => read,
        }
    }

    /// What was read, with one or two other fields added or taken away.
    fn sum(&mut self, id: Id<Field>, read: Expr) -> Expr {
        let mut sum = read;
        for _ in 0..=self.below(2) {
            let other = self.same_class(id).unwrap_or(id);
            let other = self.read(other);
            let places = places(sum.ty).max(places(other.ty));
            let operator = if self.one_in(2) {
                ArithmeticOp::Add
            } else {
                ArithmeticOp::Subtract
            };
            let (a, b) = (Box::new(sum), Box::new(other));
            sum = expr(ExprKind::Arithmetic(operator, a, b), number(places));
        }
        sum
    }

    /// The field, or with a fallback if it is optional.
    fn operand(&mut self, id: Id<Field>) -> Expr {
        let read = self.read(id);
        if self.field(id).optional && self.one_in(2) {
            let fallback = self.constant(id);
            return expr(ExprKind::Otherwise(id, Box::new(fallback)), read.ty);
        }
        read
    }

    /// Another field of the same type.
    fn other(&mut self, id: Id<Field>) -> Option<Expr> {
        let ty = self.read(id).ty;
        let others: Vec<Id<Field>> = self
            .fields
            .iter()
            .copied()
            .filter(|other| *other != id && self.read(*other).ty == ty)
            .collect();
        let place = self.below(others.len().max(1));
        others.get(place).map(|other| self.read(*other))
    }

    fn same_class(&mut self, id: Id<Field>) -> Option<Id<Field>> {
        let wanted = class(self.read(id).ty);
        let others: Vec<Id<Field>> = self
            .fields
            .iter()
            .copied()
            .filter(|other| *other != id && class(self.read(*other).ty) == wanted)
            .collect();
        let place = self.below(others.len().max(1));
        others.get(place).copied()
    }

    fn some_values(&mut self, id: Id<Field>) -> Vec<Value> {
        let all = self.values.iter().find(|(own, _)| *own == id);
        let all: Vec<Value> = all.unwrap().1.iter().flatten().cloned().collect();
        let mut some: Vec<Value> = all.iter().filter(|_| self.one_in(2)).cloned().collect();
        if some.is_empty() {
            some.push(all[0].clone());
        }
        some
    }

    /// A constant of the field's type; of a reference, there is none.
    fn constant(&mut self, id: Id<Field>) -> Expr {
        let value = self.some_values(id)[0].clone();
        let ty = self.read(id).ty;
        expr(ExprKind::Value(value), ty)
    }

    fn constant_of(&mut self, ty: Type, id: Id<Field>) -> Expr {
        let value = match ty {
            Type::Int => Value::Int(i128::from(self.small(7) - 3)),
            Type::Decimal { places } => Value::Decimal(rust_decimal::Decimal::new(
                self.small(20) - 8,
                places.min(2),
            )),
            Type::Float => Value::Decimal(rust_decimal::Decimal::new(self.small(30) - 2, 1)),
            Type::Date => Value::Date(TODAY + self.small(7) - 3),
            Type::DateTime => Value::DateTime(TODAY * DAY + (self.small(9) - 3) * HOUR / 2),
            Type::Duration => Value::Duration(self.small(5) * HOUR / 2),
            Type::Time => Value::Time(self.small(11) * HOUR),
            _ => return self.constant(id),
        };
        expr(ExprKind::Value(value), ty)
    }
}

fn number(places: u32) -> Type {
    if places == 0 {
        Type::Int
    } else {
        Type::Decimal { places }
    }
}

fn places(ty: Type) -> u32 {
    match ty {
        Type::Decimal { places } => places,
        _ => 0,
    }
}

/// What can be compared with each other.
fn class(ty: Type) -> u8 {
    match ty {
        Type::Int | Type::Decimal { .. } => 0,
        Type::Date => 1,
        Type::DateTime => 2,
        Type::Duration => 3,
        Type::Float => 4,
        Type::Time => 5,
        _ => 6,
    }
}

/// The fields whose value is needed; not those behind `otherwise`.
fn reads(expr: &Expr, found: &mut Vec<Id<Field>>) {
    match &expr.kind {
        ExprKind::Field(id) if !found.contains(id) => found.push(*id),
        ExprKind::Not(inner) | ExprKind::In(inner, _) => reads(inner, found),
        ExprKind::Compare(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
            reads(a, found);
            reads(b, found);
        }
        ExprKind::Between(a, b, c) => {
            reads(a, found);
            reads(b, found);
            reads(c, found);
        }
        ExprKind::Call(_, parts) => parts.iter().for_each(|part| reads(part, found)),
        _ => {}
    }
}
