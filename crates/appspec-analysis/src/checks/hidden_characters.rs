use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::Spec;

/// Characters that turn the direction of text round without being seen, so that a reader sees other words than
/// the computer. The plain marks U+200E and U+200F are not among them: Hebrew and Arabic need those.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Labels, messages and documentation that show something else than they hold.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let mut look = |text: Option<&str>, span: Span| {
        let Some(character) = text.and_then(|text| text.chars().find(|each| is_hidden(*each)))
        else {
            return;
        };
        found.push(
            Diagnostic::new(
                &codes::name::HIDDEN_CHARACTER,
                span,
                "a text about this turns the direction of reading round, unseen",
            )
            .label(format!(
                "its label, message or documentation holds U+{:04X}",
                u32::from(character)
            ))
            .help("remove the character; letters of right-to-left scripts need none"),
        );
    };
    look(Some(&spec.project.title), spec.project.span);
    look(spec.project.doc.as_deref(), spec.project.span);
    for (_, entity) in spec.entities.iter() {
        let labels = format!("{}{}", entity.labels.singular, entity.labels.plural);
        look(
            Some(&format!("{labels}{}", entity.doc.as_deref().unwrap_or(""))),
            entity.span,
        );
        for unique in &entity.uniques {
            look(unique.message.as_deref(), unique.span);
        }
    }
    for (_, field) in spec.fields.iter() {
        let message = field.bounds_message.as_deref().unwrap_or("");
        look(
            Some(&format!("{message}{}", field.doc.as_deref().unwrap_or(""))),
            field.span,
        );
    }
    for (_, invariant) in spec.invariants.iter() {
        look(Some(&invariant.message), invariant.span);
    }
    for choice in spec.enums.iter().flat_map(|(_, closed)| &closed.choices) {
        look(Some(&choice.label), choice.span);
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn an_override_is_seen_and_a_script_from_right_to_left_is_fine() {
        assert_eq!(
            codes("entity E \"a\u{202e}b\" { n: int }"),
            ["name::hidden_character"]
        );
        assert_eq!(
            codes("entity E \"\u{5e9}\u{5dc}\u{5d5}\u{5dd}\" { n: int }"),
            [""; 0]
        );
    }
}
