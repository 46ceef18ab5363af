use crate::ast::{
    Closing, Direction, IdentifiedBy, Index, Overlap, ShownAs, SortKey, SortedBy, Unique,
};
use crate::grammar::{Pair, Rule};

use super::Context;
use super::expression::condition;
use super::name::{name, name_in};
use super::text::text_in;

/// `unique (client, starts_at) where … message "…"`
pub(super) fn unique(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Unique> {
    let mut unique = Unique {
        doc: cx.doc(&pair),
        fields: Vec::new(),
        condition: None,
        message: None,
        span: cx.span(&pair),
    };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::field_names => {
                let names = child.into_inner().filter(|it| it.as_rule() == Rule::name);
                unique.fields.reserve_exact(names.clone().count());
                unique.fields.extend(names.map(|it| name(cx, &it)));
            }
            Rule::condition => unique.condition = Some(condition(cx, child)?),
            Rule::message => unique.message = Some(text_in(cx, child)?),
            _ => {}
        }
    }
    Some(unique)
}

/// `index (stylist, starts_at desc) where …`
pub(super) fn index(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Index> {
    let mut index = Index {
        doc: cx.doc(&pair),
        keys: Vec::new(),
        condition: None,
        span: cx.span(&pair),
    };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::sort_list => index.keys = sort_keys(cx, child)?,
            Rule::condition => index.condition = Some(condition(cx, child)?),
            _ => {}
        }
    }
    Some(index)
}

/// `no overlap of starts_at until ends_at per stylist where … message "…"`
pub(super) fn overlap(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Overlap> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut ends, mut per) = (Vec::new(), Vec::new());
    let mut closing = Closing::Until;
    let (mut rows, mut message) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => ends.push(name(cx, &child)),
            Rule::kw_through => closing = Closing::Through,
            Rule::per => {
                let names = child.into_inner().filter(|it| it.as_rule() == Rule::name);
                per.extend(names.map(|it| name(cx, &it)));
            }
            Rule::condition => rows = Some(condition(cx, child)?),
            Rule::message => message = Some(text_in(cx, child)?),
            _ => {}
        }
    }
    let mut ends = ends.into_iter();
    Some(Overlap {
        doc,
        start: ends.next()?,
        end: ends.next()?,
        closing,
        per,
        condition: rows,
        message,
        span,
    })
}

/// `sorted by starts_at desc, number`
pub(super) fn sorted_by(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<SortedBy> {
    let span = cx.span(&pair);
    let keys = sort_keys(cx, pair)?;
    Some(SortedBy { keys, span })
}

/// `shown as number`
pub(super) fn shown_as(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<ShownAs> {
    let span = cx.span(&pair);
    let field = name_in(cx, pair)?;
    Some(ShownAs { field, span })
}

/// `identified by int`
pub(super) fn identified_by(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<IdentifiedBy> {
    let span = cx.span(&pair);
    let kind = name_in(cx, pair)?;
    Some(IdentifiedBy { kind, span })
}

fn sort_keys(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Vec<SortKey>> {
    let keys = pair
        .into_inner()
        .filter(|it| it.as_rule() == Rule::sort_key);
    keys.map(|key| {
        let span = cx.span(&key);
        let mut children = key.into_inner();
        let field = name(cx, &children.next()?);
        let direction = match children.next() {
            Some(_) => Direction::Descending,
            None => Direction::Ascending,
        };
        Some(SortKey {
            field,
            direction,
            span,
        })
    })
    .collect()
}
