//! Expressions: operators lead their lines when a line has to be broken, the weakest ones first.

use crate::grammar::{Pair, Rule};
use crate::stack;

use super::cursor::Cursor;
use super::doc::Doc;
use super::list::{Comma, list};
use super::member::part;

/// How the operators of a broken expression stand to its first line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hang {
    /// Below its first word.
    Flush,
    /// One step further to the right.
    Indented,
}

/// An `expression` or an `arithmetic`.
pub(super) fn expression<'t>(
    cursor: &mut Cursor<'t>,
    pair: Pair<'_>,
    hang: Hang,
    out: &mut Vec<Doc<'t>>,
) {
    let tokens: Vec<Pair<'_>> = pair.into_inner().collect();
    stack::deeper(|| chain(cursor, &tokens, LOGIC, hang, out));
}

/// An expression behind a header, on a line of its own when it is too long for the header's.
pub(super) fn behind_header<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let is_one_word = pair.clone().into_inner().nth(1).is_none()
        && pair.clone().into_inner().all(|it| !has_brackets(&it));
    if is_one_word || begins_like_a_member(pair.as_str()) {
        out.push(Doc::Space);
        expression(cursor, pair, Hang::Indented, out);
        return;
    }
    let mut inner = Vec::new();
    expression(cursor, pair, Hang::Flush, &mut inner);
    out.push(Doc::Indent(vec![Doc::Line, Doc::Group(inner)]));
}

fn has_brackets(operand: &Pair<'_>) -> bool {
    match operand.as_rule() {
        Rule::parenthesized | Rule::list_value => true,
        _ => operand
            .clone()
            .into_inner()
            .any(|it| it.as_rule() == Rule::arguments),
    }
}

/// What the grammar takes for the start of a member or an item when a line begins with it.
fn begins_like_a_member(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "access",
        "action",
        "api",
        "append",
        "auth",
        "deploy",
        "derive",
        "entity",
        "enum",
        "environment",
        "extend",
        "frozen",
        "identified",
        "index",
        "invariant",
        "job",
        "lifecycle",
        "live",
        "mixin",
        "no",
        "predicate",
        "project",
        "report",
        "role",
        "scenario",
        "search",
        "seed",
        "shown",
        "sorted",
        "type",
        "unique",
        "use",
    ];
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_');
    let word = end.map_or(text, |end| text.get(..end).unwrap_or(""));
    WORDS.binary_search(&word).is_ok()
}

const LOGIC: u8 = 0;
const STRONGEST: u8 = 4;

fn level(rule: Rule) -> Option<u8> {
    Some(match rule {
        Rule::op_and | Rule::op_or | Rule::op_implies => LOGIC,
        Rule::op_equal
        | Rule::op_not_equal
        | Rule::op_less
        | Rule::op_less_or_equal
        | Rule::op_greater
        | Rule::op_greater_or_equal => 1,
        Rule::op_otherwise => 2,
        Rule::op_add | Rule::op_subtract => 3,
        Rule::op_multiply => STRONGEST,
        _ => return None,
    })
}

/// Parts with operators of one level between them.
fn chain<'t>(
    cursor: &mut Cursor<'t>,
    tokens: &[Pair<'_>],
    at: u8,
    hang: Hang,
    out: &mut Vec<Doc<'t>>,
) {
    let is_operator = |token: &Pair<'_>| level(token.as_rule()) == Some(at);
    let mut parts = tokens.split(is_operator);
    let mut operators = tokens.iter().filter(|token| is_operator(token));
    let first = parts.next().unwrap_or_default();
    let Some(mut operator) = operators.next() else {
        if at == STRONGEST {
            terms(cursor, tokens, out);
        } else {
            chain(cursor, tokens, at + 1, hang, out);
        }
        return;
    };
    let mut group = Vec::new();
    let mut rest = Vec::new();
    inner(cursor, first, at, &mut group);
    for part in parts {
        rest.push(Doc::Line);
        cursor.word(operator, &mut rest);
        rest.push(Doc::Space);
        inner(cursor, part, at, &mut rest);
        operator = operators.next().unwrap_or(operator);
    }
    if hang == Hang::Indented {
        group.push(Doc::Indent(rest));
    } else {
        group.append(&mut rest);
    }
    out.push(Doc::Group(group));
}

fn inner<'t>(cursor: &mut Cursor<'t>, tokens: &[Pair<'_>], at: u8, out: &mut Vec<Doc<'t>>) {
    if at == STRONGEST {
        terms(cursor, tokens, out);
    } else {
        chain(cursor, tokens, at + 1, Hang::Indented, out);
    }
}

/// Prefixes, an operand, and what is asked of it.
fn terms<'t>(cursor: &mut Cursor<'t>, tokens: &[Pair<'_>], out: &mut Vec<Doc<'t>>) {
    for token in tokens {
        match token.as_rule() {
            Rule::op_not => {
                cursor.word(token, out);
                out.push(Doc::Space);
            }
            Rule::op_negate => cursor.word(token, out),
            Rule::is_set => {
                out.push(Doc::Space);
                part(cursor, token.clone(), out);
            }
            Rule::membership => {
                out.push(Doc::Space);
                membership(cursor, token.clone(), out);
            }
            _ => operand(cursor, token.clone(), out),
        }
    }
}

fn membership<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::value_set => list(cursor, elements(child), Comma::Allowed, out, value),
            Rule::range => range(cursor, child, out),
            _ => {
                cursor.word(&child, out);
                out.push(Doc::Space);
            }
        }
    }
}

/// `a..b`; as a bound with `in` before it, and maybe with one end only.
pub(super) fn range<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::arithmetic => expression(cursor, child, Hang::Indented, out),
            Rule::open_range => range(cursor, child, out),
            Rule::kw_in => {
                cursor.word(&child, out);
                out.push(Doc::Space);
            }
            _ => cursor.word(&child, out),
        }
    }
}

fn operand<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    match pair.as_rule() {
        Rule::parenthesized => {
            let inner = pair
                .into_inner()
                .filter(|it| it.as_rule() == Rule::expression);
            list(
                cursor,
                inner.collect(),
                Comma::Refused,
                out,
                |cursor, it, out| {
                    expression(cursor, it, Hang::Flush, out);
                },
            );
        }
        Rule::reference => {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::arguments => list(cursor, elements(child), Comma::Allowed, out, value),
                    _ => cursor.word(&child, out),
                }
            }
        }
        Rule::quantified => pair.into_inner().for_each(|it| quantified(cursor, it, out)),
        Rule::list_value => list(cursor, elements(pair), Comma::Allowed, out, value),
        Rule::empty_object => list(cursor, Vec::new(), Comma::Refused, out, value),
        _ => cursor.word(&pair, out),
    }
}

/// `all(l in lines have …)`: what is said stands on a line of its own where it is too long.
fn quantified<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    let mut inner = Vec::new();
    let mut is_open = false;
    let mut group = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::open_round => {
                cursor.word(&child, &mut group);
                is_open = true;
            }
            Rule::close_round => {
                let said = std::mem::take(&mut inner);
                group.push(Doc::Indent(vec![Doc::SoftLine, Doc::Group(said)]));
                group.push(Doc::SoftLine);
                cursor.word(&child, &mut group);
            }
            _ if !is_open => cursor.word(&child, &mut group),
            Rule::each_row => each_row(cursor, child, &mut inner),
            Rule::expression => expression(cursor, child, Hang::Indented, &mut inner),
            // It brings its own blank, which may become a new line.
            Rule::condition => part(cursor, child, &mut inner),
            // `for` stands before the row, `have` and `has` behind it.
            _ => {
                inner.push(Doc::Line);
                cursor.word(&child, &mut inner);
                inner.push(Doc::Space);
            }
        }
    }
    out.push(Doc::Group(group));
}

fn each_row<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    for (at, word) in pair.into_inner().enumerate() {
        if at > 0 {
            out.push(Doc::Space);
        }
        cursor.word(&word, out);
    }
}

fn elements(pair: Pair<'_>) -> Vec<Pair<'_>> {
    let values = pair
        .into_inner()
        .filter(|it| matches!(it.as_rule(), Rule::expression | Rule::arithmetic));
    values.collect()
}

fn value<'t>(cursor: &mut Cursor<'t>, pair: Pair<'_>, out: &mut Vec<Doc<'t>>) {
    expression(cursor, pair, Hang::Indented, out);
}
