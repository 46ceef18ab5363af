use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Id, Spec, Term, audit};

use super::declared::{Declared, Kind, declared};
use super::spelling::{cap_words, is_free, snake_case};
use super::taken::{
    OF_MODELS, OF_RECORDS, OF_RESTORABLE_RECORDS, OF_STATEFUL_RECORDS, OF_THE_USER,
};

/// A name with which Django would not start, or would fail when a row is saved or deleted.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        if let Some(reason) = reason(spec, &name) {
            found.push(finding(spec, &name, &reason));
        }
    }
}

/// Why Django can't work with a name; `None` when it can.
pub(super) fn reason(spec: &Spec, name: &Declared<'_>) -> Option<String> {
    match name.kind {
        Kind::Attribute(entity) => {
            let marked = &spec.walk(entity).get().soft_delete;
            if let Some(term) = added(spec, entity)
                && name.name == Term::FIELD
            {
                return (term.span != name.span).then(|| {
                    format!(
                        "`keep` counts from it where it is `{}: datetime = now()`",
                        name.name
                    )
                });
            }
            if spec.walk(entity).get().audited.is_some() && name.name == audit::TRAIL {
                return Some(format!("`audited` gives every row its own `{}`", name.name));
            }
            match marked {
                Some(marked) if marked.span == name.span => None,
                Some(_) if OF_RESTORABLE_RECORDS.contains(&name.name) => Some(format!(
                    "`soft delete` gives every row its own `{}`",
                    name.name
                )),
                _ => attribute(spec, name.name, entity),
            }
        }
        Kind::Entity => underscores(name.name),
        _ => None,
    }
}

/// How long rows are kept from a moment that the entity has for this alone.
fn added(spec: &Spec, entity: Id<Entity>) -> Option<&Term> {
    let term = spec.walk(entity).get().keep.as_ref();
    term.filter(|term| term.is_added)
}

fn attribute(spec: &Spec, name: &str, entity: Id<Entity>) -> Option<String> {
    if name == "id" || name == "pk" {
        return Some("every entity has its key under this name".to_owned());
    }
    if name == "self" {
        return Some(
            "Django passes fields by name to methods whose first argument is `self`".into(),
        );
    }
    if OF_MODELS.contains(&name) || name == "unique_error_message" {
        return Some(format!("every Django model has its own `{name}`"));
    }
    let is_stateful = !spec.walk(entity).lifecycles.is_empty();
    if OF_RECORDS.contains(&name) || is_stateful && OF_STATEFUL_RECORDS.contains(&name) {
        return Some(format!("every emitted model has its own `{name}`"));
    }
    if entity == spec.user && OF_THE_USER.contains(&name) {
        return Some(format!(
            "Django's sign-in keeps its own `{name}` on the user"
        ));
    }
    underscores(name)
}

fn underscores(name: &str) -> Option<String> {
    if name.contains("__") {
        Some("Django reads two underscores as a path through relations".to_owned())
    } else if name.starts_with('_') {
        Some(
            "an underscore in front means private in Python, and templates can't read it"
                .to_owned(),
        )
    } else if name.ends_with('_') {
        Some("Django refuses an underscore at the end of a name".to_owned())
    } else {
        None
    }
}

fn finding(spec: &Spec, name: &Declared<'_>, reason: &str) -> Diagnostic {
    let simple = match name.kind {
        Kind::Entity => cap_words(name.name),
        _ => plain(&snake_case(name.name)),
    };
    let help = match name.kind {
        _ if underscores(name.name).is_some() && is_free(&simple) => format!("write `{simple}`"),
        Kind::Attribute(entity) if !simple.is_empty() => {
            let entity = snake_case(&spec.walk(entity).get().name);
            format!("choose another name, such as `{entity}_{simple}`")
        }
        _ => "choose another name".to_owned(),
    };
    Diagnostic::new(
        &codes::name::BREAKS_DJANGO,
        name.span,
        format!("Django can't work with the name `{}`", name.name),
    )
    .label(reason)
    .help(help)
}

/// The name with single underscores between its words.
fn plain(name: &str) -> String {
    let words: Vec<_> = name.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, helps};

    #[test]
    fn what_every_model_has_is_taken_for_fields_derived_values_and_inverses() {
        assert_eq!(codes("entity E { save: int }"), ["name::breaks_django"]);
        assert_eq!(
            codes("entity E {\n n: int\n derive clean: int = n + 1\n}"),
            ["name::breaks_django"]
        );
        assert_eq!(
            codes("entity A { n: int }\nentity B { a: A inverse delete }"),
            ["name::breaks_django"]
        );
    }

    #[test]
    fn what_every_emitted_model_has_is_taken() {
        assert_eq!(
            codes("entity E { path_defaults: int }"),
            ["name::breaks_django"]
        );
        assert_eq!(codes("entity E { prepare: int }"), [""; 0]);
        let stateful =
            "enum S { a }\nentity E {\n lifecycles: int\n s: S = a\n lifecycle s { final a }\n}";
        assert_eq!(codes(stateful), ["name::breaks_django"]);
        assert_eq!(codes("entity E { lifecycles: int }"), [""; 0]);
    }

    #[test]
    fn what_soft_delete_adds_is_taken_where_it_is_said() {
        let entity = |more: &str| format!("entity E {{\n deleted_at: datetime?\n {more}\n}}");
        assert_eq!(codes(&entity("soft delete")), ["name::breaks_django"]);
        assert_eq!(codes(&entity("n: int")), [""; 0]);
        assert_eq!(codes("entity E {\n soft delete\n n: int\n}"), [""; 0]);
    }

    #[test]
    fn what_audited_adds_is_taken_where_it_is_said() {
        let entity = |more: &str| format!("entity E {{\n audit_trail: int\n {more}\n}}");
        assert_eq!(codes(&entity("audited")), ["name::breaks_django"]);
        assert_eq!(codes(&entity("n: int")), [""; 0]);
    }

    #[test]
    fn what_keep_counts_from_is_taken_unless_it_can_be_counted_from() {
        let entity = |field: &str| format!("entity E {{\n keep 1 year\n {field}\n}}");
        for field in [
            "created_at: date = today()",
            "created_at: datetime",
            "created_at: datetime? = now()",
            "created_at: datetime = now() touched",
            "n: int\n derive created_at: int = n + 1",
        ] {
            assert_eq!(codes(&entity(field)), ["name::breaks_django"], "{field}");
        }
        assert_eq!(codes(&entity("created_at: datetime = now()")), [""; 0]);
        assert_eq!(codes(&entity("n: int")), [""; 0]);
    }

    #[test]
    fn names_of_sign_in_are_taken_on_the_user_alone() {
        let user = "use std.auth.{User}\nextend entity User { groups: int = 0 }";
        assert_eq!(codes(user), ["name::breaks_django"]);
        assert_eq!(codes("entity Company { groups: int = 0 }"), [""; 0]);
    }

    #[test]
    fn underscores_have_to_stand_between_words_and_alone() {
        assert_eq!(helps("entity E { _a__b_: int }"), ["write `a_b`"]);
        assert_eq!(codes("entity E { a_b: int }"), [""; 0]);
        assert_eq!(
            helps("entity _order__Line { n: int }"),
            ["write `OrderLine`"]
        );
    }

    #[test]
    fn what_is_offered_is_not_refused_in_its_turn() {
        for name in ["and", "in", "objects"] {
            assert_eq!(
                helps(&format!("entity E {{ {name}_: int }}")),
                [format!("choose another name, such as `e_{name}`")]
            );
        }
    }
}
