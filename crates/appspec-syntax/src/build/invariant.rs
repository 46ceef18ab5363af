use crate::ast::{Derive, Invariant, Moment, Predicate, PredicateMember};
use crate::grammar::{Pair, Rule};
use crate::reserved;

use super::Context;
use super::expression::expression;
use super::name::{name, name_in, path};
use super::text::text_in;
use super::types::type_ref;

/// `invariant booked_ahead on create: starts_at > now() message "…"`
pub(super) fn invariant(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Invariant> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut declared, mut condition, mut message) = (None, None, None);
    let mut moment = Moment::Always;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::moment => moment = self::moment(cx, child),
            Rule::expression => condition = Some(expression(cx, child)?),
            Rule::message => message = Some(text_in(cx, child)?),
            _ => {}
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(Invariant {
        doc,
        name,
        moment,
        condition: condition?,
        message,
        span,
    })
}

/// `on create`, `on change of price`
fn moment(cx: &mut Context<'_>, pair: Pair<'_>) -> Moment {
    let span = cx.span(&pair);
    let mut names = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::kw_create => return Moment::Create(span),
            Rule::name => names.push(name(cx, &child)),
            Rule::field_names => {
                let listed = child.into_inner();
                let listed = listed.filter(|it| it.as_rule() == Rule::name);
                names.extend(listed.map(|it| name(cx, &it)));
            }
            _ => {}
        }
    }
    Moment::Change {
        fields: names,
        span,
    }
}

/// `derive minutes: int = minutes_between(starts_at, ends_at)`
pub(super) fn derive(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Derive> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut declared, mut ty, mut optional, mut value) = (None, None, None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::type_ref => ty = Some(type_ref(cx, child)?),
            Rule::optional => optional = Some(cx.token(&child)),
            Rule::expression => value = Some(expression(cx, child)?),
            _ => {}
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(Derive {
        doc,
        name,
        ty: ty?,
        optional,
        value: value?,
        span,
    })
}

/// `predicate active = status in {requested, confirmed}`
pub(super) fn predicate_member(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<PredicateMember> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let body = pair
        .clone()
        .into_inner()
        .find(|it| it.as_rule() == Rule::expression)?;
    let name = name_in(cx, pair)?;
    reserved::declared(cx, &name);
    Some(PredicateMember {
        doc,
        name,
        body: expression(cx, body)?,
        span,
    })
}

/// `predicate late(v: Visit) = v.ends_at < v.promised_at`
pub(super) fn predicate_item(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Predicate> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut names, mut entity, mut body) = (Vec::new(), None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => names.push(name(cx, &child)),
            Rule::path => entity = Some(path(cx, child)),
            Rule::expression => body = Some(expression(cx, child)?),
            _ => {}
        }
    }
    let mut names = names.into_iter();
    let (name, parameter) = (names.next()?, names.next()?);
    reserved::declared(cx, &name);
    reserved::declared(cx, &parameter);
    Some(Predicate {
        doc,
        name,
        parameter,
        entity: entity?,
        body: body?,
        span,
    })
}
