use crate::ast::{AppendOnly, Audited, Frozen, Keep, SoftDelete};
use crate::grammar::{Pair, Rule};

use super::Context;
use super::expression::expression;
use super::literal::whole;
use super::name::name;

/// `append only`
pub(super) fn append_only(cx: &mut Context<'_>, pair: &Pair<'_>) -> AppendOnly {
    AppendOnly {
        doc: cx.doc(pair),
        span: cx.span(pair),
    }
}

/// `soft delete`
pub(super) fn soft_delete(cx: &mut Context<'_>, pair: &Pair<'_>) -> SoftDelete {
    SoftDelete {
        doc: cx.doc(pair),
        span: cx.span(pair),
    }
}

/// `keep 5 years`
pub(super) fn keep(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Keep> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let mut children = pair.into_inner();
    let years = children.find(|it| it.as_rule() == Rule::integer)?;
    Some(Keep {
        doc,
        years: whole(cx, &years)?,
        span,
    })
}

/// `audited`
pub(super) fn audited(cx: &mut Context<'_>, pair: &Pair<'_>) -> Audited {
    Audited {
        doc: cx.doc(pair),
        span: cx.span(pair),
    }
}

/// `frozen when status == done except (note)`
pub(super) fn frozen(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Frozen> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut condition, mut except) = (None, Vec::new());
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::expression => condition = Some(expression(cx, child)?),
            Rule::except => {
                let lists = child.into_inner();
                let names = lists.flat_map(Pair::into_inner);
                let names = names.filter(|it| it.as_rule() == Rule::name);
                except.extend(names.map(|it| name(cx, &it)));
            }
            _ => {}
        }
    }
    Some(Frozen {
        doc,
        condition: condition?,
        except,
        span,
    })
}
