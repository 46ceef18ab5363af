//! Things between brackets, on one line or one on each.

use crate::grammar::Pair;

use super::cursor::Cursor;
use super::doc::Doc;

/// Whether the grammar allows a comma behind the last element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comma {
    /// It stands there when each element has its own line, and not on one line.
    Allowed,
    /// There is none.
    Refused,
}

/// The next token is the opening bracket, the one behind the elements the closing one.
pub(super) fn list<'t, 'p>(
    cursor: &mut Cursor<'t>,
    elements: Vec<Pair<'p>>,
    comma: Comma,
    out: &mut Vec<Doc<'t>>,
    mut element: impl FnMut(&mut Cursor<'t>, Pair<'p>, &mut Vec<Doc<'t>>),
) {
    let mut group = Vec::new();
    cursor.sign(&mut group);
    let mut inner = Vec::new();
    let last = elements.len().checked_sub(1);
    if last.is_some() {
        inner.push(Doc::SoftLine);
    }
    for (index, pair) in elements.into_iter().enumerate() {
        let own = cursor.range(&pair);
        // A comment above an element breaks the list, and not the element.
        cursor.comments(own.start, &mut inner);
        let stop = cursor.until(own.end);
        element(cursor, pair, &mut inner);
        cursor.until(stop);
        let behind = cursor.peek().1;
        if Some(index) != last {
            cursor.sign_first(&mut inner);
            inner.push(Doc::Line);
            continue;
        }
        if comma == Comma::Allowed {
            inner.push(Doc::IfBroken(","));
        }
        cursor.trailing(&mut inner);
        if behind == Some(',') {
            cursor.drop_sign(&mut inner);
        }
    }
    let (close, _) = cursor.peek();
    cursor.comments(close, &mut inner);
    group.push(Doc::Indent(inner));
    if last.is_some() {
        group.push(Doc::SoftLine);
    }
    cursor.sign(&mut group);
    out.push(Doc::Group(group));
}
