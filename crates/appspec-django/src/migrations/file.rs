//! The text of one migration.

use appspec_backend::python::{Class, Expr as Py, File, Stmt};
use appspec_ir::Spec;

use super::plan::{Django, Planned};
use crate::names;

pub(super) fn print(spec: &Spec, planned: &Planned<'_>, operations: Vec<Py>) -> String {
    let mut body = Vec::new();
    if planned.initial {
        body.push(Stmt::assign("initial", Py::bool(true)));
        body.push(Stmt::Blank);
    }
    if !planned.is_atomic() {
        body.push(Stmt::assign("atomic", Py::bool(false)));
        body.push(Stmt::Blank);
    }
    let mut dependencies: Vec<Py> = planned.django.iter().copied().map(needed).collect();
    dependencies.extend(
        planned
            .after()
            .into_iter()
            .map(|name| Py::text_tuple([name.app, name.name])),
    );
    body.push(Stmt::assign("dependencies", Py::List(dependencies)));
    body.push(Stmt::Blank);
    body.push(Stmt::assign("operations", Py::List(operations)));
    let file = File {
        header: names::header(spec),
        has_tests: false,
        doc: format!("A step in the schema of `{}`.", planned.app),
        body: vec![Stmt::Class(Class {
            decorators: vec![],
            name: "Migration".into(),
            bases: vec![Py::from("django.db", "migrations").attr("Migration")],
            doc: Some("The operations of this step; they never change.".to_owned()),
            body,
        })],
    };
    file.print()
}

/// A dependency on what Django itself, or the project in its place, has.
fn needed(what: Django) -> Py {
    match what {
        Django::User => Py::from("django.db", "migrations")
            .attr("swappable_dependency")
            .arg(Py::from("django.conf", "settings").attr("AUTH_USER_MODEL")),
        Django::Groups => Py::text_tuple(["auth", "0012_alter_user_first_name_max_length"]),
        Django::ContentTypes => Py::text_tuple(["contenttypes", "0002_remove_content_type_name"]),
    }
}
