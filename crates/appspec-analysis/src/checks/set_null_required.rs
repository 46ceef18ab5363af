use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{OnDelete, Spec};

/// `on delete set null` on a relation that can't be empty.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, field) in spec.fields.iter() {
        let empties = field
            .relation()
            .is_some_and(|relation| relation.on_delete == OnDelete::SetNull);
        // The help of `relation::required_self` mends both.
        let needs_itself = field
            .relation()
            .is_some_and(|relation| relation.target == field.entity);
        if empties && !field.optional && !needs_itself {
            found.push(
                Diagnostic::new(
                    &codes::relation::SET_NULL_REQUIRED,
                    field.span,
                    format!("`{}` is required, so a deletion can't empty it", field.name),
                )
                .label("`on delete set null`, but no `?` after the type")
                .help("write `?` after the type, or `on delete protect` or `on delete cascade`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn an_optional_reference_can_be_emptied() {
        let shelf = "entity S { n: int }\n";
        assert_eq!(
            codes(&format!("{shelf}entity B {{ s: S on delete set null }}")),
            ["relation::set_null_required"]
        );
        assert_eq!(
            codes(&format!("{shelf}entity B {{ s: S? on delete set null }}")),
            [""; 0]
        );
        assert_eq!(
            codes("entity B { b: B on delete set null }"),
            ["relation::required_self"]
        );
    }
}
