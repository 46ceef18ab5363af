use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;

use super::declared::{Declared, Kind, declared};

/// The words that Python never takes as a name. Soft keywords (`match`, `case`, `type`) are fine.
pub(super) const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// A name that can't stand in the emitted Python.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for name in declared(spec) {
        let finding = match name.kind {
            Kind::Entity | Kind::Enum | Kind::Attribute(_) if KEYWORDS.contains(&name.name) => {
                keyword(&name)
            }
            Kind::Choice if is_special_to_enums(name.name) => special(&name),
            _ => continue,
        };
        found.push(finding);
    }
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
    Diagnostic::new(
        &codes::name::BREAKS_PYTHON,
        name.span,
        format!("`{}` has a meaning of its own in a Python enum", name.name),
    )
    .label("becomes a member of an enum")
    .help(format!("write `{}`", name.name.trim_matches('_')))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

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
    fn names_with_a_meaning_to_enums_are_refused_as_values_only() {
        assert_eq!(
            codes("enum K { _a_, b }\nentity E { k: K }"),
            ["name::breaks_python"]
        );
        assert_eq!(codes("enum K { _a, none }\nentity E { k: K }"), [""; 0]);
    }
}
