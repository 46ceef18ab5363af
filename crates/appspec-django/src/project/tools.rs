use appspec_backend::literal::{Written, toml_string};
use askama::Template;

use super::{Files, render};

#[derive(Template)]
#[template(path = "project/pyproject.toml")]
struct Pyproject<'a> {
    name: &'a Written,
    title: &'a Written,
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

/// What tools read: Python's, Git's, the editor's, the continuous integration's.
pub(super) fn emit(files: &mut Files<'_>) {
    let pyproject = render(&Pyproject {
        name: &toml_string(&files.facts.project),
        title: &files.facts.toml_title,
    });
    files.fixed("pyproject.toml", &pyproject);

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
