use appspec_diagnostics::Span;

use super::{Doc, Name, Path, Suppress, Text};

/// `auth { … }`: how people sign in.
#[derive(Clone, Debug, PartialEq)]
pub struct Auth {
    /// What is meant by it.
    pub doc: Option<Doc>,
    /// The word `auth`.
    pub word: Span,
    /// What it says, in order.
    pub lines: Vec<AuthLine>,
    /// The whole item.
    pub span: Span,
}

/// A line of an `auth` block.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthLine {
    /// `sign in: password`; each setting stands here once.
    Setting(AuthSetting),
    /// `suppress …`, about the line below.
    Suppress(Box<Suppress>),
}

/// `sign in: password`
#[derive(Clone, Debug, PartialEq)]
pub struct AuthSetting {
    /// What it says.
    pub kind: AuthSettingKind,
    /// The whole line.
    pub span: Span,
}

/// The settings of an `auth` block.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthSettingKind {
    /// `user: User`
    User(Path),
    /// `sign in: password, oidc`; never empty, but the same may stand there twice.
    SignIn(Vec<Method>),
    /// `sign up: open`
    SignUp(SignUp),
    /// `session: 14d idle 2h`
    Session {
        /// How long people stay signed in.
        age: Length,
        /// How long without doing anything.
        idle: Option<Length>,
    },
    /// `password: at least 12 characters`
    Password {
        /// How many characters.
        least: u64,
        /// Where the number stands.
        span: Span,
    },
    /// `admin site: Owner, Support`
    AdminSite(Vec<Path>),
    /// `allow origins: SITE_URL, "https://app.example.com"`
    AllowOrigins(Vec<Origin>),
    /// `oidc: "Company login" at OIDC_ISSUER as OIDC_CLIENT_ID with OIDC_SECRET`
    Oidc(Box<Oidc>),
    /// `first admin: ADMIN_EMAIL as Support`
    FirstAdmin {
        /// The variable with the address.
        email: Name,
        /// The role.
        role: Option<Path>,
    },
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// Which one.
    pub kind: MethodKind,
    /// Where it stands.
    pub span: Span,
}

/// The ways to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// `password`
    Password,
    /// `email link`
    EmailLink,
    /// `oidc`
    Oidc,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUp {
    /// `open`
    Open,
    /// `invite`
    Invite,
    /// `closed`
    Closed,
}

/// `14d`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How long it is; never negative.
    pub microseconds: i64,
    /// Where it stands.
    pub span: Span,
}

/// Who may call from a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `SITE_URL`
    Var(Name),
    /// `"https://app.example.com"`
    Literal(Text),
}

/// `"Company login" at OIDC_ISSUER as OIDC_CLIENT_ID with OIDC_SECRET`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oidc {
    /// What people read.
    pub label: Text,
    /// The variable with the address of the provider.
    pub issuer: Name,
    /// The variable with the name of the project there.
    pub client: Name,
    /// The secret.
    pub secret: Name,
}

impl AuthLine {
    /// The whole line.
    pub fn span(&self) -> Span {
        match self {
            Self::Setting(it) => it.span,
            Self::Suppress(it) => it.span,
        }
    }
}

impl AuthSettingKind {
    /// The words before the `:`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::SignIn(_) => "sign in",
            Self::SignUp(_) => "sign up",
            Self::Session { .. } => "session",
            Self::Password { .. } => "password",
            Self::AdminSite(_) => "admin site",
            Self::AllowOrigins(_) => "allow origins",
            Self::Oidc(_) => "oidc",
            Self::FirstAdmin { .. } => "first admin",
        }
    }
}
