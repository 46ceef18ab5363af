use appspec_diagnostics::Span;

/// An identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The identifier as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One or more identifiers with dots between: `client`, `auth.User`, `std.time`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The identifiers; never empty.
    pub names: Vec<Name>,
    /// From the first to the last identifier.
    pub span: Span,
}

/// A string literal, escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What the string says.
    pub value: String,
    /// The literal with its quotes.
    pub span: Span,
}

/// The `///` lines before an item or a member, joined by newlines, without the slashes and one blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// The text.
    pub text: String,
    /// All lines together.
    pub span: Span,
}
