use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;
use unicode_normalization::UnicodeNormalization;

use super::declared::declared;

/// Names become Python, SQL and addresses. There, `é` has two spellings that look the same, and a Cyrillic `а`
/// is no `a`; ASCII has none of this.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        let Some(letter) = name.name.chars().find(|letter| !letter.is_ascii()) else {
            continue;
        };
        let plain: String = name.name.nfkd().filter(char::is_ascii).collect();
        let help = if plain.chars().count() == name.name.nfc().count() {
            format!("write `{plain}`; a label or a text may use any letter")
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
