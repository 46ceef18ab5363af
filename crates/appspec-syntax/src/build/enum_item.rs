use crate::ast::{EnumDecl, EnumValue};
use crate::grammar::{Pair, Rule};
use crate::recover;
use crate::reserved;

use super::Context;
use super::name::{name, name_in};
use super::text::{text, text_in};

/// `enum Status { requested, confirmed, no_show "No-show" }`
pub(super) fn enum_item(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<EnumDecl> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut declared, mut was, mut values) = (None, None, Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::was => was = name_in(cx, child),
            Rule::enum_value => values.extend(value(cx, child)),
            Rule::junk_value => recover::value(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(EnumDecl {
        doc,
        name,
        values,
        was,
        span,
    })
}

fn value(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<EnumValue> {
    let doc = cx.doc(&pair);
    let mut children = pair.into_inner();
    let mut value = EnumValue {
        doc,
        name: name(cx, &children.next()?),
        label: None,
        stored_as: None,
        was: None,
    };
    reserved::declared(cx, &value.name);
    for child in children {
        match child.as_rule() {
            Rule::text => value.label = Some(text(cx, &child)),
            Rule::stored_as => value.stored_as = text_in(cx, child),
            Rule::was => value.was = name_in(cx, child),
            _ => {}
        }
    }
    Some(value)
}
