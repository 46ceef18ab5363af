use crate::{Code, Severity, Span};

/// A place in a source and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words about what is *here*; may be empty for the primary label.
    pub text: String,
}

/// A certain fix: replace the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// One finding: a code, a message, the places that it concerns and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of mistake.
    pub code: &'static Code,
    /// One line, lower case, no full stop, names in backticks.
    pub message: String,
    /// Where the mistake is; `None` for a mistake of no file (the command line, the disk).
    pub primary: Option<Label>,
    /// Every other place that contributes, in reading order; may lie in other files.
    pub notes: Vec<Label>,
    /// What to do: an action.
    pub help: Option<String>,
    /// The edits that make the mistake go away, where that is certain.
    pub edits: Vec<Edit>,
}

impl Diagnostic {
    /// A finding at a place. The label text starts empty; see [`Diagnostic::label`].
    pub fn new(code: &'static Code, at: Span, message: impl Into<String>) -> Self {
        Self {
            primary: Some(Label {
                span: at,
                text: String::new(),
            }),
            ..Self::without_place(code, message)
        }
    }

    /// A finding that no source file is to blame for.
    pub fn without_place(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: None,
            notes: Vec::new(),
            help: None,
            edits: Vec::new(),
        }
    }

    /// Says what is to be seen at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Adds another place that contributes.
    #[must_use]
    pub fn note(mut self, span: Span, text: impl Into<String>) -> Self {
        self.notes.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds an edit that is certain to mend the mistake together with the other edits.
    #[must_use]
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit {
            span,
            text: text.into(),
        });
        self
    }
}

/// The findings of one run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all findings of another run, for work that was done in parallel.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Whether anything found stops a build.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|finding| finding.code.severity == Severity::Error)
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|finding| finding.code.severity == severity)
            .count()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The findings in the order in which people read: by file, place, then code.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let place = |finding: &Diagnostic| finding.primary.as_ref().map(|label| label.span);
            place(a)
                .cmp(&place(b))
                .then_with(|| a.code.id.cmp(b.code.id))
        });
    }

    /// The findings, in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
