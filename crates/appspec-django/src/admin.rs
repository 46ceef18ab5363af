//! `admin.py`: pages for the rows of each model.

mod listed;

use appspec_backend::Artifacts;
use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Entity, FieldType, Spec, Walk};

use crate::fields::generated;
use crate::models::{add, shown_field};
use crate::names;
use crate::target::Target;

/// Emits the admin pages of every app.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let label = &module.get().label;
        let body = module.entities().map(class).collect();
        add(
            out,
            spec,
            module,
            "admin.py",
            &format!("Admin pages of `{label}`."),
            body,
        );
    }
}

fn class(entity: Walk<'_, Entity>) -> Stmt {
    let name = &entity.get().name;
    let is_user = entity.id == entity.spec.user;
    let mut bases = Vec::new();
    if !entity.kept().is_empty() {
        bases.push(Py::from("core.kept", "KeptAdmin"));
    }
    if is_user {
        bases.push(Py::from("core.users", "PersonAdmin"));
    } else if bases.is_empty() {
        bases.push(Py::from("core.admin", "RecordAdmin"));
    }
    Stmt::Class(Class {
        decorators: vec![
            Py::from("django.contrib", "admin")
                .attr("register")
                .arg(Py::from(&format!("{}.models", names::app(entity)), name)),
        ],
        name: format!("{name}Admin").into(),
        bases,
        doc: Some(format!("Pages for the rows of `{name}`.")),
        body: options(entity, is_user),
    })
}

fn options(entity: Walk<'_, Entity>, is_user: bool) -> Vec<Stmt> {
    let columns = listed::columns(entity);
    let mut body = vec![
        Stmt::assign("list_display", Py::text_tuple(columns.iter().cloned())),
        Stmt::assign("search_fields", Py::text_tuple(listed::searched(entity))),
    ];
    let mut tuple = |name: &'static str, values: Vec<String>| {
        if !values.is_empty() {
            body.push(Stmt::assign(name, Py::text_tuple(values)));
        }
    };
    tuple("list_filter", listed::filters(entity));
    tuple("list_select_related", joined(entity, &columns));
    tuple("autocomplete_fields", relations(entity));
    tuple("readonly_fields", computed(entity));
    if is_user {
        let own = entity
            .fields()
            .map(|field| field.get().name.clone())
            .filter(|name| name != "email" && !USUAL.contains(&name.as_str()));
        body.push(Stmt::assign("own_fields", Py::text_tuple(own)));
    }
    body
}

/// Fields of the user that the page has a place for already.
const USUAL: [&str; 2] = ["is_active", "is_staff"];

fn relations(entity: Walk<'_, Entity>) -> Vec<String> {
    entity
        .fields()
        .filter(|field| match &field.get().ty {
            FieldType::Relation(_) => true,
            FieldType::Many(many) => many.through.is_none(),
            _ => false,
        })
        .map(|field| field.get().name.clone())
        .collect()
}

/// Relations of the columns, as far as rows are shown by their relations again.
fn joined(entity: Walk<'_, Entity>, columns: &[String]) -> Vec<String> {
    let mut paths = Vec::new();
    for field in entity.fields().filter(|field| field.relation().is_some()) {
        if !columns.contains(&field.get().name) {
            continue;
        }
        let mut path = field.get().name.clone();
        let mut seen = vec![entity.id];
        let mut next = field.target();
        while let Some(target) = next {
            if seen.contains(&target.id) {
                break;
            }
            seen.push(target.id);
            next = match shown_field(target) {
                Some(shown) if shown.relation().is_some() => {
                    path = format!("{path}__{}", shown.get().name);
                    shown.target()
                }
                _ => None,
            };
        }
        paths.push(path);
    }
    paths
}

fn computed(entity: Walk<'_, Entity>) -> Vec<String> {
    let touched = entity
        .fields()
        .filter(|field| field.touched)
        .map(|field| field.get().name.clone());
    let derived = entity
        .derives()
        .filter(|derive| generated(*derive, Target::Model).is_some())
        .map(|derive| derive.get().name.clone());
    let states = entity.get().lifecycles.iter();
    let states = states.map(|one| entity.spec.walk(one.field).get().name.clone());
    touched.chain(derived).chain(states).collect()
}
