//! What Django asks of the model of the people who sign in.

use std::collections::BTreeSet;

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{
    Default, Entity, Expr, Field, FieldType, Id, Row, Scalar, Surroundings, Walk, holds,
};

use crate::expressions::models;

pub(super) fn bases() -> Vec<Py> {
    vec![
        Py::from("django.contrib.auth.base_user", "AbstractBaseUser"),
        Py::from("django.contrib.auth.models", "PermissionsMixin"),
    ]
}

/// What a new account is asked for beside the e-mail address and the password: what is required, and what a rule reads
/// that does not hold as long as nothing is said.
fn asked_for(entity: Walk<'_, Entity>) -> Vec<String> {
    let needed = needed(entity);
    entity
        .fields()
        .filter(|field| {
            let given = field.optional || field.get().default.is_some();
            let is_flag = field.get().ty == FieldType::Scalar(Scalar::Bool);
            let is_required = !given && !is_flag;
            let is_asked = is_required || needed.contains(&field.id);
            field.is_column() && !field.is_given_by_writes() && is_asked && field.name != "email"
        })
        .map(|field| field.get().name.clone())
        .collect()
}

/// The fields of the rules that an account breaks of which nothing is known but its defaults.
fn needed(entity: Walk<'_, Entity>) -> BTreeSet<Id<Field>> {
    let mut row = Row::new();
    for field in entity.fields() {
        if let Some(Default::Value(value)) = &field.get().default {
            row.set(field.id, value.clone());
        }
    }
    let conditions = entity
        .invariants()
        .map(|invariant| &invariant.get().condition);
    let broken =
        conditions.filter(|condition| holds(condition, &row, Surroundings::default()) == Ok(false));
    broken.flat_map(Expr::fields).collect()
}

/// The attributes that Django's sign-in reads.
pub(super) fn attributes(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    vec![
        Stmt::Annotated(
            "objects".into(),
            Py::from("typing", "ClassVar").subscript(Py::from("accounts.managers", "UserManager")),
            Py::from("accounts.managers", "UserManager").call(),
        ),
        Stmt::Blank,
        Stmt::assign("USERNAME_FIELD", Py::text("email")),
        Stmt::assign("EMAIL_FIELD", Py::text("email")),
        Stmt::Annotated(
            "REQUIRED_FIELDS".into(),
            Py::from("typing", "ClassVar").subscript(Py::name("list").subscript(Py::name("str"))),
            Py::texts(asked_for(entity)),
        ),
    ]
}

/// The fields that the bases bring along, as Django 5.2 and later declare them.
pub(crate) fn migration_fields() -> Vec<(String, Py)> {
    let named = |name: &str, field: Py, verbose: &str| {
        (name.to_owned(), field.kw("verbose_name", Py::text(verbose)))
    };
    let many = |target: &str, help: &str, verbose: &str| {
        models()
            .attr("ManyToManyField")
            .kw("to", Py::text(target))
            .kw("blank", Py::bool(true))
            .kw("help_text", Py::text(help))
            .kw("related_name", Py::text("user_set"))
            .kw("related_query_name", Py::text("user"))
            .kw("verbose_name", Py::text(verbose))
    };
    vec![
        named(
            "password",
            models().attr("CharField").kw("max_length", Py::int(128)),
            "password",
        ),
        named(
            "last_login",
            models()
                .attr("DateTimeField")
                .kw("null", Py::bool(true))
                .kw("blank", Py::bool(true)),
            "last login",
        ),
        named(
            "is_superuser",
            models()
                .attr("BooleanField")
                .kw("default", Py::bool(false))
                .kw("help_text", Py::text(SUPERUSER)),
            "superuser status",
        ),
        ("groups".to_owned(), many("auth.group", GROUPS, "groups")),
        (
            "user_permissions".to_owned(),
            many(
                "auth.permission",
                "Specific permissions for this user.",
                "user permissions",
            ),
        ),
    ]
}

const SUPERUSER: &str =
    "Designates that this user has all permissions without explicitly assigning them.";
const GROUPS: &str = "The groups this user belongs to. A user will get all permissions granted to each of their groups.";
