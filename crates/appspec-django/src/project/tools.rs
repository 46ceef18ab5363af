use appspec_backend::literal::{Written, toml_string};
use askama::Template;

use super::signing_in::Mail;
use super::variables::Own;
use super::{Files, render};

#[derive(Template)]
#[template(path = "project/pyproject.toml")]
struct Pyproject<'a> {
    has_auth: bool,
    name: &'a Written,
    title: &'a Written,
}

#[derive(Template)]
#[template(path = "project/env.example")]
struct EnvExample<'a> {
    has_files: bool,
    database_notes: &'a [Written],
    mail: Option<&'a Mail>,
    own: &'a Own,
}

#[derive(Template)]
#[template(path = "project/ci.yml")]
struct Ci<'a> {
    has_files: bool,
    mail: Option<&'a Mail>,
    own: &'a Own,
}

/// What tools read: Python's, Git's, the editor's, the continuous integration's.
pub(super) fn emit(files: &mut Files<'_>) {
    let pyproject = render(&Pyproject {
        has_auth: files.facts.auth.is_some(),
        name: &toml_string(&files.facts.project),
        title: &files.facts.toml_title,
    });
    files.fixed("pyproject.toml", &pyproject);

    let has_files = files.facts.has_files;
    let mail = files.facts.mail.as_ref();
    let own = &files.facts.own;
    let example = render(&EnvExample {
        has_files,
        database_notes: &files.facts.database_notes,
        mail,
        own,
    });
    let ci = render(&Ci {
        has_files,
        mail,
        own,
    });
    files.fixed(".env.example", &example);
    files.fixed(".github/workflows/ci.yml", &ci);

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
