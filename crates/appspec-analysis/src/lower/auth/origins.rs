//! The front ends that may call from a browser.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{AllowedOrigin, Id, Need, Stage, Value, Var, VarType};
use appspec_syntax::ast::{Origin, Text};

use super::{Lowering, named_twice};
use crate::lower::address::Address;
use crate::lower::environment::{Use, Wanted};

pub(super) fn lower(lowering: &mut Lowering<'_>, written: &[Origin]) -> Vec<AllowedOrigin> {
    let mut origins: Vec<(AllowedOrigin, Span)> = Vec::new();
    for origin in written {
        let (found, span) = match origin {
            Origin::Var(name) => {
                let wanted = Use {
                    what: "a front end",
                    kind: Wanted::Var(VarType::Url),
                    is_needed: false,
                };
                let id = lowering.var(name, &wanted);
                if let Some(id) = id {
                    check_values(lowering, id, name.span);
                }
                (id.map(AllowedOrigin::Var), name.span)
            }
            Origin::Literal(text) => (
                literal(lowering, text).map(AllowedOrigin::Literal),
                text.span,
            ),
        };
        let Some(found) = found else { continue };
        match origins.iter().find(|(other, _)| *other == found) {
            Some((_, first)) => {
                let finding = named_twice("this front end", span, *first);
                lowering.refuse(finding);
            }
            None => origins.push((found, span)),
        }
    }
    origins.into_iter().map(|(origin, _)| origin).collect()
}

fn literal(lowering: &mut Lowering<'_>, text: &Text) -> Option<String> {
    if let Some((message, help)) = misfit(&text.value, true) {
        let without = text.value.trim_end_matches('/');
        lowering.refuse(
            Diagnostic::new(&codes::auth::ORIGIN, text.span, message)
                .label("no origin")
                .help(help)
                .edit_if(
                    misfit(without, true).is_none(),
                    text.span,
                    format!("\"{without}\""),
                ),
        );
        return None;
    }
    Some(text.value.clone())
}

/// What a spec says that a variable holds has to be an origin too.
fn check_values(lowering: &mut Lowering<'_>, id: Id<Var>, at: Span) {
    let Some(var) = lowering.environment.spec.vars.find(id) else {
        return;
    };
    for stage in Stage::ALL {
        let Need::Default(Value::Text(text)) = var.need(stage) else {
            continue;
        };
        if let Some((message, help)) = misfit(text, stage == Stage::Production) {
            lowering.refuse(
                Diagnostic::new(
                    &codes::auth::ORIGIN,
                    at,
                    format!("of `{}` in {}: {message}", var.name, stage.name()),
                )
                .label("no origin")
                .note(var.span, "its values are declared here")
                .help(help),
            );
            return;
        }
    }
}

/// Why browsers name no front end like this, and what to do.
fn misfit(text: &str, is_production: bool) -> Option<(&'static str, &'static str)> {
    if text.contains('*') {
        return Some((
            "a front end can't be any",
            "name each one: whoever opens a page of another would act as themselves here",
        ));
    }
    let Some(address) = Address::read(text) else {
        return Some((
            "a front end is a scheme, a host and a port",
            "write it as browsers do: `\"https://app.example.com\"`",
        ));
    };
    if !address.rest.is_empty() {
        return Some((
            "a front end has no path",
            "leave out what stands behind the host, also a `/` at the end",
        ));
    }
    if address.has_needless_port() {
        return Some((
            "browsers leave this port out",
            "leave the port out: it goes without saying",
        ));
    }
    if address.host.contains(|it: char| it.is_ascii_uppercase()) {
        return Some((
            "browsers write hosts in small letters",
            "write the host in small letters",
        ));
    }
    if is_production && !address.is_secure && !address.is_local() {
        return Some((
            "what people type into a front end without `https` is read by others on the way",
            "write `https`",
        ));
    }
    None
}
