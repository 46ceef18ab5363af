//! Roles and the lines of access blocks that say who may do what.

use crate::grammar::{Pair, Rule};

use super::cursor::Cursor;
use super::doc::Doc;
use super::expression::{Hang, expression};
use super::list::{Comma, list};
use super::member::{further, message, part};

/// `role Owner from Staff s for s.user at s.salon where … includes Receptionist`; the clauses that do not fit stand on
/// lines of their own.
pub(super) fn role<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut group = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::granted => {
                group.push(Doc::Space);
                listed(cursor, child, &mut group);
            }
            Rule::includes => {
                group.push(Doc::Line);
                listed(cursor, child, &mut group);
            }
            Rule::derived => {
                group.push(Doc::Space);
                part(cursor, child, &mut group);
            }
            Rule::eol => {}
            _ => further(cursor, child, &mut group),
        }
    }
    out.push(Doc::Group(group));
}

/// `Owner at salon may read, update (name) where …`, the clauses in this order.
pub(super) fn grant<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let range = cursor.range(&pair);
    let mut children: Vec<Pair<'_>> = pair.into_inner().collect();
    // A comment stays between the clauses that it was written between.
    if !cursor.has_comment(range) {
        children.sort_by_key(|child| match child.as_rule() {
            Rule::condition => 1,
            Rule::at_most => 2,
            Rule::message => 3,
            _ => 0,
        });
    }
    let mut group = Vec::new();
    let mut behind = None;
    let mut permissions = Vec::new();
    for child in children {
        match child.as_rule() {
            Rule::comma => {
                cursor.sign_first(&mut permissions);
                permissions.push(Doc::FillLine);
            }
            Rule::permission => {
                if permissions.is_empty() {
                    permissions.push(Doc::Space);
                }
                permission(cursor, child, &mut permissions);
            }
            rule => {
                group.append(&mut permissions);
                group.extend(behind.take());
                if rule == Rule::message {
                    behind = Some(message(cursor, child));
                } else if rule == Rule::condition {
                    part(cursor, child, &mut group);
                } else {
                    further(cursor, child, &mut group);
                }
            }
        }
    }
    group.append(&mut permissions);
    out.push(Doc::Group(group));
    out.extend(behind);
}

/// `update (note)`, `read except (note)`
fn permission<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for (index, child) in pair.into_inner().enumerate() {
        if index > 0 {
            out.push(Doc::Space);
        }
        match child.as_rule() {
            Rule::field_names => fields(cursor, child, out),
            Rule::except => {
                for (index, child) in child.into_inner().enumerate() {
                    if index > 0 {
                        out.push(Doc::Space);
                        fields(cursor, child, out);
                    } else {
                        cursor.word(&child, out);
                    }
                }
            }
            _ => cursor.word(&child, out),
        }
    }
}

/// Names in brackets, as many on each line as fit; one on each where a comment stands between them.
fn fields<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let range = cursor.range(&pair);
    let names = pair.into_inner().filter(|it| it.as_rule() == Rule::name);
    let names: Vec<_> = names.collect();
    if cursor.has_comment(range) {
        list(cursor, names, Comma::Allowed, out, part);
        return;
    }
    let mut inner = Vec::new();
    cursor.sign(&mut inner);
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            cursor.sign_first(&mut inner);
            inner.push(Doc::FillLine);
        }
        cursor.word(name, &mut inner);
    }
    cursor.skip(',');
    cursor.sign(&mut inner);
    out.push(Doc::Indent(inner));
}

/// Words, then names with commas between.
fn listed<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut inner = Vec::new();
    for (index, child) in pair.into_inner().enumerate() {
        if child.as_rule() == Rule::comma {
            cursor.sign_first(&mut inner);
            inner.push(Doc::FillLine);
            continue;
        }
        if index > 0 && !matches!(inner.last(), Some(Doc::FillLine)) {
            inner.push(Doc::Space);
        }
        cursor.word(&child, &mut inner);
    }
    out.push(Doc::Indent(inner));
}

/// `only where …`
pub(super) fn wall<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for child in pair.into_inner() {
        if child.as_rule() == Rule::expression {
            out.push(Doc::Space);
            expression(cursor, child, Hang::Indented, out);
        } else {
            further(cursor, child, out);
        }
    }
}
