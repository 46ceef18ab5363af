use std::time::Duration;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Id, Role, Var};

/// How people sign in, and from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Auth {
    /// The ways to sign in, at least one, each once.
    pub sign_in: Vec<SignIn>,
    /// Who may make an account for themselves.
    pub sign_up: SignUp,
    /// How long people stay signed in.
    pub session_age: Duration,
    /// After how long without doing anything they are signed out; not longer than `session_age`.
    pub idle: Option<Duration>,
    /// How many characters a password has at least.
    pub password_length: u32,
    /// Who enters the admin site besides superusers.
    pub admin_site: Vec<Id<Role>>,
    /// The front ends that may call the project from a browser.
    pub origins: Vec<AllowedOrigin>,
    /// The provider of `OpenID` Connect; there exactly if it is a way to sign in.
    pub oidc: Option<Oidc>,
    /// Who is there before anybody signs up.
    pub first_admin: Option<FirstAdmin>,
    /// Where the word `auth` stands.
    pub span: Span,
}

impl Auth {
    /// How long people stay signed in where the spec says nothing.
    pub const SESSION_AGE: Duration = Duration::from_hours(14 * 24);

    /// How many characters a password has at least where the spec says nothing.
    pub const PASSWORD_LENGTH: u32 = 12;

    /// Whether people can sign in in this way.
    pub fn has(&self, way: SignIn) -> bool {
        self.sign_in.contains(&way)
    }

    /// Whether anything of it sends mail: a link to sign in, an address to be verified, an invitation, a password to be reset.
    pub fn sends_mail(&self) -> bool {
        self.sign_up != SignUp::Closed || self.has(SignIn::Password) || self.has(SignIn::EmailLink)
    }
}

/// A way to sign in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// With e-mail address and password.
    Password,
    /// With a link that is sent to the e-mail address.
    EmailLink,
    /// With an account elsewhere, by `OpenID` Connect.
    Oidc,
}

/// Who may make an account for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Anyone.
    Open,
    /// Whoever was invited.
    Invite,
    /// Nobody.
    Closed,
}

/// A front end: scheme, host and port, without a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllowedOrigin {
    /// What a variable of type `url` says.
    Var(Id<Var>),
    /// This one, as browsers write it: `https://app.example.com`.
    Literal(String),
}

/// `"Company login" at OIDC_ISSUER as OIDC_CLIENT_ID with OIDC_SECRET`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Oidc {
    /// What people read on the button.
    pub label: String,
    /// The address of the provider, a variable of type `url`.
    pub issuer: Id<Var>,
    /// What the project is called there, a variable of type `text`.
    pub client: Id<Var>,
    /// What it proves that with, a secret.
    pub secret: Id<Var>,
    /// Where it was written.
    pub span: Span,
}

/// `ADMIN_EMAIL as Support`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FirstAdmin {
    /// Their address, a variable of type `email`.
    pub email: Id<Var>,
    /// The role that they are given; without one they are a superuser.
    pub role: Option<Id<Role>>,
    /// Where it was written.
    pub span: Span,
}
