//! Conditions that are compared inside one another, far deeper than anybody reads. What they say would double at each step
//! if it was spelled out: none of these would end.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test fails loudly, and a whole entity is listed"
)]

#[path = "brute_force/fixture.rs"]
mod fixture;

use appspec_ir::{Comparison, Expr, ExprKind, Field, Id, Type};
use appspec_solver::{Claim, Fact, Patterns, Solver, Verdict};
use fixture::{Fixture, nowhere};

const DEEP: usize = 60;

fn truth(kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: nowhere(),
    }
}

fn same(a: Expr, b: Expr) -> Expr {
    truth(ExprKind::Compare(
        Comparison::Equal,
        Box::new(a),
        Box::new(b),
    ))
}

fn flag(fixture: &Fixture, name: &str) -> Expr {
    let mut fields = fixture.spec.fields.iter();
    let (id, _): (Id<Field>, _) = fields.find(|(_, field)| field.name == name).unwrap();
    truth(ExprKind::Field(id))
}

/// What is said of these conditions together.
fn asked(fixture: &Fixture, conditions: Vec<Expr>) -> Verdict {
    let facts: Vec<Fact<'_>> = conditions.into_iter().map(Fact::made).collect();
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let mut patterns = Patterns::new();
    Solver::new(&fixture.spec, fixture.entity, facts, &mut patterns).satisfy(&claims)
}

#[test]
fn a_chain_is_decided() {
    let fixture = Fixture::new();
    let flags = ["flag_a", "flag_b"].map(|name| flag(&fixture, name));
    let mut chain = flags[0].clone();
    for place in 1..DEEP {
        chain = if place % 3 == 0 {
            same(flags[place % 2].clone(), chain)
        } else {
            same(chain, flags[place % 2].clone())
        };
    }
    // Each of them stands there an even number of times.
    let no = truth(ExprKind::Not(Box::new(chain.clone())));
    assert!(matches!(
        asked(&fixture, vec![no]),
        Verdict::Contradiction(_)
    ));
    assert!(matches!(
        asked(&fixture, vec![chain]),
        Verdict::Satisfiable(_)
    ));
}

#[test]
fn what_grows_too_large_is_one_thing() {
    let fixture = Fixture::new();
    let flags = ["flag_a", "flag_b"].map(|name| flag(&fixture, name));
    let mut condition = flags[0].clone();
    for place in 0..DEEP {
        let both = vec![flags[place % 2].clone(), condition];
        condition = same(flags[(place + 1) % 2].clone(), truth(ExprKind::And(both)));
    }
    let no = truth(ExprKind::Not(Box::new(condition.clone())));
    assert!(matches!(
        asked(&fixture, vec![condition, no]),
        Verdict::Contradiction(core) if core.len() == 2
    ));
}
