//! For each rule a row that breaks it and nothing else, and one beside it that keeps all of them.

use appspec_ir::{Failing, Row};

use crate::fact::{Claim, Fact, Says};
use crate::patterns::Patterns;
use crate::solver::Solver;
use crate::witnesses::{Known, row};

/// Rows that break one rule of an entity; `passing` keeps all of them.
pub(crate) fn all(known: &Known<'_, '_>, passing: &Row, patterns: &mut Patterns) -> Vec<Failing> {
    let mut broken: Vec<(usize, Row)> = Vec::new();
    for (place, alone) in known.rows.broken.iter().enumerate() {
        let sides = sides(known, place, passing, patterns);
        if sides.is_empty() {
            broken.extend(alone.clone().map(|row| (place, row)));
        } else {
            broken.extend(sides.into_iter().map(|row| (place, row)));
        }
    }
    let facts: Vec<Fact<'_>> = known.rules.iter().map(|rule| rule.fact.clone()).collect();
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let entity = known.entity;
    let mut solver = Solver::new(entity.spec, entity.id, facts, patterns).drawing_on(&known.tank);
    let mut found = Vec::new();
    for (place, failing) in broken {
        let Some(rule) = known.rules.get(place) else {
            continue;
        };
        let mended = solver.satisfy_but(&claims, &failing, &[place]);
        found.push(Failing {
            rule: rule.origin,
            mended: row(mended),
            row: failing,
        });
    }
    found
}

/// Below and above, for a range with two ends.
fn sides(known: &Known<'_, '_>, place: usize, passing: &Row, patterns: &mut Patterns) -> Vec<Row> {
    let Some(rule) = known.rules.get(place) else {
        return Vec::new();
    };
    let Says::Range {
        field,
        low: Some(low),
        high: Some(high),
    } = rule.fact.says
    else {
        return Vec::new();
    };
    let half = |low, high| Fact {
        says: Says::Range { field, low, high },
        span: rule.fact.span,
    };
    let halves = [half(Some(low), None), half(None, Some(high))];
    let mut found = Vec::new();
    for [broken, kept] in [[0, 1], [1, 0]] {
        let mut facts: Vec<Fact<'_>> = known.rules.iter().map(|rule| rule.fact.clone()).collect();
        let (Some(broken), Some(kept)) = (halves.get(broken), halves.get(kept)) else {
            continue;
        };
        let mut claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        let last = facts.len();
        if let (Some(fact), Some(claim)) = (facts.get_mut(place), claims.get_mut(place)) {
            *fact = broken.clone();
            claim.holds = false;
        }
        facts.push(kept.clone());
        claims.push(Claim::yes(last));
        let entity = known.entity;
        let mut solver =
            Solver::new(entity.spec, entity.id, facts, patterns).drawing_on(&known.tank);
        let verdict = solver.satisfy_but(&claims, passing, &[place, last]);
        found.extend(row(verdict));
    }
    found
}
