//! The formatter: a corpus of what it does, and what holds for every spec there is.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::panic,
    reason = "a test reads its cases and fails by panicking"
)]

mod cases;
mod damage;
#[path = "../corpus/dump.rs"]
mod dump;
mod everywhere;
mod insertions;
mod random;
mod specs;
