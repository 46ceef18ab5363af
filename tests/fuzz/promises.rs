//! What holds for any text. The fuzzing targets ask it of inputs that nobody wrote, `tests/run` of those that were kept.

use appspec_diagnostics::{Diagnostics, FileId, Origin, Severity, Source, Sources};
use appspec_syntax::{FormatError, format, parse};

/// A text is read, and each finding is about a part of it.
pub(crate) fn parsed(text: &str) {
    let mut found = Diagnostics::new();
    parse(FileId(0), text, &mut found);
    let labels = found
        .iter()
        .flat_map(|it| it.primary.iter().chain(&it.notes));
    for span in labels.map(|label| label.span) {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(text.get(start..end).is_some(), "{text:?}: {start}..{end}");
    }
}

/// A formatted text keeps every letter and digit, and is formatted.
pub(crate) fn formatted(text: &str) {
    let once = match format(text) {
        Ok(once) => once.text,
        Err(FormatError::Unreadable(_)) => return,
        Err(FormatError::Unproven(difference)) => panic!("{text:?}: {difference:?}"),
    };
    assert_eq!(letters(&once), letters(text), "{text:?}");
    let twice = format(&once).expect("what was formatted can be read");
    assert_eq!(twice.text, once);
}

/// Clauses change places, so their order says nothing.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|it| it.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters
}

/// A text is compiled, or refused with an error.
pub(crate) fn compiled(text: &str) {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".to_owned(),
        module: "shop".to_owned(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let (spec, found) = appspec_analysis::compile(&mut sources);
    let is_refused = found.count(Severity::Error) > 0;
    assert!(spec.is_some() || is_refused, "{text:?}");
}
