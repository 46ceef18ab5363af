use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Asker, Entity, Field, Id, OnDelete, Spec, Verb, Walk};

/// Rows that somebody may not delete, and takes along by deleting others. Only where the spec says of them that others may:
/// what nobody deletes alone is a part of what it goes along with.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let Some(access) = &entity.get().access else {
            continue;
        };
        let mut told = BTreeSet::new();
        for grant in &access.grants {
            let mut permissions = grant.permissions.iter();
            let Some(deleting) = permissions.find(|it| it.verb == Verb::Delete) else {
                continue;
            };
            let asker = Asker::of(spec, grant.who);
            for (field, other) in along(spec, entity) {
                let is_said = other.access.iter().flat_map(|access| &access.grants);
                let is_said = is_said
                    .into_iter()
                    .any(|it| it.permissions.iter().any(|it| it.verb == Verb::Delete));
                let may = !asker.granted(other, &Verb::Delete).is_empty();
                let who = asker.name(spec);
                if !is_said || may || !told.insert((who, other.id)) {
                    continue;
                }
                found.push(
                    Diagnostic::new(
                        &codes::permission::CASCADE_BYPASS,
                        deleting.span,
                        format!(
                            "`{who}` may not delete a `{}`, and takes it along with its `{}`",
                            other.name, entity.name
                        ),
                    )
                    .label("deletes more than this")
                    .note(field.get().span, "`on delete cascade`")
                    .help(format!(
                        "write `on delete protect` there, or let `{who}` delete a `{}` too",
                        other.name
                    )),
                );
            }
        }
    }
}

/// The entities whose rows go along when a row of one is deleted, each with a reference by which they do.
fn along<'s>(spec: &'s Spec, entity: Walk<'s, Entity>) -> Vec<(Walk<'s, Field>, Walk<'s, Entity>)> {
    let mut seen: BTreeSet<Id<Entity>> = BTreeSet::from([entity.id]);
    let mut found = Vec::new();
    let mut pending = vec![entity.id];
    while let Some(gone) = pending.pop() {
        for other in spec.walk_entities() {
            let mut cascades = other.fields().filter(|field| {
                let relation = field.relation();
                relation.is_some_and(|it| it.target == gone && it.on_delete == OnDelete::Cascade)
            });
            if let Some(field) = cascades.next()
                && seen.insert(other.id)
            {
                found.push((spec.walk(field.id), other));
                pending.push(other.id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn orders(of_orders: &str, of_lines: &str, on_delete: &str) -> String {
        format!(
            "entity Order {{ n: int }}\nentity Line {{\n order: Order on delete {on_delete}\n}}\n\
             entity Part {{\n line: Line on delete cascade\n}}\n\
             role Boss granted by Boss\nrole Clerk granted by Boss\n\
             access Order {{\n Boss may read\n{of_orders}\n}}\naccess Line {{\n Clerk may read\n{of_lines}\n}}"
        )
    }

    #[test]
    fn what_somebody_else_may_delete_is_not_taken_along_unseen() {
        let spec = orders("Clerk may delete", "Boss may delete", "cascade");
        assert_eq!(
            findings(&spec),
            [
                "permission::cascade_bypass: `Clerk` may not delete a `Line`, and takes it along with its `Order`"
            ]
        );
        let parts = spec.replace(
            "access Line {\n Clerk may read\nBoss may delete\n}",
            "access Line { Clerk may read }",
        );
        let parts = format!("{parts}\naccess Part {{ Boss may read, delete }}");
        assert_eq!(codes(&parts), ["permission::cascade_bypass"]);
    }

    #[test]
    fn parts_go_along_and_what_stays_does() {
        for (of_orders, of_lines, on_delete) in [
            ("Clerk may delete", "", "cascade"),
            ("Clerk may delete", "Boss may delete", "protect"),
            (
                "Clerk may delete",
                "Clerk may delete where order.n > 3",
                "cascade",
            ),
            ("Boss may delete", "signed in may delete", "cascade"),
        ] {
            let spec = orders(of_orders, of_lines, on_delete);
            assert_eq!(codes(&spec), [""; 0], "{of_orders} {of_lines} {on_delete}");
        }
    }
}
