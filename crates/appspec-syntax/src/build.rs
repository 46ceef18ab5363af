//! From pest's pairs to the syntax tree, one file per construct.

mod access;
mod auth;
mod chained;
mod context;
mod entity;
mod enum_item;
mod environment;
mod expression;
mod field;
mod invariant;
mod item;
mod kept;
mod keys;
mod lifecycle;
mod literal;
mod member;
mod mixed;
mod name;
mod operand;
mod project;
mod role;
mod seed;
mod suppress;
mod text;
mod types;

pub(crate) use context::Context;

use crate::ast::Item;
use crate::grammar::{Pair, Rule};
use crate::recover::{self, nested};

/// The items of one piece of a file.
pub(crate) fn items(cx: &mut Context<'_>, pair: Pair<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let children: Vec<Pair<'_>> = pair.into_inner().collect();
    // The block that the next pairs are inside of, and where the first one behind it is.
    let mut around: Option<(&Pair<'_>, usize)> = None;
    for (index, child) in children.iter().enumerate() {
        around = around.filter(|(_, end)| index < *end);
        if around.is_none() {
            let behind = children.get(index + 1..).unwrap_or_default();
            let inside = nested::inside(cx, child, behind);
            cx.set_ends_below(inside > 0);
            around = (inside > 0).then_some((child, index + 1 + inside));
        } else if let Some((block, _)) = around {
            if nested::is_junk(child) {
                recover::rest_of_block(cx, child);
                continue;
            }
            if child.as_rule() != Rule::reserved_item {
                nested::report(cx, block, child);
            }
        }
        suppress::hand_on_doc(cx, child, children.get(index + 1));
        let child = child.clone();
        cx.begin_item();
        match child.as_rule() {
            Rule::EOI => {}
            Rule::junk_item => items.append(&mut recover::item(cx, &child)),
            Rule::reserved_item => recover::reserved_item(cx, &child),
            _ => match item::build(cx, child.clone()) {
                Some(item) => items.push(item),
                None => cx.leave_unread(&child),
            },
        }
    }
    items
}

/// Whether the header of a block can't be read.
pub(crate) fn has_bad_header(item: &Pair<'_>) -> bool {
    item.clone()
        .into_inner()
        .any(|part| matches!(part.as_rule(), Rule::bad_header | Rule::bad_seed_header))
}
