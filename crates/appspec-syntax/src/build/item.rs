use crate::ast::{Item, TypeDecl, Use, UseNames};
use crate::grammar::{Pair, Rule};
use crate::reserved;

use super::field::duplicate;
use super::name::{name, path};
use super::text::text_in;
use super::types::{bound, type_ref};
use super::{
    Context, access, auth, entity, enum_item, environment, invariant, project, role, seed, suppress,
};

/// A declaration at the top level.
pub(super) fn build(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Item> {
    match pair.as_rule() {
        Rule::project => project::project(cx, &pair).map(Item::Project),
        Rule::use_item => use_item(cx, pair).map(Item::Use),
        Rule::type_item => type_item(cx, pair).map(Item::Type),
        Rule::enum_item => enum_item::enum_item(cx, &pair).map(Item::Enum),
        Rule::mixin => entity::mixin(cx, &pair).map(Item::Mixin),
        Rule::entity => entity::entity(cx, &pair).map(Item::Entity),
        Rule::extend => entity::extend(cx, &pair).map(Item::Extend),
        Rule::predicate_item => invariant::predicate_item(cx, pair).map(Item::Predicate),
        Rule::seed => seed::seed(cx, &pair).map(Item::Seed),
        Rule::role => role::role(cx, pair).map(Item::Role),
        Rule::access => access::access(cx, &pair).map(Item::Access),
        Rule::auth => auth::auth(cx, &pair).map(Item::Auth),
        Rule::environment => environment::environment(cx, &pair).map(Item::Environment),
        Rule::suppress_item => suppress::suppress(cx, pair).map(Item::Suppress),
        _ => None,
    }
}

fn use_item(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Use> {
    let span = cx.span(&pair);
    let (mut module, mut names) = (None, UseNames::Qualified);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::path => module = Some(path(cx, child)),
            Rule::use_names => {
                let listed = child.into_inner().filter(|it| it.as_rule() == Rule::name);
                names = UseNames::Listed(listed.map(|it| name(cx, &it)).collect());
            }
            _ => {}
        }
    }
    Some(Use {
        module: module?,
        names,
        span,
    })
}

fn type_item(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<TypeDecl> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut declared, mut base, mut bounds, mut message) = (None, None, Vec::new(), None);
    let mut seen = Vec::new();
    for child in pair.into_inner() {
        let rule = child.as_rule();
        let at = cx.span(&child);
        let what = match rule {
            Rule::range_bound => "in",
            Rule::matches_bound => "matches",
            Rule::size_bound => "max",
            Rule::message => "message",
            _ => "",
        };
        if let Some((_, first)) = seen
            .iter()
            .find(|(other, _)| !what.is_empty() && *other == rule)
        {
            duplicate(cx, what, at, *first);
            continue;
        }
        seen.push((rule, at));
        match rule {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::type_ref => base = Some(type_ref(cx, child)?),
            Rule::message => message = text_in(cx, child),
            _ if !what.is_empty() => bounds.push(bound(cx, child)?),
            _ => {}
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(TypeDecl {
        doc,
        name,
        base: base?,
        bounds,
        message,
        span,
    })
}
