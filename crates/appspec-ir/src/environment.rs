use std::collections::BTreeMap;
use std::time::Duration;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Arena, Id, Value};

/// What a project is told from outside, and the services that it leans on. Empty where the spec says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// The variables and secrets, in the order of the text.
    pub vars: Arena<Var>,
    /// The services, in the order of the text.
    pub services: Vec<Service>,
}

impl Environment {
    /// One in which nothing is declared.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the spec says nothing of it.
    pub fn is_empty(&self) -> bool {
        self.vars.is_empty() && self.services.is_empty()
    }

    /// The service that sends mail.
    pub fn mailer(&self) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| matches!(service.kind, ServiceKind::Smtp { .. }))
    }
}

/// A variable of the environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Var {
    /// Its name, such as `SITE_URL`.
    pub name: String,
    /// What it holds, and whether others may see it.
    pub kind: VarKind,
    /// What it is for, in a few words.
    pub purpose: Option<String>,
    /// What it is for, at length.
    pub doc: Option<String>,
    /// What the spec says of single stages. Ask [`Var::need`], which knows what holds of the others.
    pub stages: BTreeMap<Stage, Setting>,
    /// Where the name stands.
    pub span: Span,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VarKind {
    /// `var`: what anyone may know.
    Var {
        /// The type of its value.
        ty: VarType,
        /// Its value in each stage that has none of its own.
        default: Option<Value>,
    },
    /// `secret`: a text without any default that stands in no file, log or message.
    Secret,
}

/// The types of variables.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum VarType {
    /// Any text.
    Text,
    /// An address of the web, `http` or `https`; a [`Value::Text`].
    Url,
    /// An e-mail address; a [`Value::Text`].
    Email,
    /// A whole number.
    Int,
    /// An exact decimal number.
    Decimal,
    /// True or false.
    Bool,
    /// A length of time.
    Duration,
}

impl VarType {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::Url,
        Self::Email,
        Self::Int,
        Self::Decimal,
        Self::Bool,
        Self::Duration,
    ];

    /// The word of the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Url => "url",
            Self::Email => "email",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Bool => "bool",
            Self::Duration => "duration",
        }
    }
}

/// Where a project runs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// On the machine of whoever works on it.
    Development,
    /// In its tests.
    Test,
    /// For those who use it.
    Production,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Development, Self::Test, Self::Production];

    /// The word of the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// What a spec says of a variable in one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The project does not start without it.
    Required,
    /// It may be missing.
    Optional,
    /// This is its value when it is missing.
    Value(Value),
}

/// What becomes of a variable that is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Need<'v> {
    /// The project does not start.
    Required,
    /// It has no value.
    Optional,
    /// It has this one.
    Default(&'v Value),
}

impl Var {
    /// Whether nobody may see its value.
    pub fn is_secret(&self) -> bool {
        self.kind == VarKind::Secret
    }

    /// The type of its value; a secret is a text.
    pub fn ty(&self) -> VarType {
        match self.kind {
            VarKind::Var { ty, .. } => ty,
            VarKind::Secret => VarType::Text,
        }
    }

    /// What becomes of it in `stage` when it is missing there. Where the spec says nothing, production needs it and the other
    /// stages do without.
    pub fn need(&self, stage: Stage) -> Need<'_> {
        let default = match &self.kind {
            VarKind::Var { default, .. } => default.as_ref(),
            VarKind::Secret => None,
        };
        match self.stages.get(&stage) {
            Some(Setting::Value(value)) => Need::Default(value),
            Some(Setting::Required) => Need::Required,
            said => match default {
                Some(value) => Need::Default(value),
                None if said.is_none() && stage == Stage::Production => Need::Required,
                None => Need::Optional,
            },
        }
    }
}

/// Something outside that a project leans on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Its name in the spec.
    pub name: String,
    /// What it is, and how it is reached.
    pub kind: ServiceKind,
    /// After how long an answer is given up; as long as its kind takes where the spec says nothing.
    pub timeout: Option<Duration>,
    /// What people read when it can't be reached.
    pub when_down: Option<String>,
    /// What it is for.
    pub doc: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// The kinds of services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// A server that sends mail.
    Smtp {
        /// A secret: where it is, and how to sign in to it.
        url: Id<Var>,
        /// The address that mail comes from.
        from: Option<Id<Var>>,
    },
    /// A `PostgreSQL` database.
    Postgres {
        /// A secret: where it is, and how to sign in to it.
        url: Id<Var>,
        /// How many connections it lets in at once.
        connections: Option<u32>,
    },
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::FileId;

    use super::*;

    fn var(default: Option<Value>, stages: &[(Stage, Setting)]) -> Var {
        Var {
            name: "PAGE_SIZE".to_owned(),
            kind: VarKind::Var {
                ty: VarType::Int,
                default,
            },
            purpose: None,
            doc: None,
            stages: stages.iter().cloned().collect(),
            span: Span::new(FileId(0), 0, 0),
        }
    }

    #[test]
    fn production_needs_what_nothing_is_said_of() {
        let var = var(None, &[]);
        let needs = Stage::ALL.map(|stage| var.need(stage));
        assert_eq!(needs, [Need::Optional, Need::Optional, Need::Required]);
    }

    #[test]
    fn a_stage_comes_before_the_default() {
        let fifty = Value::Int(50);
        let stages = [
            (Stage::Test, Setting::Value(Value::Int(3))),
            (Stage::Production, Setting::Required),
        ];
        let var = var(Some(fifty.clone()), &stages);
        assert_eq!(var.need(Stage::Development), Need::Default(&fifty));
        assert_eq!(var.need(Stage::Test), Need::Default(&Value::Int(3)));
        assert_eq!(var.need(Stage::Production), Need::Required);
    }
}
