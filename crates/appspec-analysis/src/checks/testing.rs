//! What the checks say about a small spec, for the tests at the foot of their files.

use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};

fn compile(text: &str) -> Diagnostics {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".into(),
        module: "shop".into(),
        origin: Origin::Spec,
        text: format!("project shop {{ title: \"Shop\" }}\n\n{text}\n"),
    });
    let (_, mut findings) = crate::compile(&mut sources);
    findings.sort();
    findings
}

/// `group::name` of each finding.
pub(super) fn codes(text: &str) -> Vec<&'static str> {
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
