use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Id, Spec};

use super::declared::{Declared, Kind, declared};
use super::spelling::{cap_words, snake_case};
use super::taken::{BUILTIN_CLASSES, KEYWORDS};

/// The types that every emitted model names in its body, where a field of the same name would be read instead.
const USED_IN_MODELS: [&str; 2] = ["bool", "str"];

/// The same for the model of the people who sign in.
const USED_IN_THE_USER: [&str; 3] = ["bool", "list", "str"];

/// A name that can't stand in the emitted Python.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        if let Some(finding) = finding(spec, &name) {
            found.push(finding);
        }
    }
}

/// Whether a name is refused here.
pub(super) fn breaks(spec: &Spec, name: &Declared<'_>) -> bool {
    finding(spec, name).is_some()
}

fn finding(spec: &Spec, name: &Declared<'_>) -> Option<Diagnostic> {
    match name.kind {
        Kind::Entity | Kind::Enum | Kind::Attribute(_) if KEYWORDS.contains(&name.name) => {
            Some(keyword(name))
        }
        Kind::Entity | Kind::Enum if BUILTIN_CLASSES.contains(&name.name) => {
            Some(builtin_class(spec, name))
        }
        Kind::Attribute(entity) if used_in_body(spec, entity).contains(&name.name) => {
            Some(builtin_type(spec, name, entity))
        }
        Kind::Choice if is_special_to_enums(name.name) => Some(special(name)),
        Kind::Choice if name.name.starts_with('_') => Some(private(name)),
        _ => None,
    }
}

fn used_in_body(spec: &Spec, entity: Id<Entity>) -> &'static [&'static str] {
    if entity == spec.user {
        &USED_IN_THE_USER
    } else {
        &USED_IN_MODELS
    }
}

fn builtin_class(spec: &Spec, name: &Declared<'_>) -> Diagnostic {
    Diagnostic::new(
        &codes::name::BREAKS_PYTHON,
        name.span,
        format!("`{}` is a name of Python itself", name.name),
    )
    .label("becomes a class that would take its place")
    .help(format!(
        "choose another name, such as `{}{}`",
        cap_words(&spec.project.name),
        name.name
    ))
}

fn builtin_type(spec: &Spec, name: &Declared<'_>, entity: Id<Entity>) -> Diagnostic {
    Diagnostic::new(
        &codes::name::BREAKS_PYTHON,
        name.span,
        format!(
            "`{}` is a type of Python that the emitted model uses",
            name.name
        ),
    )
    .label("would take its place in the model")
    .help(format!(
        "choose another name, such as `{}_{}`",
        snake_case(&spec.walk(entity).get().name),
        name.name
    ))
}

fn keyword(name: &Declared<'_>) -> Diagnostic {
    Diagnostic::new(
        &codes::name::BREAKS_PYTHON,
        name.span,
        format!("`{}` is a word of Python", name.name),
    )
    .label("becomes a name in the emitted code")
    .help("choose another name")
}

/// `_x_` and `__x` mean something to Python's enums, so they can't be members.
fn is_special_to_enums(name: &str) -> bool {
    name.starts_with("__") || (name.starts_with('_') && name.ends_with('_'))
}

fn special(name: &Declared<'_>) -> Diagnostic {
    member(
        name,
        format!("`{}` has a meaning of its own in a Python enum", name.name),
    )
}

/// `Kind._OLD` would be an access to what nobody outside of the enum may use.
fn private(name: &Declared<'_>) -> Diagnostic {
    member(
        name,
        format!("`{}` would be private in a Python enum", name.name),
    )
}

fn member(name: &Declared<'_>, message: String) -> Diagnostic {
    Diagnostic::new(&codes::name::BREAKS_PYTHON, name.span, message)
        .label("becomes a member of an enum")
        .help(match name.name.trim_matches('_') {
            plain if plain.is_empty() || appspec_syntax::is_reserved(plain) => {
                "choose another name".to_owned()
            }
            plain => format!("write `{plain}`"),
        })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, helps};

    #[test]
    fn hard_keywords_are_refused_and_soft_ones_are_not() {
        assert_eq!(codes("entity E { class: int }"), ["name::breaks_python"]);
        assert_eq!(codes("entity None { n: int }"), ["name::breaks_python"]);
        assert_eq!(
            codes("entity E {\n match: int\n case: int\n type: int\n}"),
            [""; 0]
        );
    }

    #[test]
    fn names_of_python_itself_are_refused_where_they_would_take_its_place() {
        assert_eq!(
            helps("entity Exception { n: int }"),
            ["choose another name, such as `ShopException`"]
        );
        assert_eq!(
            codes("enum Warning { a }\nentity E { w: Warning }"),
            ["name::breaks_python"]
        );
        assert_eq!(
            helps("entity TaxRule { str: int }"),
            ["choose another name, such as `tax_rule_str`"]
        );
        assert_eq!(
            codes("entity E {\n n: int\n derive bool: int = n + 1\n}"),
            ["name::breaks_python"]
        );
        assert_eq!(codes("entity E {\n list: int\n int: int\n}"), [""; 0]);
        assert_eq!(
            codes("use std.auth.{User}\nextend entity User { list: int = 0 }"),
            ["name::breaks_python"]
        );
    }

    #[test]
    fn names_with_a_meaning_to_enums_are_refused_as_values_only() {
        assert_eq!(
            codes("enum K { _a_, b }\nentity E { k: K }"),
            ["name::breaks_python"]
        );
        assert_eq!(
            helps("enum K { _a, none }\nentity E { k: K }"),
            ["write `a`"]
        );
        assert_eq!(codes("enum K { a_, none }\nentity E { k: K }"), [""; 0]);
    }
}
