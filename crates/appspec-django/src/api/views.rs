//! `api/views.py`: what the API does with the rows of an entity, as far as rules let people do it.

use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Entity, FieldType, SignUp, Verb, Walk};

use super::serializers::model;
use super::{actions, filters, is_granted, serializers, shown};
use crate::admin;
use crate::fields::is_open_text;
use crate::{names, words};

/// The views of an entity.
pub(super) fn classes(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let mut bases: Vec<&'static str> = [
        (Verb::Read, "ReadViews"),
        (Verb::Create, "CreateView"),
        (Verb::Update, "UpdateView"),
        (Verb::Delete, "DeleteView"),
    ]
    .into_iter()
    .filter(|(verb, _)| is_granted(entity, verb))
    .map(|(_, class)| class)
    .collect();
    if bases.is_empty() {
        bases.push("RowViews");
    }
    let bases = bases.into_iter();
    let bases = bases.map(|it| {
        let is_invited = it == "CreateView" && is_person_who_is_invited(entity);
        let (module, name) = if is_invited {
            ("core.api.inviting", "InviteView")
        } else {
            ("core.api.views", it)
        };
        Py::from(module, name).subscript(model(entity))
    });
    vec![Stmt::Class(Class {
        decorators: vec![],
        name: name(entity).into(),
        bases: bases.collect(),
        doc: Some(format!("Rows of {}.", words::rows_of(&entity.get().name))),
        body: body(entity),
    })]
}

/// Whether a new row is somebody who learns of the account by mail.
fn is_person_who_is_invited(entity: Walk<'_, Entity>) -> bool {
    let spec = entity.spec;
    let auth = spec.auth.as_ref();
    entity.id == spec.user && auth.is_some_and(|auth| auth.sign_up == SignUp::Invite)
}

/// `OrderViews`
pub(super) fn name(entity: Walk<'_, Entity>) -> String {
    format!("{}Views", entity.get().name)
}

fn body(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let part =
        |file: &str, class: String| Py::from(&format!("{}.api.{file}", names::app(entity)), class);
    let mut body = vec![
        Stmt::assign("queryset", model(entity).attr("objects").attr("all").call()),
        Stmt::assign(
            "serializer_class",
            part("serializers", serializers::name(entity)),
        ),
    ];
    if is_granted(entity, &Verb::Read) {
        body.push(Stmt::assign(
            "filterset_class",
            part("filters", filters::name(entity)),
        ));
        body.extend(choices(entity));
    }
    for action in super::actions(entity) {
        body.push(actions::method(entity, action));
    }
    body
}

/// What the list is searched, sorted and joined by.
fn choices(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let own = |wanted: &dyn Fn(&FieldType) -> bool| -> Vec<String> {
        let fields = shown(entity).filter(|it| wanted(&it.get().ty));
        fields.map(|it| it.name.clone()).collect()
    };
    let derived = entity.derives().filter(|it| filters::is_sortable(&it.ty));
    let sorted = own(&filters::is_sortable)
        .into_iter()
        .chain(derived.map(|it| it.name.clone()))
        .collect();
    let parts = [
        ("search_fields", own(&is_open_text)),
        ("ordering_fields", sorted),
        ("ordering", admin::order_of(entity)),
        ("linked", own(&|ty| matches!(ty, FieldType::Many(_)))),
    ];
    parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(name, names)| Stmt::assign(name, Py::text_tuple(names)))
        .collect()
}
