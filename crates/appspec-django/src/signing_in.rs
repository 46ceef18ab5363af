//! What a spec says of signing in and of the environment, and this backend does not build yet.

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Auth, Id, Need, ServiceKind, SignIn, SignUp, Spec, Stage, Var};

/// What says which database a project uses, also where the spec does not speak of it.
pub(crate) const DATABASE_URL: &str = "DATABASE_URL";

/// Refuses what would be read and come to nothing.
pub(crate) fn check(spec: &Spec, out: &mut Diagnostics) {
    if let Some(auth) = &spec.auth {
        check_auth(spec, auth, out);
    }
    for (_, var) in spec.environment.vars.iter() {
        let is_early = |stage: &Stage| var.need(*stage) == Need::Required;
        if [Stage::Development, Stage::Test].iter().any(is_early) {
            out.push(missing(
                var.span,
                format!("a project starts without any variable in development and tests, and `{}` is required there", var.name),
                "leave `required` to production",
            ));
        }
    }
    for service in &spec.environment.services {
        if let ServiceKind::Postgres {
            connections: Some(_),
            ..
        } = &service.kind
        {
            out.push(missing(
                service.span,
                "how many connections a database lets in is not watched in this version of appspecc".to_owned(),
                "leave `connections` out to build",
            ));
        }
    }
}

/// What of signing in is not built, and what it can't do without.
fn check_auth(spec: &Spec, auth: &Auth, out: &mut Diagnostics) {
    let not_yet = [
        (auth.has(SignIn::Oidc), "`oidc`"),
        (!auth.has(SignIn::Password), "signing in without a password"),
    ];
    for (_, what) in not_yet.into_iter().filter(|(is_said, _)| *is_said) {
        out.push(missing(
            auth.span,
            format!("{what} is checked, and not built in this version of appspecc"),
            "leave it out to build",
        ));
    }
    if !spec.has_access() {
        out.push(missing(
            auth.span,
            "whoever signs in may do nothing: no `access` block says what".to_owned(),
            "say what people may do: `access Note { signed in may read }`",
        ));
    }
    let sends = auth.sign_up != SignUp::Closed || auth.has(SignIn::EmailLink);
    if sends && mail_vars(spec).is_empty() {
        out.push(missing(
            auth.span,
            "people get a letter or a code by mail, and no service sends any".to_owned(),
            "declare it: `service mailer: smtp { url: EMAIL_URL, from: MAIL_FROM }` in `environment`",
        ));
    }
    let person = spec.walk(spec.user);
    let mut needed = person.fields().filter(|field| {
        let is_filled = field.optional || field.default.is_some() || field.name == "email";
        !is_filled && person.is_given(field.id)
    });
    let made = match (&auth.first_admin, auth.sign_up) {
        (_, SignUp::Open) => Some("whoever signs up gives an address and a password"),
        (_, SignUp::Invite) => Some("`manage.py invite` knows an address"),
        (Some(_), _) => Some("the first admin is known by an address"),
        (None, _) => None,
    };
    if let (Some(made), Some(field)) = (made, needed.next()) {
        out.push(missing(
            field.span,
            format!("{made}, and no `{}`", field.name),
            "make it optional, or give it a default",
        ));
    }
}

/// Whether the type of a variable says how it is read: it is no address of the database or of mail.
pub(crate) fn is_own(spec: &Spec, id: Id<Var>) -> bool {
    !mail_vars(spec).contains(&id) && spec.environment.vars[id].name != DATABASE_URL
}

/// The variables that a project reads to send mail.
fn mail_vars(spec: &Spec) -> Vec<Id<Var>> {
    match spec.environment.mailer().map(|mailer| &mailer.kind) {
        Some(ServiceKind::Smtp { url, from }) => from.iter().copied().chain([*url]).collect(),
        _ => vec![],
    }
}

fn missing(span: Span, message: String, help: &'static str) -> Diagnostic {
    Diagnostic::new(&codes::syntax::NOT_IN_THIS_VERSION, span, message)
        .label("nothing is built of it yet")
        .help(help)
}
