use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Asker, Entity, Field, FieldType, Id, Spec, Verb, Walk};

/// Somebody who may make rows without the right to give a field that each row needs: no row comes about.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let Some(access) = &entity.get().access else {
            continue;
        };
        let mut told = Vec::new();
        for grant in &access.grants {
            let mut creating = grant.permissions.iter();
            let Some(creating) = creating.find(|it| it.verb == Verb::Create) else {
                continue;
            };
            if told.contains(&grant.who) {
                continue;
            }
            // Another line may allow the rest to the same people.
            let granted = Asker::of(spec, grant.who).granted(entity, &Verb::Create);
            let may: Vec<Id<Field>> = granted
                .iter()
                .flat_map(|it| it.fields.resolve(entity, &Verb::Create))
                .collect();
            let missing: Vec<Walk<'_, Field>> = required(entity)
                .filter(|field| !may.contains(&field.id))
                .collect();
            let Some(first) = missing.first() else {
                continue;
            };
            told.push(grant.who);
            let names: Vec<String> = missing.iter().map(|it| format!("`{}`", it.name)).collect();
            let who = grant.who.name(spec);
            found.push(
                Diagnostic::new(
                    &codes::permission::REQUIRED_FIELD_DENIED,
                    creating.span,
                    format!(
                        "`{who}` may make a `{}` and may not give {}, which it needs",
                        entity.name,
                        names.join(" and ")
                    ),
                )
                .label("no row comes about")
                .note(first.get().span, "required here, without a default")
                .help(format!(
                    "add {} to the fields of `create`, or give it a default",
                    names.join(" and ")
                )),
            );
        }
    }
}

/// The fields that have to be given when a row is made.
fn required(entity: Walk<'_, Entity>) -> impl Iterator<Item = Walk<'_, Field>> {
    entity.fields().filter(move |field| {
        let it = field.get();
        entity.is_given(field.id)
            && !it.optional
            && it.default.is_none()
            && !matches!(it.ty, FieldType::Many(_))
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn order(lines: &str) -> String {
        format!(
            "use std.auth.{{User}}\nentity Item {{ name: text(20) }}\n\
             entity Order {{\n client: User\n number: serial \"A-{{000}}\"\n total: int = 0\n on: date\n items: many Item\n note: text?\n}}\n\
             access Order {{\n{lines}\n}}"
        )
    }

    #[test]
    fn what_each_row_needs_has_to_be_given_by_whoever_makes_it() {
        assert_eq!(
            findings(&order("signed in may read, create (client, note)")),
            [
                "permission::required_field_denied: `signed in` may make a `Order` and may not give `on`, which it needs"
            ]
        );
        for denied in [
            "signed in may read, create except (client)",
            "signed in may read, create (note)",
        ] {
            assert_eq!(
                codes(&order(denied)),
                ["permission::required_field_denied"],
                "{denied}"
            );
        }
    }

    #[test]
    fn what_comes_about_by_itself_or_from_another_line_is_fine() {
        for fine in [
            "signed in may read, create",
            "signed in may read, create (client, on)",
            "anyone may create (on) at most 5 per hour\n anyone may read\n anyone may create (client) at most 5 per hour",
            "signed in may read, update (note)",
        ] {
            assert_eq!(codes(&order(fine)), [""; 0], "{fine}");
        }
    }
}
