use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{OnDelete, Spec};

use super::never_deleted::{never_changes, never_goes};

/// References by which a deletion would take along, or empty, what never changes: each such deletion fails.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for field in entity.fields() {
            let (Some(relation), Some(target)) = (field.relation(), field.target()) else {
                continue;
            };
            let empties = relation.on_delete == OnDelete::SetNull;
            let takes_along = relation.on_delete == OnDelete::Cascade;
            let kept = if empties {
                let immutable = field
                    .immutable
                    .then_some((field.get().span, "never changed"));
                never_changes(entity).or(immutable)
            } else if takes_along && entity.soft_delete.is_none() {
                never_goes(entity)
            } else {
                // What can be restored is marked, and keeps its number.
                None
            };
            let Some((rule, says)) = kept else {
                continue;
            };
            let does = if empties {
                format!("would empty `{}`", field.name)
            } else {
                format!("would delete rows of `{}`", entity.name)
            };
            found.push(
                Diagnostic::new(
                    &codes::relation::DELETE_CHANGES_KEPT,
                    field.get().span,
                    format!(
                        "deleting a row of `{}` {does}, which is refused",
                        target.name
                    ),
                )
                .label(if empties {
                    "emptied then"
                } else {
                    "taken along then"
                })
                .note(rule, says)
                .help("write `on delete protect`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn payment(member: &str, reference: &str) -> String {
        format!("entity O {{ n: int }}\nentity P {{\n {member}\n o: O{reference}\n}}")
    }

    #[test]
    fn nothing_takes_a_row_along_that_stays() {
        assert_eq!(
            findings(&payment("append only", " on delete cascade")),
            [
                "relation::delete_changes_kept: deleting a row of `O` would delete rows of `P`, which is refused"
            ]
        );
        assert_eq!(
            findings(&payment("n: int", "? immutable on delete set null")),
            [
                "relation::delete_changes_kept: deleting a row of `O` would empty `o`, which is refused"
            ]
        );
        let emptied = payment("append only", "? on delete set null");
        assert_eq!(codes(&emptied), ["relation::delete_changes_kept"]);
    }

    #[test]
    fn a_row_that_is_only_marked_keeps_its_number() {
        let both = |members: &str| {
            codes(&format!(
                "entity O {{ n: int\n{members} }}\nentity P {{\n o: O on delete cascade\n \
                 number: serial \"{{000}}\" gapless\n{members}\n}}"
            ))
        };
        assert_eq!(both(""), ["relation::delete_changes_kept"]);
        assert_eq!(both(" soft delete"), [""; 0]);
    }

    #[test]
    fn a_row_may_go_while_it_is_not_frozen() {
        assert_eq!(codes(&payment("append only", "")), [""; 0]);
        assert_eq!(
            codes(&payment("n: int", " immutable on delete cascade")),
            [""; 0]
        );
        let frozen = payment("n: int\n frozen when n > 3", "? on delete set null");
        assert_eq!(codes(&frozen), [""; 0]);
    }
}
