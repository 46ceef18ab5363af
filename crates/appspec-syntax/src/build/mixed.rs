//! Operators that are mixed without parentheses: the same expression with those of the usual reading.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
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
    /// What to say about it, and whether that writes the expression anew; `whole` is the one that they are in, as far as
    /// that could be read.
    pub(super) fn finding(&self, cx: &Context<'_>, whole: Option<&Expr>) -> (Diagnostic, bool) {
        let (one, two) = (cx.slice(self.first), cx.slice(self.second));
        let message = format!("`{one}` and `{two}` are mixed without parentheses");
        let finding = Diagnostic::new(&syntax::MIXED_OPERATORS, self.second, message)
            .label(format!("`{two}` here"))
            .note(self.first, format!("`{one}` here"));
        let Some((whole, meant)) = whole.and_then(|whole| Some((whole, grouped(cx, whole)?)))
        else {
            let finding = finding.help("put parentheses around what belongs together");
            return (finding, false);
        };
        let shown = invisible::shown(&meant.usual);
        let is_certain = meant.is_certain && shown == meant.usual;
        let finding = finding.edit_if(is_certain, whole.span, meant.usual);
        let finding = finding.help(match meant.other {
            Some(other) => {
                let other = invisible::shown(&other);
                format!("write `{shown}`, or `{other}` if that is meant")
            }
            None => format!("write `{shown}`"),
        });
        (finding, true)
    }
}

/// The expression with the parentheses that were meant.
struct Meant {
    usual: String,
    /// A reading that is as likely.
    other: Option<String>,
    /// Whether there is no other one.
    is_certain: bool,
}

/// What to write, if it can be said in a line.
fn grouped(cx: &Context<'_>, whole: &Expr) -> Option<Meant> {
    let mut groups = Vec::new();
    let mut spellings = Vec::new();
    look(cx, whole, &mut groups, &mut spellings);
    let usual = print(cx, whole.span, groups.iter().map(|it| it.usual), &spellings)?;
    // Inside of a longer expression, the other parentheses would leave operators that are mixed.
    let other = match groups.as_slice() {
        [only] if only.outer == whole.span => only
            .other
            .and_then(|it| print(cx, whole.span, [it].into_iter(), &spellings)),
        _ => None,
    };
    Some(Meant {
        usual,
        other,
        is_certain: groups.iter().all(|it| it.is_certain),
    })
}

/// A part that gets parentheses.
struct Group {
    /// The expression that it is a part of.
    outer: Span,
    usual: Span,
    /// The part that would get them in a reading that is as likely.
    other: Option<Span>,
    /// Whether nobody reads it otherwise.
    is_certain: bool,
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
        ExprKind::Unary { op, operand } => {
            let at = Span {
                end: operand.span.start,
                ..expr.span
            };
            let written = cx.slice(at).trim_end();
            if *op == UnaryOp::Not && written != "not" && !written.is_empty() {
                spellings.push((at, "not "));
            }
            return look(cx, operand, groups, spellings);
        }
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
        BinaryOp::Equal => Some("=="),
        BinaryOp::NotEqual => Some("!="),
        BinaryOp::LessOrEqual => Some("<="),
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
            // `&&` binds more than `||` wherever they are written so, and nothing binds less than `implies`. With our
            // own words people mean either.
            let is_foreign = |expr: &Expr| match &expr.kind {
                ExprKind::Binary { op_span, .. } => !matches!(cx.slice(*op_span), "and" | "or"),
                _ => false,
            };
            let is_certain =
                are_words && (op == BinaryOp::Implies || is_foreign(expr) && is_foreign(side));
            groups.push(Group {
                outer: expr.span,
                usual: side.span,
                other: if is_certain {
                    None
                } else {
                    self::other(expr, side)
                },
                is_certain,
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
                outer: expr.span,
                usual: part.span.to(end.at_end()),
                other: first
                    .filter(|_| count == 3)
                    .map(|first| first.to(part.span)),
                is_certain: false,
            });
        }
    }
    for part in parts {
        if matches!(bare(part), Some(BinaryOp::And | BinaryOp::Or)) {
            groups.push(Group {
                outer: expr.span,
                usual: part.span,
                other: None,
                is_certain: true,
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
    if inner.span == left.span {
        return Some(b.span.to(right.span));
    }
    // `a or b` of `a or b and c and d`.
    let mut first = &**a;
    while bare(first) == bare(inner)
        && let ExprKind::Binary { left, .. } = &first.kind
    {
        first = left;
    }
    Some(left.span.to(first.span))
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
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        if text.starts_with(is_word) && out.ends_with(|it| is_word(it) || it == ')') {
            out.push(' ');
        }
        out.push_str(text);
        at = end;
        let behind = cx.slice(Span { start: at, ..whole });
        if text.ends_with(is_word) && behind.starts_with(|it| is_word(it) || it == '(') {
            out.push(' ');
        }
    }
    out.push_str(cx.slice(Span { start: at, ..whole }));
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    // A text with several blanks is not the same with one; a comment would swallow the rest.
    let is_line = !out.contains("//") && (text == out || !out.contains('"'));
    let reads = || stack::parse(Rule::only_member, &format!("invariant x: {text}")).is_ok();
    (is_line && text.len() <= MOST_WRITTEN && reads()).then_some(text)
}

/// A longer rule is easier to mend where it stands.
const MOST_WRITTEN: usize = 240;
