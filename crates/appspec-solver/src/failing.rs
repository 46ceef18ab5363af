//! For each rule a row that breaks it and nothing else, and one beside it that keeps all of them.

use appspec_ir::{Failing, Row};

use crate::fact::{Claim, Fact, Says};
use crate::patterns::Patterns;
use crate::solver::Solver;
use crate::witnesses::{Known, row};

/// Rows that break one rule of an entity; `passing` keeps all of them.
pub(crate) fn all(known: &Known<'_, '_>, passing: &Row, patterns: &mut Patterns) -> Vec<Failing> {
    let entity = known.entity;
    let claims: Vec<Claim> = (0..known.rules.len()).map(Claim::yes).collect();
    let mut facts: Vec<Fact<'_>> = known.rules.iter().map(|rule| rule.fact.clone()).collect();
    // The places of the halves of each range with two ends.
    let mut halves: Vec<Option<[usize; 2]>> = Vec::with_capacity(known.rules.len());
    for rule in &known.rules {
        halves.push(halves_of(&rule.fact).map(|both| {
            facts.extend(both);
            [facts.len() - 2, facts.len() - 1]
        }));
    }
    let mut solver = Solver::new(entity.spec, entity.id, facts, patterns).drawing_on(&known.tank);
    let is_near = known.rows.passing.as_ref() == Some(passing);
    let mut broken: Vec<(usize, Row)> = Vec::new();
    for (place, alone) in known.rows.broken.iter().enumerate() {
        let halves = halves.get(place).copied().flatten();
        let sides = halves.map(|both| sides(&mut solver, place, both, &claims, passing));
        if let Some(mut sides) = sides {
            if sides.is_empty() {
                sides.extend(turned(&mut solver, place, &claims, passing));
            }
            broken.extend(sides.into_iter().map(|row| (place, row)));
            continue;
        }
        // The study's row is close to a row of its own.
        let closer = (!is_near && alone.is_some())
            .then(|| turned(&mut solver, place, &claims, passing))
            .flatten();
        broken.extend(closer.or_else(|| alone.clone()).map(|row| (place, row)));
    }
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

/// A row for which one rule does not hold, and all others do.
fn turned(
    solver: &mut Solver<'_, '_>,
    place: usize,
    claims: &[Claim],
    passing: &Row,
) -> Option<Row> {
    let mut claims = claims.to_vec();
    if let Some(claim) = claims.get_mut(place) {
        *claim = Claim::no(place);
    }
    row(solver.satisfy_but(&claims, passing, &[place]))
}

/// Below and above, for a range with two ends: rows for which one half of it does not hold, and the other one does.
fn sides(
    solver: &mut Solver<'_, '_>,
    place: usize,
    halves: [usize; 2],
    claims: &[Claim],
    passing: &Row,
) -> Vec<Row> {
    let [low, high] = halves;
    let mut found = Vec::new();
    for (broken, kept) in [(low, high), (high, low)] {
        let mut claims = claims.to_vec();
        if let Some(claim) = claims.get_mut(place) {
            *claim = Claim::no(broken);
        }
        claims.push(Claim::yes(kept));
        let verdict = solver.satisfy_but(&claims, passing, &[broken, kept]);
        found.extend(row(verdict));
    }
    found
}

/// A range with two ends as two with one.
fn halves_of<'s>(fact: &Fact<'s>) -> Option<[Fact<'s>; 2]> {
    let Says::Range {
        field,
        low: Some(low),
        high: Some(high),
    } = fact.says
    else {
        return None;
    };
    let half = |low, high| Fact {
        says: Says::Range { field, low, high },
        span: fact.span,
    };
    Some([half(Some(low), None), half(None, Some(high))])
}
