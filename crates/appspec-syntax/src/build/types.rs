use appspec_diagnostics::codes::syntax;

use crate::ast::{Bound, Serial, SizeBound, TypeRef, TypeRefKind};
use crate::grammar::{Pair, Rule};
use crate::limits::MAX_LIST_DEPTH;

use super::Context;
use super::expression::expression;
use super::literal::{size, whole};
use super::name::{name, path};
use super::text::text;

/// A type as written; nothing when it is one that this version refuses.
pub(super) fn type_ref(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<TypeRef> {
    let span = cx.span(&pair);
    let mut lists = Vec::new();
    for child in pair.into_inner() {
        let at = cx.span(&child);
        let kind = match child.as_rule() {
            Rule::list_of => {
                lists.push(at);
                continue;
            }
            Rule::many => many(cx, child)?,
            Rule::one_of => one_of(cx, child),
            Rule::serial => serial(cx, child)?,
            _ => named(cx, child)?,
        };
        if lists.len() > MAX_LIST_DEPTH {
            cx.error(
                &syntax::TOO_DEEP,
                span,
                format!("lists nest {} levels deep", lists.len()),
                format!("at most {MAX_LIST_DEPTH} levels"),
                "make an entity of the inner list",
            );
            return None;
        }
        let innermost = TypeRef { kind, span: at };
        return Some(lists.iter().rev().fold(innermost, |inner, list| TypeRef {
            span: list.to(inner.span),
            kind: TypeRefKind::List(Box::new(inner)),
        }));
    }
    None
}

fn named(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<TypeRefKind> {
    let mut found = None;
    let mut arguments = Vec::new();
    for child in pair.into_inner() {
        if child.as_rule() == Rule::path {
            found = Some(path(cx, child));
            continue;
        }
        let inner = child.into_inner();
        arguments.reserve_exact(inner.len());
        for argument in inner.filter(|it| it.as_rule() == Rule::integer) {
            arguments.push((whole(cx, &argument)?, cx.token(&argument)));
        }
    }
    Some(TypeRefKind::Named {
        path: found?,
        arguments,
    })
}

fn many(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<TypeRefKind> {
    let mut entity = None;
    let mut through = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::path => entity = Some(path(cx, child)),
            Rule::through => {
                let found = child.into_inner().find(|it| it.as_rule() == Rule::path);
                through = found.map(|it| path(cx, it));
            }
            _ => {}
        }
    }
    Some(TypeRefKind::Many {
        entity: entity?,
        through,
    })
}

fn one_of(cx: &mut Context<'_>, pair: Pair<'_>) -> TypeRefKind {
    let paths = pair.into_inner().filter(|it| it.as_rule() == Rule::path);
    TypeRefKind::OneOf(paths.map(|it| path(cx, it)).collect())
}

fn serial(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<TypeRefKind> {
    let (mut pattern, mut per, mut gapless) = (None, Vec::new(), None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::text => pattern = Some(text(cx, &child)),
            Rule::per_paths => {
                let paths = child.into_inner().filter(|it| it.as_rule() == Rule::path);
                per.extend(paths.map(|it| path(cx, it)));
            }
            Rule::kw_gapless => gapless = Some(cx.token(&child)),
            _ => {}
        }
    }
    Some(TypeRefKind::Serial(Serial {
        pattern: pattern?,
        per,
        gapless,
    }))
}

/// `in 0..100`, `matches r"…"` or `max 5MB of png`.
pub(super) fn bound(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Bound> {
    let span = cx.span(&pair);
    match pair.as_rule() {
        Rule::range_bound => {
            let (mut low, mut high, mut behind_dots) = (None, None, false);
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::dots => behind_dots = true,
                    Rule::arithmetic if behind_dots => high = Some(expression(cx, child)?),
                    Rule::arithmetic => low = Some(expression(cx, child)?),
                    _ => {}
                }
            }
            Some(Bound::Range { low, high, span })
        }
        Rule::matches_bound => {
            let mut children = pair.into_inner();
            let found = children.find(|it| it.as_rule() != Rule::kw_matches)?;
            let pattern = text(cx, &found);
            Some(Bound::Matches { pattern, span })
        }
        _ => size_bound(cx, pair).map(Bound::Size),
    }
}

fn size_bound(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<SizeBound> {
    let span = cx.span(&pair);
    let (mut max_bytes, mut kinds) = (None, Vec::new());
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::size => max_bytes = Some((size(cx, &child)?, cx.token(&child))),
            Rule::file_kinds => {
                let names = child.into_inner().filter(|it| it.as_rule() == Rule::name);
                kinds.extend(names.map(|it| name(cx, &it)));
            }
            _ => {}
        }
    }
    Some(SizeBound {
        max_bytes,
        kinds,
        span,
    })
}
