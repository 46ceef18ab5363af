//! `.appspec` text to a syntax tree, and to text in its one layout. Parsing never fails: what can't
//! be read is reported and left out.

pub mod ast;
mod build;
mod foreign;
mod format;
mod grammar;
mod invisible;
mod limits;
mod parse;
mod recover;
mod reserved;
mod scan;
mod stack;
mod words;

pub use foreign::nearly_foreign;
pub use format::{Difference, FormatError, Formatted, format};
pub use invisible::{Inside, Turned, turned};
pub use parse::parse;
pub use reserved::is_reserved;
