use appspec_ir::{Expr, ExprKind, Field, Id};

/// The optional fields that are known to be set once an expression has come out one way.
#[derive(Clone, Debug, Default)]
pub(super) struct Truths {
    /// Where it is true.
    pub(super) when_true: Vec<Id<Field>>,
    /// Where it is false.
    pub(super) when_false: Vec<Id<Field>>,
}

/// The optional fields that are known to be set where a condition holds.
pub(crate) fn set_where_true(condition: &Expr) -> Vec<Id<Field>> {
    truths(condition).when_true
}

/// What an expression tells about its optional fields.
pub(super) fn truths(expr: &Expr) -> Truths {
    told(expr, false)
}

/// What a rule about a change tells about the optional fields of the row as it was.
pub(super) fn old_truths(expr: &Expr) -> Truths {
    told(expr, true)
}

fn told(expr: &Expr, of_old: bool) -> Truths {
    let truths = |part: &Expr| told(part, of_old);
    match &expr.kind {
        ExprKind::Old(inner) if of_old => told(inner, false),
        ExprKind::IsSet(_) if of_old => Truths::default(),
        ExprKind::IsSet(field) => Truths {
            when_true: vec![*field],
            when_false: Vec::new(),
        },
        ExprKind::Not(inner) => {
            let inner = truths(inner);
            Truths {
                when_true: inner.when_false,
                when_false: inner.when_true,
            }
        }
        ExprKind::And(parts) => {
            let parts: Vec<Truths> = parts.iter().map(&truths).collect();
            Truths {
                when_true: any(parts.iter().map(|part| &part.when_true)),
                when_false: all(parts.iter().map(|part| &part.when_false)),
            }
        }
        ExprKind::Or(parts) => {
            let parts: Vec<Truths> = parts.iter().map(truths).collect();
            Truths {
                when_true: all(parts.iter().map(|part| &part.when_true)),
                when_false: any(parts.iter().map(|part| &part.when_false)),
            }
        }
        // `a implies b` is `not a or b`.
        ExprKind::Implies(a, b) => {
            let (a, b) = (truths(a), truths(b));
            Truths {
                when_true: all([&a.when_false, &b.when_true].into_iter()),
                when_false: any([&a.when_true, &b.when_false].into_iter()),
            }
        }
        _ => Truths::default(),
    }
}

fn any<'l>(lists: impl Iterator<Item = &'l Vec<Id<Field>>>) -> Vec<Id<Field>> {
    let mut found: Vec<Id<Field>> = lists.flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn all<'l>(mut lists: impl Iterator<Item = &'l Vec<Id<Field>>>) -> Vec<Id<Field>> {
    let mut found = lists.next().cloned().unwrap_or_default();
    for list in lists {
        found.retain(|id| list.contains(id));
    }
    found
}
