//! `.appspec` text to a syntax tree. Parsing never fails: what can't be read is reported and left out.

pub mod ast;
