//! Helpers of the whole-system tests: the compiler as a process, emitted projects, private
//! databases, and the oracles that judge what was emitted.
//!
//! Everything here needs what `tests/run` prepares; [`surroundings()`] says so when it is not there.

pub mod access_rules;
pub mod at_once;
pub mod browser;
pub mod compiler;
pub mod console;
pub mod database;
pub mod everywhere;
pub mod generate;
pub mod hostile;
pub mod json_schema;
pub mod library;
pub mod list_plans;
pub mod markdown;
pub mod mutation;
pub mod oracles;
pub mod project;
pub mod ran;
pub mod random;
pub mod running;
pub mod sandbox;
pub mod schema;
pub mod server;
pub mod spec;
pub mod steps;
pub mod surroundings;
pub mod tree;

pub use at_once::{at_once, came};
pub use browser::Browser;
pub use compiler::{build, check};
pub use console::Terminal;
pub use database::Database;
pub use everywhere::{everywhere, pythons_for};
pub use project::{Project, Stage};
pub use ran::{Ran, Verdict};
pub use random::Random;
pub use server::Server;
pub use steps::Steps;
pub use surroundings::{Python, surroundings};
pub use tree::Tree;
