//! Fields and named types: their clauses in the one order that everybody reads them in.

use crate::grammar::{Pair, Rule};

use super::cursor::Cursor;
use super::doc::Doc;
use super::member::{further, message, part};

/// `client: User? = … unique on delete protect inverse appointments was customer`, also
/// `type Percent = decimal(5, 2) in 0..100 message "…"`.
pub(super) fn field<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let range = cursor.range(&pair);
    let mut children: Vec<Pair<'_>> = pair.into_inner().collect();
    // A comment stays between the clauses that it was written between.
    if !cursor.has_comment(range) {
        children.sort_by_key(|child| place(child.as_rule()));
    }
    clauses(cursor, children, out);
}

/// The order of the parts of a field or a type. Bounds keep the order among themselves, marks too.
fn place(rule: Rule) -> u8 {
    match rule {
        Rule::range_bound | Rule::matches_bound | Rule::size_bound => 1,
        Rule::default => 2,
        Rule::unique_mark
        | Rule::indexed_mark
        | Rule::touched_mark
        | Rule::immutable_mark
        | Rule::reserved_mark => 3,
        Rule::on_delete => 4,
        Rule::inverse => 5,
        Rule::was => 6,
        Rule::message => 7,
        _ => 0,
    }
}

fn clauses<'t>(cursor: &mut Cursor<'t>, children: Vec<Pair<'_>>, out: &mut Vec<Doc<'t>>) {
    let mut group = Vec::new();
    let mut behind = None;
    for child in children {
        group.extend(behind.take());
        match child.as_rule() {
            Rule::eol => {}
            Rule::colon | Rule::optional => cursor.word(&child, &mut group),
            Rule::message => behind = Some(message(cursor, child)),
            Rule::on_delete | Rule::inverse | Rule::was => {
                let mut clause = vec![Doc::Line];
                part(cursor, child, &mut clause);
                group.push(Doc::Indent(clause));
            }
            _ => further(cursor, child, &mut group),
        }
    }
    out.push(Doc::Group(group));
    out.extend(behind);
}

/// `text(80)`, `list of int`, `many Service through Booking`
pub(super) fn type_ref<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for (index, child) in pair.into_inner().enumerate() {
        if child.as_rule() == Rule::type_arguments {
            arguments(cursor, child, out);
            continue;
        }
        if index > 0 {
            out.push(Doc::Space);
        }
        part(cursor, child, out);
    }
}

fn arguments<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    cursor.sign(out);
    for child in pair.into_inner() {
        if child.as_rule() == Rule::comma {
            cursor.sign_first(out);
            out.push(Doc::Space);
        } else {
            cursor.word(&child, out);
        }
    }
}
