//! What stands between the braces of an item, and items without braces.

use crate::grammar::{Pair, Rule};

use super::auth;
use super::cursor::Cursor;
use super::doc::Doc;
use super::expression::{Hang, behind_header, expression, range};
use super::field;
use super::grant;
use super::list::{Comma, list};

/// One member, value, setting or row entry, or an item that has no braces.
pub(super) fn member<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    match pair.as_rule() {
        Rule::field | Rule::type_item => field::field(cursor, pair, out),
        Rule::setting | Rule::seed_value | Rule::service_entry => setting(cursor, pair, out),
        Rule::sorted_by => keys(cursor, pair, out),
        Rule::lifecycle_action => action(cursor, pair, out),
        Rule::suppress | Rule::suppress_item => suppress(cursor, pair, out),
        Rule::grant => grant::grant(cursor, pair, out),
        Rule::role => grant::role(cursor, pair, out),
        Rule::wall => grant::wall(cursor, pair, out),
        Rule::auth_user
        | Rule::sign_in
        | Rule::sign_up
        | Rule::session
        | Rule::password
        | Rule::admin_site
        | Rule::allow_origins
        | Rule::oidc
        | Rule::first_admin => auth::setting(cursor, pair, out),
        _ => {
            let mut group = Vec::new();
            let message = parts(cursor, pair, &mut group);
            out.push(Doc::Group(group));
            out.extend(message);
        }
    }
}

/// The parts of a member in a row; gives the message, which stands behind the group.
fn parts<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) -> Option<Doc<'t>> {
    let mut opened = false;
    let mut message = None;
    for child in pair.into_inner() {
        let opens = child.as_rule() == Rule::open_round;
        match child.as_rule() {
            Rule::message => message = Some(self::message(cursor, child)),
            Rule::condition => condition(cursor, child, out),
            Rule::except => except(cursor, child, out),
            Rule::expression => behind_header(cursor, child, out),
            Rule::colon | Rule::optional | Rule::open_round | Rule::close_round => {
                cursor.word(&child, out);
            }
            Rule::name if opened => cursor.word(&child, out),
            Rule::use_names => {
                cursor.sign(out);
                list(cursor, names(child), Comma::Allowed, out, part);
            }
            Rule::field_names | Rule::sort_list => {
                out.push(Doc::Space);
                list(cursor, names(child), Comma::Allowed, out, part);
            }
            Rule::eol => {}
            _ => further(cursor, child, out),
        }
        opened = opens;
    }
    message
}

/// A part, and a blank before it unless it is the first.
pub(super) fn further<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    if !out.is_empty() {
        out.push(Doc::Space);
    }
    part(cursor, pair, out);
}

/// Words and texts with blanks between; types and lists of names in their own way.
pub(super) fn part<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    match pair.as_rule() {
        Rule::type_ref | Rule::named => field::type_ref(cursor, pair, out),
        Rule::range_bound => range(cursor, pair, out),
        Rule::file_kinds
        | Rule::labels
        | Rule::per
        | Rule::per_paths
        | Rule::one_of
        | Rule::states => {
            keys(cursor, pair, out);
        }
        // Further to the right than the members below.
        Rule::with => {
            let mut inner = Vec::new();
            keys(cursor, pair, &mut inner);
            out.push(Doc::Indent(inner));
        }
        Rule::arithmetic => expression(cursor, pair, Hang::Indented, out),
        Rule::field_names => list(cursor, names(pair), Comma::Allowed, out, part),
        Rule::condition => condition(cursor, pair, out),
        Rule::path => cursor.word(&pair, out),
        _ => {
            let mut children = pair.clone().into_inner().peekable();
            if children.peek().is_none() {
                cursor.word(&pair, out);
                return;
            }
            for (index, child) in children.enumerate() {
                // A condition brings its own blank, which may become a new line.
                if index > 0 && child.as_rule() != Rule::condition {
                    out.push(Doc::Space);
                }
                part(cursor, child, out);
            }
        }
    }
}

/// `cancel: requested -> cancelled needs reason when … sets …`, its clauses in this order; those that do not fit stand on
/// lines of their own.
fn action<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let range = cursor.range(&pair);
    let mut children: Vec<Pair<'_>> = pair.into_inner().collect();
    // A comment stays between the clauses that it was written between.
    if !cursor.has_comment(range) {
        children.sort_by_key(|child| match child.as_rule() {
            Rule::needs => 1,
            Rule::guard => 2,
            Rule::assignments => 3,
            Rule::message => 4,
            _ => 0,
        });
    }
    let mut group = Vec::new();
    let mut behind = None;
    for child in children {
        group.extend(behind.take());
        match child.as_rule() {
            Rule::colon => cursor.word(&child, &mut group),
            Rule::message => behind = Some(message(cursor, child)),
            Rule::needs | Rule::guard | Rule::assignments => {
                let mut clause = vec![Doc::Line];
                self::clause(cursor, child, &mut clause);
                group.push(Doc::Indent(clause));
            }
            _ => further(cursor, child, &mut group),
        }
    }
    out.push(Doc::Group(group));
    out.extend(behind);
}

/// `needs …`, `when …` or `sets …`
fn clause<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for (index, child) in pair.into_inner().enumerate() {
        if child.as_rule() == Rule::comma {
            cursor.sign_first(out);
            out.push(Doc::FillLine);
            continue;
        }
        if index > 0 && !matches!(out.last(), Some(Doc::FillLine)) {
            out.push(Doc::Space);
        }
        match child.as_rule() {
            Rule::assignment => clause(cursor, child, out),
            Rule::expression => expression(cursor, child, Hang::Indented, out),
            _ => cursor.word(&child, out),
        }
    }
}

/// `where …`, on a line of its own when the member does not fit on one.
fn condition<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut inner = vec![Doc::Line];
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::expression => {
                inner.push(Doc::Space);
                expression(cursor, child, Hang::Indented, &mut inner);
            }
            _ => cursor.word(&child, &mut inner),
        }
    }
    out.push(Doc::Indent(inner));
}

/// `except (…)`, on a line of its own when the member does not fit on one.
fn except<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut inner = vec![Doc::Line];
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::field_names => {
                inner.push(Doc::Space);
                list(cursor, names(child), Comma::Allowed, &mut inner, part);
            }
            _ => cursor.word(&child, &mut inner),
        }
    }
    out.push(Doc::Indent(inner));
}

/// `message "…"`, always on a line of its own.
pub(super) fn message<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>) -> Doc<'t> {
    let mut inner = vec![Doc::HardLine];
    for child in pair.into_inner() {
        cursor.word(&child, &mut inner);
        inner.push(Doc::Space);
    }
    Doc::Indent(inner)
}

/// `key: value`, also with several values and commas between.
fn setting<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut values = 0;
    let mut rest = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::arithmetic => {
                if values == 0 {
                    rest.push(Doc::Space);
                } else {
                    cursor.sign_first(&mut rest);
                    rest.push(Doc::FillLine);
                }
                values += 1;
                expression(cursor, child, Hang::Indented, &mut rest);
            }
            Rule::when_down => part(cursor, child, out),
            _ => cursor.word(&child, out),
        }
    }
    out.push(Doc::Indent(rest));
}

/// `suppress code "reason"`, the reason on a line of its own when it does not fit behind the code.
fn suppress<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut group = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::text => {
                let mut reason = vec![Doc::Line];
                cursor.word(&child, &mut reason);
                group.push(Doc::Indent(reason));
            }
            Rule::eol => {}
            _ => further(cursor, child, &mut group),
        }
    }
    out.push(Doc::Group(group));
}

/// Words, then things with commas between; a new line only where the next one does not fit.
fn keys<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
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
        part(cursor, child, &mut inner);
    }
    out.push(Doc::Indent(inner));
}

fn names(pair: Pair<'_>) -> Vec<Pair<'_>> {
    let names = pair
        .into_inner()
        .filter(|it| matches!(it.as_rule(), Rule::name | Rule::sort_key));
    names.collect()
}
