use appspec_ir::{ArithmeticOp, Comparison, Expr, ExprKind, Field, Function, Id, Type, Value};

use crate::definition::{Definition, Is, Rounding, product, square};
use crate::formula::NodeId;
use crate::linear::{Linear, is_small, power_of_ten};
use crate::problem::{Name, Number, Problem};
use crate::slot::{self, Class, DAY, DAYS, Kind};

/// More cases than this are not told apart.
const MOST_CASES: usize = 16;

/// What a number is, and where it is that. The cases of one expression exclude each other and leave out no row for which
/// the expression has a value.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) where_: Vec<NodeId>,
    pub(super) value: Linear,
}

impl Case {
    fn plain(value: Linear) -> Vec<Self> {
        vec![Self {
            where_: Vec::new(),
            value,
        }]
    }
}

/// The class of an expression's values.
pub(super) fn class(ty: Type) -> Option<Class> {
    Some(match ty {
        Type::Int | Type::Decimal { .. } => Class::Number,
        Type::Float => Class::Float,
        Type::Date => Class::Date,
        Type::Time => Class::Time,
        Type::DateTime => Class::DateTime,
        Type::Duration => Class::Duration,
        _ => return None,
    })
}

impl Problem<'_> {
    /// The cases of an expression that is a number; `None` when it is not understood.
    pub(super) fn number(&mut self, expr: &Expr) -> Option<Vec<Case>> {
        let cases = match &expr.kind {
            ExprKind::Value(value) => {
                let number = slot::number(value, class(expr.ty)?, self.scale)?;
                Case::plain(Linear::constant(number))
            }
            ExprKind::Field(field) => {
                let value = self.field_number(*field, expr.ty)?;
                let filled = self.is_set(*field, true);
                vec![Case {
                    where_: vec![filled],
                    value,
                }]
            }
            ExprKind::Otherwise(field, other) => {
                let value = self.field_number(*field, expr.ty)?;
                let filled = self.is_set(*field, true);
                let empty = self.is_set(*field, false);
                let mut cases = vec![Case {
                    where_: vec![filled],
                    value,
                }];
                for mut case in self.number(other)? {
                    case.where_.insert(0, empty);
                    cases.push(case);
                }
                cases
            }
            ExprKind::Negate(inner) if expr.ty != Type::Float => {
                let cases = self.number(inner)?;
                self.each(cases, |_, value| value.times(-1))?
            }
            ExprKind::Arithmetic(operator, a, b) => self.arithmetic(*operator, a, b)?,
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr)?,
            _ => return None,
        };
        (cases.len() <= MOST_CASES).then_some(cases)
    }

    fn field_number(&self, field: Id<Field>, ty: Type) -> Option<Linear> {
        let (_, slot) = self.slot(field)?;
        match slot.kind {
            // A whole number where a fraction is computed with is no place in the order of fractions.
            Kind::Number(of) if class(ty) == Some(of) => Some(Linear::number(slot.variable)),
            _ => None,
        }
    }

    fn each(
        &mut self,
        cases: Vec<Case>,
        mut change: impl FnMut(&mut Self, &Linear) -> Option<Linear>,
    ) -> Option<Vec<Case>> {
        let mut changed = Vec::with_capacity(cases.len());
        for case in cases {
            changed.push(Case {
                value: change(self, &case.value)?,
                where_: case.where_,
            });
        }
        Some(changed)
    }

    fn pairs(
        &mut self,
        a: &Expr,
        b: &Expr,
        mut combine: impl FnMut(&mut Self, &Linear, &Linear) -> Option<Linear>,
    ) -> Option<Vec<Case>> {
        let (left, right) = (self.number(a)?, self.number(b)?);
        if left.len() * right.len() > MOST_CASES {
            return None;
        }
        let mut cases = Vec::new();
        for a in &left {
            for b in &right {
                let mut where_ = a.where_.clone();
                where_.extend(&b.where_);
                cases.push(Case {
                    where_,
                    value: combine(self, &a.value, &b.value)?,
                });
            }
        }
        Some(cases)
    }

    fn arithmetic(&mut self, operator: ArithmeticOp, a: &Expr, b: &Expr) -> Option<Vec<Case>> {
        if a.ty == Type::Float || b.ty == Type::Float {
            // Fractions are rounded: their sums are no sums of places.
            return None;
        }
        let sign = match operator {
            ArithmeticOp::Add => 1,
            ArithmeticOp::Subtract => -1,
            ArithmeticOp::Multiply => {
                return self.pairs(a, b, super::super::problem::Problem::product);
            }
        };
        match (a.ty, b.ty) {
            (Type::Date, Type::Duration) => self.pairs(a, b, |_, day, length| {
                let days = length.as_constant()?.div_euclid(DAY);
                day.plus(&Linear::constant(days.checked_mul(sign)?))
            }),
            (Type::Date, Type::Date) => self.pairs(a, b, |_, a, b| a.minus(b)?.times(DAY)),
            _ => self.pairs(a, b, |_, a, b| a.plus(&b.times(sign)?)),
        }
    }

    /// The product of two numbers, or of a number and a length of time: the units of a number go away.
    fn product(&mut self, a: &Linear, b: &Linear) -> Option<Linear> {
        let shift = a.shift.checked_add(b.shift)?.checked_add(self.scale)?;
        for (one, other) in [(a, b), (b, a)] {
            if one.terms.is_empty() {
                let product = other.times(one.constant)?;
                return Some(Linear { shift, ..product });
            }
        }
        let name = Name::Product(a.clone(), b.clone());
        let (widest, other) = (self.widest_sum(a)?, self.widest_sum(b)?);
        let ends = if a == b {
            square(widest)?
        } else {
            product(widest, other)?
        };
        let (a, b) = (a.clone(), b.clone());
        let number = self.defined(name, ends, 1, |result| Definition {
            result,
            is: Is::Product(a, b),
        })?;
        Some(Linear {
            shift,
            ..Linear::number(number)
        })
    }

    fn widest_sum(&self, sum: &Linear) -> Option<(i128, i128)> {
        sum.range(|number| {
            self.numbers
                .get(number)
                .map_or((i128::MIN, i128::MAX), |number| (number.low, number.high))
        })
    }

    /// The number with a definition, made when it is asked for first.
    fn defined(
        &mut self,
        name: Name,
        (low, high): (i128, i128),
        unit: i128,
        define: impl FnOnce(usize) -> Definition,
    ) -> Option<usize> {
        if let Some(known) = self.named.get(&name) {
            return *known;
        }
        let number = (is_small(low) && is_small(high)).then(|| {
            let number = self.add_number(Number { low, high, unit });
            self.definitions.push(define(number));
            number
        });
        self.named.insert(name, number);
        number
    }

    /// A number about which only its ends are known, made when it is asked for first.
    fn free(&mut self, name: Name, low: i128, high: i128, unit: i128) -> Option<usize> {
        if let Some(known) = self.named.get(&name) {
            return *known;
        }
        let number =
            (is_small(low) && is_small(high)).then(|| self.add_number(Number { low, high, unit }));
        self.named.insert(name, number);
        number
    }

    /// The number of characters in the text of a slot.
    pub(super) fn length_of(&mut self, place: usize) -> Option<usize> {
        let slot = self.slots.get(place)?;
        if slot.length.is_some() {
            return slot.length;
        }
        let symbol = slot.variable;
        let (shortest, longest) = slot::lengths(self.spec.walk(slot.field).get());
        let weight = power_of_ten(self.scale)?;
        let ends = (shortest.checked_mul(weight)?, longest.checked_mul(weight)?);
        let number = self.defined(
            Name::said(format!("length {place}")),
            ends,
            weight,
            |result| Definition {
                result,
                is: Is::Length { symbol, weight },
            },
        )?;
        if let Some(slot) = self.slots.get_mut(place) {
            slot.length = Some(number);
        }
        Some(number)
    }

    fn call(&mut self, function: Function, arguments: &[Expr], expr: &Expr) -> Option<Vec<Case>> {
        let unit = power_of_ten(self.scale)?;
        match (function, arguments) {
            (Function::Now, _) => {
                let low = DAYS.0 * DAY;
                let number = self.free(Name::said("now"), low, DAYS.1 * DAY + DAY - 1, 1)?;
                self.now = Some(number);
                Some(Case::plain(Linear::number(number)))
            }
            (Function::Today, _) => {
                let number = self.free(Name::said("today"), DAYS.0, DAYS.1, 1)?;
                self.today = Some(number);
                Some(Case::plain(Linear::number(number)))
            }
            (Function::Length, [text]) => self.length(text, unit),
            (Function::Abs, [value]) if expr.ty != Type::Float => self.larger(value, None, true),
            (Function::Min, [a, b]) => self.larger(a, Some(b), false),
            (Function::Max, [a, b]) => self.larger(a, Some(b), true),
            (Function::Round, [value]) => self.rounded(value, 0, Rounding::Half),
            (Function::Round, [value, places]) => match &places.kind {
                ExprKind::Value(Value::Int(places)) => {
                    self.rounded(value, u32::try_from(*places).ok()?, Rounding::Half)
                }
                _ => None,
            },
            (Function::Floor, [value]) => self.rounded(value, 0, Rounding::Down),
            (Function::Ceil, [value]) => self.rounded(value, 0, Rounding::Up),
            (Function::DaysBetween, [from, to]) if from.ty == Type::Date => {
                self.pairs(from, to, |_, from, to| to.minus(from)?.times(unit))
            }
            (
                Function::MinutesBetween | Function::HoursBetween | Function::DaysBetween,
                [from, to],
            ) => {
                let length = match function {
                    Function::MinutesBetween => DAY / 24 / 60,
                    Function::HoursBetween => DAY / 24,
                    _ => DAY,
                };
                self.pairs(from, to, |this, from, to| {
                    this.divided(&to.minus(from)?, length, Rounding::TowardsZero, unit)
                })
            }
            (
                Function::Year
                | Function::Month
                | Function::Day
                | Function::Weekday
                | Function::Hour,
                [of],
            ) => self.part(function, of, unit),
            _ => None,
        }
    }

    fn length(&mut self, text: &Expr, unit: i128) -> Option<Vec<Case>> {
        if let ExprKind::Field(field) = &text.kind {
            let (place, _) = self.slot(*field)?;
            let number = self.length_of(place)?;
            let filled = self.is_set(*field, true);
            return Some(vec![Case {
                where_: vec![filled],
                value: Linear::number(number),
            }]);
        }
        // Case keeps the length.
        if let ExprKind::Call(Function::Lower | Function::Upper, arguments) = &text.kind
            && let [inner] = arguments.as_slice()
        {
            return self.length(inner, unit);
        }
        // The length of another text follows from nothing that is understood here.
        let where_ = self.read(text);
        let name = Name::said(format!("length {}", appspec_ir::print(self.spec, text)));
        let most = i128::from(u32::MAX).checked_mul(unit)?;
        let is_new = !self.named.contains_key(&name);
        let number = self.free(name, 0, most, unit)?;
        if is_new
            && let ExprKind::Call(Function::Trim, arguments) = &text.kind
            && let Some(whole) = arguments.first().and_then(|inner| self.length(inner, unit))
            && let [Case { value, .. }] = whole.as_slice()
        {
            let value = value.clone();
            let less = self.compared(Comparison::LessOrEqual, &Linear::number(number), &value);
            self.known.extend(less);
        }
        Some(vec![Case {
            where_,
            value: Linear::number(number),
        }])
    }

    /// The larger (or smaller) of two, or of a number and its opposite.
    fn larger(&mut self, a: &Expr, b: Option<&Expr>, larger: bool) -> Option<Vec<Case>> {
        let left = self.number(a)?;
        let right = match b {
            Some(b) => Some(self.number(b)?),
            None => None,
        };
        let mut cases = Vec::new();
        let first_wins = if larger {
            Comparison::GreaterOrEqual
        } else {
            Comparison::LessOrEqual
        };
        for case in left {
            let others = match &right {
                Some(right) => right.clone(),
                None => Case::plain(case.value.times(-1)?),
            };
            for other in others {
                for (comparison, value) in [
                    (first_wins, &case.value),
                    (super::turned(first_wins), &other.value),
                ] {
                    let mut where_ = case.where_.clone();
                    where_.extend(&other.where_);
                    where_.push(self.compared(comparison, &case.value, &other.value)?);
                    cases.push(Case {
                        where_,
                        value: value.clone(),
                    });
                }
            }
            if cases.len() > MOST_CASES {
                return None;
            }
        }
        Some(cases)
    }

    fn rounded(&mut self, value: &Expr, places: u32, mode: Rounding) -> Option<Vec<Case>> {
        if value.ty == Type::Float {
            return None;
        }
        let cases = self.number(value)?;
        self.each(cases, |this, value| {
            let digits = value.shift.checked_add(this.scale)?;
            let Some(dropped) = digits.checked_sub(places).filter(|dropped| *dropped > 0) else {
                return Some(value.clone());
            };
            // The rounded number counts units of `places` digits, which may be finer than the scale.
            let weight = power_of_ten(this.scale.saturating_sub(places))?;
            let shift = places.saturating_sub(this.scale);
            let result = this.divided(value, power_of_ten(dropped)?, mode, weight)?;
            Some(Linear { shift, ..result })
        })
    }

    /// A sum without its shift, divided by a unit, made whole, times a weight.
    fn divided(&mut self, of: &Linear, unit: i128, mode: Rounding, weight: i128) -> Option<Linear> {
        if of.terms.is_empty() {
            let number = mode.apply(of.constant, unit).checked_mul(weight)?;
            return Some(Linear::constant(number));
        }
        let name = Name::said(format!("{mode:?} {of:?} {unit} {weight}"));
        let (low, high) = self.widest_sum(of)?;
        let ends = (
            mode.apply(low, unit).checked_mul(weight)?,
            mode.apply(high, unit).checked_mul(weight)?,
        );
        let is_new = !self.named.contains_key(&name);
        let number = self.defined(name, ends, weight, |result| Definition {
            result,
            is: Is::Divided {
                of: of.clone(),
                unit,
                mode,
                weight,
            },
        })?;
        // Where both count the same units, they differ by less than one of the larger ones, whatever they are.
        if is_new && unit == weight {
            self.stays_near(number, of, mode.strays(unit));
        }
        Some(Linear::number(number))
    }

    /// How far below and above a sum without its shift a number may lie.
    fn stays_near(&mut self, number: usize, of: &Linear, (below, above): (i128, i128)) {
        let of = Linear {
            shift: 0,
            ..of.clone()
        };
        let Some(gap) = Linear::number(number).minus(&of) else {
            return;
        };
        for (comparison, end) in [
            (Comparison::GreaterOrEqual, -below),
            (Comparison::LessOrEqual, above),
        ] {
            let known = self.compared(comparison, &gap, &Linear::constant(end));
            self.known.extend(known);
        }
    }

    /// A part of a date; of moments and times only the ends are known, which also holds in any time zone.
    fn part(&mut self, part: Function, of: &Expr, weight: i128) -> Option<Vec<Case>> {
        let (low, high) = match part {
            Function::Year => (1, 9999),
            Function::Month => (1, 12),
            Function::Day => (1, 31),
            Function::Weekday => (1, 7),
            _ => (0, 23),
        };
        let ends = (weight.checked_mul(low)?, weight.checked_mul(high)?);
        if of.ty == Type::Time && part == Function::Hour {
            let cases = self.number(of)?;
            return self.each(cases, |this, of| {
                this.divided(of, DAY / 24, Rounding::Down, weight)
            });
        }
        if of.ty == Type::Date {
            let cases = self.number(of)?;
            return self.each(cases, |this, of| {
                let name = Name::said(format!("{part:?} {of:?}"));
                let of = of.clone();
                let number = this.defined(name, ends, weight, |result| Definition {
                    result,
                    is: Is::Part { part, of, weight },
                })?;
                Some(Linear::number(number))
            });
        }
        let where_ = self.read(of);
        let name = Name::said(format!("{part:?} {}", appspec_ir::print(self.spec, of)));
        let number = self.free(name, ends.0, ends.1, weight)?;
        Some(vec![Case {
            where_,
            value: Linear::number(number),
        }])
    }
}
