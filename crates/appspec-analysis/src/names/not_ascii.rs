use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_syntax::ast::{Item, Member, Name};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::checks::spelling::{cap_words, is_free, snake_case};
use crate::unit::Unit;

/// How a kind of name is spelled.
type Spelling = fn(&str) -> String;

/// Names become Python, SQL and addresses. There, `é` has two spellings that look the same, and a Cyrillic `а`
/// is no `a`; ASCII has none of this. Asks for no more than the tree, so that other mistakes do not hide it.
pub(crate) fn check(units: &[Unit], found: &mut Diagnostics) {
    for item in units.iter().flat_map(|unit| &unit.ast.items) {
        let members = match item {
            Item::Enum(it) => {
                name(&it.name, cap_words, found);
                for value in &it.values {
                    name(&value.name, str::to_owned, found);
                }
                continue;
            }
            Item::Entity(it) => {
                name(&it.name, cap_words, found);
                &it.members
            }
            Item::Role(it) => {
                name(&it.name, cap_words, found);
                continue;
            }
            Item::Mixin(it) => &it.members,
            Item::Extend(it) => &it.members,
            Item::Project(_)
            | Item::Use(_)
            | Item::Type(_)
            | Item::Predicate(_)
            | Item::Seed(_)
            | Item::Access(_)
            | Item::Auth(_)
            | Item::Environment(_)
            | Item::Suppress(_) => {
                continue;
            }
        };
        for member in members {
            let (declared, inverse) = match member {
                // Its name is made of names that are looked at where they stand.
                Member::Field(it) if it.part_of.is_some() => continue,
                Member::Field(it) => (&it.name, it.inverse.as_ref()),
                Member::Derive(it) => (&it.name, None),
                Member::Invariant(it) => (&it.name, None),
                _ => continue,
            };
            name(declared, snake_case, found);
            if let Some(inverse) = inverse {
                name(inverse, snake_case, found);
            }
        }
    }
}

fn name(name: &Name, spelling: Spelling, found: &mut Diagnostics) {
    let Some(letter) = name.text.chars().find(|letter| !letter.is_ascii()) else {
        return;
    };
    let parts: String = name
        .text
        .nfkd()
        .filter(|part| !is_combining_mark(*part))
        .collect();
    let parts = spelling(&parts);
    let help = if parts.is_ascii() && is_free(&parts) {
        format!("write `{parts}`; a label or a text may use any letter")
    } else {
        "use the letters a to z; a label or a text may use any letter".to_owned()
    };
    let finding = Diagnostic::new(
        &codes::name::NOT_ASCII,
        name.span,
        format!("the name `{}` has a letter outside of ASCII", name.text),
    )
    .label(format!("`{letter}` is U+{:04X}", u32::from(letter)))
    .help(help);
    found.push(finding);
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
