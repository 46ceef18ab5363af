use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Row, Spec, Surroundings, holds};

/// An invariant that reads nothing: it holds for every row or for none.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let invariants = spec.invariants.iter();
    let invariants = invariants.map(|(_, own)| (&own.name, &own.condition));
    let changes = spec.entities.iter().flat_map(|(_, own)| &own.changes);
    let changes = changes.map(|own| (&own.name, &own.condition));
    let mut told = BTreeSet::new();
    for (name, condition) in invariants.chain(changes) {
        // What a mixin says is told once.
        if !condition.fields().is_empty() || !told.insert(condition.span) {
            continue;
        }
        let at = condition.span;
        // Without a row and without a clock only constants have a value.
        let finding = match holds(condition, &Row::new(), Surroundings::default()) {
            Ok(true) => Diagnostic::new(
                &codes::invariant::ALWAYS_TRUE,
                at,
                format!("`{name}` holds for every row"),
            )
            .label("reads no field and is true")
            .help("remove it, or compare a field"),
            Ok(false) => Diagnostic::new(
                &codes::invariant::NEVER_TRUE,
                at,
                format!("`{name}` holds for no row"),
            )
            .label("reads no field and is false")
            .help("remove it, or compare a field"),
            Err(_) => continue,
        };
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn what_hangs_on_the_clock_is_not_constant() {
        let rule = |text: &str| codes(&format!("entity E {{\n n: int\n invariant r{text}\n}}"));
        assert_eq!(rule(": 1 > 2"), ["invariant::never_true"]);
        assert_eq!(rule(": length(\"abc\") == 3"), ["invariant::always_true"]);
        assert_eq!(rule(" on create: now() > 2026-01-01T00:00Z"), [""; 0]);
        assert_eq!(rule(": n > 2"), [""; 0]);
        assert_eq!(rule(" on change of n: 1 > 2"), ["invariant::never_true"]);
        assert_eq!(rule(" on change of n: n > old.n"), [""; 0]);
    }
}
