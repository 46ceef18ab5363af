//! What the checks say about a small spec, for the tests at the foot of their files.

use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};

fn whole(text: &str) -> String {
    format!("project shop {{ title: \"Shop\" }}\n\n{text}\n")
}

fn compile(text: &str) -> Diagnostics {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".into(),
        module: "shop".into(),
        origin: Origin::Spec,
        text: whole(text),
    });
    let (_, mut findings) = crate::compile(&mut sources);
    findings.sort();
    findings
}

/// `group::name` of each finding.
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    compile(text)
        .iter()
        .map(|finding| finding.code.id)
        .collect()
}

/// `group::name: message` of each finding.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let shown = |finding: &appspec_diagnostics::Diagnostic| {
        format!("{}: {}", finding.code.id, finding.message)
    };
    compile(text).iter().map(shown).collect()
}

/// The help of each finding that has one.
pub(crate) fn helps(text: &str) -> Vec<String> {
    compile(text)
        .iter()
        .filter_map(|finding| finding.help.clone())
        .collect()
}

/// The spec after every edit of its findings.
pub(crate) fn mended(text: &str) -> String {
    let mut mended = whole(text);
    let mut edits: Vec<_> = compile(text)
        .iter()
        .flat_map(|finding| finding.edits.clone())
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        mended.replace_range(start..end, &edit.text);
    }
    mended
}

/// What each place of each finding says.
pub(crate) fn labels(text: &str) -> Vec<String> {
    let found = compile(text);
    let labels = found
        .iter()
        .flat_map(|finding| finding.primary.iter().chain(&finding.notes));
    labels.map(|label| label.text.clone()).collect()
}
