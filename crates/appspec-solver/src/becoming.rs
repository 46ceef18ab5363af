//! What an action makes of a row, beside what rules about changes let it become.

use appspec_ir::{ChangeRule, Comparison, Expr, ExprKind, Field, Id, Put, Type, Value};

use crate::fact::{Claim, Fact};
use crate::patterns::Patterns;
use crate::solver::{Solver, Verdict};
use crate::step::Step;

impl Step<'_> {
    /// Whether the step always changes a row in a way that the rule refuses. Asked where the step is taken at all.
    pub fn never_becomes(&self, rule: &ChangeRule, patterns: &mut Patterns) -> bool {
        // What is given may be anything, and so may what it takes the place of.
        let mut mentions = rule.mentions().into_iter();
        if !self.is_asked(rule) || mentions.any(|field| self.asks_for(field)) {
            return false;
        }
        let was = |field| self.before(field);
        let becomes = |field| self.after(field);
        let allowed = rule.condition.truth_between(&was, &becomes);
        !self.is_taken_where(allowed, patterns)
            && !self.is_taken_where(self.unchanged(rule), patterns)
    }

    /// Whether it may give a field that the rule is about another value.
    pub(crate) fn is_asked(&self, rule: &ChangeRule) -> bool {
        rule.fields.iter().any(|field| self.writes(*field))
    }

    /// That no field of the rule gets another value.
    fn unchanged(&self, rule: &ChangeRule) -> Expr {
        let written = rule.fields.iter().filter(|field| self.writes(**field));
        let same = written.filter_map(|field| match self.after(*field) {
            Put::Value(value) => Some(self.is_already(*field, value)),
            Put::Own | Put::Nothing => None,
        });
        Expr {
            kind: ExprKind::And(same.collect()),
            ty: Type::Bool,
            span: rule.span,
        }
    }

    /// That a field holds a value before it is written.
    fn is_already(&self, field: Id<Field>, value: &Expr) -> Expr {
        let at = |kind, ty| Expr {
            kind,
            ty,
            span: value.span,
        };
        if value.ty == Type::Float {
            // The language has no equality of them: they may be the same.
            return at(ExprKind::Value(Value::Bool(true)), Type::Bool);
        }
        let (was, is_set) = match self.before(field) {
            Put::Value(was) => (was.clone(), ExprKind::Value(Value::Bool(true))),
            Put::Own | Put::Nothing => {
                (at(ExprKind::Field(field), value.ty), ExprKind::IsSet(field))
            }
        };
        let kind = ExprKind::Compare(Comparison::Equal, Box::new(was), Box::new(value.clone()));
        let equal = at(kind, Type::Bool);
        let is_set = at(is_set, Type::Bool);
        at(ExprKind::And(vec![is_set, equal]), Type::Bool)
    }

    /// Whether some row takes the step of which this holds, or nobody knows.
    fn is_taken_where(&self, condition: Expr, patterns: &mut Patterns) -> bool {
        let rules = self.standing();
        let (mut facts, _) = self.facts(&rules, None, patterns);
        facts.push(Fact::made(condition));
        let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        let mut solver = Solver::new(self.entity().spec, self.entity().id, facts, patterns);
        !matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
    }
}
