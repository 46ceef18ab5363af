//! What the compiler says to people: where ([`Span`], [`Sources`]), what ([`Code`], [`Diagnostic`]),
//! and how it is shown ([`render`]).
//!
//! Every mistake has one code, declared once in [`codes`], with one page under `docs/errors/`.

mod code;
pub mod codes;
mod diagnostic;
mod diagnostics;
mod line_table;
pub mod render;
mod source;
mod span;
mod suggest;

pub use code::{Code, Severity};
pub use diagnostic::{Acknowledged, Diagnostic, Edit, Label, Listed, Root};
pub use diagnostics::{Diagnostics, MOST_KEPT};
pub use line_table::LineTable;
pub use source::{Origin, Source, Sources};
pub use span::{FileId, Span};
pub use suggest::{Suggestion, closest};
