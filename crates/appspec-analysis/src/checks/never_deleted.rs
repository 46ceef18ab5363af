use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;

/// Rows that can be restored after a deletion that never happens.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        if let (Some(marked), Some(rows)) = (&entity.soft_delete, entity.append_only) {
            found.push(
                Diagnostic::new(
                    &codes::state::NEVER_DELETED,
                    marked.span,
                    format!("no row of `{}` is ever deleted", entity.name),
                )
                .label("would mark rows")
                .note(rows, "never changed, never deleted")
                .help("remove one of the two"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    #[test]
    fn what_is_never_deleted_is_not_restored() {
        assert_eq!(
            findings("entity P {\n append only\n soft delete\n n: int\n}"),
            ["state::never_deleted: no row of `P` is ever deleted"]
        );
        assert_eq!(
            codes("entity P {\n soft delete\n n: int\n frozen when n > 3\n}"),
            [""; 0]
        );
    }
}
