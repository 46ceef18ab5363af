//! Conditions that are compared with conditions: how many of them are false decides.

use appspec_ir::{Comparison, Expr, ExprKind, Type};

use crate::formula::NodeId;
use crate::problem::Problem;

/// A comparison asks for both outcomes of both its sides, so that those inside one another double what is looked at. One
/// that would be larger than this is not looked into.
const LARGEST: usize = 20_000;

/// What conditions are compared with each other, as one list: `a == (b != not c)` is about `a`, `b` and `c`.
struct Chain<'e> {
    links: Vec<&'e Expr>,
    /// Whether the whole is true where an even number of them is false, or where an odd one is.
    even: bool,
}

impl<'e> Chain<'e> {
    /// Two conditions that say the same, or do not.
    fn of(a: &'e Expr, b: &'e Expr, same: bool) -> Self {
        let mut chain = Self {
            links: Vec::new(),
            even: same,
        };
        chain.add(a);
        chain.add(b);
        chain
    }

    /// As deep as the expression, which the parser bounds.
    fn add(&mut self, expr: &'e Expr) {
        match &expr.kind {
            ExprKind::Not(inner) => {
                self.even = !self.even;
                self.add(inner);
            }
            ExprKind::Compare(comparison, a, b) if a.ty == Type::Bool => {
                if *comparison == Comparison::NotEqual {
                    self.even = !self.even;
                }
                self.add(a);
                self.add(b);
            }
            _ => self.links.push(expr),
        }
    }

    /// How large its formula is.
    fn size(&self) -> usize {
        let links = self.links.iter().map(|link| size(link));
        let all = links.fold(0, usize::saturating_add);
        all.saturating_mul(2 * self.links.len())
    }
}

/// How large the formula of a condition is, roughly.
fn size(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::Compare(_, a, b) if a.ty == Type::Bool => Chain::of(a, b, true).size(),
        ExprKind::Not(inner) | ExprKind::Otherwise(_, inner) => size(inner).saturating_add(1),
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            parts.iter().map(size).fold(1, usize::saturating_add)
        }
        ExprKind::Implies(a, b) => size(a).saturating_add(size(b)),
        ExprKind::In(_, values) => values.len(),
        ExprKind::Value(_)
        | ExprKind::Field(_)
        | ExprKind::IsSet(_)
        | ExprKind::Compare(..)
        | ExprKind::Between(..)
        | ExprKind::Negate(_)
        | ExprKind::Arithmetic(..)
        | ExprKind::Call(..)
        | ExprKind::Behind(..)
        | ExprKind::Fallback(..)
        | ExprKind::Each(_)
        | ExprKind::Outer(_)
        | ExprKind::Old(_)
        | ExprKind::This
        | ExprKind::Me
        | ExprKind::Mine(_) => 1,
    }
}

impl Problem<'_> {
    /// Two conditions that say the same, or do not; `None` when that would be too large.
    pub(super) fn same_truth(&mut self, a: &Expr, b: &Expr, same: bool) -> Option<NodeId> {
        let chain = Chain::of(a, b, same);
        if chain.size() > LARGEST {
            return None;
        }
        let (even, odd) = self.parities(&chain.links);
        Some(if chain.even { even } else { odd })
    }

    /// An even number of these is false, and an odd one. Halves of halves: what is looked at grows with the square of
    /// the number, and would double with each one that is compared with all others.
    fn parities(&mut self, links: &[&Expr]) -> (NodeId, NodeId) {
        if let [link] = links {
            return (self.condition(link, true), self.condition(link, false));
        }
        let (left, right) = links.split_at(links.len() / 2);
        let (left, right) = (self.parities(left), self.parities(right));
        let mut either = |one: [NodeId; 2], other: [NodeId; 2]| {
            let ways = vec![
                self.formulas.all(one.to_vec()),
                self.formulas.all(other.to_vec()),
            ];
            self.formulas.any(ways)
        };
        (
            either([left.0, right.0], [left.1, right.1]),
            either([left.0, right.1], [left.1, right.0]),
        )
    }
}
