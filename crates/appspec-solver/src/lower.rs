//! Facts as formulas.

mod compare;
mod number;
mod opaque;
mod parity;
mod symbol;

use appspec_ir::{Comparison, Expr, ExprKind, Field, Id, Type, Value};

use crate::fact::{Fact, Says};
use crate::formula::{Formulas, Literal, NodeId};
use crate::linear::{AtMost, Linear};
use crate::patterns::Patterns;
use crate::problem::Problem;
use crate::slot::{self, Kind, Sort};

impl<'s> Problem<'s> {
    /// A fact, or its opposite, as a formula.
    ///
    /// A range or a pattern is taken for granted for the value of an optional field whether it is there or not: the value
    /// of an empty field is never read, and there is one that fits (or the field is among the `contradicting` ones).
    pub(crate) fn fact(
        &mut self,
        fact: &Fact<'s>,
        holds: bool,
        contradicting: &[Id<Field>],
        patterns: &mut Patterns,
    ) -> NodeId {
        let (field, inside) = match &fact.says {
            Says::Condition(condition) => return self.condition(condition, holds),
            Says::Range { field, low, high } => (*field, self.within(*field, *low, *high, holds)),
            Says::Matches { field, pattern } => {
                (*field, self.matches(*field, pattern, holds, patterns))
            }
        };
        let Some((place, slot)) = self.slot(field) else {
            return Formulas::ALWAYS;
        };
        if !slot.optional {
            return inside;
        }
        if !holds {
            let filled = self.formulas.literal(Literal::Filled(place, true));
            return self.formulas.all(vec![filled, inside]);
        }
        if contradicting.contains(&field) {
            let empty = self.formulas.literal(Literal::Filled(place, false));
            return self.formulas.any(vec![empty, inside]);
        }
        inside
    }

    fn within(
        &mut self,
        field: Id<Field>,
        low: Option<&Value>,
        high: Option<&Value>,
        holds: bool,
    ) -> NodeId {
        let Some((number, class)) = self.measured(field) else {
            // What can't be measured can't be refused either.
            let range = format!("{field:?} in {low:?}..{high:?}");
            return self.nameless(range, holds);
        };
        let measured = Linear::number(number);
        let mut ends = Vec::new();
        for (end, comparison) in [
            (low, Comparison::GreaterOrEqual),
            (high, Comparison::LessOrEqual),
        ] {
            let Some(end) = end else { continue };
            let comparison = if holds {
                comparison
            } else {
                turned(comparison)
            };
            let node = slot::number(end, class, self.scale)
                .and_then(|end| self.compared(comparison, &measured, &Linear::constant(end)));
            match node {
                Some(node) => ends.push(node),
                None => ends.push(self.nameless(format!("{field:?} {end:?}"), holds)),
            }
        }
        if holds {
            self.formulas.all(ends)
        } else {
            self.formulas.any(ends)
        }
    }

    /// The number that a range is about: the value, or the length of a text.
    fn measured(&mut self, field: Id<Field>) -> Option<(usize, slot::Class)> {
        let (place, slot) = self.slot(field)?;
        match slot.kind {
            Kind::Number(class) => Some((slot.variable, class)),
            Kind::Symbol(Sort::Text) => Some((self.length_of(place)?, slot::Class::Number)),
            _ => None,
        }
    }

    /// A condition, or its opposite, as a formula. As deep as the expression, which the parser bounds.
    pub(crate) fn condition(&mut self, condition: &Expr, holds: bool) -> NodeId {
        match &condition.kind {
            ExprKind::Value(Value::Bool(truth)) => Formulas::truth(*truth == holds),
            ExprKind::Not(inner) => self.condition(inner, !holds),
            ExprKind::And(parts) => self.joined(parts, true, holds),
            ExprKind::Or(parts) => self.joined(parts, false, holds),
            ExprKind::Implies(a, b) => {
                let parts = vec![self.condition(a, !holds), self.condition(b, holds)];
                if holds {
                    self.formulas.any(parts)
                } else {
                    self.formulas.all(parts)
                }
            }
            ExprKind::IsSet(field) => self.is_set(*field, holds),
            ExprKind::Otherwise(field, other) if condition.ty == Type::Bool => {
                self.either(*field, other, holds)
            }
            ExprKind::Field(field) => self.truth_of(*field, holds),
            ExprKind::Compare(comparison, a, b) => {
                let comparison = if holds {
                    *comparison
                } else {
                    turned(*comparison)
                };
                self.compare(comparison, a, b)
                    .unwrap_or_else(|| self.opaque(condition, holds))
            }
            ExprKind::In(inner, values) => self
                .among(inner, values, holds)
                .unwrap_or_else(|| self.opaque(condition, holds)),
            ExprKind::Between(inner, low, high) => {
                let (above, below) = if holds {
                    (Comparison::GreaterOrEqual, Comparison::LessOrEqual)
                } else {
                    (Comparison::Less, Comparison::Greater)
                };
                let ends = (
                    self.compare(above, inner, low),
                    self.compare(below, inner, high),
                );
                match ends {
                    (Some(low), Some(high)) if holds => self.formulas.all(vec![low, high]),
                    (Some(low), Some(high)) => self.formulas.any(vec![low, high]),
                    _ => self.opaque(condition, holds),
                }
            }
            _ => self.opaque(condition, holds),
        }
    }

    fn joined(&mut self, parts: &[Expr], all: bool, holds: bool) -> NodeId {
        let parts: Vec<NodeId> = parts
            .iter()
            .map(|part| self.condition(part, holds))
            .collect();
        if all == holds {
            self.formulas.all(parts)
        } else {
            self.formulas.any(parts)
        }
    }

    pub(super) fn is_set(&mut self, field: Id<Field>, holds: bool) -> NodeId {
        match self.slot(field) {
            Some((place, slot)) if slot.optional => {
                self.formulas.literal(Literal::Filled(place, holds))
            }
            _ => Formulas::truth(holds),
        }
    }

    /// `field otherwise other`, both true or false.
    fn either(&mut self, field: Id<Field>, other: &Expr, holds: bool) -> NodeId {
        let own = self.truth_of(field, holds);
        let empty = self.is_set(field, false);
        let other = self.condition(other, holds);
        let second = self.formulas.all(vec![empty, other]);
        self.formulas.any(vec![own, second])
    }

    fn truth_of(&mut self, field: Id<Field>, holds: bool) -> NodeId {
        let Some((_, slot)) = self.slot(field) else {
            return self.nameless(format!("{field:?}"), holds);
        };
        let inside = match slot.kind {
            Kind::Symbol(Sort::Bool) => {
                let bit = if holds { 4 } else { 2 };
                let symbol = slot.variable;
                self.formulas.literal(Literal::Within(symbol, bit))
            }
            _ => self.nameless(format!("{field:?}"), holds),
        };
        let filled = self.is_set(field, true);
        self.formulas.all(vec![filled, inside])
    }

    /// `a < b` of sums as a formula; `None` when it leaves 128 bits.
    pub(super) fn compared(
        &mut self,
        comparison: Comparison,
        a: &Linear,
        b: &Linear,
    ) -> Option<NodeId> {
        let mut at_most = |from: &Linear, to: &Linear, strictly: bool| -> Option<NodeId> {
            let gap = from.minus(to)?;
            let numbers = &self.numbers;
            let unit = |number: usize| numbers.get(number).map_or(1, |number| number.unit);
            let simple = crate::linear::at_most_zero(&gap, strictly, unit)?;
            Some(self.formulas.literal(Literal::Number(within_reach(simple))))
        };
        match comparison {
            Comparison::Less => at_most(a, b, true),
            Comparison::LessOrEqual => at_most(a, b, false),
            Comparison::Greater => at_most(b, a, true),
            Comparison::GreaterOrEqual => at_most(b, a, false),
            Comparison::Equal => {
                let parts = vec![at_most(a, b, false)?, at_most(b, a, false)?];
                Some(self.formulas.all(parts))
            }
            Comparison::NotEqual => {
                let parts = vec![at_most(a, b, true)?, at_most(b, a, true)?];
                Some(self.formulas.any(parts))
            }
        }
    }
}

/// Numbers never reach this far, so a comparison with more says nothing, or can't be.
fn within_reach(comparison: AtMost) -> AtMost {
    let far = 4 * crate::matrix::LARGEST;
    match comparison {
        AtMost::Upper(_, most) | AtMost::Difference(_, _, most) if most > far => AtMost::Always,
        AtMost::Upper(_, most) | AtMost::Difference(_, _, most) if most < -far => AtMost::Never,
        AtMost::Lower(_, least) if least < -far => AtMost::Always,
        AtMost::Lower(_, least) if least > far => AtMost::Never,
        other => other,
    }
}

/// The comparison that holds where this one does not.
pub(crate) fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}
