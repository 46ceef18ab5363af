//! The file, its items, and what stands between their braces.

use std::ops::Range;

use crate::grammar::{Pair, Rule};

use super::cursor::Cursor;
use super::doc::{Doc, STEP};
use super::errors::Errors;
use super::lines::Lines;
use super::member::{further, member};

/// The whole file, in the pieces that it was read in.
pub(super) fn file(lines: &mut Lines<'_>, pieces: Vec<(usize, Pair<'_>)>, errors: &Errors) {
    let mut above_spans_lines = false;
    let mut above_is_use = None;
    // What is acknowledged stands above the item that it is about, and is parted from others like it.
    let mut acknowledged = None;
    let items = pieces.into_iter().flat_map(|(base, piece)| {
        let items = piece.into_inner();
        items.map(move |item| (base, item))
    });
    for (base, child) in items.filter(|(_, item)| item.as_rule() != Rule::EOI) {
        lines.cursor.enter(base);
        let is_use = Some(child.as_rule() == Rule::use_item);
        let is_suppress = child.as_rule() == Rule::suppress_item;
        let here = lines.len();
        let around = lines.before(lines.cursor.whole(&child).start, 0);
        let (before, mut found) = acknowledged.take().unwrap_or((here, around));
        let begin = if before == here { lines.len() } else { before };
        item(lines, child, errors);
        lines.end();
        found.documented |= around.documented;
        if is_suppress {
            acknowledged = Some((before, found));
            continue;
        }
        let spans_lines = found.documented || lines.spans_lines(begin);
        let ends_uses = above_is_use.is_some() && above_is_use != is_use;
        if !found.parted && (above_spans_lines || spans_lines || ends_uses) {
            lines.part(before);
        }
        above_spans_lines = spans_lines;
        above_is_use = is_use;
    }
    lines.comments(lines.cursor.end_of_text(), 0);
}

fn item(lines: &mut Lines<'_>, pair: Pair<'_>, errors: &Errors) {
    let whole = lines.cursor.range(&pair);
    match pair.as_rule() {
        Rule::junk_item | Rule::reserved_item => copy(lines, &pair, 0),
        Rule::project
        | Rule::enum_item
        | Rule::seed
        | Rule::entity
        | Rule::mixin
        | Rule::extend
        | Rule::access
        | Rule::auth
        | Rule::environment => {
            let parts = Parts::of(&lines.cursor, &pair);
            if parts.as_it_is(&pair, errors) {
                copy(lines, &pair, 0);
            } else {
                block(lines, parts, whole, 0, errors);
            }
        }
        _ if errors.any(&whole) => lines.verbatim(whole, 0),
        _ => line(lines, pair, whole.end, 0),
    }
}

/// A piece that can't be read: every byte of it, with the blanks at the end of its last line.
fn copy(lines: &mut Lines<'_>, pair: &Pair<'_>, indent: usize) {
    let whole = lines.cursor.whole(pair);
    let is_junk = |rule| {
        matches!(
            rule,
            Rule::junk_item
                | Rule::junk_member
                | Rule::junk_action
                | Rule::junk_grant
                | Rule::junk_auth
                | Rule::junk_variable
                | Rule::reserved_item
                | Rule::reserved_member
                | Rule::trailing_junk
                | Rule::trailing_entry
        )
    };
    let mut children = pair.clone().into_inner();
    // Junk holds its comments; what only lacks a `}` does not.
    let end = if is_junk(pair.as_rule()) || children.any(|it| is_junk(it.as_rule())) {
        // An operator at the end takes the empty lines behind it along.
        let text = lines.cursor.slice(whole.clone());
        whole.start + text.trim_end_matches([' ', '\t', '\r', '\n']).len()
    } else {
        lines.cursor.range(pair).end
    };
    let end = lines.cursor.end_of_line(end);
    let is_known = matches!(pair.as_rule(), Rule::reserved_item | Rule::reserved_member);
    if is_known {
        lines.verbatim(whole.start..end, indent);
    } else {
        lines.untouched(whole.start..end, indent);
    }
}

/// A member without braces of its own.
fn line(lines: &mut Lines<'_>, pair: Pair<'_>, end: usize, indent: usize) {
    let mut docs = Vec::new();
    let stop = lines.cursor.until(end);
    member(&mut lines.cursor, pair, &mut docs);
    lines.cursor.until(stop);
    lines.begin(indent);
    lines.render(&docs, indent);
    lines.cursor.jump_to_end(end);
}

/// An item or a row with braces, in its parts.
struct Parts<'p> {
    header: Vec<Pair<'p>>,
    open: Range<usize>,
    entries: Vec<Pair<'p>>,
    close: Option<Range<usize>>,
    /// Something stands between the `}` and the end of its line.
    has_trailing_junk: bool,
}

impl<'p> Parts<'p> {
    fn of(cursor: &Cursor<'_>, pair: &Pair<'p>) -> Self {
        let end = cursor.whole(pair).end;
        let mut parts = Self {
            header: Vec::new(),
            open: end..end,
            entries: Vec::new(),
            close: None,
            has_trailing_junk: false,
        };
        let mut in_header = true;
        for child in pair.clone().into_inner() {
            let range = cursor.whole(&child);
            match child.as_rule() {
                Rule::open => {
                    parts.open = range;
                    in_header = false;
                }
                Rule::close => parts.close = Some(range),
                Rule::trailing_junk | Rule::trailing_entry => parts.has_trailing_junk = true,
                Rule::comma | Rule::missing_close => {}
                _ if in_header => parts.header.push(child),
                _ => parts.entries.push(child),
            }
        }
        parts
    }

    /// Whether where it ends, or what its entries are, can't be told.
    fn as_it_is(&self, pair: &Pair<'_>, errors: &Errors) -> bool {
        let Some(close) = &self.close else {
            return true;
        };
        let lists = matches!(
            pair.as_rule(),
            Rule::project
                | Rule::enum_item
                | Rule::seed_row
                | Rule::auth
                | Rule::var
                | Rule::secret
                | Rule::service
        );
        let is_junk = |entry: &Pair<'_>| {
            matches!(
                entry.as_rule(),
                Rule::junk_row | Rule::junk_entry | Rule::junk_value
            )
        };
        self.has_trailing_junk
            || self.entries.iter().any(is_junk)
            || lists && errors.any(&(self.open.end..close.start))
    }
}

fn block(
    lines: &mut Lines<'_>,
    parts: Parts<'_>,
    whole: Range<usize>,
    indent: usize,
    errors: &Errors,
) {
    let Some(close) = parts.close.clone() else {
        return lines.verbatim(whole, indent);
    };
    let inside = parts.open.end..close.start;
    let in_header = whole.start..parts.open.end;
    let has_lines = lines.cursor.has_newline(inside.clone());
    if !has_lines && errors.any(&whole) {
        return lines.verbatim(whole, indent);
    }
    if errors.any(&in_header) {
        lines.verbatim(in_header, indent);
        lines.opened();
    } else {
        let is_one_line = parts.entries.is_empty() || !has_lines;
        if is_one_line && !lines.cursor.has_comment(inside) {
            let mut docs = Vec::new();
            let mut cursor = lines.cursor.clone();
            let stop = cursor.until(whole.end);
            one_line(&mut cursor, &parts, &close, &mut docs);
            cursor.until(stop);
            if Lines::fits(&docs, indent) {
                lines.cursor = cursor;
                lines.begin(indent);
                lines.render(&docs, indent);
                return;
            }
        }
        let mut docs = Vec::new();
        header(&mut lines.cursor, &parts, &mut docs);
        lines.begin(indent);
        lines.render(&docs, indent);
        lines.open(indent);
    }
    let mut entries = parts.entries.into_iter().peekable();
    while let Some(pair) = entries.next() {
        let before_was = entries
            .peek()
            .is_some_and(|next| next.as_rule() == Rule::enum_value && says_was(next));
        entry(lines, pair, indent + STEP, errors);
        if before_was {
            // Without the comma, the next value would be this one's old name.
            lines.copy(",");
        }
        lines.end();
    }
    lines.comments(close.start, indent + STEP);
    lines.begin(indent);
    lines.copy("}");
    lines.cursor.jump(close.end);
}

fn entry(lines: &mut Lines<'_>, pair: Pair<'_>, indent: usize, errors: &Errors) {
    let range = lines.cursor.range(&pair);
    lines.before(range.start, indent);
    match pair.as_rule() {
        Rule::junk_member
        | Rule::junk_action
        | Rule::junk_grant
        | Rule::junk_auth
        | Rule::junk_variable
        | Rule::reserved_member => {
            copy(lines, &pair, indent);
        }
        _ if has_braces(&pair) => {
            let parts = Parts::of(&lines.cursor, &pair);
            if parts.as_it_is(&pair, errors) {
                copy(lines, &pair, indent);
            } else {
                block(lines, parts, range, indent, errors);
            }
        }
        _ if errors.any(&range) => lines.verbatim(range, indent),
        _ => line(lines, pair, range.end, indent),
    }
}

/// Whether an entry of a block is a block itself.
fn has_braces(pair: &Pair<'_>) -> bool {
    match pair.as_rule() {
        Rule::seed_row | Rule::lifecycle | Rule::service => true,
        Rule::var | Rule::secret => {
            let mut parts = pair.clone().into_inner();
            parts.any(|it| it.as_rule() == Rule::open)
        }
        _ => false,
    }
}

fn says_was(value: &Pair<'_>) -> bool {
    let name = value.clone().into_inner().next();
    name.is_some_and(|name| name.as_str() == "was")
}

/// What stands before the opening brace.
fn header<'t>(cursor: &mut Cursor<'t>, parts: &Parts<'_>, out: &mut Vec<Doc<'t>>) {
    let stop = match parts.header.last() {
        Some(last) => cursor.until(cursor.range(last).end),
        None => return,
    };
    for child in &parts.header {
        if child.as_rule() == Rule::colon {
            cursor.word(child, out);
        } else {
            further(cursor, child.clone(), out);
        }
    }
    cursor.until(stop);
}

/// The whole on one line, as it was written.
fn one_line<'t>(
    cursor: &mut Cursor<'t>,
    parts: &Parts<'_>,
    close: &Range<usize>,
    out: &mut Vec<Doc<'t>>,
) {
    header(cursor, parts, out);
    out.push(Doc::Space);
    cursor.token(parts.open.clone(), out);
    for entry in &parts.entries {
        out.push(Doc::Space);
        if has_braces(entry) {
            let parts = Parts::of(cursor, entry);
            if let Some(close) = parts.close.clone() {
                one_line(cursor, &parts, &close, out);
            }
        } else {
            member(cursor, entry.clone(), out);
        }
        if cursor.skip(',') && cursor.peek().0 != close.start {
            out.push(Doc::Text(","));
        }
    }
    if !parts.entries.is_empty() {
        out.push(Doc::Space);
    }
    cursor.token(close.clone(), out);
}
