//! Variables that are read by their types: all but the addresses of the database and of mail.

use std::collections::BTreeSet;

use appspec_backend::literal::{Written, hash_comment, python_string, word};
use appspec_backend::python::{Expr, File, Ident, Operator, Stmt};
use appspec_ir::{AllowedOrigin, Id, Need, Spec, Stage, Value, Var, VarKind, VarType, print_value};
use askama::filters::Safe;

use crate::signing_in::is_own;

/// What the templates write of them.
#[derive(Default)]
pub(super) struct Own {
    /// All of them, in the order of the spec.
    pub(super) variables: Vec<OwnVariable>,
    types: BTreeSet<VarType>,
    /// Whether one of them says where a front end is.
    pub(super) has_origins: bool,
}

/// A variable whose type says how it is read.
pub(super) struct OwnVariable {
    /// `SITE_URL`
    pub(super) word: Written,
    /// `site_url`: what it is called once it is read.
    pub(super) field: Written,
    /// The type of its value, as Python has it.
    pub(super) annotation: Written,
    /// The whole declaration.
    pub(super) declaration: Written,
    /// What stands above it in `.env.example`, as lines of a comment.
    pub(super) notes: Vec<Written>,
    pub(super) is_secret: bool,
    pub(super) is_required: bool,
    /// A text that can be read, and one that can't if there is any; as Python strings.
    pub(super) sample: Written,
    pub(super) malformed: Option<Written>,
    /// The text that can be read as it is.
    pub(super) plain_sample: Written,
}

impl Own {
    pub(super) fn of(spec: &Spec) -> Self {
        let own = spec.environment.vars.iter();
        let own = own.filter(|(id, _)| is_own(spec, *id));
        let (mut variables, mut types) = (Vec::new(), BTreeSet::new());
        let mut has_origins = false;
        for (id, var) in own {
            if is_origin(spec, id) {
                has_origins = true;
            } else {
                types.insert(var.ty());
            }
            variables.push(OwnVariable::of(var, is_origin(spec, id)));
        }
        Self {
            variables,
            types,
            has_origins,
        }
    }

    /// Which parsers `config/env.py` needs for them.
    pub(super) fn reads(&self, ty: VarType) -> bool {
        self.types.contains(&ty)
    }
}

impl OwnVariable {
    fn of(var: &Var, is_origin: bool) -> Self {
        let name = var.name.as_str();
        let is_secret = var.is_secret();
        let needs = Stage::ALL.map(|stage| (stage, var.need(stage)));
        let is_optional = needs.iter().any(|(_, need)| *need == Need::Optional);
        let is_required = var.need(Stage::Production) == Need::Required;
        let kind = if is_origin { ORIGIN } else { Kind::of(var) };
        let annotation = if is_optional {
            format!("{} | None", kind.python)
        } else {
            kind.python.to_owned()
        };
        Self {
            word: word(name),
            field: word(&name.to_ascii_lowercase()),
            declaration: declaration(var, &kind, is_optional, &needs),
            annotation: Safe(annotation),
            notes: notes(var, &kind, is_required),
            is_secret,
            is_required,
            sample: python_string(kind.sample),
            malformed: kind.malformed.map(python_string),
            plain_sample: Safe(kind.sample.to_owned()),
        }
    }
}

/// Whether a variable says from where browsers may call.
fn is_origin(spec: &Spec, id: Id<Var>) -> bool {
    let origins = spec.auth.iter().flat_map(|auth| &auth.origins);
    origins.into_iter().any(|it| *it == AllowedOrigin::Var(id))
}

/// What a front end is called by browsers.
const ORIGIN: Kind = Kind {
    python: "str",
    parse: "origin",
    expected: "scheme, host and port of a front end, such as https://app.example.com",
    sample: "https://app.example.com",
    malformed: Some("https://app.example.com/"),
};

/// How values of a type are read.
struct Kind {
    /// The type in Python.
    python: &'static str,
    /// The function that reads a text.
    parse: &'static str,
    /// What people are told to write.
    expected: &'static str,
    sample: &'static str,
    malformed: Option<&'static str>,
}

impl Kind {
    fn of(var: &Var) -> Self {
        let (python, parse, expected, sample, malformed) = match var.kind {
            VarKind::Secret => (
                "str",
                "str",
                "a text that nobody else knows",
                "abcdefgh",
                None,
            ),
            VarKind::Var { ty, .. } => match ty {
                VarType::Text => ("str", "str", "a text", "anything", None),
                VarType::Url => (
                    "str",
                    "web_address",
                    "an address, such as https://www.example.com",
                    "https://www.example.com",
                    Some("www.example.com"),
                ),
                VarType::Email => (
                    "str",
                    "email_address",
                    "an address, such as someone@example.com",
                    "someone@example.com",
                    Some("nobody"),
                ),
                VarType::Int => ("int", "int", "a whole number", "3", Some("three")),
                VarType::Decimal => (
                    "Decimal",
                    "decimal",
                    "a number, such as 2.50",
                    "2.50",
                    Some("a half"),
                ),
                VarType::Bool => ("bool", "truth", "true or false", "true", Some("perhaps")),
                VarType::Duration => (
                    "timedelta",
                    "duration",
                    "a length of time, such as 30s, 15min, 24h or 30d",
                    "15min",
                    Some("soon"),
                ),
            },
        };
        Self {
            python,
            parse,
            expected,
            sample,
            malformed,
        }
    }
}

/// `SITE_URL = Variable(name="SITE_URL", …)`
fn declaration(
    var: &Var,
    kind: &Kind,
    is_optional: bool,
    needs: &[(Stage, Need<'_>); 3],
) -> Written {
    let mut call = Expr::name("Variable")
        .call()
        .kw("name", Expr::text(&*var.name))
        .kw("purpose", Expr::text(purpose(var)))
        .kw("expected", Expr::text(kind.expected))
        .kw("parse", parser(kind))
        .kw("defaults", defaults(kind, needs));
    if var.is_secret() {
        call = call.kw("is_secret", Expr::bool(true));
    }
    let name = Ident::new(&var.name);
    // What may be missing is read as nothing, which no parser returns.
    let statement = if is_optional {
        let value = Expr::Binary(Operator::BitOr, vec![Expr::name(kind.python), Expr::none()]);
        Stmt::Annotated(name, Expr::name("Variable").subscript(value), call)
    } else {
        Stmt::assign(name, call)
    };
    let file = File {
        body: vec![statement],
        ..File::default()
    };
    Safe(file.print().trim().to_owned())
}

/// What reads the text of a variable.
fn parser(kind: &Kind) -> Expr {
    match kind.parse {
        built_in @ ("int" | "str") => Expr::name(built_in),
        own => Expr::name("parsers").attr(own),
    }
}

/// The values of the stages that have one, as one mapping.
fn defaults(kind: &Kind, needs: &[(Stage, Need<'_>); 3]) -> Expr {
    let value = |need: &Need<'_>| match need {
        Need::Default(value) => Some(default(kind, value)),
        Need::Optional => Some(Expr::none()),
        Need::Required => None,
    };
    let values: Vec<(Stage, Expr)> = needs
        .iter()
        .filter_map(|(stage, need)| Some((*stage, value(need)?)))
        .collect();
    if let [(_, first), (_, second), (_, third)] = values.as_slice()
        && first == second
        && second == third
    {
        let every = Expr::name("dict").attr("fromkeys").call();
        return every.arg(Expr::name("Stage")).arg(first.clone());
    }
    let stage = |stage: Stage| {
        let name = Ident::new(&stage.name().to_ascii_uppercase());
        Expr::name("Stage").attr(name)
    };
    Expr::Dict(
        values
            .into_iter()
            .map(|(at, value)| (stage(at), value))
            .collect(),
    )
}

/// A value as Python has it; what is no literal is read as the environment's text would be.
fn default(kind: &Kind, value: &Value) -> Expr {
    let read = |text: String| parser(kind).arg(Expr::text(text));
    match value {
        Value::Int(number) => Expr::int(*number),
        Value::Bool(truth) => Expr::bool(*truth),
        Value::Decimal(_) | Value::Duration(_) => read(text(value)),
        _ => Expr::text(text(value)),
    }
}

/// A value as it stands in the environment.
fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => print_value(other),
    }
}

/// What follows `It …` in a message.
fn purpose(var: &Var) -> String {
    match said(var) {
        Some(text) => format!("is declared in the spec: {}", text.trim_end_matches('.')),
        None => "is declared in the spec".to_owned(),
    }
}

/// What the spec says that it is for, on one line.
fn said(var: &Var) -> Option<&str> {
    let doc = var.doc.as_deref().and_then(|doc| doc.lines().next());
    var.purpose.as_deref().or(doc)
}

/// The lines above a variable in `.env.example`.
fn notes(var: &Var, kind: &Kind, is_required: bool) -> Vec<Written> {
    let mut notes: Vec<Written> = Vec::new();
    let doc = var.doc.iter().chain(&var.purpose);
    notes.extend(doc.map(|text| hash_comment(text)));
    let required = if is_required {
        "Required in production. "
    } else {
        ""
    };
    let expected = kind.expected;
    notes.push(hash_comment(&format!("{required}Expected: {expected}.")));
    let defaults = Stage::ALL.map(|stage| match var.need(stage) {
        Need::Default(value) => Some((stage, text(value))),
        Need::Required | Need::Optional => None,
    });
    match &defaults {
        [Some((_, first)), Some((_, second)), Some((_, third))]
            if first == second && second == third =>
        {
            notes.push(hash_comment(&format!("Default: {first}")));
        }
        _ => {
            notes.extend(defaults.iter().flatten().map(|(stage, value)| {
                hash_comment(&format!("Default in {}: {value}", stage.name()))
            }));
        }
    }
    notes
}
