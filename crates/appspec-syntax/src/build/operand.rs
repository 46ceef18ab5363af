//! What stands between operators.

use appspec_diagnostics::Span;

use crate::ast::{Each, Expr, ExprKind, Path, Summary};
use crate::foreign;
use crate::grammar::{Pair, Rule};
use crate::reserved;

use super::Context;
use super::expression::{Node, node};
use super::literal::literal;
use super::name::{name, path};

/// One operand; nothing when it was refused.
pub(super) fn operand(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Node> {
    let span = cx.span(&pair);
    match pair.as_rule() {
        Rule::parenthesized => {
            let found = pair
                .into_inner()
                .find(|it| it.as_rule() == Rule::expression)?;
            let mut inner = node(cx, found)?;
            inner.expr.span = span;
            inner.bare = None;
            Some(inner)
        }
        Rule::reference => reference(cx, pair, span),
        Rule::quantified => quantified(cx, pair.into_inner().next()?, span),
        Rule::list_value => {
            let (values, depth) = values(cx, pair, Rule::arithmetic)?;
            Some(atom(ExprKind::List(values), span, depth))
        }
        Rule::empty_object => Some(atom(ExprKind::EmptyObject, span, 1)),
        Rule::reserved_operand => {
            reserved::operand(cx, pair);
            None
        }
        Rule::foreign_null => {
            let name = crate::ast::Name {
                text: pair.as_str().to_owned(),
                span,
            };
            let path = Path {
                names: vec![name],
                span,
            };
            let kind = ExprKind::Path(path);
            Some(Node {
                null: true,
                ..atom(kind, span, 1)
            })
        }
        Rule::foreign_boolean | Rule::foreign_text => {
            let value = foreign::literal(cx, &pair, span);
            Some(atom(ExprKind::Literal(value), span, 1))
        }
        _ => literal(cx, &pair).map(|value| atom(ExprKind::Literal(value), span, 1)),
    }
}

fn reference(cx: &mut Context<'_>, pair: Pair<'_>, span: Span) -> Option<Node> {
    let mut children = pair.into_inner();
    let path = path(cx, children.next()?);
    let called = children.find(|it| it.as_rule() == Rule::arguments);
    let Some(called) = called else {
        return Some(atom(ExprKind::Path(path), span, 1));
    };
    if path.names.len() > 1 {
        foreign::method(cx, &path, span);
        return None;
    }
    let (arguments, depth) = values(cx, called, Rule::expression)?;
    let function = Box::new(path.names.into_iter().next()?);
    Some(atom(
        ExprKind::Call {
            function,
            arguments,
        },
        span,
        depth,
    ))
}

/// `all(l in lines have …)`
fn quantified(cx: &mut Context<'_>, pair: Pair<'_>, span: Span) -> Option<Node> {
    let rule = pair.as_rule();
    let (mut rows, mut value, mut condition) = (None, None, None);
    let mut is_smallest = true;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::each_row => {
                let mut parts = child.into_inner();
                let row = name(cx, &parts.next()?);
                reserved::declared(cx, &row);
                let leads = parts.find(|it| it.as_rule() == Rule::path)?;
                rows = Some((row, path(cx, leads)));
            }
            Rule::kw_max_of => is_smallest = false,
            Rule::expression => value = Some(node(cx, child)?),
            Rule::condition => {
                let mut inner = child.into_inner();
                let found = inner.find(|it| it.as_rule() == Rule::expression)?;
                condition = Some(node(cx, found)?);
            }
            _ => {}
        }
    }
    let depth = |node: &Option<Node>| node.as_ref().map_or(0, |node| node.depth);
    let depth = depth(&value).max(depth(&condition)) + 1;
    let condition = condition.map(|node| node.expr);
    let value = value.map(|node| node.expr);
    let (row, rows) = rows?;
    let summary = match rule {
        Rule::all_rows => Summary::All(value?),
        Rule::some_row => Summary::Some(value?),
        Rule::sum_of => Summary::Sum(value?, condition),
        Rule::least_of if is_smallest => Summary::Min(value?, condition),
        Rule::least_of => Summary::Max(value?, condition),
        Rule::exists_row => Summary::Exists(condition?),
        _ => Summary::Count(condition),
    };
    let each = Each { row, rows, summary };
    Some(atom(ExprKind::Each(Box::new(each)), span, depth))
}

/// `in { … }`, `in a..b`: what is asked of `operand`.
pub(super) fn membership(
    cx: &mut Context<'_>,
    pair: Pair<'_>,
    operand: Box<Expr>,
    depth: usize,
) -> Option<(ExprKind, usize)> {
    let mut negated = false;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::kw_not => negated = true,
            Rule::value_set => {
                let (values, inner) = values(cx, child, Rule::arithmetic)?;
                let kind = ExprKind::InSet {
                    operand,
                    values,
                    negated,
                };
                return Some((kind, depth.max(inner)));
            }
            Rule::range => {
                let mut ends = child
                    .into_inner()
                    .filter(|it| it.as_rule() == Rule::arithmetic);
                let (low, high) = (node(cx, ends.next()?)?, node(cx, ends.next()?)?);
                let inner = low.depth.max(high.depth) + 1;
                let (low, high) = (Box::new(low.expr), Box::new(high.expr));
                let kind = ExprKind::InRange {
                    operand,
                    low,
                    high,
                    negated,
                };
                return Some((kind, depth.max(inner)));
            }
            Rule::foreign_list => {
                foreign::list(cx, &child);
                return None;
            }
            _ => {}
        }
    }
    None
}

fn values(cx: &mut Context<'_>, pair: Pair<'_>, rule: Rule) -> Option<(Vec<Expr>, usize)> {
    let children = pair.into_inner().filter(|it| it.as_rule() == rule);
    let (mut values, mut depth) = (Vec::with_capacity(children.clone().count()), 1);
    for child in children {
        let value = node(cx, child)?;
        depth = depth.max(value.depth + 1);
        values.push(value.expr);
    }
    Some((values, depth))
}

fn atom(kind: ExprKind, span: Span, depth: usize) -> Node {
    Node {
        expr: Expr { kind, span },
        depth,
        bare: None,
        null: false,
    }
}
