//! How findings are shown: pictures for people ([`human()`]), one line each ([`short()`]), data ([`json()`]).
//!
//! All three are pure and depend on nothing but their arguments, so the same findings give the same bytes.

mod clean;
mod files;
mod human;
mod json;
mod picture;
mod report;
mod short;
#[cfg(test)]
mod tests;

pub use files::Files;
pub use human::human;
pub use json::{json, schema};
pub use short::{short, unread};
