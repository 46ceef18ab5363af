use std::collections::BTreeSet;

use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Enum, FieldType, Id, ListItem, Module, Spec, Walk};

use crate::names;

/// The `TextChoices` of a module; of the standard library, those that something holds.
pub(super) fn all(module: Walk<'_, Module>, held: &BTreeSet<Id<Enum>>) -> Vec<Stmt> {
    module
        .enums()
        .filter(|list| !module.get().is_std || held.contains(&list.id))
        .map(class)
        .collect()
}

/// The enums whose values some field or derived value holds.
pub(crate) fn held(spec: &Spec) -> BTreeSet<Id<Enum>> {
    let fields = spec.fields.iter().map(|(_, field)| &field.ty);
    let derives = spec.derives.iter().map(|(_, derive)| &derive.ty);
    fields
        .chain(derives)
        .filter_map(|ty| match ty {
            FieldType::Enum(id) | FieldType::List(ListItem::Enum(id)) => Some(*id),
            _ => None,
        })
        .collect()
}

fn class(list: Walk<'_, Enum>) -> Stmt {
    let members = list.get().choices.iter().map(|choice| {
        Stmt::assign(
            names::member(&choice.name),
            Py::Tuple(vec![Py::text(&choice.stored), Py::text(&choice.label)]),
        )
    });
    Stmt::Class(Class {
        decorators: vec![],
        name: (&list.name).into(),
        bases: vec![Py::from("django.db", "models").attr("TextChoices")],
        doc: Some(
            list.get()
                .doc
                .clone()
                .unwrap_or_else(|| format!("The values of `{}`.", list.name)),
        ),
        body: members.collect(),
    })
}
