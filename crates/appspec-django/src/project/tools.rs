use std::ffi::OsStr;
use std::path::Path;

use appspec_backend::literal::{Written, toml_string};
use appspec_backend::{Artifacts, python};
use appspec_ir::Spec;
use askama::Template;

use super::facts::Facts;
use super::{Files, render};

#[derive(Template)]
#[template(path = "project/pyproject.toml")]
struct Pyproject<'a> {
    name: &'a Written,
    title: &'a Written,
    has_long_lines: bool,
}

#[derive(Template)]
#[template(path = "project/env.example")]
struct EnvExample {
    has_files: bool,
}

#[derive(Template)]
#[template(path = "project/ci.yml")]
struct Ci {
    has_files: bool,
}

/// What Python's tools read. Comes after all Python, some of whose lines may be as long as the names in them.
pub(crate) fn emit_pyproject(spec: &Spec, out: &mut Artifacts) {
    let is_python = |path: &str| Path::new(path).extension() == Some(OsStr::new("py"));
    let has_long_lines = out
        .iter()
        .any(|(path, file)| is_python(path) && python::has_long_lines(&file.content));
    let mut files = Files {
        facts: Facts::of(spec),
        out,
    };
    let pyproject = render(&Pyproject {
        name: &toml_string(&files.facts.project),
        title: &files.facts.toml_title,
        has_long_lines,
    });
    files.fixed("pyproject.toml", &pyproject);
}

/// What other tools read: Git's, the editor's, the continuous integration's.
pub(super) fn emit(files: &mut Files<'_>) {
    let has_files = files.facts.has_files;
    files.rendered(".env.example", &EnvExample { has_files });
    files.rendered(".github/workflows/ci.yml", &Ci { has_files });

    for (path, body) in [
        (
            ".gitattributes",
            include_str!("../../templates/project/gitattributes"),
        ),
        (
            ".gitignore",
            include_str!("../../templates/project/gitignore"),
        ),
        (
            ".vscode/extensions.json",
            include_str!("../../templates/project/vscode_extensions.json"),
        ),
        (
            ".vscode/launch.json",
            include_str!("../../templates/project/vscode_launch.json"),
        ),
        (
            ".vscode/settings.json",
            include_str!("../../templates/project/vscode_settings.json"),
        ),
        (
            ".vscode/tasks.json",
            include_str!("../../templates/project/vscode_tasks.json"),
        ),
    ] {
        files.fixed(path, body);
    }
}
