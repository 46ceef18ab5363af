use crate::{Code, Span, Suggestion};

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

/// What findings of one code have in common where they come from one mistake; they are told as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The place that the mistake is about: where the name that was meant is declared, or the field.
    pub at: Span,
    /// Which of the mistakes about that place.
    pub what: String,
    /// What to do about all of them, if that is something else than what to do about one.
    pub help: Option<String>,
    /// What to do, as a list that each of them adds to.
    pub listed: Option<Listed>,
}

/// A help that names one thing of each finding: `` add `use std.time.{A, B}` ``
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What stands around the names in the help.
    pub around: (String, String),
    /// What each finding names.
    pub names: Vec<String>,
    /// Where the edit writes the names, and what stands around them there.
    pub edit: Option<(Span, (String, String))>,
}

impl Listed {
    fn take_in(&mut self, other: Self) {
        for name in other.names {
            if !self.names.contains(&name) {
                self.names.push(name);
            }
        }
    }

    fn between(&self, (before, after): &(String, String)) -> String {
        format!("{before}{}{after}", self.names.join(", "))
    }

    fn edit(&self) -> Option<Edit> {
        let (span, around) = self.edit.as_ref()?;
        Some(Edit {
            span: *span,
            text: self.between(around),
        })
    }
}

impl Root {
    /// The mistake of this kind about a place.
    pub fn new(at: Span, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
            help: None,
            listed: None,
        }
    }

    /// Says what to do where several findings have this root.
    #[must_use]
    pub fn help(self, text: impl Into<String>) -> Self {
        Self {
            help: Some(text.into()),
            ..self
        }
    }
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
    /// The file that is to blame as a whole, as its reader writes it: one that is no source, because nothing could be read.
    pub whole_file: Option<String>,
    /// Every other place that contributes, in reading order; may lie in other files.
    pub notes: Vec<Label>,
    /// What to do: an action.
    pub help: Option<String>,
    /// The edits that make the mistake go away, where that is certain.
    pub edits: Vec<Edit>,
    /// What it shares with others that come from the same mistake.
    pub root: Option<Root>,
}

/// A finding that the spec says is meant, with `suppress`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// What was found.
    pub finding: Diagnostic,
    /// Why it is meant.
    pub reason: String,
    /// Where the spec says so.
    pub at: Span,
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
            whole_file: None,
            notes: Vec::new(),
            help: None,
            edits: Vec::new(),
            root: None,
        }
    }

    /// About a file that can't be read: editors show it where the file begins.
    #[must_use]
    pub fn about_file(self, path: impl Into<String>) -> Self {
        Self {
            whole_file: Some(path.into()),
            ..self
        }
    }

    /// Told as one with every finding of its code that has the same root.
    #[must_use]
    pub fn rooted(self, root: impl Into<Option<Root>>) -> Self {
        Self {
            root: root.into(),
            ..self
        }
    }

    /// Takes in another finding of the same root: its place becomes a note. What is mended for certain is all of it,
    /// or nothing.
    pub(crate) fn take_in(&mut self, other: Self) {
        let place = other.primary.map(|label| label.span);
        self.notes.extend(place.map(|span| Label {
            span,
            text: "here too".to_owned(),
        }));
        if let Some(own) = self.root.as_mut().and_then(|root| root.listed.as_mut())
            && let Some(more) = other.root.and_then(|root| root.listed)
        {
            own.take_in(more);
            self.help = Some(own.between(&own.around));
            self.edits = own.edit().into_iter().collect();
            return;
        }
        if let Some(root) = &self.root
            && let Some(help) = &root.help
        {
            self.help = Some(help.clone());
            if self.notes.iter().all(|note| note.span != root.at) {
                self.notes.push(Label {
                    span: root.at,
                    text: "declared here".to_owned(),
                });
            }
        }
        if self.edits.is_empty() || other.edits.is_empty() {
            self.edits.clear();
            return;
        }
        for edit in other.edits {
            if !self.edits.contains(&edit) {
                self.edits.push(edit);
            }
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

    /// Told as one with others that name something else, with one help and one edit for all of the names.
    #[must_use]
    pub fn listed(mut self, root: Root, listed: Listed) -> Self {
        self.help = Some(listed.between(&listed.around));
        self.edits = listed.edit().into_iter().collect();
        self.root = Some(Root {
            listed: Some(listed),
            ..root
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Asks whether a name was meant, with the edit that writes it at `at` where nothing else can be.
    #[must_use]
    pub fn did_you_mean(self, at: Span, meant: Suggestion<'_>) -> Self {
        self.help(format!("did you mean `{}`?", meant.name))
            .edit_if(meant.is_certain, at, meant.name)
    }

    /// Adds an edit, if it is certain.
    #[must_use]
    pub fn edit_if(self, is_certain: bool, span: Span, text: impl Into<String>) -> Self {
        if is_certain {
            self.edit(span, text)
        } else {
            self
        }
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
