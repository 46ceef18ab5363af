use crate::ast::{Name, Suppress};
use crate::grammar::{Pair, Rule};

use super::Context;
use super::text::text;

/// `suppress relation::redundant_index "Read by another system."`
pub(super) fn suppress(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Suppress> {
    let span = cx.span(&pair);
    let (mut code, mut reason) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::warning_code => {
                code = Some(Name {
                    text: child.as_str().to_owned(),
                    span: cx.token(&child),
                });
            }
            Rule::text => reason = Some(text(cx, &child)),
            _ => {}
        }
    }
    Some(Suppress {
        code: code?,
        reason,
        span,
    })
}

/// Documentation above a `suppress` is about what the `suppress` is about.
pub(super) fn hand_on_doc(cx: &mut Context<'_>, pair: &Pair<'_>, next: Option<&Pair<'_>>) {
    let is_suppress = matches!(pair.as_rule(), Rule::suppress | Rule::suppress_item);
    if let (true, Some(next)) = (is_suppress, next) {
        cx.move_doc(pair, next);
    }
}
