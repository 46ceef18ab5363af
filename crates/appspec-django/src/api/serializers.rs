//! `api/serializers.py`: which fields of a row the API has, and what an action asks for.

use appspec_backend::pascal_case;
use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Entity, FieldType, Walk};

use super::{actions, shown};
use crate::{names, words};

/// The classes of an entity.
pub(super) fn classes(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let mut classes = vec![row(entity)];
    classes.extend(actions::inputs(entity));
    classes
}

/// `OrderSerializer`
pub(super) fn name(entity: Walk<'_, Entity>) -> String {
    format!("{}Serializer", entity.get().name)
}

/// The class that a serializer is of: `RowSerializer[Order]`.
pub(super) fn base(entity: Walk<'_, Entity>) -> Py {
    Py::from("core.api.serializers", "RowSerializer").subscript(model(entity))
}

/// The model of an entity.
pub(super) fn model(entity: Walk<'_, Entity>) -> Py {
    Py::from(
        &format!("{}.models", names::app(entity)),
        &entity.get().name,
    )
}

fn row(entity: Walk<'_, Entity>) -> Stmt {
    let shown: Vec<_> = shown(entity).collect();
    let derived = entity.derives().map(|it| it.name.clone());
    let fields = std::iter::once("id".to_owned())
        .chain(shown.iter().map(|it| it.name.clone()))
        .chain(derived);
    let kept = shown
        .iter()
        .filter(|it| !entity.is_given(it.id) || is_linked_elsewhere(**it));
    let kept: Vec<String> = kept.map(|it| it.name.clone()).collect();
    let mut meta = vec![
        Stmt::assign("model", model(entity)),
        Stmt::assign("fields", Py::text_tuple(fields)),
    ];
    if !kept.is_empty() {
        meta.push(Stmt::assign("read_only_fields", Py::text_tuple(kept)));
    }
    Stmt::Class(Class {
        decorators: described_as(entity, &entity.get().name),
        name: name(entity).into(),
        bases: vec![base(entity)],
        doc: Some(format!("A row of {}.", words::rows_of(&entity.get().name))),
        body: vec![Stmt::Class(meta_class(meta))],
    })
}

/// What the description of the API calls it, where another module has an entity of the same name.
pub(super) fn described_as(entity: Walk<'_, Entity>, name: &str) -> Vec<Py> {
    let own = &entity.get().name;
    let mut others = entity.spec.walk_entities();
    if !others.any(|other| other.id != entity.id && other.get().name == *own) {
        return vec![];
    }
    let name = format!("{}{name}", pascal_case(&names::app(entity)));
    let decorator = Py::from("drf_spectacular.utils", "extend_schema_serializer");
    vec![decorator.kw("component_name", Py::text(name))]
}

/// Whether rows of a model of their own say what a row is linked to.
fn is_linked_elsewhere(field: Walk<'_, appspec_ir::Field>) -> bool {
    matches!(&field.get().ty, FieldType::Many(many) if many.through.is_some())
}

/// `class Meta:`
pub(super) fn meta_class(body: Vec<Stmt>) -> Class {
    Class {
        decorators: vec![],
        name: "Meta".into(),
        bases: vec![],
        doc: None,
        body,
    }
}
