//! The program as its user sees it. In transcripts, lines with `!` came on standard error.
#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod build;
mod check;
mod examples;
mod explain;
mod fix;
mod fmt;
mod inspect;
mod new;
mod reference;
mod transcript;
mod usage;
mod world;
