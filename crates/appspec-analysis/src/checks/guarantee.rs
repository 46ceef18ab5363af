//! What rules about several rows guarantee for each other.

use appspec_ir::{Expr, Moment, Unique, print};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// So many pairs of conditions are compared in one entity.
const MOST_ASKED: usize = 64;

/// Answers whether one condition asks for another one.
pub(super) struct Conditions<'a, 's> {
    study: &'a Study<'s>,
    patterns: Patterns,
    left: usize,
}

impl<'a, 's> Conditions<'a, 's> {
    pub(super) fn of(study: &'a Study<'s>) -> Self {
        Self {
            study,
            patterns: Patterns::new(),
            left: MOST_ASKED,
        }
    }

    /// Whether every row that the first one is about is one of the second.
    pub(super) fn implies(&mut self, first: Option<&Expr>, second: Option<&Expr>) -> bool {
        let spec = self.study.entity.spec;
        match (first, second) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(first), Some(second)) => {
                print(spec, first) == print(spec, second) || self.is_proven(first, second)
            }
        }
    }

    fn is_proven(&mut self, first: &Expr, second: &Expr) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        let spec = self.study.entity.spec;
        let standing = self.study.rules.iter().filter(|rule| {
            solved::invariant(spec, rule).is_none_or(|it| it.moment == Moment::Always)
        });
        let mut facts: Vec<Fact<'_>> = standing.map(|rule| rule.fact.clone()).collect();
        let mut claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        claims.extend([Claim::yes(facts.len()), Claim::no(facts.len() + 1)]);
        facts.extend([first, second].map(|it| Fact::made(it.clone())));
        // What no row is about is told as such.
        let concerned = claims.get(..claims.len() - 1).unwrap_or_default();
        let mut solver = Solver::new(spec, self.study.entity.id, facts, &mut self.patterns);
        matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
            && !matches!(solver.satisfy_somehow(concerned), Verdict::Contradiction(_))
    }
}

/// Whether two rows that break `weaker` always break `stronger` as well.
pub(super) fn guarantees(
    conditions: &mut Conditions<'_, '_>,
    stronger: &Unique,
    weaker: &Unique,
) -> bool {
    let mut wanted = stronger.fields.iter();
    let fields_fit = wanted.all(|field| weaker.fields.contains(field));
    let case_fits = stronger.ignoring_case || !weaker.ignoring_case;
    fields_fit
        && case_fits
        && conditions.implies(weaker.condition.as_ref(), stronger.condition.as_ref())
}
