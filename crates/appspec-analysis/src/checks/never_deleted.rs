use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Spec, Walk};

/// Rows that can be restored, or are kept for some years only, after a deletion that never happens.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        if let (Some(marked), Some(rows)) = (&entity.soft_delete, entity.append_only) {
            found.push(
                finding(entity, marked.span, "would mark rows")
                    .note(rows, NEVER)
                    .help("remove one of the two"),
            );
        }
        let gapless = entity.serials().find(|(_, serial)| serial.gapless);
        let gapless = gapless.map(|(_, serial)| (serial.span, NO_GAP));
        let rows = entity.append_only.map(|rows| (rows, NEVER));
        if let (Some(term), Some((at, says))) = (&entity.keep, rows.or(gapless)) {
            found.push(
                finding(entity, term.span, "would let rows go afterwards")
                    .note(at, says)
                    .help(format!("remove `keep {}`", term.length())),
            );
        }
    }
}

const NEVER: &str = "never changed, never deleted";
const NO_GAP: &str = "never deleted, so that no number is missing";

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
