use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::Spec;

/// Characters that turn the direction of text round without being seen, so that a reader sees other words than
/// the computer. The plain marks U+200E and U+200F are not among them: Hebrew and Arabic need those.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Labels, messages and documentation that show something else than they hold.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let project = &spec.project;
    look(
        [Some(&project.title), project.doc.as_ref()],
        project.span,
        found,
    );
    for (_, entity) in spec.entities.iter() {
        let (one, many) = (&entity.labels.singular, &entity.labels.plural);
        look(
            [Some(one), Some(many), entity.doc.as_ref()],
            entity.span,
            found,
        );
        for unique in &entity.uniques {
            look([unique.message.as_ref()], unique.span, found);
        }
        for overlap in &entity.overlaps {
            look([overlap.message.as_ref()], overlap.span, found);
        }
        for action in entity.lifecycles.iter().flat_map(|it| &it.actions) {
            look(
                [Some(&action.message), action.doc.as_ref()],
                action.span,
                found,
            );
        }
    }
    for (_, field) in spec.fields.iter() {
        let texts = [field.bounds_message.as_ref(), field.doc.as_ref()];
        look(texts, field.span, found);
    }
    for (_, invariant) in spec.invariants.iter() {
        let texts = [Some(&invariant.message), invariant.doc.as_ref()];
        look(texts, invariant.span, found);
    }
    for choice in spec.enums.iter().flat_map(|(_, closed)| &closed.choices) {
        look(
            [Some(&choice.label), choice.doc.as_ref()],
            choice.span,
            found,
        );
    }
}

/// Reports the first hidden character of texts that belong to one declaration.
fn look<const N: usize>(texts: [Option<&String>; N], span: Span, found: &mut Diagnostics) {
    // No hidden character is written in ASCII, and almost every text is.
    let suspicious = texts.into_iter().flatten().filter(|text| !text.is_ascii());
    let Some(character) = suspicious
        .flat_map(|text| text.chars())
        .find(|each| is_hidden(*each))
    else {
        return;
    };
    let code = u32::from(character);
    found.push(
        Diagnostic::new(
            &codes::name::HIDDEN_CHARACTER,
            span,
            "a text about this turns the direction of reading round, unseen",
        )
        .label(format!(
            "its label, message or documentation holds U+{code:04X}"
        ))
        .help("remove the character; letters of right-to-left scripts need none"),
    );
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
