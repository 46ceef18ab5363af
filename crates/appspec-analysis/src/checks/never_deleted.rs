use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Spec, Walk};

/// Rows that can be restored, or are kept for some years only, after a deletion that never happens.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        if let (Some(marked), Some((rows, says))) = (&entity.soft_delete, never_changes(entity)) {
            found.push(
                finding(entity, marked.span, "would mark rows")
                    .note(rows, says)
                    .help("remove one of the two"),
            );
        }
        if let (Some(term), Some((at, says))) = (&entity.keep, never_goes(entity)) {
            found.push(
                finding(entity, term.span, "would let rows go afterwards")
                    .note(at, says)
                    .help(format!("remove `keep {}`", term.length())),
            );
        }
    }
}

/// What keeps rows from ever being deleted, and in which words.
pub(super) fn never_goes(entity: Walk<'_, Entity>) -> Option<(Span, &'static str)> {
    never_changes(entity).or_else(|| {
        let (_, serial) = entity.serials().find(|(_, serial)| serial.gapless)?;
        Some((serial.span, "never deleted, so that no number is missing"))
    })
}

/// What keeps rows from ever being changed or deleted, and in which words.
pub(super) fn never_changes(entity: Walk<'_, Entity>) -> Option<(Span, &'static str)> {
    let rows = entity.append_only?;
    Some((rows, "never changed, never deleted"))
}

fn finding(entity: Walk<'_, Entity>, at: Span, label: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::state::NEVER_DELETED,
        at,
        format!("no row of `{}` is ever deleted", entity.name),
    )
    .label(label)
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

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

    #[test]
    fn what_is_never_deleted_is_kept_for_longer_than_some_years() {
        for member in ["append only", "number: serial \"{000}\" gapless"] {
            let entity = format!("entity P {{\n {member}\n keep 1 year\n n: int\n}}");
            assert_eq!(
                findings(&entity),
                ["state::never_deleted: no row of `P` is ever deleted"]
            );
            assert_eq!(helps(&entity), ["remove `keep 1 year`"]);
        }
        for member in ["soft delete", "frozen when n > 3", "m: serial \"{000}\""] {
            let entity = format!("entity P {{\n {member}\n keep 1 year\n n: int\n}}");
            assert_eq!(codes(&entity), [""; 0], "{member}");
        }
    }
}
