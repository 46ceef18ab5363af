//! From pest's pairs to the syntax tree, one file per construct.

mod context;
mod entity;
mod enum_item;
mod expression;
mod field;
mod invariant;
mod item;
mod keys;
mod literal;
mod member;
mod name;
mod operand;
mod project;
mod seed;
mod text;
mod types;

pub(crate) use context::Context;

use crate::ast::Item;
use crate::grammar::{Pair, Rule};
use crate::recover;

/// The items of one piece of a file.
pub(crate) fn items(cx: &mut Context<'_>, pair: Pair<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::EOI => {}
            Rule::junk_item => recover::item(cx, &child),
            Rule::reserved_item => recover::reserved_item(cx, &child),
            _ => items.extend(item::build(cx, child)),
        }
    }
    items
}
