//! The solver against trying every row: random small problems, where the answer can be counted out.
//!
//! 100,000 problems; a million with `tests/run --long crates every_answer`; or as many as `APPSPEC_SOLVER_PROBLEMS` says. The
//! same seed gives the same problems.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unreachable,
    clippy::too_many_lines,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails loudly, says what it counted, and may be asked for more"
)]

#[path = "brute_force/fixture.rs"]
mod fixture;
#[path = "brute_force/generate.rs"]
mod generate;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;
use std::thread;

use appspec_ir::{Expr, Row, Surroundings, Undefined, Value, evaluate, holds, print};
use appspec_solver::{Claim, Fact, Patterns, Solver, Verdict, Why};
use fixture::Fixture;
use generate::{Generator, Question};
use regex_lite::Regex;
use rust_decimal::Decimal;

/// Each pattern, read once.
static WHOLE: LazyLock<BTreeMap<String, Regex>> = LazyLock::new(|| {
    let whole = |pattern: &str| Regex::new(&format!(r"\A(?:{pattern})\z")).unwrap();
    let patterns = generate::PATTERNS.iter();
    patterns
        .map(|pattern| ((*pattern).to_owned(), whole(pattern)))
        .collect()
});

const PROBLEMS: usize = 100_000;
const SHARES: usize = 4;

/// How many answers of each kind there were.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    satisfiable: usize,
    contradiction: usize,
    unknown_satisfiable: usize,
    unknown_contradiction: usize,
    fuel: usize,
    /// Rows for the opposite of the last claim that were found without a search.
    moved: usize,
    /// Rows that were asked for however they look.
    any: usize,
}

#[test]
fn every_answer_is_that_of_trying_all_rows() {
    let long = std::env::var("APPSPEC_TESTS_LONG").is_ok_and(|value| !value.is_empty());
    let asked = std::env::var("APPSPEC_SOLVER_PROBLEMS");
    let usual = if long { 10 * PROBLEMS } else { PROBLEMS };
    let problems = asked.map_or(usual, |number| number.parse().unwrap());
    let counts: Vec<Count> = thread::scope(|scope| {
        let shares: Vec<_> = (0..SHARES)
            .map(|share| scope.spawn(move || share_of(share, problems / SHARES)))
            .collect();
        shares.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut all = Count::default();
    for count in counts {
        all.satisfiable += count.satisfiable;
        all.contradiction += count.contradiction;
        all.unknown_satisfiable += count.unknown_satisfiable;
        all.unknown_contradiction += count.unknown_contradiction;
        all.fuel += count.fuel;
        all.moved += count.moved;
        all.any += count.any;
    }
    println!("{problems} problems: {all:?}");
    let unknown = all.unknown_satisfiable + all.unknown_contradiction;
    assert!(all.satisfiable > problems / 5 && all.contradiction > problems / 10);
    assert!(all.moved > problems / 5 && all.any >= all.satisfiable);
    assert!(unknown < problems / 50, "{unknown} of {problems} unknown");
}

fn share_of(share: usize, problems: usize) -> Count {
    let fixture = Fixture::new();
    let mut generator = Generator::new(&fixture, u64::try_from(share).unwrap() + 20_260_329);
    let mut patterns = Patterns::new();
    let mut count = Count::default();
    for _ in 0..problems {
        let question = generator.question();
        ask(&fixture, &question, &mut patterns, &mut count);
    }
    count
}

fn ask(fixture: &Fixture, question: &Question, patterns: &mut Patterns, count: &mut Count) {
    let facts = question.facts.iter().map(|fact| match fact {
        generate::Given::Condition(condition) | generate::Given::Derived { condition, .. } => {
            Fact::condition(condition)
        }
        generate::Given::Bound(field, bound) => {
            Fact::bound(fixture.spec.walk(*field), bound).unwrap()
        }
    });
    let mut solver = Solver::new(&fixture.spec, fixture.entity, facts.collect(), patterns);
    let verdict = solver.satisfy(&question.claims);
    let expected = first_row(question, &question.claims);
    ask_for_any_row(fixture, question, &mut solver, &verdict, count);
    ask_for_a_proof(fixture, question, &mut solver, &verdict);
    match (&verdict, &expected) {
        (Verdict::Satisfiable(row), Some(_)) => {
            assert!(
                agrees(question, &question.claims, row),
                "the witness fails: {row:?}\n{}",
                shown(fixture, question)
            );
            count.satisfiable += 1;
            ask_for_the_opposite(fixture, question, &mut solver, row, count);
        }
        (Verdict::Contradiction(core), None) => {
            count.contradiction += 1;
            assert!(
                first_row(question, core).is_none(),
                "the core is none: {core:?}\n{}",
                shown(fixture, question)
            );
            for left_out in core {
                let rest: Vec<Claim> = core.iter().copied().filter(|c| c != left_out).collect();
                assert!(
                    !matches!(solver.satisfy(&rest), Verdict::Contradiction(_)),
                    "the core is not minimal: {core:?}\n{}",
                    shown(fixture, question)
                );
            }
        }
        (Verdict::Unknown(why), expected) => {
            count.fuel += usize::from(*why == Why::Fuel);
            match expected {
                Some(_) => count.unknown_satisfiable += 1,
                None => count.unknown_contradiction += 1,
            }
        }
        _ => panic!(
            "{verdict:?}, but {expected:?}\n{}",
            shown(fixture, question)
        ),
    }
}

/// Whether there is a row does not depend on how it should look; one may be found by luck where a search gives up.
fn ask_for_any_row(
    fixture: &Fixture,
    question: &Question,
    solver: &mut Solver<'_, '_>,
    verdict: &Verdict,
    count: &mut Count,
) {
    let any = solver.satisfy_somehow(&question.claims);
    let right = match (&any, verdict) {
        (Verdict::Satisfiable(row), Verdict::Satisfiable(_) | Verdict::Unknown(_)) => {
            count.any += 1;
            agrees(question, &question.claims, row)
        }
        (Verdict::Contradiction(_), Verdict::Contradiction(_)) => any == *verdict,
        (Verdict::Unknown(_), Verdict::Unknown(_)) => true,
        _ => false,
    };
    assert!(
        right,
        "{verdict:?}, but {any:?}\n{}",
        shown(fixture, question)
    );
}

/// A proof alone is found where one is found beside a row, whatever the questions were expected to begin with.
fn ask_for_a_proof(
    fixture: &Fixture,
    question: &Question,
    solver: &mut Solver<'_, '_>,
    verdict: &Verdict,
) {
    let facts: Vec<usize> = question.claims.iter().map(|claim| claim.fact).collect();
    let mut other = question.claims.clone();
    if let Some(last) = other.last_mut() {
        last.holds = !last.holds;
    }
    for expected in [&[][..], &other, &question.claims] {
        solver.expect(expected);
        let proof = solver.refute_but(&question.claims, &facts);
        let same = match verdict {
            Verdict::Contradiction(core) => proof.as_ref() == Some(core),
            _ => proof.is_none(),
        };
        assert!(
            same,
            "{verdict:?}, but {proof:?}\n{}",
            shown(fixture, question)
        );
    }
}

/// From a row that keeps all claims to one that breaks the last of them.
fn ask_for_the_opposite(
    fixture: &Fixture,
    question: &Question,
    solver: &mut Solver<'_, '_>,
    near: &Row,
    count: &mut Count,
) {
    let mut claims = question.claims.clone();
    let last = claims.last_mut().unwrap();
    last.holds = !last.holds;
    let last = last.fact;
    if let Some(row) = solver.moved(&claims, near, &[last]) {
        assert!(
            agrees(question, &claims, &row),
            "the moved row fails: {row:?}\n{}",
            shown(fixture, question)
        );
        count.moved += 1;
    }
    let verdict = solver.satisfy_but(&claims, near, &[last]);
    let right = match &verdict {
        Verdict::Satisfiable(row) => agrees(question, &claims, row),
        Verdict::Contradiction(_) => first_row(question, &claims).is_none(),
        Verdict::Unknown(_) => true,
    };
    assert!(
        right,
        "{verdict:?} for the opposite of the last claim\n{}",
        shown(fixture, question)
    );
}

/// The first row for which all claims hold; ranges and sets of values hold for every row that is tried.
fn first_row(question: &Question, claims: &[Claim]) -> Option<Row> {
    let mut places = vec![0; question.values.len()];
    loop {
        let mut row = Row::new();
        for ((field, values), place) in question.values.iter().zip(&places) {
            if let Some(value) = &values[*place] {
                row.set(*field, value.clone());
            }
        }
        if agrees(question, claims, &row) {
            return Some(row);
        }
        let mut at = 0;
        loop {
            if at == places.len() {
                return None;
            }
            places[at] += 1;
            if places[at] < question.values[at].1.len() {
                break;
            }
            places[at] = 0;
            at += 1;
        }
    }
}

fn agrees(question: &Question, claims: &[Claim], row: &Row) -> bool {
    let around = Surroundings {
        now: None,
        offset: Some(&|_| 0),
        me: None,
    };
    claims
        .iter()
        .all(|claim| match &question.facts[claim.fact] {
            generate::Given::Condition(condition) => {
                holds(condition, row, around) == Ok(claim.holds)
            }
            generate::Given::Bound(field, appspec_ir::Bound::Range { low, high, .. }) => {
                row.get(*field).is_none_or(|value| {
                    low.as_ref().is_none_or(|low| low <= value)
                        && high.as_ref().is_none_or(|high| value <= high)
                })
            }
            generate::Given::Bound(field, appspec_ir::Bound::Matches { pattern, .. }) => {
                match row.get(*field) {
                    Some(Value::Text(text)) => WHOLE[pattern].is_match(text) == claim.holds,
                    _ => claim.holds,
                }
            }
            generate::Given::Bound(..) => false,
            generate::Given::Derived { value, digits, .. } => {
                fits(value, *digits, row, around) == Some(claim.holds)
            }
        })
}

/// Whether a number has no more digits before the point, or is missing. Asks the evaluator for the number alone, so that
/// the condition of which the solver knows is not what judges its answer.
fn fits(value: &Expr, digits: u32, row: &Row, around: Surroundings<'_>) -> Option<bool> {
    let number = match evaluate(value, row, around) {
        Ok(Value::Int(number)) => Decimal::from_i128_with_scale(number, 0),
        Ok(Value::Decimal(number)) => number,
        Err(Undefined::Missing(_)) => return Some(true),
        _ => return None,
    };
    Some(number.abs() < Decimal::from(10_u64.pow(digits)))
}

fn shown(fixture: &Fixture, question: &Question) -> String {
    let mut text = String::new();
    for (place, fact) in question.facts.iter().enumerate() {
        let claimed = question.claims.iter().find(|claim| claim.fact == place);
        let fact = match fact {
            generate::Given::Condition(condition) | generate::Given::Derived { condition, .. } => {
                print(&fixture.spec, condition)
            }
            generate::Given::Bound(field, bound) => {
                format!("{}: {bound:?}", fixture.spec.walk(*field).name)
            }
        };
        writeln!(text, "{place} {:?}: {fact}", claimed.map(|c| c.holds)).unwrap();
    }
    text
}
