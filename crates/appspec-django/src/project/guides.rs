use appspec_backend::literal::Written;
use askama::Template;

use super::{Files, render};

#[derive(Template)]
#[template(path = "project/README.md")]
struct Readme<'a> {
    title: &'a Written,
    doc: Option<&'a Written>,
    has_seeds: bool,
    has_files: bool,
    has_access: bool,
}

#[derive(Template)]
#[template(path = "project/AGENTS.md")]
struct Agents<'a> {
    app_list: &'a Written,
}

#[derive(Template)]
#[template(path = "project/copilot-instructions.md")]
struct Copilot<'a> {
    app_list: &'a Written,
}

/// What people and their assistants read first.
pub(super) fn emit(files: &mut Files<'_>) {
    let facts = &files.facts;
    let readme = render(&Readme {
        title: &facts.markdown_title,
        doc: facts.markdown_doc.as_ref(),
        has_seeds: facts.has_seeds,
        has_files: facts.has_files,
        has_access: facts.has_access,
    });
    let agents = render(&Agents {
        app_list: &facts.app_list,
    });
    let copilot = render(&Copilot {
        app_list: &facts.app_list,
    });
    files.fixed("README.md", &readme);
    files.fixed("AGENTS.md", &agents);
    files.fixed(".github/copilot-instructions.md", &copilot);
}
