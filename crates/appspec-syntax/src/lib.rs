//! `.appspec` text to a syntax tree. Parsing never fails: what can't be read is reported and left out.

pub mod ast;
mod build;
mod foreign;
mod grammar;
mod limits;
mod parse;
mod recover;
mod reserved;
mod scan;

pub use parse::parse;
pub use reserved::is_reserved;
