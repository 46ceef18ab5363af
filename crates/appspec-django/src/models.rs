//! `models.py`, `choices.py`, `apps.py` of each app.

mod entity;
mod enums;
mod shown;
mod user;

use std::collections::BTreeMap;

use appspec_backend::python::{Class, Expr as Py, File, Ident, Stmt};
use appspec_backend::{Artifact, Artifacts, pascal_case, snake_case};
use appspec_ir::{Module, Spec, Walk};

pub(crate) use entity::{ordering, plain_options, table_comment};
pub(crate) use enums::held as held_enums;
pub(crate) use shown::{fields as shown_fields, is_long_text, made_at, ways};
pub(crate) use user::migration_fields as user_migration_fields;

use crate::names;

/// The number of entities that one file holds; with more, each has its own.
const ENTITIES_PER_FILE: usize = 8;

/// Emits the models of every app.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    choices(spec, out);
    let apps: Vec<_> = spec
        .walk_modules()
        .filter(|module| names::is_app(*module))
        .collect();
    crate::each(&apps, out, |module, out| {
        let about = format!("The app `{}`.", label(*module));
        add(out, spec, *module, "__init__.py", "", vec![]);
        add(out, spec, *module, "apps.py", &about, config(*module));
        models(spec, *module, out);
    });
}

/// Emits the enums, package by package: they depend on nothing, so models of all apps may import them.
fn choices(spec: &Spec, out: &mut Artifacts) {
    let mut packages: BTreeMap<String, Vec<Stmt>> = BTreeMap::new();
    let held = enums::held(spec);
    for module in spec.walk_modules() {
        let body = enums::all(module, &held);
        if body.is_empty() {
            continue;
        }
        let package = names::package(module);
        if package == label(module) && !names::is_app(module) {
            add(out, spec, module, "__init__.py", "", vec![]);
        }
        packages.entry(package).or_default().extend(body);
    }
    for (package, body) in packages {
        let file = File {
            header: names::header(spec),
            doc: "Closed lists of values.".to_owned(),
            body,
            has_tests: false,
        };
        out.add(
            format!("{package}/choices.py"),
            Artifact::generated(file.print()),
        );
    }
}

fn models(spec: &Spec, module: Walk<'_, Module>, out: &mut Artifacts) {
    let doc = format!("The data of `{}`.", label(module));
    if module.get().entities.len() <= ENTITIES_PER_FILE {
        let body = module.entities().map(entity::class).collect();
        add(out, spec, module, "models.py", &doc, body);
        return;
    }
    let mut listed: Vec<&str> = Vec::new();
    for entity in module.entities() {
        let name = &entity.get().name;
        let path = format!("models/{}.py", file_name(name));
        let about = format!("The model `{name}`.");
        add(
            out,
            spec,
            module,
            &path,
            &about,
            vec![entity::class(entity)],
        );
        listed.push(name);
    }
    appspec_backend::python::sort_names(&mut listed);
    let imports = listed
        .iter()
        .map(|name| {
            Py::from(
                &format!("{}.models.{}", label(module), file_name(name)),
                Ident::new(name),
            )
        })
        .collect();
    let all = vec![
        Stmt::Import(imports),
        Stmt::assign("__all__", Py::texts(listed.iter().copied())),
    ];
    add(out, spec, module, "models/__init__.py", &doc, all);
}

/// The module of one entity in a package of models.
fn file_name(entity: &str) -> String {
    Ident::new(&snake_case(entity)).as_str().to_owned()
}

fn config(module: Walk<'_, Module>) -> Vec<Stmt> {
    let name = label(module);
    vec![Stmt::Class(Class {
        decorators: vec![],
        name: format!("{}Config", pascal_case(name)).into(),
        bases: vec![Py::from("django.apps", "AppConfig")],
        doc: Some(format!("The app `{name}`.")),
        body: vec![Stmt::assign("name", Py::text(name))],
    })]
}

fn label(module: Walk<'_, Module>) -> &str {
    &module.get().label
}

/// Adds a Python file of an app; one that needs no words has an empty `doc`.
pub(crate) fn add(
    out: &mut Artifacts,
    spec: &Spec,
    module: Walk<'_, Module>,
    path: &str,
    doc: &str,
    body: Vec<Stmt>,
) {
    let file = File {
        header: names::header(spec),
        doc: doc.to_owned(),
        body,
        has_tests: path.starts_with("tests/test_"),
    };
    out.add(
        format!("{}/{path}", label(module)),
        Artifact::generated(file.print()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn emitted(spec: &Spec, path: &str) -> String {
        let mut out = Artifacts::new();
        emit(spec, &mut out);
        out.get(path)
            .map(|file| file.content.clone())
            .unwrap_or_default()
    }

    #[test]
    fn a_model_reads_as_written_by_hand() {
        insta::assert_snapshot!(emitted(&fixture::salon(), "booking/models.py"));
    }

    #[test]
    fn the_user_is_a_model_like_the_others() {
        insta::assert_snapshot!(emitted(&fixture::salon(), "accounts/models.py"));
    }

    #[test]
    fn hostile_text_stays_text() {
        insta::assert_snapshot!(emitted(&fixture::hostile(), "booking/models.py"));
    }
}
