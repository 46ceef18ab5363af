use appspec_diagnostics::Span;

use crate::ast::{
    Access, AccessLine, FieldList, Grant, Let, Permission, Rate, VerbName, Wall, Who,
};
use crate::grammar::{Pair, Rule};
use crate::recover;
use crate::reserved;

use super::Context;
use super::expression::{condition, expression};
use super::field::duplicate;
use super::literal::whole;
use super::name::{name, path};
use super::role::at;
use super::suppress::{hand_on_doc, suppress};
use super::text::text_in;

/// `access Appointment { … }`
pub(super) fn access(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Access> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut entity, mut lines) = (None, Vec::new());
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        hand_on_doc(cx, &child, children.peek());
        let line = match child.as_rule() {
            Rule::path => {
                entity = Some(path(cx, child));
                continue;
            }
            Rule::junk_grant => {
                recover::grant(cx, &child);
                continue;
            }
            _ if recover::block_part(cx, pair, &child) => continue,
            Rule::access_let => one_let(cx, child.clone()).map(AccessLine::Let),
            Rule::wall => wall(cx, child.clone()).map(AccessLine::Wall),
            Rule::grant => grant(cx, child.clone()).map(AccessLine::Grant),
            _ => suppress(cx, child.clone()).map(|it| AccessLine::Suppress(Box::new(it))),
        };
        match line {
            Some(line) => lines.push(line),
            None => cx.leave_unread(&child),
        }
    }
    Some(Access {
        doc,
        entity: entity?,
        lines,
        span,
    })
}

/// `let own = client == me`
fn one_let(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Box<Let>> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut declared, mut value) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::expression => value = Some(expression(cx, child)?),
            _ => {}
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(Box::new(Let {
        doc,
        name,
        value: value?,
        span,
    }))
}

/// `only where salon == me.salon`
fn wall(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Box<Wall>> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let mut children = pair.into_inner();
    let condition = children.find(|it| it.as_rule() == Rule::expression)?;
    Some(Box::new(Wall {
        doc,
        condition: expression(cx, condition)?,
        span,
    }))
}

/// `Owner at salon may read, update (note) where … message "…"`
fn grant(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Box<Grant>> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut who, mut scope, mut permissions) = (None, None, Vec::new());
    let (mut rows, mut limit, mut message) = (None, None, None);
    let mut seen: Vec<(&'static str, Span)> = Vec::new();
    for child in pair.into_inner() {
        let at_clause = cx.span(&child);
        if let Some(what) = clause(child.as_rule()) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == what) {
                duplicate(cx, what, at_clause, *first);
                continue;
            }
            seen.push((what, at_clause));
        }
        match child.as_rule() {
            Rule::signed_in => who = Some(Who::SignedIn(at_clause)),
            Rule::path => who = Some(Who::Named(path(cx, child))),
            Rule::at_row => scope = at(cx, child),
            Rule::permission => permissions.push(permission(cx, child)?),
            Rule::condition => rows = Some(condition(cx, child)?),
            Rule::at_most => limit = Some(rate(cx, child)?),
            Rule::message => message = Some(text_in(cx, child)?),
            _ => {}
        }
    }
    Some(Box::new(Grant {
        doc,
        who: who?,
        at: scope,
        permissions,
        condition: rows,
        limit,
        message,
        span,
    }))
}

/// The clauses that a grant has at most once, by their first words.
fn clause(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::condition => "where",
        Rule::at_most => "at most",
        Rule::message => "message",
        _ => return None,
    })
}

/// `update (note)`, `do anything`
fn permission(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Permission> {
    let span = cx.span(&pair);
    let (mut verb, mut fields) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => verb = Some(VerbName::Named(name(cx, &child))),
            Rule::kw_anything => verb = Some(VerbName::Anything),
            Rule::field_names | Rule::except => fields = Some(field_list(cx, child)),
            _ => {}
        }
    }
    Some(Permission {
        verb: verb?,
        fields,
        span,
    })
}

/// `(note, price)`, `except (note)`
fn field_list(cx: &Context<'_>, pair: Pair<'_>) -> FieldList {
    let (span, is_except) = (cx.span(&pair), pair.as_rule() == Rule::except);
    let list = if is_except {
        pair.into_inner()
            .find(|it| it.as_rule() == Rule::field_names)
    } else {
        Some(pair)
    };
    let names = list.into_iter().flat_map(Pair::into_inner);
    let names = names.filter(|it| it.as_rule() == Rule::name);
    FieldList {
        is_except,
        names: names.map(|it| name(cx, &it)).collect(),
        span,
    }
}

/// `at most 5 per hour`
fn rate(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Rate> {
    let span = cx.span(&pair);
    let (mut times, mut per) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::integer => times = Some(whole(cx, &child)?),
            Rule::name => per = Some(name(cx, &child)),
            _ => {}
        }
    }
    Some(Rate {
        times: times?,
        per: per?,
        span,
    })
}
