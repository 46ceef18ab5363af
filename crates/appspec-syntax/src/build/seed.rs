use crate::ast::{Seed, SeedRow, SeedValue};
use crate::grammar::{Pair, Rule};
use crate::recover;

use super::Context;
use super::expression::expression;
use super::name::{name, path};

/// `seed Category { cut { name: "Cut" } }`
pub(super) fn seed(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Seed> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut entity, mut rows) = (None, Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::path => entity = Some(path(cx, child)),
            Rule::seed_row => rows.extend(row(cx, &child)),
            Rule::junk_row => recover::row(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    Some(Seed {
        doc,
        entity: entity?,
        rows,
        span,
    })
}

fn row(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<SeedRow> {
    let span = cx.span(pair);
    let (mut handle, mut values) = (None, Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::name => handle = Some(name(cx, &child)),
            Rule::seed_value => values.extend(value(cx, child)),
            Rule::junk_entry => recover::entry(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    Some(SeedRow {
        handle: handle?,
        values,
        span,
    })
}

fn value(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<SeedValue> {
    let mut children = pair.into_inner();
    let field = name(cx, &children.next()?);
    let value = children.find(|it| it.as_rule() == Rule::arithmetic)?;
    Some(SeedValue {
        field,
        value: expression(cx, value)?,
    })
}
