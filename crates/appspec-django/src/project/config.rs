use appspec_backend::literal::Written;
use askama::Template;

use super::Files;
use super::signing_in::{Auth, Mail};

#[derive(Template)]
#[template(path = "project/config/urls.py")]
struct Urls {
    has_files: bool,
    has_auth: bool,
    has_access: bool,
}

#[derive(Template)]
#[template(path = "project/config/settings/base.py")]
struct BaseSettings<'a> {
    apps: &'a [Written],
    user_model: &'a Written,
    language: &'a Written,
    timezone: &'a Written,
    has_files: bool,
    has_access: bool,
    auth: Option<&'a Auth>,
    mail: Option<&'a Mail>,
    has_origins: bool,
    title: &'a Written,
    choices: &'a [(Written, Written)],
    middleware: &'a [Written],
}

#[derive(Template)]
#[template(path = "project/config/settings/development.py")]
struct DevelopmentSettings<'a> {
    origins: Option<&'a Written>,
    has_files: bool,
    has_mail: bool,
    has_own: bool,
}

#[derive(Template)]
#[template(path = "project/config/settings/production.py")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is asked by lines of its own"
)]
struct ProductionSettings<'a> {
    origins: Option<&'a Written>,
    has_files: bool,
    mail: Option<&'a Mail>,
    has_access: bool,
    has_auth: bool,
    has_own: bool,
}

#[derive(Template)]
#[template(path = "project/config/settings/test.py")]
struct TestSettings<'a> {
    origins: Option<&'a Written>,
    has_access: bool,
    has_auth: bool,
    has_own: bool,
}

/// The front ends that may call, as an assignment.
fn origins<'f>(files: &'f Files<'_>) -> Option<&'f Written> {
    let auth = files.facts.auth.as_ref();
    auth.and_then(|auth| auth.origins.as_ref())
}

/// `manage.py` and the package `config`.
pub(super) fn emit(files: &mut Files<'_>) {
    files.executable(
        "manage.py",
        include_str!("../../templates/project/manage.py"),
    );

    let has_files = files.facts.has_files;
    let has_mail = files.facts.mail.is_some();
    let auth = files.facts.auth.as_ref();
    // The command reads the address of the first admin as owners read theirs.
    let has_first = auth.is_some_and(|auth| auth.first_admin.is_some());
    let has_own = has_first || !files.facts.own.variables.is_empty();
    let base = super::render(&BaseSettings {
        apps: &files.facts.apps,
        user_model: &files.facts.user_model,
        language: &files.facts.language,
        timezone: &files.facts.timezone,
        has_files,
        has_access: files.facts.has_access,
        auth: files.facts.auth.as_ref(),
        mail: files.facts.mail.as_ref(),
        has_origins: origins(files).is_some(),
        title: &files.facts.title,
        choices: &files.facts.choices,
        middleware: &files.facts.middleware,
    });
    files.fixed("config/settings/base.py", &base);
    let development = super::render(&DevelopmentSettings {
        origins: origins(files),
        has_files,
        has_mail,
        has_own,
    });
    files.fixed("config/settings/development.py", &development);
    let production = super::render(&ProductionSettings {
        origins: origins(files),
        has_files,
        mail: files.facts.mail.as_ref(),
        has_access: files.facts.has_access,
        has_auth: files.facts.auth.is_some(),
        has_own,
    });
    files.fixed("config/settings/production.py", &production);
    let apps = if files.facts.has_access {
        include_str!("../../templates/access/config/apps.py")
    } else {
        include_str!("../../templates/project/config/apps.py")
    };
    files.fixed("config/apps.py", apps);
    super::contract::emit(files);
    files.rendered(
        "config/urls.py",
        &Urls {
            has_files,
            has_auth: files.facts.auth.is_some(),
            has_access: files.facts.has_access,
        },
    );
    let has_access = files.facts.has_access;
    let tests = super::render(&TestSettings {
        origins: origins(files),
        has_access,
        has_auth: files.facts.auth.is_some(),
        has_own,
    });
    files.fixed("config/settings/test.py", &tests);
    fixed(files);
}

/// What is the same in every project.
fn fixed(files: &mut Files<'_>) {
    for (path, body) in [
        (
            "config/__init__.py",
            include_str!("../../templates/project/config/__init__.py"),
        ),
        (
            "config/asgi.py",
            include_str!("../../templates/project/config/asgi.py"),
        ),
        (
            "config/database.py",
            include_str!("../../templates/project/config/database.py"),
        ),
        (
            "config/settings/__init__.py",
            include_str!("../../templates/project/config/settings/__init__.py"),
        ),
        (
            "config/tests/__init__.py",
            include_str!("../../templates/project/config/tests/__init__.py"),
        ),
        (
            "config/tests/test_database.py",
            include_str!("../../templates/project/config/tests/test_database.py"),
        ),
        (
            "config/wsgi.py",
            include_str!("../../templates/project/config/wsgi.py"),
        ),
    ] {
        files.fixed(path, body);
    }
}
