use appspec_diagnostics::Span;

use crate::ast::{Assignment, Lifecycle, LifecycleAction, Name};
use crate::grammar::{Pair, Rule};
use crate::recover;
use crate::reserved;

use super::Context;
use super::expression::expression;
use super::field::duplicate;
use super::name::{name, name_in};
use super::suppress::{hand_on_doc, suppress};
use super::text::text_in;

/// `lifecycle status { confirm: requested -> confirmed … final done }`
pub(super) fn lifecycle(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Lifecycle> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut field, mut actions, mut finals) = (None, Vec::new(), Vec::new());
    let mut suppressed = Vec::new();
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        hand_on_doc(cx, &child, children.peek());
        match child.as_rule() {
            Rule::suppress => suppressed.extend(suppress(cx, child)),
            Rule::name => field = Some(name(cx, &child)),
            Rule::lifecycle_action => actions.extend(action(cx, child)),
            Rule::final_states => {
                let states = child.into_inner().filter(|it| it.as_rule() == Rule::states);
                finals.extend(states.flat_map(|it| names(cx, it)));
            }
            Rule::junk_action => recover::action(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    Some(Lifecycle {
        doc,
        field: field?,
        actions,
        suppressed,
        finals,
        span,
    })
}

fn action(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<LifecycleAction> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut ends, mut from) = (Vec::new(), Vec::new());
    let (mut needs, mut when, mut sets, mut message) = (Vec::new(), None, Vec::new(), None);
    let mut seen: Vec<(&'static str, Span)> = Vec::new();
    for child in pair.into_inner() {
        let at = cx.span(&child);
        if let Some(what) = clause(child.as_rule()) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == what) {
                duplicate(cx, what, at, *first);
                continue;
            }
            seen.push((what, at));
        }
        match child.as_rule() {
            Rule::name => ends.push(name(cx, &child)),
            Rule::states => from = names(cx, child),
            Rule::needs => needs = names(cx, child),
            Rule::guard => {
                let mut parts = child.into_inner();
                let condition = parts.find(|it| it.as_rule() == Rule::expression)?;
                when = Some(expression(cx, condition)?);
            }
            Rule::assignments => {
                let parts = child.into_inner();
                for one in parts.filter(|it| it.as_rule() == Rule::assignment) {
                    sets.push(assignment(cx, one)?);
                }
            }
            Rule::message => message = Some(text_in(cx, child)?),
            _ => {}
        }
    }
    let mut ends = ends.into_iter();
    let (name, to) = (ends.next()?, ends.next()?);
    reserved::action(cx, &name);
    Some(LifecycleAction {
        doc,
        name,
        from,
        to,
        needs,
        when,
        sets,
        message,
        span,
    })
}

/// The clauses that an action has at most once, by their first words.
fn clause(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::needs => "needs",
        Rule::guard => "when",
        Rule::assignments => "sets",
        Rule::message => "message",
        _ => return None,
    })
}

fn assignment(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Assignment> {
    let span = cx.span(&pair);
    let mut parts = pair.clone().into_inner();
    let value = parts.find(|it| it.as_rule() == Rule::expression)?;
    Some(Assignment {
        field: name_in(cx, pair)?,
        value: expression(cx, value)?,
        span,
    })
}

fn names(cx: &Context<'_>, pair: Pair<'_>) -> Vec<Name> {
    let names = pair.into_inner().filter(|it| it.as_rule() == Rule::name);
    names.map(|it| name(cx, &it)).collect()
}
