use std::collections::BTreeMap;
use std::fmt;

use miette::{LabeledSpan, SourceCode};

use super::clean::clean;
use super::cut::{cut, cut_help};
use super::fold;
use super::picture::{Picture, Pictures};
use crate::{Diagnostic, Label, Severity};

/// What stands before a message or a help on its lines: `  help: `.
const MARGIN: usize = 8;

/// What stands before a note of another file on its lines.
const NESTED: usize = 10;

/// More notes that say the same are only counted.
const MOST_ALIKE: usize = 4;

/// A finding joined with its sources, as miette wants it.
#[derive(Debug)]
pub(super) struct Report<'a> {
    finding: &'a Diagnostic,
    picture: Option<&'a Picture<'a>>,
    labels: Vec<LabeledSpan>,
    /// What lies in other files than the finding: miette draws one source for each diagnostic.
    elsewhere: Vec<Note<'a>>,
    /// The widest that a message or a help is set, in characters.
    width: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(finding: &'a Diagnostic, pictures: &'a Pictures<'_>, columns: usize) -> Self {
        let home = finding.primary.as_ref().map(|label| label.span.file);
        let picture = home.and_then(|file| pictures.of(file));
        let mut labels = Vec::new();
        if let (Some(primary), Some(picture)) = (&finding.primary, picture) {
            let span = picture.underline(primary.span);
            labels.push(LabeledSpan::new_primary_with_span(text(primary), span));
        }
        let mut elsewhere = Vec::new();
        for note in &few(&finding.notes) {
            match picture {
                Some(picture) if Some(note.span.file) == home => {
                    let span = picture.underline(note.span);
                    labels.push(LabeledSpan::new_with_span(text(note), span));
                }
                _ => elsewhere.extend(pictures.of(note.span.file).map(|picture| Note {
                    label: note.clone(),
                    picture,
                    width: columns.saturating_sub(NESTED),
                })),
            }
        }
        Self {
            finding,
            picture,
            labels,
            elsewhere,
            width: columns.saturating_sub(MARGIN),
        }
    }
}

/// The notes that are drawn: of many that say the same, the first ones, and how many more there are.
fn few(notes: &[Label]) -> Vec<Label> {
    let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes {
        *alike.entry(&note.text).or_default() += 1;
    }
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    let mut drawn = Vec::with_capacity(notes.len());
    for note in notes {
        let place = before.entry(&note.text).or_default();
        *place += 1;
        let more = alike
            .get(note.text.as_str())
            .map_or(0, |all| all.saturating_sub(MOST_ALIKE));
        if *place > MOST_ALIKE {
            continue;
        }
        let text = match more {
            1 if *place == MOST_ALIKE => format!("{}, and in one more place", note.text),
            2.. if *place == MOST_ALIKE => format!("{}, and in {more} more places", note.text),
            _ => note.text.clone(),
        };
        drawn.push(Label {
            span: note.span,
            text,
        });
    }
    drawn
}

fn text(label: &Label) -> Option<String> {
    (!label.text.is_empty()).then(|| clean(&cut(&label.text)).into_owned())
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&fold(&clean(&cut(&self.finding.message)), self.width))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = self.finding.code;
        Some(Box::new(format!("{}[{}]", code.severity.word(), code.id)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.code.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.finding.help.as_deref()?;
        Some(Box::new(fold(&clean(&cut_help(help)), self.width)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.picture?)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let notes = self
            .elsewhere
            .iter()
            .map(|note| note as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(notes) as Box<_>)
    }
}

/// A place in another file.
#[derive(Debug)]
struct Note<'a> {
    label: Label,
    picture: &'a Picture<'a>,
    /// The widest that its text is set, in characters.
    width: usize,
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&fold(&clean(&cut(&self.label.text)), self.width))
    }
}

impl std::error::Error for Note<'_> {}

impl miette::Diagnostic for Note<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.picture)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.picture.underline(self.label.span);
        Some(Box::new(std::iter::once(
            LabeledSpan::new_primary_with_span(None, span),
        )))
    }
}
