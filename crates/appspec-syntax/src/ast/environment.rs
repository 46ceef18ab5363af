use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Suppress, Text};

/// `environment { … }`: what a project is told from outside, and what it leans on.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// What is meant by it.
    pub doc: Option<Doc>,
    /// The word `environment`.
    pub word: Span,
    /// What it declares, in order.
    pub lines: Vec<EnvironmentLine>,
    /// The whole item.
    pub span: Span,
}

/// A line of an `environment` block.
#[derive(Clone, Debug, PartialEq)]
pub enum EnvironmentLine {
    /// `var SITE_URL: url`, `secret STRIPE_KEY`
    Var(Box<Var>),
    /// `service mailer: smtp { … }`
    Service(Box<Service>),
    /// `suppress …`, about the line below.
    Suppress(Box<Suppress>),
}

impl EnvironmentLine {
    /// The whole line.
    pub fn span(&self) -> Span {
        match self {
            Self::Var(it) => it.span,
            Self::Service(it) => it.span,
            Self::Suppress(it) => it.span,
        }
    }
}

/// `var SITE_URL: url "What it is for" { production: required }`
#[derive(Clone, Debug, PartialEq)]
pub struct Var {
    /// What it is for, at length.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its type as written; none for a `secret`.
    pub ty: Option<Name>,
    /// What it is for.
    pub purpose: Option<Text>,
    /// `= 50`; refused later for a secret.
    pub default: Option<Expr>,
    /// What holds of single stages.
    pub stages: Vec<StageSetting>,
    /// The whole declaration.
    pub span: Span,
}

/// `production: required`
#[derive(Clone, Debug, PartialEq)]
pub struct StageSetting {
    /// The stage as written.
    pub stage: Name,
    /// `required`, `optional`, or a value.
    pub value: Expr,
}

/// `service mailer: smtp { url: EMAIL_URL }`
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// What it is for.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its kind as written.
    pub kind: Name,
    /// Its settings as written; which exist is decided later.
    pub entries: Vec<ServiceEntry>,
    /// The whole declaration.
    pub span: Span,
}

/// `timeout: 10s`, `when down: "Mail is late."`
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceEntry {
    /// The setting; `when down` is one.
    pub key: Name,
    /// Its value.
    pub value: Expr,
}
