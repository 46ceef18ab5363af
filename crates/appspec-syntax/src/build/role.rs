use appspec_diagnostics::codes::syntax;

use crate::ast::{DerivedRole, Expr, ExprKind, Name, Path, Role, RoleOrigin};
use crate::grammar::{Pair, Rule};
use crate::reserved;

use super::Context;
use super::expression::condition;
use super::name::{name, name_in, path};
use super::text::text;

/// `role Owner "Owner" from Staff s for s.user at s.salon includes Receptionist`
pub(super) fn role(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Role> {
    let (doc, span) = (cx.doc(&pair), cx.span(&pair));
    let (mut declared, mut label, mut origin, mut was) = (None, None, None, None);
    let mut includes = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::text => label = Some(text(cx, &child)),
            Rule::signed_in_origin => origin = Some(RoleOrigin::SignedIn),
            Rule::granted => origin = Some(RoleOrigin::Granted(paths(cx, child))),
            Rule::derived => origin = Some(RoleOrigin::Derived(Box::new(derived(cx, child)?))),
            Rule::includes => includes = paths(cx, child),
            Rule::was => was = name_in(cx, child),
            _ => {}
        }
    }
    let name = declared?;
    free(cx, &name);
    Some(Role {
        doc,
        name,
        label,
        origin: origin?,
        includes,
        was,
        span,
    })
}

/// Refuses the names of those who need no role.
fn free(cx: &mut Context<'_>, name: &Name) {
    if matches!(name.text.as_str(), "anyone" | "system") {
        cx.error(
            &syntax::RESERVED_WORD,
            name.span,
            format!("`{}` is there without a role", name.text),
            "a word of access rules",
            "leave the role out: grants can name it",
        );
        return;
    }
    reserved::declared(cx, name);
}

fn derived(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<DerivedRole> {
    let (mut paths, mut row) = (Vec::new(), None);
    let (mut scope, mut rows) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::path => paths.push(path(cx, child)),
            Rule::name => row = Some(name(cx, &child)),
            Rule::at_row => scope = at(cx, child),
            Rule::condition => rows = Some(condition(cx, child)?),
            _ => {}
        }
    }
    let mut paths = paths.into_iter();
    let (entity, person, row) = (paths.next()?, paths.next()?, row?);
    reserved::declared(cx, &row);
    Some(DerivedRole {
        entity,
        row,
        person: expr(person),
        scope,
        condition: rows,
    })
}

/// `at stylist.salon`
pub(super) fn at(cx: &Context<'_>, pair: Pair<'_>) -> Option<Expr> {
    let mut children = pair.into_inner();
    let found = children.find(|it| it.as_rule() == Rule::path)?;
    Some(expr(path(cx, found)))
}

fn expr(path: Path) -> Expr {
    Expr {
        span: path.span,
        kind: ExprKind::Path(path),
    }
}

fn paths(cx: &Context<'_>, pair: Pair<'_>) -> Vec<Path> {
    let paths = pair.into_inner().filter(|it| it.as_rule() == Rule::path);
    paths.map(|it| path(cx, it)).collect()
}
