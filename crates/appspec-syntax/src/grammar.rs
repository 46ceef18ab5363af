//! The parser that pest makes of `grammar/appspec.pest`.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    reason = "the code in this module is generated"
)]

#[derive(pest_derive::Parser)]
#[grammar = "grammar/appspec.pest"]
pub(crate) struct Grammar;

/// One piece of text that a rule matched.
pub(crate) type Pair<'t> = pest::iterators::Pair<'t, Rule>;
