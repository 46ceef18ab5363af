use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Moment, OnDelete, Row, Spec, Surroundings, holds};

/// `on delete set null` on a reference that an invariant never lets be empty: every such deletion fails.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, invariant) in spec.invariants.iter() {
        let [id] = invariant.condition.fields()[..] else {
            continue;
        };
        let field = spec.walk(id).get();
        let empties = field
            .relation()
            .is_some_and(|relation| relation.on_delete == OnDelete::SetNull);
        let refused =
            holds(&invariant.condition, &Row::new(), Surroundings::default()) == Ok(false);
        if empties && field.optional && refused && invariant.moment == Moment::Always {
            found.push(
                Diagnostic::new(
                    &codes::relation::DELETE_BREAKS_RULE,
                    field.span,
                    format!(
                        "emptying `{}` on delete always breaks the invariant `{}`",
                        field.name, invariant.name
                    ),
                )
                .label("emptied by `on delete set null`")
                .note(invariant.condition.span, "false where it is empty")
                .help("write `on delete protect`, or let the invariant allow an empty value"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn a_rule_that_allows_some_empty_rows_is_no_proof() {
        let rule = |text: &str| {
            codes(&format!(
                "entity C {{ n: int }}\nentity P {{\n s: bool\n c: C? on delete set null\n invariant r: {text}\n}}"
            ))
        };
        assert_eq!(rule("c is set"), ["relation::delete_breaks_rule"]);
        assert_eq!(rule("s implies c is set"), [""; 0]);
    }
}
