use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Choice, Spec};

/// Values of one enum that people can't tell apart, because they read the same words for both.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, closed) in spec.enums.iter() {
        let mut first: BTreeMap<&str, &Choice> = BTreeMap::new();
        for choice in &closed.choices {
            let Some(other) = first.get(choice.label.as_str()) else {
                first.insert(&choice.label, choice);
                continue;
            };
            // Names that become one are told as such.
            if other.name.eq_ignore_ascii_case(&choice.name) {
                continue;
            }
            found.push(
                Diagnostic::new(
                    &codes::name::SAME_LABEL,
                    choice.span,
                    format!(
                        "`{}` and `{}` of `{}` look the same in forms and lists",
                        other.name, choice.name, closed.name
                    ),
                )
                .label("shown with the same words")
                .note(other.span, "as this one")
                .help(format!(
                    "give it a label of its own: `{} \"…\"`",
                    choice.name
                )),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn labels_of_one_enum_differ() {
        let spec = |values: &str| codes(&format!("enum S {{ {values} }}\nentity E {{ s: S }}"));
        assert_eq!(spec("a \"Open\", b \"Open\""), ["name::same_label"]);
        assert_eq!(spec("in_work, started \"In work\""), ["name::same_label"]);
        assert_eq!(spec("a \"Open\", b \"open\""), [""; 0]);
        assert_eq!(spec("open, OPEN"), ["name::collides"]);
    }
}
