use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;

use super::declared::{Declared, Kind, declared};
use super::spelling::{cap_words, is_free, snake_case};
use super::{name_breaks_django, name_breaks_python};

/// Entities and enums become classes, everything else attributes and functions: Python tells them apart by
/// their spelling, and its tools complain about any other.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        let finding = match name.kind {
            Kind::Entity | Kind::Enum | Kind::Role if !is_cap_words(name.name) => class(&name),
            Kind::Attribute(_) | Kind::Invariant | Kind::Action if has_capitals(name.name) => {
                member(&name)
            }
            _ => continue,
        };
        // What is refused already has its finding.
        let is_refused = !name.name.is_ascii()
            || name_breaks_python::breaks(spec, &name)
            || name_breaks_django::reason(spec, &name).is_some();
        if !is_refused {
            found.push(finding);
        }
    }
}

fn is_cap_words(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase()) && !name.contains('_')
}

fn has_capitals(name: &str) -> bool {
    name.contains(|it: char| it.is_ascii_uppercase())
}

fn class(name: &Declared<'_>) -> Diagnostic {
    let (what, label) = match name.kind {
        Kind::Enum => ("an enum", "becomes a class"),
        Kind::Role => ("a role", "named like a class"),
        _ => ("an entity", "becomes a class"),
    };
    let meant = cap_words(name.name);
    Diagnostic::new(
        &codes::name::CASE,
        name.span,
        format!("the name `{}` of {what} is not in CapWords", name.name),
    )
    .label(label)
    .help(if is_free(&meant) && is_cap_words(&meant) {
        format!("write `{meant}` here and wherever it is used")
    } else {
        "begin each word of the name with an upper-case letter, without `_`".to_owned()
    })
}

fn member(name: &Declared<'_>) -> Diagnostic {
    let meant = snake_case(name.name);
    Diagnostic::new(
        &codes::name::CASE,
        name.span,
        format!("the name `{}` is not in snake_case", name.name),
    )
    .label("has upper-case letters")
    .help(if is_free(&meant) {
        format!("write `{meant}` here and wherever it is used")
    } else {
        "choose another name, of lower-case letters, digits and `_`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    #[test]
    fn classes_are_in_cap_words() {
        assert_eq!(
            findings("entity sales_order { n: int }"),
            ["name::case: the name `sales_order` of an entity is not in CapWords"]
        );
        assert_eq!(
            helps("enum order_status { open }\nentity Order { status: order_status }"),
            ["write `OrderStatus` here and wherever it is used"]
        );
        assert_eq!(codes("entity VAT2 { n: int }"), [""; 0]);
        assert_eq!(
            findings(
                "entity E { n: int }\nrole front_desk for signed in\naccess E { front_desk may read }"
            ),
            ["name::case: the name `front_desk` of a role is not in CapWords"]
        );
    }

    #[test]
    fn members_are_in_snake_case() {
        assert_eq!(
            findings("entity E { startsAt: int }"),
            ["name::case: the name `startsAt` is not in snake_case"]
        );
        assert_eq!(
            helps("entity E {\n n: int\n invariant VATIsPaid: n > 0\n}"),
            ["write `vat_is_paid` here and wherever it is used"]
        );
        assert_eq!(codes("enum K { inStock }\nentity E { k: K }"), [""; 0]);
    }

    #[test]
    fn no_name_is_offered_that_is_refused_too() {
        assert_eq!(
            helps("entity exception { n: int }"),
            ["begin each word of the name with an upper-case letter, without `_`"]
        );
        assert_eq!(
            helps("entity E { Class: int }"),
            ["choose another name, of lower-case letters, digits and `_`"]
        );
    }

    #[test]
    fn a_name_that_is_refused_already_has_one_finding() {
        assert_eq!(codes("entity _order { n: int }"), ["name::breaks_django"]);
        assert_eq!(
            codes("entity E { DoesNotExist: int }"),
            ["name::breaks_django"]
        );
        assert_eq!(codes("entity class { n: int }"), ["name::breaks_python"]);
    }
}
