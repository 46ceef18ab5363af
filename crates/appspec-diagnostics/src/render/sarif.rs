use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{Files, clean_json};
use crate::{Acknowledged, Code, Diagnostic, Diagnostics, Edit, Label, Severity, Span};

/// The findings as SARIF 2.1.0 (OASIS), for code scanning and other collectors.
pub fn sarif(findings: &Diagnostics, files: &Files<'_>) -> String {
    let meant = findings.acknowledged();
    let codes: BTreeMap<&str, &Code> = findings
        .iter()
        .chain(meant.iter().map(|it| &it.finding))
        .map(|it| (it.code.id, it.code))
        .collect();
    let places: BTreeMap<&str, usize> = codes.keys().copied().zip(0..).collect();
    let rules: Vec<Value> = codes.values().map(|code| rule(code)).collect();
    let place = |finding: &Diagnostic| places.get(finding.code.id).copied();
    let shown = findings
        .iter()
        .map(|finding| result(finding, place(finding), files));
    let suppressed = meant
        .iter()
        .map(|it| suppressed(it, place(&it.finding), files));
    let results: Vec<Value> = shown.chain(suppressed).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "appspecc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Strings, numbers and lists always serialize.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    clean_json(&text).into_owned()
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "help": { "text": code.page, "markdown": code.page },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(finding: &Diagnostic, rule: Option<usize>, files: &Files<'_>) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code.id,
        "level": level(finding.code.severity),
        "message": { "text": text },
    });
    let Some(members) = result.as_object_mut() else {
        return result;
    };
    members.extend(rule.map(|at| ("ruleIndex".to_owned(), json!(at))));
    if let Some(primary) = &finding.primary {
        members.insert("locations".to_owned(), json!([location(primary, files)]));
    } else if let Some(file) = &finding.whole_file {
        let beginning = json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file) },
                "region": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 },
            },
        });
        members.insert("locations".to_owned(), json!([beginning]));
    }
    if !finding.notes.is_empty() {
        let notes: Vec<Value> = finding
            .notes
            .iter()
            .map(|note| location(note, files))
            .collect();
        members.insert("relatedLocations".to_owned(), json!(notes));
    }
    if !finding.edits.is_empty() {
        let changes = changes(&finding.edits, files);
        members.insert("fixes".to_owned(), json!([{ "artifactChanges": changes }]));
    }
    result
}

/// A result that collectors keep and do not show.
fn suppressed(meant: &Acknowledged, rule: Option<usize>, files: &Files<'_>) -> Value {
    let mut result = result(&meant.finding, rule, files);
    let at = Label {
        span: meant.at,
        text: String::new(),
    };
    if let Some(members) = result.as_object_mut() {
        let suppression = json!({
            "kind": "inSource",
            "status": "accepted",
            "justification": meant.reason,
            "location": location(&at, files),
        });
        members.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

fn location(label: &Label, files: &Files<'_>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&files.name(label.span.file)) },
            "region": region(label.span, files),
        },
    });
    if let (false, Some(members)) = (label.text.is_empty(), location.as_object_mut()) {
        members.insert("message".to_owned(), json!({ "text": label.text }));
    }
    location
}

/// Lines and columns from one, the end just past the last character.
fn region(span: Span, files: &Files<'_>) -> Value {
    let (line, column) = files.position(span);
    let (end_line, end_column) = files.position(span.at_end());
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}

/// The edits of one fix, file by file.
fn changes(edits: &[Edit], files: &Files<'_>) -> Vec<Value> {
    let mut of_files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for edit in edits {
        let replacement = json!({
            "deletedRegion": region(edit.span, files),
            "insertedContent": { "text": edit.text },
        });
        of_files
            .entry(uri(&files.name(edit.span.file)))
            .or_default()
            .push(replacement);
    }
    of_files
        .into_iter()
        .map(|(uri, replacements)| {
            json!({
                "artifactLocation": { "uri": uri },
                "replacements": replacements,
            })
        })
        .collect()
}

/// A path as a relative reference of RFC 3986: everything but plain characters as `%XX`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
