use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::declared::{Kind, declared};
use super::spelling::{cap_words, is_free, snake_case};

/// Names become Python, SQL and addresses. There, `é` has two spellings that look the same, and a Cyrillic `а`
/// is no `a`; ASCII has none of this.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        let Some(letter) = name.name.chars().find(|letter| !letter.is_ascii()) else {
            continue;
        };
        let parts: String = name
            .name
            .nfkd()
            .filter(|part| !is_combining_mark(*part))
            .collect();
        let parts = match name.kind {
            Kind::Entity | Kind::Enum => cap_words(&parts),
            Kind::Choice => parts,
            Kind::Attribute(_) | Kind::Invariant => snake_case(&parts),
        };
        let help = if parts.is_ascii() && is_free(&parts) {
            format!("write `{parts}`; a label or a text may use any letter")
        } else {
            "use the letters a to z; a label or a text may use any letter".to_owned()
        };
        let finding = Diagnostic::new(
            &codes::name::NOT_ASCII,
            name.span,
            format!("the name `{}` has a letter outside of ASCII", name.name),
        )
        .label(format!("`{letter}` is U+{:04X}", u32::from(letter)))
        .help(help);
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{findings, helps};

    #[test]
    fn a_letter_outside_of_ascii_is_named_and_a_plain_spelling_offered() {
        let found = findings("entity Caf\u{e9} { n: int }");
        assert_eq!(
            found,
            ["name::not_ascii: the name `Caf\u{e9}` has a letter outside of ASCII"]
        );
        assert_eq!(
            helps("entity Caf\u{e9} { n: int }"),
            ["write `Cafe`; a label or a text may use any letter"]
        );
        // Cyrillic has no plain spelling.
        assert_eq!(
            helps("entity Order { \u{438}: int }"),
            ["use the letters a to z; a label or a text may use any letter"]
        );
    }
}
