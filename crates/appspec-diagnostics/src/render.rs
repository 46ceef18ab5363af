//! How findings are shown: pictures for people ([`human()`]), one line each ([`short()`]), and data: our own
//! ([`json()`]), of code scanning ([`sarif()`]), of GitHub's workflows ([`github()`]).
//!
//! All of them are pure and depend on nothing but their arguments, so the same findings give the same bytes.

mod clean;
mod cut;
mod files;
mod fit;
mod fold;
mod github;
mod human;
mod json;
mod picture;
mod report;
mod sarif;
mod short;
#[cfg(test)]
mod tests;

use fold::fold;

pub use clean::{clean, clean_json};
pub use files::Files;
pub use github::github;
pub use human::human;
pub use json::{json, schema};
pub use sarif::sarif;
pub use short::{short, unread};
