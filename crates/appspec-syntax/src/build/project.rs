use crate::ast::{Expr, ExprKind, Project, ProjectEntry};
use crate::grammar::{Pair, Rule};
use crate::recover;
use crate::reserved;

use super::Context;
use super::expression::expression;
use super::name::name;

/// `project salon { title: "Salon bookings" }`
pub(super) fn project(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Project> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut declared, mut entries) = (None, Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::name => declared = Some(name(cx, &child)),
            Rule::setting => entries.extend(setting(cx, child)),
            Rule::junk_entry => recover::setting(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    let name = declared?;
    reserved::declared(cx, &name);
    Some(Project {
        doc,
        name,
        entries,
        span,
    })
}

fn setting(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<ProjectEntry> {
    cx.forget_docs(&pair);
    let mut children = pair.into_inner();
    let key = name(cx, &children.next()?);
    let mut values = Vec::new();
    for child in children.filter(|it| it.as_rule() == Rule::arithmetic) {
        values.push(expression(cx, child)?);
    }
    let value = if let [_, .., last] = values.as_slice() {
        let span = values.first()?.span.to(last.span);
        Expr {
            kind: ExprKind::List(values),
            span,
        }
    } else {
        values.pop()?
    };
    Some(ProjectEntry { key, value })
}
