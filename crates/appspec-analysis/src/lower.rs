//! Syntax trees with resolved names to the Spec.

mod access;
mod address;
mod assemble;
mod auth;
mod bounds;
mod broken;
mod change_rule;
mod defaults;
mod enums;
mod environment;
mod field;
mod kept;
mod lifecycle;
mod members;
mod named;
mod one_of;
mod path_default;
mod regex;
mod roles;
mod seed_keys;
mod seed_order;
mod seeds;
mod serial;
mod words;

pub(crate) mod calendar;
pub(crate) mod constant;
pub(crate) mod derives;
pub(crate) mod layout;
pub(crate) mod quoted;
pub(crate) mod renamed;
pub(crate) mod scalars;

use appspec_ir::{Entity, Id};
use appspec_syntax::ast::Doc;

pub(crate) use assemble::{Lowered, lower};
pub(crate) use broken::Broken;
pub(crate) use one_of::no_value;
pub(crate) use regex::Patterns;

/// The text of a documentation comment.
fn doc(doc: Option<&Doc>) -> Option<String> {
    doc.map(|doc| doc.text.clone())
        .filter(|text| !text.trim().is_empty())
}

/// The entity of a body. Members of mixins get theirs when an entity takes them.
fn entity_of(body: &layout::Body<'_>) -> Id<Entity> {
    body.entity.unwrap_or(Id::from_index(usize::MAX))
}
