use appspec_ir::{
    ArithmeticOp, Comparison, Expr, ExprKind, Field, Function, Id, Row, Value, has_form,
};

use super::Moves;
use crate::matrix::rounded_down;
use crate::plain;
use crate::problem::characters;
use crate::replay;
use crate::slot::{self, Class, Kind, Sort};
use crate::texts;

const MINUTE: i64 = 60_000_000;

impl Moves<'_> {
    /// Moves one side of a comparison to the right side of the other.
    pub(super) fn compare(&mut self, comparison: Comparison, a: &Expr, b: &Expr) -> Option<()> {
        let sides = [(comparison, a, b), (comparison.mirrored(), b, a)];
        self.one_of(&sides, |moves, (comparison, moved, fixed)| {
            let fixed = moves.value(fixed)?;
            moves.term(moved, *comparison, &fixed)
        })
    }

    /// Moves what an expression reads so that it lies on this side of a value.
    pub(super) fn term(&mut self, expr: &Expr, side: Comparison, of: &Value) -> Option<()> {
        match &expr.kind {
            ExprKind::Field(field) | ExprKind::Otherwise(field, _) => self.field(*field, side, of),
            ExprKind::Arithmetic(..) => {
                let parts = self.parts(expr);
                self.sum(expr, &parts, side, of)
            }
            ExprKind::Call(function, arguments) => match (function, arguments.as_slice()) {
                (Function::Lower | Function::Upper | Function::Trim, [inner]) => {
                    self.term(inner, side, of)
                }
                (Function::Length, [inner]) => match &inner.kind {
                    ExprKind::Field(field) => self.length(*field, side, of),
                    _ => None,
                },
                (Function::MinutesBetween, [from, to]) => self.gap((from, to), MINUTE, side, of),
                (Function::HoursBetween, [from, to]) => self.gap((from, to), 60 * MINUTE, side, of),
                (Function::DaysBetween, [from, to]) => {
                    self.gap((from, to), 24 * 60 * MINUTE, side, of)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of each part of a sum, worked out once: there are as many ways to move it as it has parts.
    fn parts(&self, expr: &Expr) -> Parts {
        let ExprKind::Arithmetic(operator, a, b) = &expr.kind else {
            return Parts {
                value: self.value(expr),
                sides: None,
            };
        };
        let sides = (self.parts(a), self.parts(b));
        let value = computed(*operator, (&sides.0, a), (&sides.1, b));
        Parts {
            value,
            sides: Some(Box::new(sides)),
        }
    }

    /// Moves one part of a sum. As deep as the sum, which the parser bounds.
    fn sum(&mut self, expr: &Expr, parts: &Parts, side: Comparison, of: &Value) -> Option<()> {
        let (ExprKind::Arithmetic(operator, a, b), Some(sides)) = (&expr.kind, &parts.sides) else {
            return self.term(expr, side, of);
        };
        let (left, right) = (&sides.0, &sides.1);
        let of = Parts {
            value: Some(of.clone()),
            sides: None,
        };
        self.one_of(&[true, false], |moves, first| match (operator, first) {
            (ArithmeticOp::Add, true) => {
                let rest = computed(ArithmeticOp::Subtract, (&of, a), (right, b))?;
                moves.sum(a, left, side, &rest)
            }
            (ArithmeticOp::Add, false) => {
                let rest = computed(ArithmeticOp::Subtract, (&of, b), (left, a))?;
                moves.sum(b, right, side, &rest)
            }
            (ArithmeticOp::Subtract, true) => {
                let rest = computed(ArithmeticOp::Add, (&of, a), (right, b))?;
                moves.sum(a, left, side, &rest)
            }
            (ArithmeticOp::Subtract, false) => {
                let rest = computed(ArithmeticOp::Subtract, (left, a), (&of, b))?;
                moves.sum(b, right, side.mirrored(), &rest)
            }
            (ArithmeticOp::Multiply, _) => None,
        })
    }

    /// Moves the end of a stretch that is counted in whole units.
    fn gap(
        &mut self,
        (from, to): (&Expr, &Expr),
        unit: i64,
        side: Comparison,
        of: &Value,
    ) -> Option<()> {
        let Value::Int(units) = of else {
            return None;
        };
        let units = i64::try_from(whole(*units, side)?).ok()?;
        let end = match self.value(from)? {
            Value::DateTime(from) => Value::DateTime(from.checked_add(units.checked_mul(unit)?)?),
            Value::Date(from) => Value::Date(from.checked_add(units)?),
            _ => return None,
        };
        self.term(to, Comparison::Equal, &end)
    }

    /// Moves a field to this side of a value.
    pub(super) fn field(&mut self, id: Id<Field>, side: Comparison, of: &Value) -> Option<()> {
        let field = self.spec.walk(id);
        match (slot::kind(field.get()), side) {
            (Kind::Number(class), _) => self.number(id, class, side, of),
            (Kind::Symbol(_), Comparison::Equal) => self.constant(id, of),
            (Kind::Symbol(sort), Comparison::NotEqual) => {
                let other = match (sort, of) {
                    (Sort::Bool, Value::Bool(truth)) => Value::Bool(!truth),
                    (Sort::Enum(_), _) => return self.choice(id, std::slice::from_ref(of)),
                    _ => plain::another(field, &[of])?,
                };
                self.constant(id, &other)
            }
            _ => None,
        }
    }

    /// Moves what is one of some values to something else.
    pub(super) fn none_of(&mut self, expr: &Expr, values: &[Value]) -> Option<()> {
        let ExprKind::Field(id) = &expr.kind else {
            return None;
        };
        match slot::kind(self.spec.walk(*id).get()) {
            Kind::Symbol(Sort::Enum(_)) => self.choice(*id, values),
            Kind::Symbol(_) => self.one_of(values, |moves, value| {
                moves.field(*id, Comparison::NotEqual, value)
            }),
            Kind::Number(_) => {
                let ends = values.first()?;
                let larger = |most, value| if value > most { value } else { most };
                let most = values.iter().fold(ends, larger);
                self.field(*id, Comparison::Greater, most)
            }
            Kind::Presence => None,
        }
    }

    /// A choice that is none of these.
    fn choice(&mut self, id: Id<Field>, values: &[Value]) -> Option<()> {
        let spec = self.spec;
        let Kind::Symbol(Sort::Enum(of)) = slot::kind(spec.walk(id).get()) else {
            return None;
        };
        self.one_of(&spec.walk(of).get().choices, |moves, choice| {
            let is_one = |value: &Value| matches!(value, Value::Enum(name) if *name == choice.name);
            if values.iter().any(is_one) {
                return None;
            }
            moves.set(id, Some(Value::Enum(choice.name.clone())));
            Some(())
        })
    }

    /// Gives a field a value, if it can hold it.
    pub(super) fn constant(&mut self, id: Id<Field>, value: &Value) -> Option<()> {
        let field = self.spec.walk(id).get();
        let fits = match (slot::kind(field), value) {
            (Kind::Symbol(Sort::Text), Value::Text(text)) => {
                let (shortest, longest) = slot::lengths(field);
                (shortest..=longest).contains(&characters(value)) && has_form(&field.ty, text)
            }
            (Kind::Symbol(Sort::Bool), Value::Bool(_))
            | (Kind::Symbol(Sort::Enum(_)), Value::Enum(_))
            | (Kind::Symbol(Sort::Uuid), Value::Uuid(_))
            | (Kind::Symbol(Sort::Key(_)), Value::Int(_) | Value::Uuid(_)) => true,
            _ => false,
        };
        fits.then(|| self.set(id, Some(value.clone())))
    }

    fn number(&mut self, id: Id<Field>, class: Class, side: Comparison, of: &Value) -> Option<()> {
        let field = self.spec.walk(id).get();
        let places = slot::places(field);
        let scale = match of {
            Value::Decimal(of) if class == Class::Number => places.max(of.normalize().scale()),
            _ => places,
        };
        let (low, high, unit) = slot::range(field, scale)?;
        let of = slot::number(of, class, scale)?;
        let below = |number: i128| rounded_down(number, unit).min(high);
        let above = |number: i128| (-rounded_down(-number, unit)).max(low);
        let inside = |number: &i128| (low..=high).contains(number) && number % unit == 0;
        let number = match side {
            Comparison::Equal => Some(of),
            Comparison::LessOrEqual => Some(below(of)),
            Comparison::Less => Some(below(of.checked_sub(1)?)),
            Comparison::GreaterOrEqual => Some(above(of)),
            Comparison::Greater => Some(above(of.checked_add(1)?)),
            Comparison::NotEqual => {
                let ways = [above(of.checked_add(1)?), below(of.checked_sub(1)?)];
                ways.into_iter().find(inside)
            }
        };
        let value = slot::value(field, class, number.filter(inside)?, scale)?;
        self.set(id, Some(value));
        Some(())
    }

    /// Gives a field a text whose length lies on this side of a number.
    pub(super) fn length(&mut self, id: Id<Field>, side: Comparison, of: &Value) -> Option<()> {
        let Value::Int(of) = of else {
            return None;
        };
        let field = self.spec.walk(id).get();
        let (shortest, longest) = slot::lengths(field);
        let wanted = whole(*of, side)?;
        let wanted = match side {
            Comparison::Less | Comparison::LessOrEqual => wanted.min(longest),
            Comparison::Greater | Comparison::GreaterOrEqual => wanted.max(shortest),
            Comparison::Equal | Comparison::NotEqual => wanted,
        };
        if !(shortest..=longest).contains(&wanted) {
            return None;
        }
        texts::of_type(&field.ty, wanted, wanted)
            .into_iter()
            .map(Value::Text)
            .filter(|text| characters(text) == wanted)
            .find_map(|text| self.constant(id, &text))
    }
}

/// What a sum and its parts are.
struct Parts {
    value: Option<Value>,
    sides: Option<Box<(Parts, Parts)>>,
}

/// Two values added, or whatever it is, each of the type of an expression.
fn computed(
    operator: ArithmeticOp,
    (left, like): (&Parts, &Expr),
    (right, other): (&Parts, &Expr),
) -> Option<Value> {
    let known = |parts: &Parts, like: &Expr| {
        Some(Box::new(Expr {
            kind: ExprKind::Value(parts.value.clone()?),
            ty: like.ty,
            span: like.span,
        }))
    };
    let kind = ExprKind::Arithmetic(operator, known(left, like)?, known(right, other)?);
    let ty = like.ty;
    let span = like.span;
    replay::value(&Expr { kind, ty, span }, &Row::new())
}

/// The whole number that lies closest on this side.
fn whole(of: i128, side: Comparison) -> Option<i128> {
    match side {
        Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => Some(of),
        Comparison::Less => of.checked_sub(1),
        Comparison::Greater | Comparison::NotEqual => of.checked_add(1),
    }
}
