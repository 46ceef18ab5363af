//! What holds of that which is said of several rows: a count is never negative, and what no row can be, none of them is.

use std::collections::BTreeMap;

use appspec_diagnostics::Span;
use appspec_ir::{Comparison, Expr, ExprKind, Rows, Spec, Type, Value};

use super::read::{Read, Said, What};
use crate::fact::{Claim, Fact, standing_rules};
use crate::patterns::Patterns;
use crate::same::not;
use crate::solver::{Solver, Verdict};

/// So many sayings about the same rows are compared with each other.
const MOST_COMPARED: usize = 12;

/// What holds of the fields that stand for what is said.
pub(super) fn known(spec: &Spec, read: &Read, patterns: &mut Patterns) -> Vec<Expr> {
    let mut by_rows: BTreeMap<Rows, Vec<&Said>> = BTreeMap::new();
    for said in &read.said {
        by_rows.entry(said.rows).or_default().push(said);
    }
    let mut known = Vec::new();
    for (which, said) in by_rows {
        known.extend(said.iter().filter_map(|said| match said.what {
            What::Count => Some(compared(said, Comparison::GreaterOrEqual)),
            _ => None,
        }));
        known.extend(said.iter().filter_map(|said| with_the_row_itself(said)));
        if let Some(mut rows) = Several::of(spec, which, read, &said, patterns) {
            for (at, said) in said.iter().enumerate() {
                rows.alone(at, said, &mut known);
            }
            if said.len() <= MOST_COMPARED {
                rows.together(&said, &mut known);
            }
        }
    }
    known
}

/// Several rows, and what can be said of one of them.
struct Several<'s, 'p> {
    solver: Solver<'s, 'p>,
    /// What every one of them keeps.
    rules: Vec<Claim>,
    /// The facts of the sayings: their conditions, and for sums that the number is negative, and that it is positive.
    conditions: Vec<Option<usize>>,
    signs: BTreeMap<usize, (usize, usize)>,
}

impl<'s, 'p> Several<'s, 'p> {
    /// `None` where there can't be any, which is told as such.
    fn of(
        spec: &'s Spec,
        rows: Rows,
        read: &Read,
        said: &[&Said],
        patterns: &'p mut Patterns,
    ) -> Option<Self> {
        let entity = rows.entity(spec)?;
        let standing = standing_rules(spec.walk(entity));
        let mut facts: Vec<Fact<'s>> = standing.into_iter().map(|rule| rule.fact).collect();
        for field in &read.inside {
            let field = spec.walk(*field);
            if field.entity == entity {
                let bounds = field.get().bounds.iter();
                facts.extend(bounds.filter_map(|bound| Fact::bound(field, bound)));
            }
        }
        let rules: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        let mut add = |condition: Expr| {
            facts.push(Fact::made(condition));
            facts.len() - 1
        };
        let mut conditions = Vec::new();
        let mut signs = BTreeMap::new();
        for (at, said) in said.iter().enumerate() {
            conditions.push(said.condition.clone().map(&mut add));
            if let What::Sum(value) = &said.what {
                let sign = |comparison| against_zero(value.clone(), comparison);
                let negative = add(sign(Comparison::Less));
                let positive = add(sign(Comparison::Greater));
                signs.insert(at, (negative, positive));
            }
        }
        let mut solver = Solver::new(spec, entity, facts, patterns);
        if matches!(solver.satisfy_somehow(&rules), Verdict::Contradiction(_)) {
            return None;
        }
        Some(Self {
            solver,
            rules,
            conditions,
            signs,
        })
    }

    /// Whether no row is all of this.
    fn never(&mut self, more: &[Claim]) -> bool {
        let mut claims = self.rules.clone();
        claims.extend(more);
        matches!(
            self.solver.satisfy_somehow(&claims),
            Verdict::Contradiction(_)
        )
    }

    /// That what is asked of each row by a saying is so, or is not; `None` where nothing is asked.
    fn asked(&self, at: usize, holds: bool) -> Option<Claim> {
        let fact = self.conditions.get(at).copied().flatten()?;
        Some(Claim { fact, holds })
    }

    /// What one saying is by itself.
    fn alone(&mut self, at: usize, said: &Said, known: &mut Vec<Expr>) {
        let own: Vec<Claim> = self.asked(at, true).into_iter().collect();
        if let Some((negative, positive)) = self.signs.get(&at).copied() {
            let with = |sign| [own.as_slice(), &[Claim::yes(sign)]].concat();
            if self.never(&with(negative)) {
                known.push(compared(said, Comparison::GreaterOrEqual));
            }
            if self.never(&with(positive)) {
                known.push(compared(said, Comparison::LessOrEqual));
            }
            return;
        }
        if !own.is_empty() && self.never(&own) {
            match said.what {
                What::Some => known.push(not(field(said))),
                What::Count => known.push(compared(said, Comparison::Equal)),
                What::All | What::Sum(_) => {}
            }
        }
        if matches!(said.what, What::All) {
            let other: Vec<Claim> = self.asked(at, false).into_iter().collect();
            if self.never(&other) {
                known.push(field(said));
            }
        }
    }

    /// What one saying says of another one.
    fn together(&mut self, said: &[&Said], known: &mut Vec<Expr>) {
        for (at, one) in said.iter().enumerate() {
            for (other_at, other) in said.iter().enumerate() {
                if at != other_at {
                    self.pair((at, one), (other_at, other), said, known);
                }
            }
        }
    }

    fn pair(
        &mut self,
        (at, one): (usize, &Said),
        (other_at, other): (usize, &Said),
        said: &[&Said],
        known: &mut Vec<Expr>,
    ) {
        // Whatever is asked by the first is what the second one asks for.
        let follows = match (self.asked(at, true), self.asked(other_at, false)) {
            (_, None) => true,
            (first, Some(second)) => {
                let claims: Vec<Claim> = first.into_iter().chain([second]).collect();
                self.never(&claims)
            }
        };
        if follows {
            match (&one.what, &other.what) {
                (What::All, What::All) => known.push(implies(field(one), field(other))),
                (What::Count, What::Count) => known.push(truth(
                    ExprKind::Compare(
                        Comparison::LessOrEqual,
                        Box::new(field(one)),
                        Box::new(field(other)),
                    ),
                    one.span,
                )),
                // Of no rows the sum is 0.
                (What::Sum(_), _) => {
                    let none = exists(other).map(not);
                    let nothing = compared(one, Comparison::Equal);
                    known.extend(none.map(|none| implies(none, nothing)));
                }
                // All of them are, and there are some.
                (What::All, _) => {
                    let then = exists(other);
                    for some in said.iter().filter_map(|it| exists(it)) {
                        let both = truth(ExprKind::And(vec![field(one), some]), one.span);
                        known.extend(then.clone().map(|then| implies(both, then)));
                    }
                }
                _ => {
                    let (if_, then) = (exists(one), exists(other));
                    known.extend(if_.zip(then).map(|(if_, then)| implies(if_, then)));
                }
            }
        }
        let (What::All, Some(other_exists)) = (&one.what, exists(other)) else {
            return;
        };
        // No row is both.
        let both = self.asked(at, true).into_iter();
        let both: Vec<Claim> = both.chain(self.asked(other_at, true)).collect();
        if self.never(&both) {
            known.push(implies(field(one), not(other_exists.clone())));
        }
        // Not all are this, so some row is not, and what is not is the other.
        let neither = self.asked(at, false).into_iter();
        let neither: Vec<Claim> = neither.chain(self.asked(other_at, false)).collect();
        if self.asked(other_at, false).is_none() || self.never(&neither) {
            known.push(implies(not(field(one)), other_exists));
        }
    }
}

/// What follows from the row of the rule being one of those that are asked.
fn with_the_row_itself(said: &Said) -> Option<Expr> {
    let own = said.own.clone()?;
    match said.what {
        What::All => Some(implies(field(said), own)),
        What::Some | What::Count => Some(implies(own, exists(said)?)),
        What::Sum(_) => None,
    }
}

/// That there are such rows.
fn exists(said: &Said) -> Option<Expr> {
    match said.what {
        What::Some => Some(field(said)),
        What::Count => Some(compared(said, Comparison::Greater)),
        What::All | What::Sum(_) => None,
    }
}

/// The field that stands for it.
fn field(said: &Said) -> Expr {
    let ty = match &said.what {
        What::All | What::Some => Type::Bool,
        What::Count => Type::Int,
        What::Sum(value) => value.ty,
    };
    Expr {
        kind: ExprKind::Field(said.field),
        ty,
        span: said.span,
    }
}

/// How it lies to zero.
fn compared(said: &Said, comparison: Comparison) -> Expr {
    against_zero(field(said), comparison)
}

fn against_zero(number: Expr, comparison: Comparison) -> Expr {
    let span = number.span;
    let zero = Expr {
        kind: ExprKind::Value(Value::Int(0)),
        ty: Type::Int,
        span,
    };
    truth(
        ExprKind::Compare(comparison, Box::new(number), Box::new(zero)),
        span,
    )
}

fn implies(if_: Expr, then: Expr) -> Expr {
    let span = if_.span;
    truth(ExprKind::Implies(Box::new(if_), Box::new(then)), span)
}

fn truth(kind: ExprKind, span: Span) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span,
    }
}
