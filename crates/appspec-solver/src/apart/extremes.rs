//! The smallest value of several rows is not above the largest one.

use appspec_ir::{Comparison, Each, Expr, ExprKind, Spec, Summary, Type, print};

/// So many of them are compared with each other.
const MOST_COMPARED: usize = 12;

/// What holds of each `min` and `max` of the same values of the same rows, wherever the rules read both. Where there are no
/// rows, both are what stands behind `otherwise`.
pub(super) fn ordered(spec: &Spec, rules: &[Expr]) -> Vec<Expr> {
    let mut smallest = Vec::new();
    let mut largest = Vec::new();
    for rule in rules {
        rule.visit(&mut |part| {
            if let ExprKind::Fallback(value, other) = &part.kind
                && let ExprKind::Each(each) = &value.kind
            {
                match &each.summary {
                    Summary::Min(..) => smallest.push((part, value, each, other)),
                    Summary::Max(..) => largest.push((part, value, each, other)),
                    Summary::All(_) | Summary::Some(_) | Summary::Count(_) | Summary::Sum(..) => {}
                }
            }
        });
    }
    if smallest.len().max(largest.len()) > MOST_COMPARED {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (part, least, own, if_none) in smallest {
        for (_, most, other, or_else) in &largest {
            if of_what(spec, least, own) != of_what(spec, most, other) {
                continue;
            }
            for missing in [if_none, or_else] {
                let read = |value: &Expr| {
                    let kind = ExprKind::Fallback(Box::new(value.clone()), missing.clone());
                    Box::new(Expr {
                        kind,
                        ..part.clone()
                    })
                };
                let kind = ExprKind::Compare(Comparison::LessOrEqual, read(least), read(most));
                found.push(Expr {
                    kind,
                    ty: Type::Bool,
                    span: part.span,
                });
            }
        }
    }
    found
}

/// Of which values of which rows something is the smallest or the largest, however one of them is called.
fn of_what(spec: &Spec, whole: &Expr, each: &Each) -> String {
    let mut alike = each.clone();
    "x".clone_into(&mut alike.row);
    if let Summary::Min(value, condition) = &each.summary {
        alike.summary = Summary::Max(value.clone(), condition.clone());
    }
    let kind = ExprKind::Each(Box::new(alike));
    let text = print(
        spec,
        &Expr {
            kind,
            ..whole.clone()
        },
    );
    format!("{:?} {text}", each.rows)
}
