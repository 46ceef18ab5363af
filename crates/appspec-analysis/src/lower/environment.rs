//! Variables, secrets and services.

mod names;
mod services;
mod values;

use std::collections::{BTreeMap, HashMap};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Environment, Id, Need, Setting, Stage, Var, VarKind, VarType};
use appspec_syntax::ast::{self, EnvironmentLine, Expr, ExprKind, Name};

use crate::names::Names;

/// The environment of a spec, and what is known of the names in it.
pub(super) struct Declared<'a> {
    /// What is right in it.
    pub(super) spec: Environment,
    /// Each variable that is declared; `None` for one that is broken, which was reported.
    by_name: HashMap<&'a str, Option<Id<Var>>>,
    names: &'a Names<'a>,
}

pub(super) fn lower<'a>(names: &'a Names<'a>, out: &mut Diagnostics) -> Declared<'a> {
    let mut declared = Declared {
        spec: Environment::new(),
        by_name: HashMap::new(),
        names,
    };
    let Some(block) = only(
        &codes::env::TWICE,
        "environment",
        names
            .environments
            .iter()
            .map(|found| (found.item.word, found.item)),
        out,
    ) else {
        return declared;
    };
    let mut spans: HashMap<&str, Span> = HashMap::new();
    for line in &block.lines {
        if let EnvironmentLine::Var(item) = line {
            let name = item.name.text.as_str();
            if let Some(first) = spans.insert(name, item.name.span) {
                out.push(twice(&item.name, first));
                continue;
            }
            let var = var(item, out);
            let id = var.map(|var| declared.spec.vars.push(var));
            declared.by_name.insert(name, id);
        }
    }
    let services = block.lines.iter().filter_map(|line| match line {
        EnvironmentLine::Service(service) => Some(&**service),
        EnvironmentLine::Var(_) | EnvironmentLine::Suppress(_) => None,
    });
    declared.spec.services = services::lower(&declared, services, out);
    declared
}

/// The one block of its kind that a spec has; a second one is told.
pub(super) fn only<'a, T>(
    code: &'static appspec_diagnostics::Code,
    what: &str,
    mut blocks: impl Iterator<Item = (Span, &'a T)>,
    out: &mut Diagnostics,
) -> Option<&'a T> {
    let (first, block) = blocks.next()?;
    for (again, _) in blocks {
        out.push(
            Diagnostic::new(code, again, format!("a spec has one `{what}` block"))
                .label("another one")
                .note(first, "the first one")
                .help("move what stands in this block to the other one"),
        );
    }
    Some(block)
}

fn twice(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::name::DUPLICATE,
        name.span,
        format!("`{}` is declared twice", name.text),
    )
    .label("declared again here")
    .note(first, "first declared here")
    .help("remove one of the two, or give it another name")
}

fn var(item: &ast::Var, out: &mut Diagnostics) -> Option<Var> {
    let is_named = names::check_var(item, out);
    let kind = kind(item, out);
    let purpose = match &item.purpose {
        Some(text) => values::one_line(text, "the purpose", out).map(Some),
        None => Some(None),
    };
    let ty = match &item.ty {
        None => Some(VarType::Text),
        Some(ty) => values::find_type(&ty.text),
    };
    let stages = stages(item, ty, out);
    Some(Var {
        name: is_named.then(|| item.name.text.clone())?,
        kind: kind?,
        purpose: purpose?,
        doc: super::doc(item.doc.as_ref()),
        stages: stages?,
        span: item.name.span,
    })
}

fn kind(item: &ast::Var, out: &mut Diagnostics) -> Option<VarKind> {
    let Some(written) = &item.ty else {
        if let Some(value) = &item.default {
            out.push(secret_value(&item.name, value));
            return None;
        }
        return Some(VarKind::Secret);
    };
    let Some(ty) = values::find_type(&written.text) else {
        out.push(values::unknown_type(written));
        return None;
    };
    let default = match &item.default {
        Some(value) => Some(values::value(value, ty, out)?),
        None => None,
    };
    Some(VarKind::Var { ty, default })
}

fn secret_value(name: &Name, value: &Expr) -> Diagnostic {
    Diagnostic::new(
        &codes::env::SECRET_DEFAULT,
        value.span,
        format!(
            "the value of the secret `{}` can't stand in the spec",
            name.text
        ),
    )
    .label("whoever reads the spec would know it")
    .help(
        "leave it out, and change the secret where it is used: it is known by now. What others may know is a `var`",
    )
}

/// `required`, `optional` and values, stage by stage.
fn stages(
    item: &ast::Var,
    ty: Option<VarType>,
    out: &mut Diagnostics,
) -> Option<BTreeMap<Stage, Setting>> {
    let mut stages = BTreeMap::new();
    let mut spans: HashMap<Stage, Span> = HashMap::new();
    let mut is_whole = true;
    for setting in &item.stages {
        let written = &setting.stage;
        let known = Stage::ALL.into_iter();
        let Some(stage) = known.clone().find(|stage| stage.name() == written.text) else {
            out.push(unknown_stage(written));
            is_whole = false;
            continue;
        };
        if let Some(first) = spans.insert(stage, written.span) {
            out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    written.span,
                    format!("`{}` stands here twice", written.text),
                )
                .label("said again")
                .note(first, "said first")
                .help("keep one of the two"),
            );
            is_whole = false;
            continue;
        }
        let lowered = match word(&setting.value) {
            Some("required") => Some(Setting::Required),
            Some("optional") => Some(Setting::Optional),
            Some(other) => {
                out.push(no_setting(&setting.value, other));
                None
            }
            None if item.ty.is_none() => {
                out.push(secret_value(&item.name, &setting.value));
                None
            }
            // Of a type that nobody knows, no value can be judged.
            None => ty.and_then(|ty| values::value(&setting.value, ty, out).map(Setting::Value)),
        };
        match lowered {
            Some(lowered) => {
                stages.insert(stage, lowered);
            }
            None => is_whole = false,
        }
    }
    is_whole.then_some(stages)
}

fn unknown_stage(written: &Name) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::env::STAGE,
        written.span,
        format!("there is no stage `{}`", written.text),
    );
    let known = Stage::ALL.map(Stage::name);
    match appspec_diagnostics::closest(&written.text, known) {
        Some(meant) => finding.did_you_mean(written.span, meant),
        None => finding.help("the stages are `development`, `test` and `production`"),
    }
}

fn no_setting(value: &Expr, written: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::env::TYPE,
        value.span,
        format!("a stage can't be told `{written}`"),
    );
    match appspec_diagnostics::closest(written, ["required", "optional"]) {
        Some(meant) => finding.did_you_mean(value.span, meant),
        None => finding.help("write `required`, `optional` or a value"),
    }
}

/// A single word where a value can stand.
fn word(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Path(path) => match path.names.as_slice() {
            [only] => Some(&only.text),
            _ => None,
        },
        _ => None,
    }
}

/// What a variable is needed for.
pub(super) struct Use<'u> {
    /// What uses it: `the first admin`.
    pub(super) what: &'u str,
    /// What it has to be.
    pub(super) kind: Wanted,
    /// Whether it has to be there in production.
    pub(super) is_needed: bool,
}

/// What a variable has to be for its use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A `var` of this type.
    Var(VarType),
    /// A `secret`.
    Secret,
}

impl Declared<'_> {
    /// Finds the variable that something names; if it is none that can be used there, this is told.
    pub(super) fn resolve(
        &self,
        name: &Name,
        wanted: &Use<'_>,
        out: &mut Diagnostics,
    ) -> Option<Id<Var>> {
        let Some(found) = self.by_name.get(name.text.as_str()) else {
            out.push(self.undeclared(name, wanted.kind));
            return None;
        };
        let id = (*found)?;
        let var = self.spec.vars.find(id)?;
        let fits = match wanted.kind {
            Wanted::Var(ty) => matches!(var.kind, VarKind::Var { ty: own, .. } if own == ty),
            Wanted::Secret => var.is_secret(),
        };
        if !fits {
            let (what, declaration) = wanted.kind.words(&var.name);
            let found = match var.kind {
                VarKind::Var { ty, .. } => format!("a `var` of type `{}`", ty.name()),
                VarKind::Secret => "a secret".to_owned(),
            };
            out.push(
                Diagnostic::new(
                    &codes::env::TYPE,
                    name.span,
                    format!("{} is {what}, and `{}` is {found}", wanted.what, var.name),
                )
                .label(format!("not {what}"))
                .note(var.span, "declared here")
                .help(format!("declare it as `{declaration}`")),
            );
            return None;
        }
        if wanted.is_needed && var.need(Stage::Production) == Need::Optional {
            out.push(
                Diagnostic::new(
                    &codes::env::MISSING_IN,
                    name.span,
                    format!(
                        "{} needs `{}`, which may be missing in production",
                        wanted.what, var.name
                    ),
                )
                .label("may be missing")
                .note(var.span, "declared here")
                .help("write `production: required` there"),
            );
            return None;
        }
        Some(id)
    }

    fn undeclared(&self, name: &Name, wanted: Wanted) -> Diagnostic {
        let finding = Diagnostic::new(
            &codes::env::UNDECLARED,
            name.span,
            format!("the environment has no variable `{}`", name.text),
        );
        let known = self.by_name.keys().copied();
        if let Some(meant) = self.names.closest(&name.text, known) {
            return finding.did_you_mean(name.span, meant);
        }
        let (_, declaration) = wanted.words(&name.text);
        finding.help(format!("declare it: `environment {{ {declaration} }}`"))
    }
}

impl Wanted {
    /// What it is, and how it is declared.
    fn words(self, name: &str) -> (String, String) {
        match self {
            Self::Var(ty) => (
                format!("a `var` of type `{}`", ty.name()),
                format!("var {name}: {}", ty.name()),
            ),
            Self::Secret => ("a secret".to_owned(), format!("secret {name}")),
        }
    }
}
