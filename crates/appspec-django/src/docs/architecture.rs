use appspec_backend::literal::{
    Written, markdown_cell, markdown_code, markdown_line, markdown_paragraphs, markdown_prose,
};
use appspec_ir::{Derive, Entity, Field, FieldType, Module, Scalar, Spec, Walk};
use askama::Template;

use crate::project::render;
use crate::words;

#[derive(Template)]
#[template(path = "docs/architecture.md")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is asked by lines of its own"
)]
struct Page {
    title: Written,
    apps: Vec<App>,
    has_files: bool,
    has_access: bool,
    /// Whether roles open the admin site, and not what Django calls staff.
    has_entrants: bool,
    has_lifecycles: bool,
}

struct App {
    name: Written,
    folder: Written,
    summary: Written,
    entities: Vec<Section>,
}

struct Section {
    name: Written,
    doc: Option<Written>,
    rows: Vec<Row>,
}

struct Row {
    name: Written,
    kind: Written,
    note: Written,
}

/// `docs/architecture.md`
pub(super) fn page(spec: &Spec) -> String {
    let mut apps: Vec<Walk<'_, Module>> = spec
        .walk_modules()
        .filter(|module| !module.entities.is_empty())
        .collect();
    apps.sort_by_key(|module| module.get().label.as_str());
    render(&Page {
        title: markdown_line(&spec.project.title),
        apps: apps.into_iter().map(app).collect(),
        has_access: spec.has_access(),
        has_entrants: spec
            .auth
            .as_ref()
            .is_some_and(|auth| !auth.admin_site.is_empty()),
        has_lifecycles: crate::rule_tests::has_lifecycles(spec),
        has_files: spec
            .fields
            .iter()
            .any(|(_, field)| matches!(field.ty, FieldType::Scalar(Scalar::File | Scalar::Image))),
    })
}

fn app(module: Walk<'_, Module>) -> App {
    let label = &module.get().label;
    let names: Vec<&str> = module
        .entities()
        .map(|entity| entity.get().name.as_str())
        .collect();
    App {
        name: markdown_code(label),
        folder: markdown_code(&format!("{label}/")),
        summary: markdown_cell(&format!("the app of {}", names.join(", "))),
        entities: module.entities().map(section).collect(),
    }
}

fn section(entity: Walk<'_, Entity>) -> Section {
    Section {
        name: markdown_line(&entity.name),
        doc: entity.doc.as_deref().map(markdown_paragraphs),
        rows: entity
            .fields()
            .map(field_row)
            .chain(entity.derives().map(derive_row))
            .collect(),
    }
}

fn field_row(field: Walk<'_, Field>) -> Row {
    let mut notes: Vec<String> = field.doc.iter().cloned().collect();
    if let Some(relation) = field.get().relation() {
        notes.push(format!(
            "On delete: {}.",
            words::on_delete(relation.on_delete)
        ));
    }
    Row {
        name: markdown_code(&field.name),
        kind: markdown_code(&words::field_type(field)),
        note: markdown_prose(&notes.join(" ")),
    }
}

fn derive_row(derive: Walk<'_, Derive>) -> Row {
    let doc = derive.doc.as_deref().unwrap_or_default();
    Row {
        name: markdown_code(&derive.name),
        kind: markdown_code(&words::derive_type(derive)),
        note: markdown_prose(format!("Follows from the row. {doc}").trim_end()),
    }
}
