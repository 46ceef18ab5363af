//! `a < b < c` and `p is set == (a > 5)`: a comparison of what is one already.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use super::Context;
use crate::ast::{Expr, ExprKind};
use crate::invisible;

/// The finding for a comparison at `second` of `left`, which compares at `first`; `rest` is the second from its operator on.
pub(super) fn finding(
    cx: &Context<'_>,
    left: &Expr,
    first: Span,
    second: Span,
    rest: Span,
) -> Diagnostic {
    let help = match grouped(cx, left, first, second, rest) {
        Some(text) if !text.contains(['\n', '\r']) => {
            format!(
                "put one of them into parentheses: `{}`",
                invisible::shown(&text)
            )
        }
        Some(_) => "put one of them into parentheses".to_owned(),
        None => "compare twice: `a < b and b < c`".to_owned(),
    };
    Diagnostic::new(
        &syntax::CHAINED_COMPARISON,
        second,
        "comparisons do not chain",
    )
    .label("second comparison")
    .note(first, "first comparison")
    .help(help)
}

/// The whole with the parentheses that it lacks. Where both compare alike, a chain was meant.
fn grouped(cx: &Context<'_>, left: &Expr, first: Span, second: Span, rest: Span) -> Option<String> {
    let is_equality = |at: Span| EQUALITY.contains(&cx.slice(at).trim());
    match (is_equality(first), is_equality(second)) {
        (false, true) => Some(format!("({}) {}", cx.slice(left.span), cx.slice(rest))),
        (true, false) => match &left.kind {
            ExprKind::Binary { left, right, .. } => Some(format!(
                "{} {} ({})",
                cx.slice(left.span),
                cx.slice(first),
                cx.slice(right.span.to(rest))
            )),
            _ => None,
        },
        (true, true) | (false, false) => None,
    }
}

const EQUALITY: &[&str] = &["==", "!=", "===", "!==", "=", "<>"];
