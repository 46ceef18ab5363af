use appspec_backend::literal::Written;
use askama::Template;

use super::{Files, render};

#[derive(Template)]
#[template(path = "project/core/admin_site.py")]
struct AdminSite<'a> {
    title: &'a Written,
    user_module: &'a Written,
    user_class: &'a Written,
}

#[derive(Template)]
#[template(path = "project/core/tests/test_admin_site.py")]
struct TestAdminSite<'a> {
    user_module: &'a Written,
    user_class: &'a Written,
}

/// The part of the package `core` that depends on no entity: who may enter, health, downloads.
pub(super) fn emit(files: &mut Files<'_>) {
    let facts = &files.facts;
    let site = render(&AdminSite {
        title: &facts.title_assignment,
        user_module: &facts.user_module,
        user_class: &facts.user_class,
    });
    let test = render(&TestAdminSite {
        user_module: &facts.user_module,
        user_class: &facts.user_class,
    });
    files.fixed("core/admin_site.py", &site);
    files.fixed("core/tests/test_admin_site.py", &test);

    for (path, body) in [
        (
            "core/__init__.py",
            include_str!("../../templates/project/core/__init__.py"),
        ),
        (
            "core/apps.py",
            include_str!("../../templates/project/core/apps.py"),
        ),
        (
            "core/health.py",
            include_str!("../../templates/project/core/health.py"),
        ),
        (
            "core/middleware.py",
            include_str!("../../templates/project/core/middleware.py"),
        ),
        (
            "core/tests/__init__.py",
            include_str!("../../templates/project/core/tests/__init__.py"),
        ),
        (
            "core/tests/test_health.py",
            include_str!("../../templates/project/core/tests/test_health.py"),
        ),
    ] {
        files.fixed(path, body);
    }
    if files.facts.has_files {
        files.fixed(
            "core/downloads.py",
            include_str!("../../templates/project/core/downloads.py"),
        );
        files.fixed(
            "core/tests/test_downloads.py",
            include_str!("../../templates/project/core/tests/test_downloads.py"),
        );
    }
}
