use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{OnDelete, Spec};

/// `on delete set null` on a relation that can't be empty.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, field) in spec.fields.iter() {
        let empties = field
            .relation()
            .is_some_and(|relation| relation.on_delete == OnDelete::SetNull);
        if empties && !field.optional {
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
