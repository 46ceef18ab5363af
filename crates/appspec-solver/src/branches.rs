//! The parts of an invariant that something hangs on: where such a part is never true, the invariant says less than it seems to.

use appspec_ir::{Comparison, Expr, ExprKind, Id, Invariant, Type, Value};

use crate::fact::Fact;
use crate::solver::Verdict;

/// Each value of a set costs a question; longer sets than this are lists that somebody copied.
const MOST_VALUES: usize = 64;

/// A part of an invariant, and whether it can be true.
#[derive(Clone, Debug)]
pub struct Branch<'s> {
    /// The invariant.
    pub invariant: Id<Invariant>,
    /// The part; of a member, the whole `in`.
    pub condition: &'s Expr,
    /// What it is there for.
    pub role: Role<'s>,
    /// Whether it can be true in a row that keeps all rules.
    pub verdict: Verdict,
}

/// What a part of an invariant is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'s> {
    /// It stands before `implies`.
    Premise,
    /// It is one of several that `or` joins.
    Alternative,
    /// The field in front of `in` is equal to this one of the values.
    Member(&'s Value),
}

/// A part that is to be asked about.
pub(crate) struct Part<'s> {
    pub(crate) condition: &'s Expr,
    pub(crate) role: Role<'s>,
    /// The place of the part that it is inside of.
    pub(crate) inside: Option<usize>,
}

impl<'s> Part<'s> {
    /// That it is true.
    pub(crate) fn fact(&self) -> Fact<'s> {
        let (Role::Member(value), ExprKind::In(looked_for, _)) = (self.role, &self.condition.kind)
        else {
            return Fact::condition(self.condition);
        };
        let made = |kind, ty| Expr {
            kind,
            ty,
            span: self.condition.span,
        };
        let value = made(ExprKind::Value(value.clone()), looked_for.ty);
        let same = ExprKind::Compare(Comparison::Equal, looked_for.clone(), Box::new(value));
        Fact::made(made(same, Type::Bool))
    }
}

/// The parts of a condition, outer ones first; their places are counted from `first`. What is turned round by `not` is not
/// looked into.
pub(crate) fn of(condition: &Expr, first: usize) -> Vec<Part<'_>> {
    let mut found: Vec<Part<'_>> = Vec::new();
    let mut open = vec![(condition, None)];
    while let Some((condition, inside)) = open.pop() {
        let mut ask = |condition, role| {
            found.push(Part {
                condition,
                role,
                inside,
            });
            Some(first + found.len() - 1)
        };
        match &condition.kind {
            ExprKind::And(parts) => open.extend(parts.iter().rev().map(|part| (part, inside))),
            ExprKind::Implies(premise, rest) => {
                let outer = match premise.kind {
                    // Whether a field can have a value is asked anyway.
                    ExprKind::IsSet(_) => inside,
                    _ => ask(premise.as_ref(), Role::Premise),
                };
                open.extend([(rest.as_ref(), inside), (premise.as_ref(), outer)]);
            }
            ExprKind::Or(parts) => {
                for part in parts.iter().rev() {
                    let outer = match &part.kind {
                        ExprKind::IsSet(_) => inside,
                        ExprKind::Not(inner) if matches!(inner.kind, ExprKind::IsSet(_)) => inside,
                        _ => ask(part, Role::Alternative),
                    };
                    open.push((part, outer));
                }
            }
            ExprKind::In(looked_for, values)
                if (2..=MOST_VALUES).contains(&values.len())
                    && matches!(looked_for.kind, ExprKind::Field(_)) =>
            {
                for value in values {
                    ask(condition, Role::Member(value));
                }
            }
            _ => {}
        }
    }
    found
}
