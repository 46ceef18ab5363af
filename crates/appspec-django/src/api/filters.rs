//! `api/filters.py`: what the list of an entity can be filtered by.

use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Entity, FieldType, Scalar, Verb, Walk};

use super::serializers::{meta_class, model};
use super::{is_granted, shown};
use crate::words;

/// The filters of an entity whose rows people may read.
pub(super) fn classes(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    if !is_granted(entity, &Verb::Read) {
        return vec![];
    }
    let fields = shown(entity).filter_map(|field| {
        let asked = lookups(&field.get().ty)?;
        let is_taken = TAKEN.contains(&field.name.as_str());
        let asked = asked.iter().filter(|it| !is_taken || **it != "exact");
        let empty = field.optional.then_some("isnull");
        let asked = Py::texts(asked.copied().chain(empty));
        Some((Py::text(&field.name), asked))
    });
    let meta = vec![
        Stmt::assign("model", model(entity)),
        Stmt::assign("fields", Py::Dict(fields.collect())),
    ];
    vec![Stmt::Class(Class {
        decorators: vec![],
        name: name(entity).into(),
        bases: vec![Py::from("core.api.filters", "RowFilters")],
        doc: Some(format!(
            "What rows of {} can be filtered by.",
            words::rows_of(&entity.get().name)
        )),
        body: vec![Stmt::Class(meta_class(meta))],
    })]
}

/// `OrderFilters`
pub(super) fn name(entity: Walk<'_, Entity>) -> String {
    format!("{}Filters", entity.get().name)
}

/// Parameters of a list that are no filters: a field of such a name is compared in other ways alone.
const TAKEN: [&str; 4] = ["cursor", "ordering", "page_size", "search"];

/// How a value of a type is compared; not at all where it is a secret, or no single value.
fn lookups(ty: &FieldType) -> Option<&'static [&'static str]> {
    match ty {
        FieldType::Enum(_) | FieldType::Relation(_) => Some(&["exact", "in"]),
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Bool | Scalar::Uuid | Scalar::Ip | Scalar::Url => Some(&["exact"]),
            Scalar::Text { max: Some(_) } | Scalar::Slug { .. } | Scalar::Email | Scalar::Phone => {
                Some(&["exact"])
            }
            Scalar::Int
            | Scalar::BigInt
            | Scalar::Float
            | Scalar::Decimal { .. }
            | Scalar::Date
            | Scalar::Time
            | Scalar::DateTime
            | Scalar::Duration => Some(&["exact", "lt", "lte", "gt", "gte"]),
            Scalar::Text { max: None }
            | Scalar::Token { .. }
            | Scalar::Json
            | Scalar::File
            | Scalar::Image
            | Scalar::Bytes => None,
        },
        FieldType::List(_) | FieldType::Many(_) => None,
    }
}

/// Whether rows can be sorted by values of a type.
pub(super) fn is_sortable(ty: &FieldType) -> bool {
    !matches!(ty, FieldType::Relation(_)) && lookups(ty).is_some()
}
