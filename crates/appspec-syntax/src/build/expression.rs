//! Flat terms and operators to a tree, by one table of binding strengths.

use std::iter::Peekable;

use appspec_diagnostics::{Span, codes::syntax};

use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::foreign;
use crate::grammar::{Pair, Rule};
use crate::limits::MAX_EXPRESSION_DEPTH;
use crate::stack;

use super::Context;
use super::chained;
use super::mixed::Mixed;
use super::operand::{membership, operand};

type Tokens<'t> = Peekable<pest::iterators::Pairs<'t, Rule>>;

/// An expression with what the next operator has to know about it.
pub(super) struct Node {
    pub(super) expr: Expr,
    /// Height of the tree.
    pub(super) depth: usize,
    /// The outermost operator, unless it stands in parentheses.
    pub(super) bare: Option<(Class, Span)>,
    /// `null`, in one of its foreign spellings, that nothing has answered yet.
    pub(super) null: bool,
}

/// Operators that must not meet without parentheses, or only with their own kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    And,
    Or,
    Implies,
    Not,
    Comparison,
    Otherwise,
    Arithmetic,
}

/// A whole expression; nothing when a part of it was refused.
pub(super) fn expression(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Expr> {
    node(cx, pair).map(|node| node.expr)
}

/// The expression behind `where`.
pub(super) fn condition(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Expr> {
    let found = pair
        .into_inner()
        .find(|it| it.as_rule() == Rule::expression)?;
    expression(cx, found)
}

/// An expression inside another.
pub(super) fn node(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Node> {
    stack::deeper(|| tree(cx, pair))
}

fn tree(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Node> {
    let mut tokens = pair.into_inner().peekable();
    let mut builder = Builder {
        cx,
        mixed: None,
        divisions: Vec::new(),
        foreign: Vec::new(),
    };
    let node = builder.climb(&mut tokens, 0);
    let Builder {
        mixed,
        divisions,
        foreign: spellings,
        ..
    } = builder;
    let whole = node.as_ref().map(|node| &node.expr);
    let finding = mixed.map(|mixed| mixed.finding(cx, whole));
    // What writes the whole expression anew spells its operators right as well. With our own words alone, what bound more
    // in the other language would be forgotten.
    if finding.as_ref().is_none_or(|(_, anew)| !anew) {
        for token in &spellings {
            foreign::operator(cx, token);
        }
    }
    if let Some((finding, _)) = finding {
        cx.report(finding);
    }
    for division in divisions {
        foreign::no_division(cx, division, whole);
    }
    Some(settle(cx, node?))
}

/// A `null` that stands where nothing can be made of it is answered now.
fn settle(cx: &mut Context<'_>, mut node: Node) -> Node {
    if node.null {
        foreign::null(cx, &node.expr);
        node.null = false;
    }
    node
}

struct Builder<'c, 't, 'p> {
    cx: &'c mut Context<'t>,
    /// One expression gets one complaint about missing parentheses.
    mixed: Option<Mixed>,
    /// Where it divides.
    divisions: Vec<Span>,
    /// Foreign spellings of operators, answered once the whole expression is known.
    foreign: Vec<Pair<'p>>,
}

impl<'p> Builder<'_, '_, 'p> {
    /// Reads operators that bind at least as strongly as `least`.
    fn climb(&mut self, tokens: &mut Tokens<'p>, least: u8) -> Option<Node> {
        let mut left = self.prefixed(tokens)?;
        while let Some(token) = tokens.peek() {
            if matches!(
                token.as_rule(),
                Rule::is_set | Rule::foreign_is_null | Rule::membership
            ) {
                if COMPARISON < least {
                    break;
                }
                let token = tokens.next()?;
                left = self.postfix(left, token)?;
                continue;
            }
            let at = self.cx.token(token);
            let (op, strength, class) = infix(token)?;
            if strength < least {
                break;
            }
            let token = tokens.next()?;
            if foreign::is_division(token.as_str()) {
                self.divisions.push(at);
            }
            let right = self.climb(tokens, strength + 1)?;
            if !right.null {
                self.foreign.push(token);
            }
            left = self.binary(op, class, at, left, right)?;
        }
        Some(left)
    }

    fn prefixed(&mut self, tokens: &mut Tokens<'p>) -> Option<Node> {
        let token = tokens.next()?;
        let at = self.cx.token(&token);
        let (op, strength, class) = match token.as_rule() {
            Rule::op_not | Rule::foreign_not => (UnaryOp::Not, NOT, Class::Not),
            Rule::op_negate => (UnaryOp::Negate, NEGATE, Class::Arithmetic),
            _ => {
                let node = operand(self.cx, token)?;
                // Lists and calls inside one another; a line with mistakes can hold more of them than the scanner counts.
                return if node.depth > MAX_EXPRESSION_DEPTH {
                    self.too_deep(node.expr.span)
                } else {
                    Some(node)
                };
            }
        };
        // The height is known when the tree is made, which would be too late for the stack.
        if self.cx.prefixes > MAX_EXPRESSION_DEPTH {
            return self.too_deep(at);
        }
        self.foreign.push(token);
        self.cx.prefixes += 1;
        let inner = self.climb(tokens, strength);
        self.cx.prefixes -= 1;
        let inner = self.settle(inner?);
        let span = at.to(inner.expr.span);
        let kind = ExprKind::Unary {
            op,
            operand: Box::new(inner.expr),
        };
        // A sign belongs to its number: `x otherwise -1` needs no parentheses.
        let bare = (op == UnaryOp::Not).then_some((class, at));
        self.made(kind, span, inner.depth + 1, bare)
    }

    fn postfix(&mut self, left: Node, token: Pair<'_>) -> Option<Node> {
        let at = self.cx.span(&token);
        let left = self.settle(left);
        self.refuse_chain(&left, at, at);
        let span = left.expr.span.to(at);
        let depth = left.depth + 1;
        let operand = Box::new(left.expr);
        let (kind, depth) = match token.as_rule() {
            Rule::is_set => {
                let negated = token.into_inner().any(|it| it.as_rule() == Rule::kw_not);
                (ExprKind::IsSet { operand, negated }, depth)
            }
            Rule::foreign_is_null => {
                let negated = foreign::is_null(self.cx, &token, at, &operand);
                (ExprKind::IsSet { operand, negated }, depth)
            }
            _ => membership(self.cx, token, operand, depth)?,
        };
        self.made(kind, span, depth, Some((Class::Comparison, at)))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        class: Class,
        at: Span,
        left: Node,
        right: Node,
    ) -> Option<Node> {
        if (left.null || right.null) && matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return self.compared_with_null(op, at, left, right);
        }
        let (left, right) = (self.settle(left), self.settle(right));
        if class == Class::Comparison {
            self.refuse_chain(&left, at, at.to(right.expr.span));
        }
        for side in [&left, &right] {
            if let Some((other, place)) = side.bare {
                self.refuse_mix(class, at, other, place);
            }
        }
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth) + 1;
        let kind = ExprKind::Binary {
            op,
            op_span: at,
            left: Box::new(left.expr),
            right: Box::new(right.expr),
        };
        self.made(kind, span, depth, Some((class, at)))
    }

    fn compared_with_null(
        &mut self,
        op: BinaryOp,
        at: Span,
        left: Node,
        right: Node,
    ) -> Option<Node> {
        let (operand, null) = if right.null {
            (left, right)
        } else {
            (right, left)
        };
        let negated = op == BinaryOp::Equal;
        foreign::null_comparison(self.cx, at, &operand.expr, &null.expr, negated);
        let span = operand.expr.span.to(null.expr.span);
        let kind = ExprKind::IsSet {
            operand: Box::new(operand.expr),
            negated,
        };
        self.made(kind, span, operand.depth + 1, Some((Class::Comparison, at)))
    }

    fn settle(&mut self, node: Node) -> Node {
        settle(self.cx, node)
    }

    /// Refuses a comparison of what is one already; `rest` is the second from its operator on.
    fn refuse_chain(&mut self, left: &Node, at: Span, rest: Span) {
        if let Some((Class::Comparison, first)) = left.bare {
            let found = chained::finding(self.cx, &left.expr, first, at, rest);
            self.cx.report(found);
        }
    }

    fn refuse_mix(&mut self, class: Class, at: Span, other: Class, place: Span) {
        let mixed = match (class, other) {
            (Class::Implies, Class::Implies) => true,
            (Class::And | Class::Or | Class::Implies, Class::And | Class::Or | Class::Implies)
            | (Class::Otherwise, Class::Arithmetic)
            | (Class::Arithmetic, Class::Otherwise) => class != other,
            _ => false,
        };
        if !mixed || self.mixed.is_some() {
            return;
        }
        let (first, second) = if place.start < at.start {
            (place, at)
        } else {
            (at, place)
        };
        self.mixed = Some(Mixed { first, second });
    }

    fn made(
        &mut self,
        kind: ExprKind,
        span: Span,
        depth: usize,
        bare: Option<(Class, Span)>,
    ) -> Option<Node> {
        if depth > MAX_EXPRESSION_DEPTH {
            return self.too_deep(span);
        }
        Some(Node {
            expr: Expr { kind, span },
            depth,
            bare,
            null: false,
        })
    }

    fn too_deep(&mut self, at: Span) -> Option<Node> {
        self.cx.error(
            &syntax::TOO_DEEP,
            at,
            format!(
                "the expression has more than {MAX_EXPRESSION_DEPTH} operators inside one another"
            ),
            "too deep up to here",
            "split it with `predicate`, or use `in { … }` for a list of values",
        );
        None
    }
}

const NOT: u8 = 4;
const COMPARISON: u8 = 5;
const NEGATE: u8 = 9;

fn infix(token: &Pair<'_>) -> Option<(BinaryOp, u8, Class)> {
    let rule = match token.as_rule() {
        Rule::foreign_infix | Rule::foreign_divide => foreign::stands_for(token.as_str()),
        rule => rule,
    };
    Some(match rule {
        Rule::op_implies => (BinaryOp::Implies, 1, Class::Implies),
        Rule::op_or => (BinaryOp::Or, 2, Class::Or),
        Rule::op_and => (BinaryOp::And, 3, Class::And),
        Rule::op_equal => (BinaryOp::Equal, COMPARISON, Class::Comparison),
        Rule::op_not_equal => (BinaryOp::NotEqual, COMPARISON, Class::Comparison),
        Rule::op_less => (BinaryOp::Less, COMPARISON, Class::Comparison),
        Rule::op_less_or_equal => (BinaryOp::LessOrEqual, COMPARISON, Class::Comparison),
        Rule::op_greater => (BinaryOp::Greater, COMPARISON, Class::Comparison),
        Rule::op_greater_or_equal => (BinaryOp::GreaterOrEqual, COMPARISON, Class::Comparison),
        Rule::op_otherwise => (BinaryOp::Otherwise, 6, Class::Otherwise),
        Rule::op_add => (BinaryOp::Add, 7, Class::Arithmetic),
        Rule::op_subtract => (BinaryOp::Subtract, 7, Class::Arithmetic),
        Rule::op_multiply => (BinaryOp::Multiply, 8, Class::Arithmetic),
        _ => return None,
    })
}
