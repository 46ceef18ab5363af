//! Services: what each kind has to know.

use std::collections::HashMap;
use std::time::Duration;

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, Span, closest, codes};
use appspec_ir::{Id, Service, ServiceKind, Var, VarType};
use appspec_syntax::ast::{self, Expr, ExprKind, Literal, Name};

use super::{Declared, Use, Wanted, names, twice, values};
use crate::names::given_twice;

/// What a service of this version can be, and what is said of it.
const KINDS: [(&str, &[&str]); 2] = [
    ("smtp", &["url", "from", "timeout", "when down"]),
    ("postgres", &["url", "connections"]),
];

/// What a service will be able to be.
const LATER: [&str; 2] = ["http", "redis"];

/// A server that lets in more at once is none.
const MOST_CONNECTIONS: u32 = 100_000;

pub(super) fn lower<'a>(
    declared: &Declared<'_>,
    services: impl Iterator<Item = &'a ast::Service>,
    out: &mut Diagnostics,
) -> Vec<Service> {
    let mut lowered = Vec::new();
    let mut spans: HashMap<&str, Span> = HashMap::new();
    let mut kinds: HashMap<&str, Span> = HashMap::new();
    for item in services {
        if let Some(first) = spans.insert(&item.name.text, item.name.span) {
            out.push(twice(&item.name, first));
            continue;
        }
        let is_named = names::check_service(&item.name, out);
        let kind = KINDS.iter().find(|(kind, _)| *kind == item.kind.text);
        let Some((kind, keys)) = kind else {
            out.push(unknown_kind(&item.kind));
            continue;
        };
        if let Some(first) = kinds.insert(kind, item.kind.span) {
            out.push(
                finding(
                    item.kind.span,
                    format!("a project has one `{kind}` service"),
                )
                .label("another one")
                .note(first, "the first one")
                .help("keep one of the two"),
            );
            continue;
        }
        if let Some(service) = service(declared, item, keys, out)
            && is_named
        {
            lowered.push(service);
        }
    }
    lowered
}

fn unknown_kind(kind: &Name) -> Diagnostic {
    let written = kind.text.as_str();
    if LATER.contains(&written) {
        return Diagnostic::new(
            &codes::syntax::NOT_IN_THIS_VERSION,
            kind.span,
            format!("services of the kind `{written}` are not in this version of appspec"),
        )
        .label("not built yet")
        .help("leave the service out; what it needs to know can be a `secret` already");
    }
    let found = finding(
        kind.span,
        format!("there is no kind of service `{written}`"),
    );
    match closest(written, KINDS.map(|(kind, _)| kind)) {
        Some(meant) => found.did_you_mean(kind.span, meant),
        None => found.help("the kinds are `smtp` and `postgres`"),
    }
}

fn service(
    declared: &Declared<'_>,
    item: &ast::Service,
    keys: &[&'static str],
    out: &mut Diagnostics,
) -> Option<Service> {
    let mut entries: HashMap<&'static str, &Expr> = HashMap::new();
    let mut spans: HashMap<&str, Span> = HashMap::new();
    let mut is_whole = true;
    for entry in &item.entries {
        let key = entry.key.text.as_str();
        if let Some(first) = spans.insert(key, entry.key.span) {
            out.push(given_twice(&entry.key, first));
            is_whole = false;
            continue;
        }
        let Some(key) = keys.iter().find(|known| **known == key) else {
            out.push(unknown_key(&entry.key, &item.kind.text, keys));
            is_whole = false;
            continue;
        };
        entries.insert(key, &entry.value);
    }
    let Some(url) = entries.get("url") else {
        out.push(
            finding(
                item.name.span,
                format!("the service `{}` does not say where it is", item.name.text),
            )
            .label("has no `url`")
            .help(format!(
                "name a secret: `service {}: {} {{ url: {} }}`",
                item.name.text,
                item.kind.text,
                usual(&item.kind.text)
            )),
        );
        return None;
    };
    let mut reader = Reader {
        declared,
        out,
        is_whole,
    };
    let url = reader.var(
        url,
        &Use {
            what: &format!("the address of `{}`", item.name.text),
            kind: Wanted::Secret,
            is_needed: true,
        },
    );
    let timeout = entries.get("timeout").map(|it| reader.duration(it));
    let when_down = entries.get("when down").map(|it| reader.text(it));
    let kind = if item.kind.text == "smtp" {
        let sender = Use {
            what: "the sender of mail",
            kind: Wanted::Var(VarType::Email),
            is_needed: true,
        };
        let from = entries.get("from").map(|it| reader.var(it, &sender));
        ServiceKind::Smtp {
            url: url?,
            from: from.flatten(),
        }
    } else {
        let connections = entries.get("connections").map(|it| reader.count(it));
        if let Some(url) = url {
            reader.is_read(entries.get("url").map_or(item.span, |it| it.span), url);
        }
        ServiceKind::Postgres {
            url: url?,
            connections: connections.flatten(),
        }
    };
    reader.is_whole.then(|| Service {
        name: item.name.text.clone(),
        kind,
        timeout: timeout.flatten(),
        when_down: when_down.flatten(),
        doc: crate::lower::doc(item.doc.as_ref()),
        span: item.name.span,
    })
}

/// What the address of a service of this kind is usually called.
fn usual(kind: &str) -> &'static str {
    if kind == "smtp" {
        "EMAIL_URL"
    } else {
        "DATABASE_URL"
    }
}

fn unknown_key(key: &Name, kind: &str, keys: &[&'static str]) -> Diagnostic {
    let found = finding(
        key.span,
        format!(
            "a service of the kind `{kind}` has no setting `{}`",
            key.text
        ),
    );
    if let Some(meant) = closest(&key.text, keys.iter().copied()) {
        return found.did_you_mean(key.span, meant);
    }
    let listed: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    found.help(format!("its settings are {}", listed.join(", ")))
}

/// Reads the values of a service's settings.
struct Reader<'r> {
    declared: &'r Declared<'r>,
    out: &'r mut Diagnostics,
    /// Whether all that was read is right.
    is_whole: bool,
}

impl Reader<'_> {
    fn var(&mut self, value: &Expr, wanted: &Use<'_>) -> Option<Id<Var>> {
        let found = match &value.kind {
            ExprKind::Path(path) => match path.names.as_slice() {
                [name] => self.declared.resolve(name, wanted, self.out),
                _ => self.refuse(value, "the name of a variable is needed here"),
            },
            ExprKind::Literal(_) if wanted.kind == Wanted::Secret => {
                self.out.push(
                    Diagnostic::new(
                        &codes::env::SECRET_DEFAULT,
                        value.span,
                        format!("{} is a secret and can't stand in the spec", wanted.what),
                    )
                    .label("whoever reads the spec would know it")
                    .help("declare a `secret`, and write its name here"),
                );
                None
            }
            _ => self.refuse(value, "the name of a variable is needed here"),
        };
        self.is_whole &= found.is_some();
        found
    }

    fn duration(&mut self, value: &Expr) -> Option<Duration> {
        let found = match &value.kind {
            ExprKind::Literal(Literal::Duration(length)) if *length > 0 => {
                u64::try_from(*length).ok().map(Duration::from_micros)
            }
            _ => self.refuse(
                value,
                "a timeout is a length of time such as `10s`, longer than none",
            ),
        };
        self.is_whole &= found.is_some();
        found
    }

    fn text(&mut self, value: &Expr) -> Option<String> {
        let found = match &value.kind {
            ExprKind::Literal(Literal::Text(text)) => {
                values::one_line(text, "what people read", self.out)
            }
            _ => self.refuse(value, "what people read is a text in quotes"),
        };
        self.is_whole &= found.is_some();
        found
    }

    fn count(&mut self, value: &Expr) -> Option<u32> {
        let count = match &value.kind {
            ExprKind::Literal(Literal::Int(digits)) => digits.parse().ok(),
            _ => None,
        };
        let count = count.filter(|count| (1..=MOST_CONNECTIONS).contains(count));
        let found = match count {
            Some(count) => Some(count),
            None => self.refuse(value, "this is a whole number, one or more, such as `40`"),
        };
        self.is_whole &= found.is_some();
        found
    }

    /// Whether a database is the one that the built project reads; if not, this is told.
    fn is_read(&mut self, at: Span, url: Id<Var>) {
        let var = self.declared.spec.vars.find(url);
        if var.is_none_or(|var| var.name == "DATABASE_URL") {
            return;
        }
        self.is_whole = false;
        self.out.push(
            finding(
                at,
                "the built project reads its database from `DATABASE_URL`",
            )
            .label("another variable")
            .help("call the secret `DATABASE_URL`"),
        );
    }

    fn refuse<T>(&mut self, value: &Expr, message: &str) -> Option<T> {
        self.out.push(
            finding(value.span, message)
                .label("can't be used")
                .help("write what is asked for, or leave the setting out"),
        );
        None
    }
}

fn finding(at: Span, message: impl Into<String>) -> Diagnostic {
    const CODE: &Code = &codes::env::SERVICE;
    Diagnostic::new(CODE, at, message)
}
