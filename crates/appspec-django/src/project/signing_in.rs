//! How people sign in, and where mail goes.

use appspec_backend::literal::{Written, hash_comment, python_string, word};
use appspec_backend::python::{Expr, File, Ident, Stmt};
use appspec_ir::{
    AllowedOrigin, Id, Need, Service, ServiceKind, SignIn, SignUp, Spec, Stage, Value, Var,
};
use askama::Template;
use askama::filters::Safe;

use super::{Files, render};
use crate::access::roles::constant;
use crate::core::chosen;
use crate::signing_in::DATABASE_URL;

/// How people sign in; times in seconds.
pub(super) struct Auth {
    pub(super) sign_up: SignUp,
    pub(super) has_code: bool,
    pub(super) age: Written,
    /// Not longer than `age`, and as long where the spec says nothing.
    pub(super) idle: Written,
    pub(super) password_length: Written,
    /// Whether some roles open the admin site.
    pub(super) has_entrants: bool,
    /// `CORS_ALLOWED_ORIGINS = […]`, for each stage.
    pub(super) origins: Option<Written>,
    pub(super) first_admin: Option<FirstAdmin>,
}

/// Who is let in first.
pub(super) struct FirstAdmin {
    /// The variable with their address, and what it is called once it is read.
    pub(super) variable: Written,
    pub(super) field: Written,
    /// The constant of the role that they are given; without one they are a superuser.
    pub(super) role: Option<Written>,
}

impl FirstAdmin {
    fn of(spec: &Spec, first: &appspec_ir::FirstAdmin) -> Self {
        let name = spec.environment.vars[first.email].name.as_str();
        let role = first.role.and_then(|role| constant(spec, role));
        Self {
            variable: word(name),
            field: word(&name.to_ascii_lowercase()),
            role: role.map(|role| word(role.as_str())),
        }
    }
}

/// The front ends that may call, as a list of those that are there.
fn origins(spec: &Spec, auth: &appspec_ir::Auth) -> Option<Written> {
    let mut can_be_missing = false;
    let mut listed = Vec::new();
    for origin in &auth.origins {
        listed.push(match origin {
            AllowedOrigin::Literal(text) => Expr::text(text),
            AllowedOrigin::Var(id) => {
                let var = &spec.environment.vars[*id];
                can_be_missing |= Stage::ALL
                    .iter()
                    .any(|stage| var.need(*stage) == Need::Optional);
                Expr::name("environment").attr(Ident::new(&var.name.to_ascii_lowercase()))
            }
        });
    }
    if listed.is_empty() {
        return None;
    }
    let listed = Expr::List(listed);
    let value = if can_be_missing {
        let there = Expr::name("filter").arg(Expr::none()).arg(listed);
        Expr::name("list").arg(there)
    } else {
        listed
    };
    let file = File {
        body: vec![Stmt::assign("CORS_ALLOWED_ORIGINS", value)],
        ..File::default()
    };
    Some(Safe(file.print().trim().to_owned()))
}

impl Auth {
    /// Whether anyone may make an account.
    pub(super) fn is_open(&self) -> bool {
        self.sign_up == SignUp::Open
    }

    /// Whether accounts are made for people, who learn of it by mail.
    pub(super) fn is_invited(&self) -> bool {
        self.sign_up == SignUp::Invite
    }

    pub(super) fn of(spec: &Spec) -> Option<Self> {
        let auth = spec.auth.as_ref()?;
        Some(Self {
            sign_up: auth.sign_up,
            has_code: auth.has(SignIn::EmailLink),
            age: number(auth.session_age.as_secs()),
            idle: number(auth.idle.unwrap_or(auth.session_age).as_secs()),
            password_length: number(auth.password_length.into()),
            has_entrants: !auth.admin_site.is_empty(),
            origins: origins(spec, auth),
            first_admin: auth
                .first_admin
                .as_ref()
                .map(|first| FirstAdmin::of(spec, first)),
        })
    }
}

/// The server that sends mail.
pub(super) struct Mail {
    pub(super) url: Variable,
    pub(super) from: Option<Variable>,
    /// For how many seconds an answer is waited for.
    pub(super) timeout: Written,
    /// What people read when it can't be reached, as a Python string.
    pub(super) when_down: Written,
}

/// A variable of the environment.
pub(super) struct Variable {
    /// Its name as a Python string.
    pub(super) name: Written,
    /// Its name as it is.
    pub(super) word: Written,
    /// What it is called once it is read: the name in small letters.
    pub(super) field: Written,
    /// What the spec says of it, as lines of a comment.
    pub(super) notes: Vec<Written>,
    /// The stages with a value of their own, and the value.
    pub(super) defaults: Vec<(Written, Written)>,
    /// Whether production does not start without it.
    pub(super) is_required: bool,
}

/// What the spec says of the address of the database, as lines of a comment.
pub(super) fn database_notes(spec: &Spec) -> Vec<Written> {
    let mut vars = spec.environment.vars.iter();
    let var = vars.find(|(_, var)| var.name == DATABASE_URL);
    var.map_or_else(Vec::new, |(_, var)| notes(var))
}

fn notes(var: &Var) -> Vec<Written> {
    let notes = var.doc.iter().chain(&var.purpose);
    notes.map(|text| hash_comment(text)).collect()
}

impl Variable {
    /// A variable that may be missing in other stages than production has `usual` there.
    fn of(var: &Var, usual: &str) -> Self {
        let default = |stage: Stage| match var.need(stage) {
            Need::Default(Value::Text(text)) => Some(text.as_str()),
            _ if stage == Stage::Production => None,
            _ => Some(usual),
        };
        let defaults = Stage::ALL.into_iter().filter_map(|stage| {
            let name = word(&stage.name().to_ascii_uppercase());
            Some((name, python_string(default(stage)?)))
        });
        Self {
            name: python_string(&var.name),
            word: word(&var.name),
            field: word(&var.name.to_ascii_lowercase()),
            notes: notes(var),
            defaults: defaults.collect(),
            is_required: default(Stage::Production).is_none(),
        }
    }
}

impl Mail {
    /// How many seconds an answer is waited for where the spec says nothing.
    const TIMEOUT: u64 = 10;

    pub(super) fn of(spec: &Spec) -> Option<Self> {
        let mailer = spec.environment.mailer()?;
        let ServiceKind::Smtp { url, from } = &mailer.kind else {
            return None;
        };
        let var = |id: &Id<Var>| &spec.environment.vars[*id];
        Some(Self {
            url: Variable::of(var(url), "smtp://localhost"),
            from: from
                .as_ref()
                .map(|from| Variable::of(var(from), "webmaster@localhost")),
            timeout: number(timeout(mailer)),
            when_down: python_string(
                mailer
                    .when_down
                    .as_deref()
                    .unwrap_or("Mail can't be sent at this moment. Try again later."),
            ),
        })
    }
}

/// In whole seconds, and one at least.
fn timeout(mailer: &Service) -> u64 {
    let seconds = mailer.timeout.map(|it| it.as_millis().div_ceil(1000));
    seconds.map_or(Mail::TIMEOUT, |it| u64::try_from(it).unwrap_or(u64::MAX))
}

/// A whole number, as Python has it.
fn number(number: u64) -> Written {
    let file = File {
        body: vec![Stmt::Expr(Expr::int(number))],
        ..File::default()
    };
    Safe(file.print().trim().to_owned())
}

#[derive(Template)]
#[template(path = "auth/core/management/commands/first_admin.py")]
struct FirstAdminCommand<'a> {
    variable: &'a Written,
    field: &'a Written,
    role: Option<&'a Written>,
}

#[derive(Template)]
#[template(path = "auth/config/mail.py")]
struct MailServer<'a> {
    timeout: &'a Written,
}

/// What reads the address of the server, what ends sessions and refuses what can't be read, and its tests.
pub(super) fn emit(files: &mut Files<'_>) {
    if let Some(mail) = &files.facts.mail {
        let timeout = &mail.timeout;
        let server = render(&MailServer { timeout });
        files.fixed("config/mail.py", &server);
    }
    let Some(auth) = &files.facts.auth else {
        return;
    };
    let command = auth.first_admin.as_ref().map(|first| {
        render(&FirstAdminCommand {
            variable: &first.variable,
            field: &first.field,
            role: first.role.as_ref(),
        })
    });
    let (is_open, is_invited) = (auth.is_open(), auth.is_invited());
    let has_origins = auth.origins.is_some();
    let has_first = auth.first_admin.is_some();
    for (path, text) in [
        (
            "core/api/authentication.py",
            include_str!("../../templates/auth/core/api/authentication.py"),
        ),
        (
            "core/sessions.py",
            include_str!("../../templates/auth/core/sessions.py"),
        ),
        (
            "core/signing_in.py",
            include_str!("../../templates/auth/core/signing_in.py"),
        ),
        (
            "core/tests/test_signing_in.py",
            include_str!("../../templates/auth/core/tests/test_signing_in.py"),
        ),
    ] {
        let has_mail = files.facts.mail.is_some();
        files.fixed(
            path,
            &chosen(
                text,
                &[
                    ("open", is_open),
                    ("invited", is_invited),
                    ("closed", !is_open),
                    ("letters", is_open || is_invited),
                    ("commands", has_first || is_invited),
                    ("mail", has_mail),
                    ("origins", has_origins),
                    ("first", has_first),
                ],
            ),
        );
    }
    if let Some(command) = command {
        files.fixed("core/management/commands/first_admin.py", &command);
    }
    if is_invited {
        inviting(files, has_origins);
    }
}

/// What makes accounts for people, and tells them.
fn inviting(files: &mut Files<'_>, has_origins: bool) {
    for (path, text) in [
        (
            "core/api/inviting.py",
            include_str!("../../templates/auth/core/api/inviting.py"),
        ),
        (
            "core/inviting.py",
            include_str!("../../templates/auth/core/inviting.py"),
        ),
        (
            "core/management/commands/invite.py",
            include_str!("../../templates/auth/core/management/commands/invite.py"),
        ),
    ] {
        files.fixed(path, &chosen(text, &[("origins", has_origins)]));
    }
}
