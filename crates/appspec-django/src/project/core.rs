use appspec_backend::literal::Written;
use askama::Template;

use super::{Files, render};
use crate::core::variant;

#[derive(Template)]
#[template(path = "project/core/admin_site.py")]
struct AdminSite<'a> {
    title: &'a Written,
    user_module: &'a Written,
    user_class: &'a Written,
}

#[derive(Template)]
#[template(path = "access/core/admin_site.py")]
struct StaffSite<'a> {
    title: &'a Written,
}

#[derive(Template)]
#[template(path = "auth/core/admin_site.py")]
struct RolesSite<'a> {
    title: &'a Written,
}

#[derive(Template)]
#[template(path = "access/core/tests/test_admin_site.py")]
struct TestStaffSite<'a> {
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
    admin_site(files);
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
        downloads(files);
    }
}

/// Who may enter the admin site.
fn admin_site(files: &mut Files<'_>) {
    let facts = &files.facts;
    let (title, user_module, user_class) = (
        &facts.title_assignment,
        &facts.user_module,
        &facts.user_class,
    );
    // Whether roles open the door, and not what Django calls staff.
    let has_entrants = facts.auth.as_ref().is_some_and(|auth| auth.has_entrants);
    let (site, test) = if has_entrants {
        (
            render(&RolesSite { title }),
            include_str!("../../templates/auth/core/tests/test_admin_site.py").to_owned(),
        )
    } else if facts.has_access {
        (
            render(&StaffSite { title }),
            render(&TestStaffSite {
                user_module,
                user_class,
            }),
        )
    } else {
        (
            render(&AdminSite {
                title,
                user_module,
                user_class,
            }),
            render(&TestAdminSite {
                user_module,
                user_class,
            }),
        )
    };
    files.fixed("core/admin_site.py", &site);
    files.fixed("core/tests/test_admin_site.py", &test);
}

/// Who is handed out a file.
fn downloads(files: &mut Files<'_>) {
    for (path, body) in [
        (
            "core/downloads.py",
            include_str!("../../templates/project/core/downloads.py"),
        ),
        (
            "core/tests/test_downloads.py",
            include_str!("../../templates/project/core/tests/test_downloads.py"),
        ),
    ] {
        let body = variant(body, files.facts.has_access);
        files.fixed(path, &body);
    }
}
