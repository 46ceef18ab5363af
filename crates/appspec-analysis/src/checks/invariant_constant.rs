use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Row, Spec, Surroundings, holds};

/// An invariant that reads nothing: it holds for every row or for none.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, invariant) in spec.invariants.iter() {
        if !invariant.condition.fields().is_empty() {
            continue;
        }
        let at = invariant.condition.span;
        // Without a row and without a clock only constants have a value.
        let finding = match holds(&invariant.condition, &Row::new(), Surroundings::default()) {
            Ok(true) => Diagnostic::new(
                &codes::invariant::ALWAYS_TRUE,
                at,
                format!("`{}` holds for every row", invariant.name),
            )
            .label("reads no field and is true")
            .help("remove it, or compare a field"),
            Ok(false) => Diagnostic::new(
                &codes::invariant::NEVER_TRUE,
                at,
                format!("`{}` holds for no row", invariant.name),
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
    }
}
