use crate::ast::{
    Auth, AuthLine, AuthSetting, AuthSettingKind, Length, Literal, Method, MethodKind, Oidc,
    Origin, SignUp,
};
use crate::grammar::{Pair, Rule};
use crate::recover;

use super::Context;
use super::field::duplicate;
use super::literal::{literal, whole};
use super::name::{name, name_in, path};
use super::suppress::suppress;
use super::text::text;

/// `auth { … }`
pub(super) fn auth(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Auth> {
    let (doc, span) = (cx.doc(pair), cx.span(pair));
    let (mut word, mut lines) = (None, Vec::new());
    for child in pair.clone().into_inner() {
        let line = match child.as_rule() {
            Rule::kw_auth => {
                word = Some(cx.token(&child));
                continue;
            }
            Rule::junk_auth => {
                recover::auth(cx, &child);
                continue;
            }
            _ if recover::block_part(cx, pair, &child) => continue,
            Rule::suppress => {
                suppress(cx, child.clone()).map(|it| AuthLine::Suppress(Box::new(it)))
            }
            _ => setting(cx, child.clone()).map(AuthLine::Setting),
        };
        let Some(line) = line else {
            cx.leave_unread(&child);
            continue;
        };
        if let Some((key, first)) = said_before(&lines, &line) {
            duplicate(cx, key, line.span(), first);
            continue;
        }
        lines.push(line);
    }
    Some(Auth {
        doc,
        word: word?,
        lines,
        span,
    })
}

/// Where a setting stands already.
fn said_before(
    lines: &[AuthLine],
    line: &AuthLine,
) -> Option<(&'static str, appspec_diagnostics::Span)> {
    let AuthLine::Setting(setting) = line else {
        return None;
    };
    let key = setting.kind.key();
    lines.iter().find_map(|other| match other {
        AuthLine::Setting(other) if other.kind.key() == key => Some((key, other.span)),
        _ => None,
    })
}

fn setting(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<AuthSetting> {
    let span = cx.span(&pair);
    let kind = match pair.as_rule() {
        Rule::auth_user => {
            let mut children = pair.into_inner();
            let found = children.find(|it| it.as_rule() == Rule::path)?;
            AuthSettingKind::User(path(cx, found))
        }
        Rule::sign_in => {
            let methods = pair.into_inner().filter(|it| it.as_rule() == Rule::method);
            AuthSettingKind::SignIn(methods.map(|it| method(cx, &it)).collect())
        }
        Rule::sign_up => AuthSettingKind::SignUp(sign_up(pair)?),
        Rule::session => {
            let lengths = pair.into_inner();
            let lengths = lengths.filter(|it| it.as_rule() == Rule::duration);
            let lengths: Option<Vec<Length>> = lengths.map(|it| length(cx, &it)).collect();
            let mut lengths = lengths?.into_iter();
            AuthSettingKind::Session {
                age: lengths.next()?,
                idle: lengths.next(),
            }
        }
        Rule::password => {
            let mut children = pair.into_inner();
            let number = children.find(|it| it.as_rule() == Rule::integer)?;
            AuthSettingKind::Password {
                least: whole(cx, &number)?,
                span: cx.token(&number),
            }
        }
        Rule::admin_site => {
            let paths = pair.into_inner().filter(|it| it.as_rule() == Rule::path);
            AuthSettingKind::AdminSite(paths.map(|it| path(cx, it)).collect())
        }
        Rule::allow_origins => AuthSettingKind::AllowOrigins(origins(cx, pair)),
        Rule::oidc => AuthSettingKind::Oidc(Box::new(oidc(cx, pair)?)),
        _ => {
            let mut children = pair.clone().into_inner();
            let role = children.find(|it| it.as_rule() == Rule::path);
            let role = role.map(|it| path(cx, it));
            AuthSettingKind::FirstAdmin {
                email: name_in(cx, pair)?,
                role,
            }
        }
    };
    Some(AuthSetting { kind, span })
}

fn method(cx: &Context<'_>, pair: &Pair<'_>) -> Method {
    let first = pair.clone().into_inner().next();
    let kind = match first.map(|it| it.as_rule()) {
        Some(Rule::kw_email) => MethodKind::EmailLink,
        Some(Rule::kw_oidc) => MethodKind::Oidc,
        _ => MethodKind::Password,
    };
    Method {
        kind,
        span: cx.span(pair),
    }
}

fn sign_up(pair: Pair<'_>) -> Option<SignUp> {
    pair.into_inner().find_map(|it| match it.as_rule() {
        Rule::kw_open => Some(SignUp::Open),
        Rule::kw_invite => Some(SignUp::Invite),
        Rule::kw_closed => Some(SignUp::Closed),
        _ => None,
    })
}

fn length(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Length> {
    match literal(cx, pair)? {
        Literal::Duration(microseconds) => Some(Length {
            microseconds,
            span: cx.token(pair),
        }),
        _ => None,
    }
}

fn origins(cx: &mut Context<'_>, pair: Pair<'_>) -> Vec<Origin> {
    let mut origins = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => origins.push(Origin::Var(name(cx, &child))),
            Rule::text => origins.push(Origin::Literal(text(cx, &child))),
            _ => {}
        }
    }
    origins
}

fn oidc(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Oidc> {
    let (mut label, mut names) = (None, Vec::new());
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::text => label = Some(text(cx, &child)),
            Rule::name => names.push(name(cx, &child)),
            _ => {}
        }
    }
    let mut names = names.into_iter();
    Some(Oidc {
        label: label?,
        issuer: names.next()?,
        client: names.next()?,
        secret: names.next()?,
    })
}
