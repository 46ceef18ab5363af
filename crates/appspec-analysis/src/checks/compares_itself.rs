use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Comparison, Expr, ExprKind, Spec, print};

/// A comparison with the same thing on both sides: most often one of the two was meant to be another field.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let rules = spec.invariants.iter().map(|(_, rule)| &rule.condition);
    let derived = spec.derives.iter().map(|(_, derive)| &derive.value);
    let conditions = spec.entities.iter().flat_map(|(_, entity)| {
        let uniques = entity
            .uniques
            .iter()
            .filter_map(|unique| unique.condition.as_ref());
        let indexes = entity
            .indexes
            .iter()
            .filter_map(|index| index.condition.as_ref());
        let overlaps = entity
            .overlaps
            .iter()
            .filter_map(|overlap| overlap.condition.as_ref());
        let actions = entity.lifecycles.iter().flat_map(|it| &it.actions);
        let guards = actions.filter_map(|action| action.when.as_ref());
        let frozen = entity.frozen.iter().map(|frozen| &frozen.condition);
        uniques
            .chain(overlaps)
            .chain(indexes)
            .chain(guards)
            .chain(frozen)
    });
    for expr in rules.chain(derived).chain(conditions) {
        expr.visit(&mut |part| {
            if let ExprKind::Compare(comparison, a, b) = &part.kind
                && may_be_equal(a, b)
            {
                let (a, b) = (print(spec, a), print(spec, b));
                if a == b {
                    found.push(finding(part, &a, *comparison));
                }
            }
        });
    }
}

/// Whether such a comparison is anywhere inside; then this finding explains every other one.
pub(super) fn is_inside(spec: &Spec, expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        if let ExprKind::Compare(_, a, b) = &part.kind {
            found |= may_be_equal(a, b) && print(spec, a) == print(spec, b);
        }
    });
    found
}

/// Tells most pairs apart without printing them.
fn may_be_equal(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Field(a), ExprKind::Field(b)) => a == b,
        _ => {
            std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind)
                && !a.fields().is_empty()
        }
    }
}

fn finding(part: &Expr, side: &str, comparison: Comparison) -> Diagnostic {
    let always = matches!(
        comparison,
        Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual
    );
    let outcome = if always { "always true" } else { "never true" };
    Diagnostic::new(
        &codes::invariant::COMPARES_ITSELF,
        part.span,
        format!("`{side}` is compared with itself"),
    )
    .label(outcome)
    .help("compare it with another field or a constant")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn only_equal_sides_count() {
        let rule = |text: &str| {
            codes(&format!(
                "entity E {{\n n: int\n m: int\n invariant r: {text}\n}}"
            ))
        };
        assert_eq!(rule("n < n"), ["invariant::compares_itself"]);
        assert_eq!(
            rule("n > 0 implies n + m == n + m"),
            ["invariant::compares_itself"]
        );
        assert_eq!(rule("n + m == m + m"), [""; 0]);
    }
}
