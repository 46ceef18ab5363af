//! A field of a spec as the call that makes a Django field: one function for models and migrations, so that
//! the two can't disagree.

mod defaults;
mod derived;
mod kinds;
mod validators;

use appspec_backend::python::Expr as Py;
use appspec_ir::{
    Default, Entity, Field, FieldType, Identity, ManyRelation, OnDelete, Relation, Scalar, Walk,
};

pub(crate) use defaults::constant;
pub(crate) use derived::{annotated, generated, python_type};
pub(crate) use kinds::{is_open_text, is_text, json_kind, text_pattern};
pub(crate) use validators::{anchored, kind_name};

use crate::expressions::models;
use crate::names;
use crate::target::Target;
use crate::values;

/// The primary key.
pub(crate) fn key(entity: Walk<'_, Entity>, target: Target) -> Py {
    let call = match entity.identity {
        Identity::Uuid => models()
            .attr("UUIDField")
            .kw("primary_key", Py::bool(true))
            .kw("default", Py::from("uuid", "uuid4"))
            .kw("editable", Py::bool(false)),
        Identity::Int => models()
            .attr("BigAutoField")
            .kw("primary_key", Py::bool(true)),
    };
    match target {
        Target::Model => call,
        Target::Migration => call.kw("serialize", Py::bool(false)),
    }
}

/// A field, as its model and its migrations write it.
pub(crate) fn field(field: Walk<'_, Field>, target: Target) -> Py {
    match &field.get().ty {
        FieldType::Relation(relation) => one(field, relation, target),
        FieldType::Many(many) => any_number(field, many, target),
        _ => column(field, target),
    }
}

fn column(field: Walk<'_, Field>, target: Target) -> Py {
    let spec = field.spec;
    let mut call = match (&field.get().ty, &field.get().default) {
        // Django refuses its own field where an address may be missing in a form only.
        (FieldType::Scalar(Scalar::Ip), Some(Default::Path(_))) if !field.optional => {
            Py::from("core.fields", "CopiedAddressField").call()
        }
        (ty, _) => kinds::constructor(spec, ty, target),
    };
    if field.touched {
        // Django refuses a default beside it: every write sets the moment, the first one too.
        call = call.kw("auto_now", Py::bool(true));
    } else if let Some(default) = &field.get().default {
        call = defaults::add(call, field, default, target);
    }
    if field.serial.is_some() {
        // The database gives the number, and nobody is asked for it.
        return call
            .kw("blank", Py::bool(true))
            .kw("default", Py::text(""))
            .kw("db_default", Py::text(""))
            .kw("editable", Py::bool(false))
            .maybe_kw("db_comment", comment(field));
    }
    call = empty(call, field);
    if is_added(field) {
        call = call.kw("editable", Py::bool(false));
    }
    let checks = validators::of(field, target);
    if !checks.is_empty() {
        call = call.kw("validators", Py::List(checks));
    }
    call.maybe_kw("db_comment", comment(field))
}

/// Whether a field says that its row is deleted: no form writes it.
pub(crate) fn is_mark(field: Walk<'_, Field>) -> bool {
    let entity = field.entity();
    let marked = entity.get().soft_delete.as_ref();
    marked.is_some_and(|marked| marked.field == field.id)
}

/// Whether its entity has a field for what it says of rows as a whole: no form asks for it.
pub(crate) fn is_added(field: Walk<'_, Field>) -> bool {
    let entity = field.entity();
    let term = entity.get().keep.as_ref();
    is_mark(field) || term.is_some_and(|term| term.is_added && term.since == field.id)
}

/// What may be left out: an optional value is NULL, one that is copied along a path may be missing in a form.
fn empty(call: Py, field: Walk<'_, Field>) -> Py {
    if field.optional {
        call.kw("null", Py::bool(true)).kw("blank", Py::bool(true))
    } else if matches!(field.get().default, Some(Default::Path(_))) {
        call.kw("blank", Py::bool(true))
    } else {
        call
    }
}

fn comment(field: Walk<'_, Field>) -> Option<Py> {
    values::comment(field.get().doc.as_deref()?).map(Py::text)
}

fn one(field: Walk<'_, Field>, relation: &Relation, target: Target) -> Py {
    let class = if relation.one_to_one {
        "OneToOneField"
    } else {
        "ForeignKey"
    };
    let action = match relation.on_delete {
        OnDelete::Cascade => "CASCADE",
        OnDelete::Protect => "PROTECT",
        OnDelete::Restrict => "RESTRICT",
        OnDelete::SetNull => "SET_NULL",
    };
    let mut call = models()
        .attr(class)
        .arg(pointed_to(field, field.spec.walk(relation.target), target))
        .kw("on_delete", models().attr(action))
        .kw(
            "related_name",
            Py::text(reverse_name(relation.inverse.as_ref().map(|i| &i.name))),
        );
    if !relation.one_to_one && leads_an_index(field) {
        call = call.kw("db_index", Py::bool(false));
    }
    empty(call, field).maybe_kw("db_comment", comment(field))
}

fn any_number(field: Walk<'_, Field>, many: &ManyRelation, target: Target) -> Py {
    let other = field.spec.walk(many.target);
    let mut call = models()
        .attr("ManyToManyField")
        .arg(pointed_to(field, other, target))
        .kw(
            "related_name",
            Py::text(reverse_name(many.inverse.as_ref().map(|i| &i.name))),
        );
    if many.target == field.entity {
        call = call.kw("symmetrical", Py::bool(false));
    }
    if let Some(through) = &many.through {
        let spec = field.spec;
        let name = |id| Py::text(&spec.walk::<Field>(id).name);
        call = call
            // Django compares this name letter for letter.
            .kw(
                "through",
                Py::text(names::model_label(spec.walk(through.entity))),
            )
            .kw(
                "through_fields",
                Py::Tuple(vec![name(through.source), name(through.target)]),
            );
    }
    call.kw("blank", Py::bool(true))
}

fn reverse_name(inverse: Option<&String>) -> String {
    inverse.map_or_else(|| "+".to_owned(), Clone::clone)
}

/// How a relation names the model that it points to.
fn pointed_to(field: Walk<'_, Field>, other: Walk<'_, Entity>, target: Target) -> Py {
    if other.id == field.spec.user {
        Py::from("django.conf", "settings").attr("AUTH_USER_MODEL")
    } else if target == Target::Model && other.id == field.entity {
        Py::text("self")
    } else {
        entity_name(other, target)
    }
}

fn entity_name(entity: Walk<'_, Entity>, target: Target) -> Py {
    Py::text(match target {
        Target::Model => names::model_label(entity),
        Target::Migration => names::migration_label(entity),
    })
}

/// Whether a unique set or an index over all rows begins with the field, so that it needs none of its own.
pub(crate) fn leads_an_index(field: Walk<'_, Field>) -> bool {
    let entity = field.entity();
    let unique = entity.get().uniques.iter().any(|unique| {
        unique.condition.is_none()
            && !unique.ignoring_case
            && unique.fields.first() == Some(&field.id)
    });
    let index = entity.get().indexes.iter().any(|index| {
        index.condition.is_none() && index.keys.first().is_some_and(|key| key.field == field.id)
    });
    unique || index
}
