use crate::ast::{Entity, Extend, Labels, Member, Mixin, Name};
use crate::grammar::{Pair, Rule};
use crate::recover;
use crate::reserved;

use super::Context;
use super::member::member;
use super::name::{name, name_in, path};
use super::suppress::hand_on_doc;
use super::text::text;
use crate::words::split;

/// `entity Visit "Visit", "Visits" with Timestamped { … }`
pub(super) fn entity(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Entity> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut declared, mut labels, mut was) = (None, None, None);
    let (mut mixins, mut members) = (Vec::new(), Vec::new());
    let mut is_partial = false;
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::labels => labels = labels_of(cx, child),
            Rule::with => {
                let paths = child.into_inner().filter(|it| it.as_rule() == Rule::path);
                mixins.extend(paths.map(|it| path(cx, it)));
            }
            Rule::was => was = name_in(cx, child),
            _ => {
                if child.as_rule() == Rule::bad_header {
                    declared = name_of_header(cx, &child);
                    is_partial = true;
                }
                in_block(cx, pair, &child, children.peek(), &mut members);
            }
        }
    }
    let name = header_name(cx, declared)?;
    Some(Entity {
        doc,
        name,
        labels,
        mixins,
        was,
        members,
        is_partial,
        span,
    })
}

/// The name in a header that can't be read further than that.
fn name_of_header(cx: &Context<'_>, header: &Pair<'_>) -> Option<Name> {
    let (word, behind) = split(header.as_str());
    let is_name = word.starts_with(|it: char| it.is_alphabetic() || it == '_');
    let is_whole = behind.is_empty() || behind.starts_with([' ', '\t', '(', ':']);
    let start = header.as_span().start();
    (is_name && is_whole).then(|| Name {
        text: word.to_owned(),
        span: cx.range(start, start + word.len()),
    })
}

/// `mixin Timestamped { … }`
pub(super) fn mixin(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Mixin> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut declared, mut members) = (None, Vec::new());
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            _ => in_block(cx, pair, &child, children.peek(), &mut members),
        }
    }
    let name = header_name(cx, declared)?;
    Some(Mixin {
        doc,
        name,
        members,
        span,
    })
}

/// `extend entity User { … }`
pub(super) fn extend(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Extend> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut entity, mut members) = (None, Vec::new());
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        match child.as_rule() {
            Rule::path => entity = Some(path(cx, child)),
            _ => in_block(cx, pair, &child, children.peek(), &mut members),
        }
    }
    Some(Extend {
        doc,
        entity: entity?,
        members,
        span,
    })
}

fn in_block(
    cx: &mut Context<'_>,
    item: &Pair<'_>,
    child: &Pair<'_>,
    next: Option<&Pair<'_>>,
    members: &mut Vec<Member>,
) {
    hand_on_doc(cx, child, next);
    if !recover::block_part(cx, item, child) {
        match member(cx, child.clone(), members.last()) {
            Some(read) => members.push(read),
            None => cx.leave_unread(child),
        }
    }
}

fn header_name(cx: &mut Context<'_>, declared: Option<Name>) -> Option<Name> {
    let name = declared?;
    reserved::declared(cx, &name);
    Some(name)
}

fn labels_of(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Labels> {
    let mut texts = Vec::new();
    for child in pair.into_inner().filter(|it| it.as_rule() == Rule::text) {
        texts.push(text(cx, &child));
    }
    let mut texts = texts.into_iter();
    Some(Labels {
        singular: texts.next()?,
        plural: texts.next(),
    })
}
