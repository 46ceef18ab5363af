use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use super::{Files, clean_json};
use crate::{Diagnostic, Diagnostics, Severity, Span};

/// The findings as data for editors and other tools, in the shape of the language server protocol and
/// with the numbers that people read beside those that editors count with.
pub fn json(findings: &Diagnostics, files: &Files<'_>) -> String {
    let report = Report {
        version: 1,
        errors: findings.count(Severity::Error),
        warnings: findings.count(Severity::Warning),
        advice: findings.count(Severity::Advice),
        not_shown: findings.not_shown(),
        diagnostics: findings.iter().map(|it| Finding::new(it, files)).collect(),
        suppressed: findings
            .acknowledged()
            .iter()
            .map(|it| Meant {
                finding: Finding::new(&it.finding, files),
                reason: it.reason.clone(),
                suppressed_at: Location::new(it.at, files),
            })
            .collect(),
    };
    // Strings, numbers and lists always serialize.
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    clean_json(&text).into_owned()
}

/// The JSON Schema of what [`json()`] prints.
pub fn schema() -> Schema {
    schema_for!(Report)
}

/// What `appspecc check --format json` prints.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "appspecc diagnostics")]
struct Report {
    /// Grows when something here changes its meaning; new keys may come at any time.
    version: u32,
    /// How many of the findings are errors; a build needs none.
    errors: usize,
    /// How many are warnings.
    warnings: usize,
    /// How many are advice.
    advice: usize,
    /// How many more there are than the list shows: of files with too many to read, or beyond `--max-errors`.
    not_shown: usize,
    /// The findings, by file and place.
    diagnostics: Vec<Finding>,
    /// What the spec acknowledges with `suppress`; not among the findings, nor in their counts.
    suppressed: Vec<Meant>,
}

/// A finding that is meant.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Meant {
    #[serde(flatten)]
    finding: Finding,
    /// Why it is meant.
    reason: String,
    /// The `suppress` that says so.
    suppressed_at: Location,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Finding {
    /// `group::name`; `appspecc explain CODE` prints its page.
    code: &'static str,
    /// `error`, `warning` or `advice`.
    severity: &'static str,
    /// What is wrong, in one line.
    message: String,
    /// What to do.
    help: Option<String>,
    /// Where; missing when no file is to blame. A file that can't be read is to blame where it begins.
    location: Option<Location>,
    /// What is to be seen there.
    label: Option<String>,
    /// Every other place that contributes, in reading order.
    related: Vec<Related>,
    /// Replacements that, made together, mend the mistake for certain.
    edits: Vec<Edit>,
}

/// Another place that contributes.
#[derive(Serialize, JsonSchema)]
struct Related {
    location: Location,
    message: String,
}

/// Replace what is at the location by the text.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Edit {
    location: Location,
    new_text: String,
}

/// A range of one file.
#[derive(Serialize, JsonSchema)]
struct Location {
    /// The path, with `/`.
    file: String,
    /// The range as the language server protocol has it.
    range: Range,
    /// Where it starts, as people read it.
    from: Place,
    /// Where it ends (just past it), as people read it.
    to: Place,
}

/// Half open.
#[derive(Serialize, JsonSchema)]
struct Range {
    start: Position,
    end: Position,
}

/// Counted from zero, in UTF-16 code units.
#[derive(Serialize, JsonSchema)]
struct Position {
    line: usize,
    character: usize,
}

/// Line and column counted from one, in characters; the offset from zero, in bytes of the file.
#[derive(Serialize, JsonSchema)]
struct Place {
    line: usize,
    column: usize,
    offset: u32,
}

impl Finding {
    fn new(finding: &Diagnostic, files: &Files<'_>) -> Self {
        let label = finding.primary.as_ref().map(|label| label.text.clone());
        Self {
            code: finding.code.id,
            severity: finding.code.severity.word(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            location: match (&finding.primary, &finding.whole_file) {
                (Some(primary), _) => Some(Location::new(primary.span, files)),
                (None, Some(file)) => Some(Location::beginning(file)),
                (None, None) => None,
            },
            label: label.filter(|text| !text.is_empty()),
            related: finding
                .notes
                .iter()
                .map(|note| Related {
                    location: Location::new(note.span, files),
                    message: note.text.clone(),
                })
                .collect(),
            edits: finding
                .edits
                .iter()
                .map(|edit| Edit {
                    location: Location::new(edit.span, files),
                    new_text: edit.text.clone(),
                })
                .collect(),
        }
    }
}

impl Location {
    fn new(span: Span, files: &Files<'_>) -> Self {
        let (start, from) = places(span, files);
        let (end, to) = places(span.at_end(), files);
        Self {
            file: files.name(span.file),
            range: Range { start, end },
            from,
            to,
        }
    }
}

impl Location {
    /// Where a file begins of which nothing is known.
    fn beginning(file: &str) -> Self {
        let position = || Position {
            line: 0,
            character: 0,
        };
        let place = || Place {
            line: 1,
            column: 1,
            offset: 0,
        };
        Self {
            file: file.to_owned(),
            range: Range {
                start: position(),
                end: position(),
            },
            from: place(),
            to: place(),
        }
    }
}

/// Where a span starts, for editors and for people.
fn places(span: Span, files: &Files<'_>) -> (Position, Place) {
    let lines = files.lines(span.file);
    let (line, character) = lines.map_or((0, 0), |(text, table)| {
        table.utf16_position(text, span.start)
    });
    let (shown, column) = files.position(span);
    (
        Position { line, character },
        Place {
            line: shown,
            column,
            offset: files.offset(span),
        },
    )
}
