//! Every example of the language reference compiles without a finding.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use appspec_analysis::compile;
use appspec_diagnostics::{LineTable, Origin, Source, Sources};

const REFERENCE: &str = include_str!("../../../docs/reference/language.md");

#[test]
fn every_example_gives_no_finding() {
    let examples = examples();
    assert!(examples.len() >= 9, "the reference has its examples");
    let mut findings = Vec::new();
    for (line, example) in examples {
        let text = if example.contains("project ") {
            example
        } else {
            format!("project example {{ title: \"Example\" }}\n{example}")
        };
        let mut sources = Sources::new();
        sources.add(Source {
            path: "example.appspec".to_owned(),
            module: "example".to_owned(),
            origin: Origin::Spec,
            text: text.clone(),
        });
        let (compiled, mut found) = compile(&mut sources);
        found.without_advice();
        let table = LineTable::new(&text);
        for finding in &found {
            let place = finding.primary.as_ref().map(|label| label.span.start);
            let at = place.map_or((0, 0), |start| table.position(&text, start));
            let (code, message) = (finding.code.id, &finding.message);
            findings.push(format!("block at line {line}, {at:?}: {code} {message}"));
        }
        assert!(
            compiled.is_some() || !found.is_empty(),
            "silence at line {line}"
        );
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// The fenced blocks of `appspec`, each with the line that it begins at.
fn examples() -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in REFERENCE.lines().enumerate() {
        match (&mut open, line) {
            (None, "```appspec") => open = Some((index + 1, String::new())),
            (Some(_), "```") => examples.extend(open.take()),
            (Some((_, text)), line) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    examples
}
