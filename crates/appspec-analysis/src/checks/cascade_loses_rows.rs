use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{OnDelete, Spec};

/// Cascades between rows of which only one side can be restored: what goes along is lost, or stays behind.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for field in entity.fields() {
            let (Some(relation), Some(target)) = (field.relation(), field.target()) else {
                continue;
            };
            if relation.on_delete != OnDelete::Cascade {
                continue;
            }
            let (restorable, other) = match (&entity.soft_delete, &target.get().soft_delete) {
                (Some(own), None) => (own, target),
                (None, Some(other)) => (other, entity),
                (None, None) | (Some(_), Some(_)) => continue,
            };
            let one = format!("a row of `{}`", target.name);
            let says = if other.id == target.id {
                format!(
                    "deleting {one} would delete rows of `{}` for good, which can be restored",
                    entity.name
                )
            } else {
                format!(
                    "deleting {one} would take rows of `{}` along, which can't be restored",
                    entity.name
                )
            };
            let help = if other.id == spec.user {
                "write `on delete protect`".to_owned()
            } else {
                format!(
                    "write `soft delete` in `{}` too, or `on delete protect`",
                    other.name
                )
            };
            found.push(
                Diagnostic::new(&codes::relation::CASCADE_LOSES_ROWS, field.get().span, says)
                    .label("taken along then")
                    .note(restorable.span, "deleted rows can be restored here alone")
                    .note(other.get().span, "here they can't")
                    .help(help),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn lines(order: &str, line: &str, on_delete: &str) -> String {
        format!(
            "entity Order {{\n {order}\n n: int\n}}\nentity Line {{\n {line}\n order: Order on delete {on_delete}\n}}"
        )
    }

    #[test]
    fn what_goes_along_can_be_restored_on_both_sides_or_on_none() {
        assert_eq!(
            findings(&lines("soft delete", "n: int", "cascade")),
            [
                "relation::cascade_loses_rows: deleting a row of `Order` would take rows of `Line` along, which can't be restored"
            ]
        );
        assert_eq!(
            findings(&lines("m: int", "soft delete", "cascade")),
            [
                "relation::cascade_loses_rows: deleting a row of `Order` would delete rows of `Line` for good, which can be restored"
            ]
        );
        assert_eq!(
            codes(&lines("soft delete", "soft delete", "cascade")),
            [""; 0]
        );
    }

    #[test]
    fn what_refuses_a_deletion_loses_nothing() {
        assert_eq!(codes(&lines("soft delete", "n: int", "protect")), [""; 0]);
        assert_eq!(codes(&lines("m: int", "soft delete", "restrict")), [""; 0]);
    }
}
