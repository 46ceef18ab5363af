use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Comparison, Expr, ExprKind, Id, Invariant, RowRule, Spec, print};
use appspec_solver::Study;

use super::solved;

/// A comparison with the same thing on both sides: most often one of the two was meant to be another field. An invariant
/// that no row keeps because of it is told as that.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let refused: BTreeSet<Id<Invariant>> = studies.iter().flat_map(refused_alone).collect();
    // Where one of those says it in a predicate, that is told with it.
    let explained = refused.iter().map(|id| &spec.walk(*id).get().condition);
    let explained = explained.filter_map(|condition| first_inside(spec, condition));
    let mut told: BTreeSet<Span> = explained.collect();
    let rules = spec.invariants.iter();
    let rules = rules.filter(|(id, _)| !refused.contains(id));
    let rules = rules.map(|(_, rule)| &rule.condition);
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
    let across = spec.entities.iter().flat_map(|(_, entity)| &entity.across);
    let of_others = across.flat_map(|rule| said_of_others(&rule.condition));
    for expr in rules.chain(derived).chain(conditions).chain(of_others) {
        expr.visit(&mut |part| {
            if let ExprKind::Compare(comparison, a, b) = &part.kind
                && may_be_equal(a, b)
            {
                let (a, b) = (print(spec, a), print(spec, b));
                if a == b && told.insert(written_at(spec, part)) {
                    found.push(finding(spec, part, &a, *comparison));
                }
            }
        });
    }
}

/// Where a part is written: of what a predicate says, inside of the predicate.
fn written_at(spec: &Spec, part: &Expr) -> Span {
    let mut at = part.span;
    // A predicate may be made of another one, and none of itself.
    while let Some(named) = spec.written.predicates.get(&at)
        && named.body != at
    {
        at = named.body;
    }
    at
}

/// What a rule says of each of several rows.
fn said_of_others(condition: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    condition.visit(&mut |part| {
        if let ExprKind::Each(each) = &part.kind {
            found.extend(each.summary.parts());
        }
    });
    found
}

/// The invariants that no row of an entity keeps, whatever the other rules say.
fn refused_alone<'r>(study: &'r Study<'_>) -> impl Iterator<Item = Id<Invariant>> + 'r {
    study.proofs().filter_map(
        |proof| match *solved::rules(study, proof, None).as_slice() {
            [rule] => match rule.origin {
                RowRule::Invariant(id) => Some(id),
                RowRule::Bound { .. } | RowRule::Derived(_) => None,
            },
            _ => None,
        },
    )
}

/// The first such comparison inside, by its place.
pub(super) fn first_inside(spec: &Spec, expr: &Expr) -> Option<Span> {
    let mut found = None;
    expr.visit(&mut |part| {
        if let ExprKind::Compare(_, a, b) = &part.kind
            && found.is_none()
            && may_be_equal(a, b)
            && print(spec, a) == print(spec, b)
        {
            found = Some(written_at(spec, part));
        }
    });
    found
}

/// Whether such a comparison is anywhere inside; then this finding explains every other one.
pub(super) fn is_inside(spec: &Spec, expr: &Expr) -> bool {
    first_inside(spec, expr).is_some()
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

fn finding(spec: &Spec, part: &Expr, side: &str, comparison: Comparison) -> Diagnostic {
    let always = matches!(
        comparison,
        Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual
    );
    let outcome = if always { "always true" } else { "never true" };
    let at = written_at(spec, part);
    let finding = Diagnostic::new(
        &codes::invariant::COMPARES_ITSELF,
        at,
        format!("`{side}` is compared with itself"),
    )
    .label(outcome);
    let finding = if at == part.span {
        finding
    } else {
        finding.note(part.span, "used here")
    };
    finding.help("compare it with another field or a constant")
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
        assert_eq!(rule("n <= n"), ["invariant::compares_itself"]);
        assert_eq!(rule("n < n or m > 2"), ["invariant::compares_itself"]);
        assert_eq!(
            rule("n > 0 implies n + m == n + m"),
            ["invariant::compares_itself"]
        );
        assert_eq!(rule("n + m == m + m"), [""; 0]);
    }

    #[test]
    fn what_no_row_keeps_is_an_error() {
        for rules in [
            "invariant r: n < n",
            "invariant r: max(n, m) != max(n, m)",
            "invariant r: n < n or n > n",
            "predicate late(e: E) = e.n < e.n\n invariant r: late(this)",
        ] {
            let (before, rules) = match rules.split_once('\n') {
                Some((predicate, rule)) => (predicate, rule),
                None => ("", rules),
            };
            let spec = format!("{before}\nentity E {{\n n: int\n m: int\n {rules}\n}}");
            assert_eq!(codes(&spec), ["invariant::never_true"], "{rules}");
        }
    }
}
