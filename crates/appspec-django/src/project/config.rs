use appspec_backend::literal::Written;
use askama::Template;

use super::Files;

#[derive(Template)]
#[template(path = "project/config/env.py")]
struct Env {
    has_files: bool,
}

#[derive(Template)]
#[template(path = "project/config/tests/test_env.py")]
struct TestEnv {
    has_files: bool,
}

#[derive(Template)]
#[template(path = "project/config/urls.py")]
struct Urls {
    has_files: bool,
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
    middleware: &'a [Written],
}

#[derive(Template)]
#[template(path = "project/config/settings/development.py")]
struct DevelopmentSettings {
    has_files: bool,
}

#[derive(Template)]
#[template(path = "project/config/settings/production.py")]
struct ProductionSettings {
    has_files: bool,
}

/// `manage.py` and the package `config`.
pub(super) fn emit(files: &mut Files<'_>) {
    files.executable(
        "manage.py",
        include_str!("../../templates/project/manage.py"),
    );

    let has_files = files.facts.has_files;
    let base = super::render(&BaseSettings {
        apps: &files.facts.apps,
        user_model: &files.facts.user_model,
        language: &files.facts.language,
        timezone: &files.facts.timezone,
        has_files,
        has_access: files.facts.has_access,
        middleware: &files.facts.middleware,
    });
    files.fixed("config/settings/base.py", &base);
    files.rendered(
        "config/settings/development.py",
        &DevelopmentSettings { has_files },
    );
    files.rendered(
        "config/settings/production.py",
        &ProductionSettings { has_files },
    );
    let apps = if files.facts.has_access {
        include_str!("../../templates/access/config/apps.py")
    } else {
        include_str!("../../templates/project/config/apps.py")
    };
    files.fixed("config/apps.py", apps);
    files.rendered("config/env.py", &Env { has_files });
    files.rendered("config/urls.py", &Urls { has_files });
    files.rendered("config/tests/test_env.py", &TestEnv { has_files });

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
            "config/settings/test.py",
            include_str!("../../templates/project/config/settings/test.py"),
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
