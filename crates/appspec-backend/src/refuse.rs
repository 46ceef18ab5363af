use std::fmt;

use askama::filters::Escaper;

/// The escaper of every emitted language: it refuses.
///
/// A template may only print values marked as safe, and only the writers of this crate mark them. A raw string that
/// reaches a template by mistake ends in an error, never in a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Refuse;

impl Escaper for Refuse {
    fn write_escaped_str<W: fmt::Write>(&self, _dest: W, _string: &str) -> fmt::Result {
        Err(fmt::Error)
    }
}
