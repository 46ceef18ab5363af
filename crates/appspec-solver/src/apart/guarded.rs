//! What is set behind a reference is not set where the reference is empty.

use appspec_ir::{Expr, ExprKind, Spec};

/// The same condition, in which whatever is asked behind an optional reference, whether it is set, asks for the reference too.
pub(super) fn guarded(spec: &Spec, condition: &Expr) -> Expr {
    let mut guarded = condition.clone();
    guard(spec, &mut guarded);
    guarded
}

fn guard(spec: &Spec, expr: &mut Expr) {
    match &expr.kind {
        // Further steps are those of another row.
        ExprKind::Behind(reference, inner) => {
            let is_optional = spec.fields.find(*reference).is_some_and(|it| it.optional);
            if is_optional && asks_whether_set(inner) {
                let is_set = Expr {
                    kind: ExprKind::IsSet(*reference),
                    ..expr.clone()
                };
                let read = expr.clone();
                expr.kind = ExprKind::And(vec![is_set, read]);
            }
        }
        ExprKind::Outer(_) | ExprKind::Mine(_) => {}
        _ => expr.kind.for_children_mut(&mut |child| guard(spec, child)),
    }
}

fn asks_whether_set(mut expr: &Expr) -> bool {
    while let ExprKind::Behind(_, inner) = &expr.kind {
        expr = inner;
    }
    matches!(expr.kind, ExprKind::IsSet(_))
}
