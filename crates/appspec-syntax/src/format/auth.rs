//! Lines of `auth` blocks.

use crate::grammar::{Pair, Rule};

use super::cursor::Cursor;
use super::doc::Doc;
use super::member::part;

/// `sign in: password, email link`; a new line only where the next thing does not fit.
pub(super) fn setting<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let rule = pair.as_rule();
    let mut inner = Vec::new();
    for child in pair.into_inner() {
        let is_clause = matches!(child.as_rule(), Rule::kw_at | Rule::kw_as | Rule::kw_with);
        match child.as_rule() {
            Rule::comma => {
                cursor.sign_first(&mut inner);
                inner.push(Doc::FillLine);
                continue;
            }
            Rule::colon => {
                cursor.word(&child, &mut inner);
                continue;
            }
            _ if rule == Rule::oidc && is_clause => inner.push(Doc::FillLine),
            _ if inner.is_empty() || matches!(inner.last(), Some(Doc::FillLine)) => {}
            _ => inner.push(Doc::Space),
        }
        part(cursor, child, &mut inner);
    }
    out.push(Doc::Indent(inner));
}
