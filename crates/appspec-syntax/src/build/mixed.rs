//! Operators that are mixed without parentheses: the same expression with those of the usual reading.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::grammar::Rule;
use crate::invisible;
use crate::stack;

use super::Context;

/// Two operators that stand beside each other, in their order.
pub(super) struct Mixed {
    pub(super) first: Span,
    pub(super) second: Span,
}

impl Mixed {
    /// What to say about it; `whole` is the expression that they are in, as far as that could be read.
    pub(super) fn finding(&self, cx: &Context<'_>, whole: Option<&Expr>) -> Diagnostic {
        let (one, two) = (cx.slice(self.first), cx.slice(self.second));
        let help = whole
            .and_then(|whole| grouped(cx, whole))
            .unwrap_or_else(|| "put parentheses around what belongs together".to_owned());
        let message = format!("`{one}` and `{two}` are mixed without parentheses");
        Diagnostic::new(&syntax::MIXED_OPERATORS, self.second, message)
            .label(format!("`{two}` here"))
            .note(self.first, format!("`{one}` here"))
            .help(help)
    }
}

/// What to write, if it can be said in a line.
fn grouped(cx: &Context<'_>, whole: &Expr) -> Option<String> {
    let mut groups = Vec::new();
    let mut spellings = Vec::new();
    look(cx, whole, &mut groups, &mut spellings);
    let usual = print(cx, whole.span, groups.iter().map(|it| it.usual), &spellings)?;
    let other = match groups.as_slice() {
        [only] => only
            .other
            .and_then(|it| print(cx, whole.span, [it].into_iter(), &spellings)),
        _ => None,
    };
    Some(match other {
        Some(other) => format!("write `{usual}`, or `{other}` if that is meant"),
        None => format!("write `{usual}`"),
    })
}

/// A part that gets parentheses.
struct Group {
    usual: Span,
    /// The part that would get them in a reading that is as likely.
    other: Option<Span>,
}

/// Finds the parts that bind more than what is around them, as they do in other languages. It is walked as deep as the
/// parser allows.
fn look(
    cx: &Context<'_>,
    expr: &Expr,
    groups: &mut Vec<Group>,
    spellings: &mut Vec<(Span, &'static str)>,
) {
    let (op, op_span, left, right) = match &expr.kind {
        ExprKind::Unary { operand, .. } => return look(cx, operand, groups, spellings),
        ExprKind::Binary {
            op,
            op_span,
            left,
            right,
        } => (*op, *op_span, &**left, &**right),
        _ => return,
    };
    let ours = match op {
        BinaryOp::And => Some("and"),
        BinaryOp::Or => Some("or"),
        _ => None,
    };
    if let Some(ours) = ours.filter(|ours| cx.slice(op_span) != *ours) {
        spellings.push((op_span, ours));
    }
    if op == BinaryOp::Implies && bare(left) == Some(BinaryOp::Implies) {
        chain(cx, expr, groups, spellings);
        return;
    }
    for side in [left, right] {
        let Some(inner) = bare(side) else {
            continue;
        };
        let words = [BinaryOp::And, BinaryOp::Or, BinaryOp::Implies];
        let are_words = words.contains(&op) && words.contains(&inner) && op != inner;
        let counts = |it| matches!(it, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply);
        let has_fallback = op == BinaryOp::Otherwise && counts(inner);
        if are_words || has_fallback {
            let other = has_fallback.then(|| other(expr, side)).flatten();
            groups.push(Group {
                usual: side.span,
                other,
            });
        }
    }
    look(cx, left, groups, spellings);
    look(cx, right, groups, spellings);
}

/// `a implies b implies c`: what follows the first `implies` belongs together.
fn chain(
    cx: &Context<'_>,
    expr: &Expr,
    groups: &mut Vec<Group>,
    spellings: &mut Vec<(Span, &'static str)>,
) {
    let end = expr.span;
    let mut at = expr;
    let mut parts = Vec::new();
    while let ExprKind::Binary {
        op: BinaryOp::Implies,
        left,
        right,
        ..
    } = &at.kind
    {
        parts.push(&**right);
        if bare(left) != Some(BinaryOp::Implies) {
            parts.push(&**left);
            break;
        }
        at = left;
    }
    let count = parts.len();
    // From the second part on, each begins a group that goes on to the end.
    for (index, part) in parts.iter().enumerate() {
        if index > 0 && index + 1 < count {
            let first = parts.last().map(|it| it.span);
            groups.push(Group {
                usual: part.span.to(end.at_end()),
                other: first
                    .filter(|_| count == 3)
                    .map(|first| first.to(part.span)),
            });
        }
    }
    for part in parts {
        if matches!(bare(part), Some(BinaryOp::And | BinaryOp::Or)) {
            groups.push(Group {
                usual: part.span,
                other: None,
            });
        }
        look(cx, part, groups, spellings);
    }
}

/// The operator of an expression that stands in no parentheses.
fn bare(expr: &Expr) -> Option<BinaryOp> {
    match &expr.kind {
        ExprKind::Binary { op, left, .. } if left.span.start == expr.span.start => Some(*op),
        _ => None,
    }
}

/// The part that belongs together if the outer operator binds more: `a otherwise b` of `a otherwise b + c`.
fn other(outer: &Expr, inner: &Expr) -> Option<Span> {
    let (
        ExprKind::Binary { left, right, .. },
        ExprKind::Binary {
            left: a, right: b, ..
        },
    ) = (&outer.kind, &inner.kind)
    else {
        return None;
    };
    Some(if inner.span == left.span {
        b.span.to(right.span)
    } else {
        left.span.to(a.span)
    })
}

/// The expression in one line with these parts in parentheses.
fn print(
    cx: &Context<'_>,
    whole: Span,
    groups: impl Iterator<Item = Span>,
    spellings: &[(Span, &'static str)],
) -> Option<String> {
    // Where something is put, and how much of the text it replaces.
    let mut changes: Vec<(u32, u32, &str)> = Vec::new();
    for group in groups {
        changes.push((group.start, group.start, "("));
        changes.push((group.end, group.end, ")"));
    }
    changes.extend(spellings.iter().map(|(at, word)| (at.start, at.end, *word)));
    changes.sort_by_key(|(start, end, _)| (*start, *end));
    let mut out = String::new();
    let mut at = whole.start;
    for (start, end, text) in changes {
        out.push_str(cx.slice(Span {
            start: at,
            end: start,
            ..whole
        }));
        out.push_str(text);
        at = end;
    }
    out.push_str(cx.slice(Span { start: at, ..whole }));
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    // A text with several blanks is not the same with one; a comment would swallow the rest.
    let is_line = !out.contains("//") && (text == out || !out.contains('"'));
    let reads = || stack::parse(Rule::only_member, &format!("invariant x: {text}")).is_ok();
    (is_line && text.len() <= MOST_WRITTEN && reads()).then(|| invisible::shown(&text))
}

/// A longer rule is easier to mend where it stands.
const MOST_WRITTEN: usize = 240;
