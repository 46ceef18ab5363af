//! `a < b < c` and `p is set == (a > 5)`: a comparison of what is one already.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use super::Context;
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::invisible;

/// The finding for a comparison at `second` of `left`, which compares at `first`; `rest` is the second from its operator on.
pub(super) fn finding(
    cx: &Context<'_>,
    left: &Expr,
    first: Span,
    second: Span,
    rest: Span,
) -> Diagnostic {
    let twice = twice(cx, left, rest);
    let grouped = grouped(cx, left, first, second, rest);
    // Only a chain that leads one way says what every reader thinks.
    let ways = [cx.slice(first).trim(), cx.slice(second).trim()];
    let leads_one_way = UP.contains(&ways[0]) && UP.contains(&ways[1])
        || DOWN.contains(&ways[0]) && DOWN.contains(&ways[1]);
    let edit = twice.clone().filter(|_| grouped.is_none() && leads_one_way);
    let help = match grouped {
        Some(text) if !text.contains(['\n', '\r']) => {
            format!(
                "put one of them into parentheses: `{}`",
                invisible::shown(&text)
            )
        }
        Some(_) => "put one of them into parentheses".to_owned(),
        None => format!(
            "compare twice: `{}`",
            twice.map_or_else(
                || "a < b and b < c".to_owned(),
                |text| invisible::shown(&text)
            )
        ),
    };
    let finding = Diagnostic::new(
        &syntax::CHAINED_COMPARISON,
        second,
        "comparisons do not chain",
    )
    .label("second comparison")
    .note(first, "first comparison")
    .help(help);
    match edit {
        Some(text) => finding.edit(left.span.to(rest), text),
        None => finding,
    }
}

const UP: &[&str] = &["<", "<="];
const DOWN: &[&str] = &[">", ">="];

/// `a < b and b < c`, if it can be said in a line.
fn twice(cx: &Context<'_>, left: &Expr, rest: Span) -> Option<String> {
    let ExprKind::Binary {
        left: first, right, ..
    } = &left.kind
    else {
        return None;
    };
    // A chain of four would still be one.
    let counts = |op: BinaryOp| {
        matches!(
            op,
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Otherwise
        )
    };
    if matches!(&first.kind, ExprKind::Binary { op, .. } if !counts(*op)) {
        return None;
    }
    let (one, two) = (cx.slice(left.span), cx.slice(rest));
    let text = format!("{one} and {} {two}", cx.slice(right.span));
    let is_line = !text.contains(['\n', '\r']) && !text.contains("//");
    (is_line && text.len() <= MOST_WRITTEN).then_some(text)
}

/// A longer rule is easier to mend where it stands.
const MOST_WRITTEN: usize = 120;

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
