use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Enum, Module, Walk};

use crate::names;

/// The `TextChoices` of a module.
pub(super) fn all(module: Walk<'_, Module>) -> Vec<Stmt> {
    module.enums().map(class).collect()
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
