use appspec_backend::literal::{
    Written, markdown_code, markdown_line, markdown_paragraphs, python_string, toml_string, word,
};
use appspec_backend::python::{Expr, File, Stmt};
use appspec_ir::{FieldType, Scalar, Spec};
use askama::filters::Safe;

use super::signing_in::{Auth, Mail, database_notes};
use super::variables::Own;

/// What the templates need to know about a spec, already written in the languages that they need it in.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is asked by templates of its own"
)]
pub(super) struct Facts {
    /// The project's name: an identifier.
    pub(super) project: String,
    /// `TITLE = "…"`, as Python.
    pub(super) title_assignment: Written,
    /// The title as a TOML string.
    pub(super) toml_title: Written,
    /// The title as a line of Markdown.
    pub(super) markdown_title: Written,
    /// What the project is for, as paragraphs of Markdown.
    pub(super) markdown_doc: Option<Written>,
    /// The labels of the apps, sorted as Python strings.
    pub(super) apps: Vec<Written>,
    /// The labels of the apps, as an enumeration in Markdown.
    pub(super) app_list: Written,
    /// `accounts.User`, as a Python string.
    pub(super) user_model: Written,
    /// `accounts.models`
    pub(super) user_module: Written,
    /// `User`
    pub(super) user_class: Written,
    /// The time zone as a Python string.
    pub(super) timezone: Written,
    /// The language as a Python string.
    pub(super) language: Written,
    /// Whether any row can hold a file or a picture.
    pub(super) has_files: bool,
    /// Whether any row can hold a picture.
    pub(super) has_images: bool,
    /// What goes along with requests in some projects only, as Python strings.
    pub(super) middleware: Vec<Written>,
    /// Whether the spec has lookup rows.
    pub(super) has_seeds: bool,
    /// Whether rules say who may do what.
    pub(super) has_access: bool,
    /// How people sign in, where the spec says it.
    pub(super) auth: Option<Auth>,
    /// The server that sends mail.
    pub(super) mail: Option<Mail>,
    /// The variables that are read by their types.
    pub(super) own: Own,
    /// What the spec says of the address of the database, as lines of a comment.
    pub(super) database_notes: Vec<Written>,
    /// The title as a Python string.
    pub(super) title: Written,
    /// What the API calls each enum, and where it is, both as Python strings.
    pub(super) choices: Vec<(Written, Written)>,
}

impl Facts {
    pub(super) fn of(spec: &Spec) -> Self {
        let project = &spec.project;
        let mut labels: Vec<&str> = spec
            .walk_modules()
            .filter(|module| !module.entities.is_empty())
            .map(|module| module.get().label.as_str())
            .collect();
        labels.sort_unstable();
        let user = spec.walk(spec.user);
        let label = &user.module().get().label;
        let holds = |wanted: &[Scalar]| {
            spec.fields
                .iter()
                .any(|(_, field)| matches!(&field.ty, FieldType::Scalar(scalar) if wanted.contains(scalar)))
        };
        Self {
            project: word(&project.name).0,
            title_assignment: assignment("TITLE", &project.title),
            toml_title: toml_string(&project.title),
            markdown_title: markdown_line(&project.title),
            markdown_doc: project.doc.as_deref().map(markdown_paragraphs),
            apps: labels.iter().map(|label| python_string(label)).collect(),
            app_list: Safe(enumeration(&labels)),
            user_model: python_string(&format!("{label}.{}", user.name)),
            user_module: word(&format!("{label}.models")),
            user_class: word(&user.name),
            timezone: python_string(&project.timezone),
            language: python_string(&project.language),
            has_files: holds(&[Scalar::File, Scalar::Image]),
            has_images: holds(&[Scalar::Image]),
            middleware: crate::core::has_audit(spec)
                .then(|| python_string("core.acting.ActingMiddleware"))
                .into_iter()
                .collect(),
            has_seeds: !spec.seeds.is_empty(),
            has_access: spec.has_access(),
            auth: Auth::of(spec),
            mail: Mail::of(spec),
            own: Own::of(spec),
            database_notes: database_notes(spec),
            title: python_string(&project.title),
            choices: crate::api::choices(spec)
                .into_iter()
                .map(|(name, path)| (python_string(&name), python_string(&path)))
                .collect(),
        }
    }
}

/// A constant of a module; a long text is wrapped as the formatter would.
fn assignment(name: &'static str, text: &str) -> Written {
    let file = File {
        body: vec![Stmt::assign(name, Expr::text(text))],
        ..File::default()
    };
    Safe(file.print().trim_end().to_owned())
}

/// `a`, `b` and `c`
fn enumeration(labels: &[&str]) -> String {
    let names: Vec<String> = labels.iter().map(|label| markdown_code(label).0).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
