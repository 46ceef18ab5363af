use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Row, Spec, Surroundings, holds};

/// A constant default that an invariant about this field alone refuses: the default can never be used.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, invariant) in spec.invariants.iter() {
        let [id] = invariant.condition.fields()[..] else {
            continue;
        };
        let field = spec.walk(id).get();
        let Some(Default::Value(value)) = &field.default else {
            continue;
        };
        let mut row = Row::new();
        row.set(id, value.clone());
        if holds(&invariant.condition, &row, Surroundings::default()) == Ok(false) {
            found.push(
                Diagnostic::new(
                    &codes::invariant::DEFAULT_BREAKS_RULE,
                    field.span,
                    format!(
                        "the default of `{}` breaks the invariant `{}`",
                        field.name, invariant.name
                    ),
                )
                .label("a row that keeps this default can't be saved")
                .note(invariant.condition.span, "false for the default")
                .help("change the default, or remove it so that a value has to be given"),
            );
        }
    }
}
