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
