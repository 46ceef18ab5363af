use crate::ast::{Name, Path};
use crate::grammar::{Pair, Rule};

use super::Context;

/// An identifier.
pub(super) fn name(cx: &Context<'_>, pair: &Pair<'_>) -> Name {
    Name {
        text: pair.as_str().to_owned(),
        span: cx.token(pair),
    }
}

/// Identifiers with dots between.
pub(super) fn path(cx: &Context<'_>, pair: Pair<'_>) -> Path {
    let span = cx.token(&pair);
    let inner = pair.into_inner();
    // Nearly every path is one name, and a list that grows has room for four.
    let mut names = Vec::with_capacity(inner.len());
    names.extend(inner.map(|child| name(cx, &child)));
    Path { names, span }
}

/// The first identifier among the children of `pair`.
pub(super) fn name_in(cx: &Context<'_>, pair: Pair<'_>) -> Option<Name> {
    let mut children = pair.into_inner();
    let found = children.find(|child| child.as_rule() == Rule::name)?;
    Some(name(cx, &found))
}
