use appspec_diagnostics::Span;

use super::{Name, Text};

/// `suppress relation::redundant_index "Read by another system."`: a warning that is meant.
///
/// It is about the item or the member behind it, and all that stands in there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppress {
    /// The code as written; whether there is one like it is decided later.
    pub code: Name,
    /// Why the warning is meant; what is missing or empty is refused later.
    pub reason: Option<Text>,
    /// The whole line.
    pub span: Span,
}
