use appspec_backend::literal::Written;
use askama::Template;

use super::signing_in::Auth;
use super::{Files, render};

#[derive(Template)]
#[template(path = "project/README.md")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is asked by lines of its own"
)]
struct Readme<'a> {
    title: &'a Written,
    doc: Option<&'a Written>,
    has_seeds: bool,
    has_files: bool,
    has_access: bool,
    /// How people sign in, where the spec says it.
    auth: Option<&'a Auth>,
    /// Whether roles open the admin site.
    has_entrants: bool,
}

#[derive(Template)]
#[template(path = "project/AGENTS.md")]
struct Agents<'a> {
    app_list: &'a Written,
    has_access: bool,
    /// What a variable of the spec is called once it is read.
    variable: Option<&'a Written>,
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
        auth: facts.auth.as_ref(),
        has_entrants: facts.auth.as_ref().is_some_and(|auth| auth.has_entrants),
    });
    let agents = render(&Agents {
        app_list: &facts.app_list,
        has_access: facts.has_access,
        variable: facts.own.variables.first().map(|own| &own.field),
    });
    let copilot = render(&Copilot {
        app_list: &facts.app_list,
    });
    files.fixed("README.md", &readme);
    files.fixed("AGENTS.md", &agents);
    files.fixed(".github/copilot-instructions.md", &copilot);
}
