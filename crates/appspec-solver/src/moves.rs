//! A row, changed so that a fact comes out as it should: what needs no search.

mod terms;

use appspec_ir::{Comparison, Expr, ExprKind, Field, Function, Id, Row, Spec, Value};

use crate::fact::{Fact, Says};
use crate::lower::turned;
use crate::patterns::Patterns;
use crate::plain;
use crate::replay;
use crate::slot::{self, Kind, Sort};
use crate::texts;

/// A row while it is moved. Each value is one that its field can hold; whether the row then says what was wanted has to
/// be asked of the evaluator.
pub(crate) struct Moves<'s> {
    pub(crate) spec: &'s Spec,
    row: Row,
    /// What the fields had that were moved, each once.
    before: Vec<(Id<Field>, Option<Value>)>,
    /// Whether the last of several ways is taken, and the right side of a comparison is moved before the left one.
    backwards: bool,
}

impl<'s> Moves<'s> {
    pub(crate) fn new(spec: &'s Spec, row: Row, backwards: bool) -> Self {
        Self {
            spec,
            row,
            before: Vec::new(),
            backwards,
        }
    }

    /// Whether one of these fields was moved.
    pub(crate) fn touched(&self, fields: &[Id<Field>]) -> bool {
        let mut touched = self.before.iter();
        touched.any(|(field, _)| fields.contains(field))
    }

    /// The row as it is now.
    pub(crate) fn row(&self) -> &Row {
        &self.row
    }

    /// The row as it is now, for good.
    pub(crate) fn done(self) -> Row {
        self.row
    }

    /// The row as it was.
    pub(crate) fn undone(mut self) -> Row {
        for (field, value) in self.before {
            match value {
                Some(value) => self.row.set(field, value),
                None => self.row.clear(field),
            }
        }
        self.row
    }

    fn set(&mut self, field: Id<Field>, value: Option<Value>) {
        if !self.before.iter().any(|(known, _)| *known == field) {
            self.before.push((field, self.row.get(field).cloned()));
        }
        match value {
            Some(value) => self.row.set(field, value),
            None => self.row.clear(field),
        }
    }

    /// Moves what makes a fact come out like this; `None` where nobody knows how.
    pub(crate) fn fact(
        &mut self,
        fact: &Fact<'_>,
        holds: bool,
        patterns: &mut Patterns,
    ) -> Option<()> {
        match &fact.says {
            Says::Condition(condition) => self.truth(condition, holds),
            Says::Range { field, low, high } => self.range(*field, (*low, *high), holds),
            Says::Matches { field, pattern } => self.matches(*field, pattern, holds, patterns),
        }
    }

    fn range(
        &mut self,
        field: Id<Field>,
        (low, high): (Option<&Value>, Option<&Value>),
        inside: bool,
    ) -> Option<()> {
        let (above, below) = if inside {
            (Comparison::GreaterOrEqual, Comparison::LessOrEqual)
        } else {
            (Comparison::Less, Comparison::Greater)
        };
        let is_text = slot::kind(self.spec.walk(field).get()) == Kind::Symbol(Sort::Text);
        self.one_of(&[(above, low), (below, high)], |moves, (side, end)| {
            let end = (*end)?;
            if is_text {
                moves.length(field, *side, end)
            } else {
                moves.field(field, *side, end)
            }
        })
    }

    fn matches(
        &mut self,
        field: Id<Field>,
        pattern: &str,
        wanted: bool,
        patterns: &mut Patterns,
    ) -> Option<()> {
        let own = self.spec.walk(field).get();
        let (shortest, longest) = slot::lengths(own);
        let made = if wanted {
            patterns.examples(pattern)
        } else {
            texts::of_type(&own.ty, shortest, longest)
        };
        made.into_iter().find_map(|text| {
            let fits = patterns.matches(pattern, &text) == Some(wanted);
            if fits {
                self.constant(field, &Value::Text(text))
            } else {
                None
            }
        })
    }

    /// Moves what makes a condition come out like this. As deep as the condition, which the parser bounds.
    fn truth(&mut self, condition: &Expr, wanted: bool) -> Option<()> {
        match &condition.kind {
            ExprKind::Value(value) => (*value == Value::Bool(wanted)).then_some(()),
            ExprKind::Field(field) | ExprKind::Otherwise(field, _) => {
                self.field(*field, Comparison::Equal, &Value::Bool(wanted))
            }
            ExprKind::Not(inner) => self.truth(inner, !wanted),
            ExprKind::And(parts) if wanted => self.each(parts.iter(), true),
            ExprKind::Or(parts) if !wanted => self.each(parts.iter(), false),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                self.one_of(parts, |moves, part| moves.truth(part, wanted))
            }
            ExprKind::Implies(premise, rest) if wanted => {
                let ways = [(rest, true), (premise, false)];
                self.one_of(&ways, |moves, (part, wanted)| moves.truth(part, *wanted))
            }
            ExprKind::Implies(premise, rest) => {
                self.each([premise.as_ref()].into_iter(), true)?;
                self.each([rest.as_ref()].into_iter(), false)
            }
            ExprKind::IsSet(field) => self.filled(*field, wanted),
            ExprKind::Compare(comparison, a, b) => {
                let comparison = if wanted {
                    *comparison
                } else {
                    turned(*comparison)
                };
                self.compare(comparison, a, b)
            }
            ExprKind::In(inner, values) if wanted => self.one_of(values, |moves, value| {
                moves.term(inner, Comparison::Equal, value)
            }),
            ExprKind::In(inner, values) => self.none_of(inner, values),
            ExprKind::Between(inner, low, high) => {
                let (above, below) = if wanted {
                    (Comparison::GreaterOrEqual, Comparison::LessOrEqual)
                } else {
                    (Comparison::Less, Comparison::Greater)
                };
                self.one_of(&[(above, low), (below, high)], |moves, (side, end)| {
                    let end = moves.value(end)?;
                    moves.term(inner, *side, &end)
                })
            }
            ExprKind::Call(
                Function::StartsWith | Function::EndsWith | Function::Contains,
                arguments,
            ) => {
                let [text, part] = arguments.as_slice() else {
                    return None;
                };
                let part = self.value(part)?;
                let side = if wanted {
                    Comparison::Equal
                } else {
                    Comparison::NotEqual
                };
                self.term(text, side, &part)
            }
            ExprKind::Negate(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Call(..)
            | ExprKind::Behind(..)
            | ExprKind::Fallback(..)
            | ExprKind::Each(_)
            | ExprKind::Outer(_)
            | ExprKind::Old(_)
            | ExprKind::This
            | ExprKind::Me
            | ExprKind::Mine(_) => None,
        }
    }

    /// Each part comes out like this; what already does is left as it is.
    fn each<'e>(&mut self, mut parts: impl Iterator<Item = &'e Expr>, wanted: bool) -> Option<()> {
        parts.try_for_each(|part| {
            if replay::says(part, &self.row) == Some(wanted) {
                return Some(());
            }
            self.truth(part, wanted)
        })
    }

    /// The first way that can be gone, from the one end or the other.
    fn one_of<T>(
        &mut self,
        ways: &[T],
        mut go: impl FnMut(&mut Self, &T) -> Option<()>,
    ) -> Option<()> {
        if self.backwards {
            ways.iter().rev().find_map(|way| go(self, way))
        } else {
            ways.iter().find_map(|way| go(self, way))
        }
    }

    fn filled(&mut self, id: Id<Field>, wanted: bool) -> Option<()> {
        let field = self.spec.walk(id);
        if !wanted {
            return field.optional.then(|| self.set(id, None));
        }
        if self.row.get(id).is_none() {
            let value = plain::value(field, None)?;
            self.set(id, Some(value));
        }
        Some(())
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        replay::value(expr, &self.row)
    }
}
