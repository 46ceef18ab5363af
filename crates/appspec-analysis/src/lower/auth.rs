//! How people sign in.

mod idle_roles;
mod origins;

use std::time::Duration;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Auth, Entity, FirstAdmin, Id, Module, Oidc, Origin, Role, SignIn, SignUp, VarType,
};
use appspec_syntax::ast::{self, AuthLine, AuthSettingKind, Length, MethodKind, Path};

use super::environment::{Declared, Use, Wanted, only};
use crate::names::{In, Names};

pub(super) use idle_roles::report_idle_roles;

/// What a password may need at least.
const PASSWORDS: std::ops::RangeInclusive<u64> = 8..=128;

/// Shorter sessions end while somebody fills in a form.
const SHORTEST_SESSION: Duration = Duration::from_mins(1);

/// Browsers keep no cookie longer.
const LONGEST_SESSION: Duration = Duration::from_hours(400 * 24);

/// What the one `auth` block says; `None` where there is none or where it is broken, which was reported.
pub(super) fn lower(
    names: &Names<'_>,
    environment: &Declared<'_>,
    user: Id<Entity>,
    roles: &[Option<Role>],
    out: &mut Diagnostics,
) -> Option<Auth> {
    let found = block(names, out)?;
    let mut lowering = Lowering {
        names,
        environment,
        module: found.module,
        out,
        is_whole: true,
    };
    let mut auth = Auth {
        sign_in: vec![SignIn::Password],
        sign_up: SignUp::Closed,
        session_age: Auth::SESSION_AGE,
        idle: None,
        password_length: Auth::PASSWORD_LENGTH,
        admin_site: Vec::new(),
        origins: Vec::new(),
        oidc: None,
        first_admin: None,
        span: found.item.word,
    };
    for line in &found.item.lines {
        let AuthLine::Setting(setting) = line else {
            continue;
        };
        match &setting.kind {
            AuthSettingKind::User(path) => lowering.user(path, user),
            AuthSettingKind::SignIn(methods) => auth.sign_in = lowering.sign_in(methods),
            AuthSettingKind::SignUp(who) => {
                auth.sign_up = match who {
                    ast::SignUp::Open => SignUp::Open,
                    ast::SignUp::Invite => SignUp::Invite,
                    ast::SignUp::Closed => SignUp::Closed,
                }
            }
            AuthSettingKind::Session { age, idle } => {
                auth.session_age = lowering.age(age);
                auth.idle = idle.map(|idle| lowering.idle(&idle, age));
            }
            AuthSettingKind::Password { least, span } => {
                auth.password_length = lowering.password(*least, *span);
            }
            AuthSettingKind::AdminSite(paths) => auth.admin_site = lowering.admin_site(paths),
            AuthSettingKind::AllowOrigins(written) => {
                auth.origins = origins::lower(&mut lowering, written);
            }
            AuthSettingKind::Oidc(oidc) => auth.oidc = lowering.oidc(oidc, setting.span),
            AuthSettingKind::FirstAdmin { email, role } => {
                auth.first_admin = lowering.first_admin(email, role.as_ref(), setting.span, roles);
            }
        }
    }
    lowering.check_oidc(found.item);
    lowering.is_whole.then_some(auth)
}

/// The first `auth` block; another one is told.
fn block<'n, 'a>(names: &'n Names<'a>, out: &mut Diagnostics) -> Option<&'n In<'a, ast::Auth>> {
    let blocks = names.auths.iter();
    only(
        &codes::auth::TWICE,
        "auth",
        blocks.map(|found| (found.item.word, found)),
        out,
    )
}

struct Lowering<'l> {
    names: &'l Names<'l>,
    environment: &'l Declared<'l>,
    module: Id<Module>,
    out: &'l mut Diagnostics,
    /// Whether all that was read is right.
    is_whole: bool,
}

impl Lowering<'_> {
    fn refuse(&mut self, finding: Diagnostic) {
        self.is_whole = false;
        self.out.push(finding);
    }

    /// The variable of this name, if it can be used like this; otherwise this is told.
    fn var(&mut self, name: &ast::Name, wanted: &Use<'_>) -> Option<Id<appspec_ir::Var>> {
        let found = self.environment.resolve(name, wanted, self.out);
        self.is_whole &= found.is_some();
        found
    }

    fn user(&mut self, path: &Path, user: Id<Entity>) {
        let found = self.names.resolve_entity(self.module, path, self.out);
        match found {
            None => self.is_whole = false,
            Some(found) if found == user => {}
            Some(found) => {
                let name = self.names.entity_name(found);
                self.refuse(
                    Diagnostic::new(
                        &codes::auth::USER,
                        path.span,
                        format!("nobody signs in as `{name}`"),
                    )
                    .label("not the user entity")
                    .help(
                        "write `user: User` with `use std.auth.{User}`, and add what is missing with `extend entity User { … }`",
                    ),
                );
            }
        }
    }

    fn sign_in(&mut self, methods: &[ast::Method]) -> Vec<SignIn> {
        let mut ways: Vec<(SignIn, Span)> = Vec::new();
        for method in methods {
            let way = match method.kind {
                MethodKind::Password => SignIn::Password,
                MethodKind::EmailLink => SignIn::EmailLink,
                MethodKind::Oidc => SignIn::Oidc,
            };
            match ways.iter().find(|(other, _)| *other == way) {
                Some((_, first)) => {
                    let finding = named_twice("this way to sign in", method.span, *first);
                    self.refuse(finding);
                }
                None => ways.push((way, method.span)),
            }
        }
        ways.into_iter().map(|(way, _)| way).collect()
    }

    fn age(&mut self, age: &Length) -> Duration {
        let length = length(age);
        if !(SHORTEST_SESSION..=LONGEST_SESSION).contains(&length) {
            self.refuse(
                Diagnostic::new(
                    &codes::auth::OUT_OF_RANGE,
                    age.span,
                    "a session can't be as long as this",
                )
                .label("not between `1min` and `400d`")
                .help("write a length of time such as `14d`; browsers forget after 400 days"),
            );
        }
        length
    }

    fn idle(&mut self, idle: &Length, age: &Length) -> Duration {
        let length = length(idle);
        if length > self::length(age) {
            self.refuse(
                Diagnostic::new(
                    &codes::auth::OUT_OF_RANGE,
                    idle.span,
                    "the idle time is longer than the session",
                )
                .label("never reached")
                .note(age.span, "the session ends before")
                .help("write a shorter idle time, or leave it out"),
            );
        } else if length < SHORTEST_SESSION {
            self.refuse(
                Diagnostic::new(
                    &codes::auth::OUT_OF_RANGE,
                    idle.span,
                    "the idle time is shorter than a minute",
                )
                .label("ends while somebody reads a page")
                .help("write a length of time such as `2h`, or leave it out"),
            );
        }
        length
    }

    fn password(&mut self, least: u64, span: Span) -> u32 {
        if !PASSWORDS.contains(&least) {
            self.refuse(
                Diagnostic::new(
                    &codes::auth::OUT_OF_RANGE,
                    span,
                    format!("a password of at least {least} characters can't be asked for"),
                )
                .label("not between 8 and 128")
                .help("ask for 12 characters or more: shorter passwords are guessed, and longer ones than 128 refused"),
            );
        }
        u32::try_from(least).unwrap_or(u32::MAX)
    }

    fn admin_site(&mut self, paths: &[Path]) -> Vec<Id<Role>> {
        let mut roles: Vec<(Id<Role>, Span)> = Vec::with_capacity(paths.len());
        for path in paths {
            let Some(id) = self.names.resolve_role(self.module, path, self.out) else {
                self.is_whole = false;
                continue;
            };
            match roles.iter().find(|(other, _)| *other == id) {
                Some((_, first)) => {
                    let finding = named_twice("this role", path.span, *first);
                    self.refuse(finding);
                }
                None => roles.push((id, path.span)),
            }
        }
        roles.into_iter().map(|(id, _)| id).collect()
    }

    fn oidc(&mut self, oidc: &ast::Oidc, span: Span) -> Option<Oidc> {
        let label = &oidc.label;
        let is_line = !label.value.trim().is_empty() && !label.value.contains(char::is_control);
        if !is_line || label.value.chars().count() > 100 {
            self.refuse(
                Diagnostic::new(
                    &codes::auth::OIDC,
                    label.span,
                    "what people read on the button is one line of text",
                )
                .help("write a few words, such as `\"Company login\"`"),
            );
        }
        let wanted = |what, kind| Use {
            what,
            kind,
            is_needed: true,
        };
        let issuer = self.var(
            &oidc.issuer,
            &wanted("the address of the provider", Wanted::Var(VarType::Url)),
        );
        let client = self.var(
            &oidc.client,
            &wanted("the name at the provider", Wanted::Var(VarType::Text)),
        );
        let secret = self.var(
            &oidc.secret,
            &wanted("what proves the name at the provider", Wanted::Secret),
        );
        Some(Oidc {
            label: label.value.clone(),
            issuer: issuer?,
            client: client?,
            secret: secret?,
            span,
        })
    }

    /// Tells a way to sign in without its provider, and a provider that nobody signs in at.
    fn check_oidc(&mut self, item: &ast::Auth) {
        let (mut way, mut provider) = (None, None);
        for line in &item.lines {
            let AuthLine::Setting(setting) = line else {
                continue;
            };
            match &setting.kind {
                AuthSettingKind::SignIn(methods) => {
                    let mut methods = methods.iter();
                    way = methods
                        .find(|it| it.kind == MethodKind::Oidc)
                        .map(|it| it.span);
                }
                AuthSettingKind::Oidc(_) => provider = Some(setting.span),
                _ => {}
            }
        }
        match (way, provider) {
            (Some(way), None) => self.refuse(
                Diagnostic::new(
                    &codes::auth::OIDC,
                    way,
                    "people sign in at a provider, and nothing says at which",
                )
                .label("needs an `oidc` line")
                .help("add `oidc: \"Company login\" at OIDC_ISSUER as OIDC_CLIENT_ID with OIDC_SECRET`"),
            ),
            (None, Some(provider)) => self.refuse(
                Diagnostic::new(
                    &codes::auth::OIDC,
                    provider,
                    "nobody signs in at this provider",
                )
                .label("`sign in` does not name `oidc`")
                .help("add `oidc` to the `sign in` line, or remove this one"),
            ),
            _ => {}
        }
    }

    fn first_admin(
        &mut self,
        email: &ast::Name,
        role: Option<&Path>,
        span: Span,
        roles: &[Option<Role>],
    ) -> Option<FirstAdmin> {
        let email = self.var(
            email,
            &Use {
                what: "the address of the first admin",
                kind: Wanted::Var(VarType::Email),
                is_needed: true,
            },
        );
        let role = match role {
            Some(path) => {
                let found = self.names.resolve_role(self.module, path, self.out);
                self.is_whole &= found.is_some();
                let found = found?;
                self.is_granted(path, found, roles);
                Some(found)
            }
            None => None,
        };
        Some(FirstAdmin {
            email: email?,
            role,
            span,
        })
    }

    fn is_granted(&mut self, path: &Path, id: Id<Role>, roles: &[Option<Role>]) {
        let why = match roles.get(id.index()).and_then(Option::as_ref) {
            Some(role) => match role.origin {
                Origin::Granted { .. } => return,
                Origin::SignedIn => "everybody who signs in has it",
                Origin::Derived { .. } => "rows say who has it",
            },
            None => return,
        };
        let name = &path.names.last().map_or("", |name| name.text.as_str());
        self.refuse(
            Diagnostic::new(
                &codes::auth::FIRST_ADMIN,
                path.span,
                format!("nobody can be given the role `{name}`: {why}"),
            )
            .label("not a role that is granted")
            .help("name a role with `granted by`, or none: then the first admin is a superuser"),
        );
    }
}

fn named_twice(what: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::name::DUPLICATE,
        at,
        format!("{what} is named twice"),
    )
    .label("named again here")
    .note(first, "first named here")
    .help("remove one of the two")
}

fn length(length: &Length) -> Duration {
    Duration::from_micros(length.microseconds.unsigned_abs())
}
