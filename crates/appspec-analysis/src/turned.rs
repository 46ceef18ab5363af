use appspec_diagnostics::{Diagnostic, Diagnostics, FileId, Origin, Sources, Span, codes};
use appspec_syntax::{Inside, Turned, turned};

/// So many characters of one text or comment are shown.
const MOST_SHOWN: usize = 4;

/// Texts and comments in which a reader sees other words than the computer. Whatever else is wrong with a file, this is so.
pub(crate) fn check(sources: &Sources, found: &mut Diagnostics) {
    for (file, source) in sources.iter() {
        if source.origin == Origin::Spec {
            for turned in turned(&source.text) {
                if let Some(finding) = finding(file, &turned) {
                    found.push(finding);
                }
            }
        }
    }
}

fn finding(file: FileId, turned: &Turned) -> Option<Diagnostic> {
    let mut places = turned.places.iter().map(|(at, it)| {
        let start = u32::try_from(*at).unwrap_or(u32::MAX);
        let length = u32::try_from(it.len_utf8()).unwrap_or(0);
        let span = Span::new(file, start, start.saturating_add(length));
        (span, format!("U+{:04X}", u32::from(*it)))
    });
    let (first, name) = places.next()?;
    let (what, help) = match turned.inside {
        Inside::Text => ("text", "remove the character"),
        Inside::Documentation => ("documentation comment", "remove the character"),
        Inside::Comment => ("comment", "remove what nobody sees"),
    };
    let finding = Diagnostic::new(
        &codes::name::HIDDEN_CHARACTER,
        first,
        format!("a {what} turns the direction of reading round, unseen"),
    )
    .label(format!("{name} stands here"))
    .help(format!(
        "{help}; letters of right-to-left scripts need none"
    ));
    let is_comment = turned.inside == Inside::Comment;
    let finding = finding.edit_if(is_comment, first, "");
    let more: Vec<(Span, String)> = places.collect();
    let finding = more.iter().fold(finding, |finding, (span, _)| {
        finding.edit_if(is_comment, *span, "")
    });
    let shown = more.into_iter().take(MOST_SHOWN - 1);
    Some(shown.fold(finding, |finding, (span, name)| finding.note(span, name)))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, mended};

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

    #[test]
    fn values_and_comments_are_looked_at_too() {
        let spec =
            "// a \u{202e} b \u{202c}\n/// c \u{2066}\nentity E {\n n: text(9) = \"d\u{202e}\"\n}";
        assert_eq!(
            findings(spec),
            ["comment", "documentation comment", "text"].map(|what| format!(
                "name::hidden_character: a {what} turns the direction of reading round, unseen"
            ))
        );
        // What a value or a document says is not for us to change.
        assert!(mended(spec).contains("// a  b \n/// c \u{2066}"));
        assert!(mended(spec).contains("\"d\u{202e}\""));
    }
}
