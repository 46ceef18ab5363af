use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::ast::{Environment, EnvironmentLine, Name, Service, ServiceEntry, StageSetting, Var};
use crate::grammar::{Pair, Rule};
use crate::recover;

use super::Context;
use super::expression::expression;
use super::name::name;
use super::suppress::{hand_on_doc, suppress};
use super::text::text;

/// `environment { … }`
pub(super) fn environment(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Environment> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut word, mut lines) = (None, Vec::new());
    let mut children = pair.clone().into_inner().peekable();
    while let Some(child) = children.next() {
        hand_on_doc(cx, &child, children.peek());
        let line = match child.as_rule() {
            Rule::kw_environment => {
                word = Some(cx.token(&child));
                continue;
            }
            Rule::junk_variable => {
                recover::variable(cx, &child);
                continue;
            }
            _ if recover::block_part(cx, pair, &child) => continue,
            Rule::var | Rule::secret => var(cx, &child).map(EnvironmentLine::Var),
            Rule::service => service(cx, &child).map(EnvironmentLine::Service),
            _ => suppress(cx, child.clone()).map(|it| EnvironmentLine::Suppress(Box::new(it))),
        };
        match line {
            Some(line) => lines.push(line),
            None => cx.leave_unread(&child),
        }
    }
    Some(Environment {
        doc,
        word: word?,
        lines,
        span,
    })
}

/// `var SITE_URL: url "…" = … { … }`, `secret STRIPE_KEY "…" { … }`
fn var(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Box<Var>> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let is_secret = pair.as_rule() == Rule::secret;
    let mut names = Vec::new();
    let (mut purpose, mut default, mut stages) = (None, None, Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::name => names.push(name(cx, &child)),
            Rule::text => purpose = Some(text(cx, &child)),
            Rule::default => {
                let mut parts = child.into_inner();
                let value = parts.find(|it| it.as_rule() == Rule::arithmetic)?;
                default = Some(expression(cx, value)?);
            }
            Rule::seed_value => stages.extend(stage(cx, child)),
            Rule::junk_entry => recover::entry(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    let mut names = names.into_iter();
    let name = names.next()?;
    let mut ty = names.next();
    if is_secret && let Some(ty) = ty.take() {
        has_no_type(cx, &name, &ty);
    }
    Some(Box::new(Var {
        doc,
        name,
        ty,
        purpose,
        default,
        stages,
        span,
    }))
}

fn has_no_type(cx: &mut Context<'_>, name: &Name, ty: &Name) {
    let mut behind_name = name.span;
    behind_name.start = name.span.end;
    let found = Diagnostic::new(
        &syntax::UNEXPECTED,
        ty.span,
        format!("the secret `{}` has a type", name.text),
    )
    .label("a secret is always a text")
    .help("leave the type out");
    cx.report(found.edit(behind_name.to(ty.span), ""));
}

fn stage(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<StageSetting> {
    let mut children = pair.into_inner();
    let stage = name(cx, &children.next()?);
    let value = children.find(|it| it.as_rule() == Rule::arithmetic)?;
    Some(StageSetting {
        stage,
        value: expression(cx, value)?,
    })
}

/// `service mailer: smtp { … }`
fn service(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Box<Service>> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut names, mut entries) = (Vec::new(), Vec::new());
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::name => names.push(name(cx, &child)),
            Rule::service_entry => entries.extend(service_entry(cx, child)),
            Rule::junk_entry => recover::service_entry(cx, &child),
            _ => {
                recover::block_part(cx, pair, &child);
            }
        }
    }
    let mut names = names.into_iter();
    Some(Box::new(Service {
        doc,
        name: names.next()?,
        kind: names.next()?,
        entries,
        span,
    }))
}

fn service_entry(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<ServiceEntry> {
    let (mut key, mut value) = (None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => key = Some(name(cx, &child)),
            Rule::when_down => {
                key = Some(Name {
                    text: "when down".to_owned(),
                    span: cx.span(&child),
                });
            }
            Rule::arithmetic => value = Some(expression(cx, child)?),
            _ => {}
        }
    }
    Some(ServiceEntry {
        key: key?,
        value: value?,
    })
}
