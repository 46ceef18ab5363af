//! The operations of a migration.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Derive, Entity, Field, FieldType, Walk};

use crate::constraints::Constraint;
use crate::fields;
use crate::models::{ordering, table_comment};
use crate::target::Target;

fn migrations(name: &'static str) -> Py {
    Py::from("django.db", "migrations").attr(name)
}

fn on_model(name: &'static str, entity: Walk<'_, Entity>) -> Py {
    migrations(name).kw("model_name", Py::text(entity.name.to_lowercase()))
}

pub(super) fn add_constraint(entity: Walk<'_, Entity>, constraint: Constraint) -> Py {
    on_model("AddConstraint", entity).kw("constraint", constraint.call)
}

/// Rules with the models that they are about, for rows that are there; columns that become required or unique; and
/// the names of rules that go.
pub(super) fn add_rules(rules: Vec<Py>, fields: Vec<Py>, dropped: Vec<Py>) -> Py {
    let call = Py::from("core.db.rules", "AddRules").call();
    let list = |items: Vec<Py>| (!items.is_empty()).then_some(Py::List(items));
    rules
        .into_iter()
        .fold(call, Py::arg)
        .maybe_kw("fields", list(fields))
        .maybe_kw("dropped", list(dropped))
}

/// Rules with the entities that they are about.
pub(super) fn add_across(rules: Vec<(Walk<'_, Entity>, Py)>) -> Py {
    let call = Py::from("core.db.across", "AddAcrossRows").call();
    rules.into_iter().fold(call, |call, (entity, rule)| {
        let model = Py::text(entity.name.to_lowercase());
        call.arg(Py::Tuple(vec![model, rule]))
    })
}

/// Rows that were there get a number.
pub(super) fn number_rows(entity: Walk<'_, Entity>, rule: &str) -> Py {
    Py::from("core.db.serial", "NumberRows")
        .arg(Py::text(entity.name.to_lowercase()))
        .arg(Py::text(rule))
}

/// The counters of a rule go on under its new name.
pub(super) fn move_counters(from: &str, to: &str) -> Option<Py> {
    let statement = |from: &str, to: &str| {
        Py::text(format!(
            "UPDATE numbering SET serial = '{to}' WHERE serial = '{from}'"
        ))
    };
    (from != to).then(|| {
        migrations("RunSQL")
            .arg(statement(from, to))
            .arg(statement(to, from))
    })
}

/// `model` is the model's name at that moment.
pub(super) fn remove_across(model: &str, name: &str) -> Py {
    Py::from("core.db.across", "RemoveAcrossRows")
        .kw("model_name", Py::text(model.to_lowercase()))
        .kw("name", Py::text(name))
}

pub(super) fn alter_constraint(entity: Walk<'_, Entity>, constraint: Constraint) -> Py {
    on_model("AlterConstraint", entity)
        .kw("name", Py::text(constraint.name))
        .kw("constraint", constraint.call)
}

pub(super) fn add_index(entity: Walk<'_, Entity>, index: Constraint) -> Py {
    on_model("AddIndex", entity).kw("index", index.call)
}

/// `model` is the model's name at that moment.
pub(super) fn remove(operation: &'static str, model: &str, name: &str) -> Py {
    migrations(operation)
        .kw("model_name", Py::text(model.to_lowercase()))
        .kw("name", Py::text(name))
}

pub(super) fn delete_model(name: &str) -> Py {
    migrations("DeleteModel").kw("name", Py::text(name))
}

/// An entity gets another name, and the trail of its rows too, if there is one.
pub(super) fn rename_model(from: &str, entity: Walk<'_, Entity>) -> Py {
    let operation = match entity.audited {
        Some(_) => Py::from("core.db.audit", "RenameAuditedModel"),
        None => Py::from("core.db.operations", "RenameTable"),
    };
    operation
        .call()
        .kw("old_name", Py::text(from))
        .kw("new_name", Py::text(&entity.name))
}

/// A field gets another name, and what Django named after it too.
pub(super) fn rename_field(field: Walk<'_, Field>, from: &str) -> Py {
    let operation = match &field.ty {
        FieldType::Relation(_) | FieldType::Many(_) => {
            Py::from("core.db.operations", "RenameReference").call()
        }
        _ => migrations("RenameField"),
    };
    operation
        .kw("model_name", Py::text(field.entity().name.to_lowercase()))
        .kw("old_name", Py::text(from))
        .kw("new_name", Py::text(&field.name))
}

pub(super) fn add_field(field: Walk<'_, Field>) -> Py {
    let call = on_model("AddField", field.entity()).kw("name", Py::text(&field.name));
    call.kw("field", fields::field(field, Target::Migration))
}

/// A field that every write sets to the current moment: rows that exist take the moment of the migration.
pub(super) fn add_touched_field(field: Walk<'_, Field>) -> Py {
    let value = fields::field(field, Target::Migration)
        .kw("default", Py::from("django.utils", "timezone").attr("now"));
    on_model("AddField", field.entity())
        .kw("name", Py::text(&field.name))
        .kw("field", value)
        .kw("preserve_default", Py::bool(false))
}

pub(super) fn alter_field(field: Walk<'_, Field>) -> Py {
    on_model("AlterField", field.entity())
        .kw("name", Py::text(&field.name))
        .kw("field", fields::field(field, Target::Migration))
}

/// The same where its documentation is another one, too.
pub(super) fn alter_documented_field(field: Walk<'_, Field>) -> Py {
    Py::from("core.db.operations", "AlterDocumentedField")
        .kw("model_name", Py::text(field.entity().name.to_lowercase()))
        .kw("name", Py::text(&field.name))
        .kw("field", fields::field(field, Target::Migration))
}

/// Another type, while the column may still be empty: that it may not is asked of the rows, later.
pub(super) fn alter_optional_field(field: Walk<'_, Field>) -> Py {
    let value = fields::field(field, Target::Migration).kw("null", Py::bool(true));
    on_model("AlterField", field.entity())
        .kw("name", Py::text(&field.name))
        .kw("field", value)
}

pub(super) fn add_derive(derive: Walk<'_, Derive>) -> Option<Py> {
    with_derive("AddField", derive)
}

pub(super) fn alter_derive(derive: Walk<'_, Derive>) -> Option<Py> {
    with_derive("AlterField", derive)
}

fn with_derive(operation: &'static str, derive: Walk<'_, Derive>) -> Option<Py> {
    let entity = derive.spec.walk(derive.get().entity);
    let field = fields::generated(derive, Target::Migration)?;
    Some(
        on_model(operation, entity)
            .kw("name", Py::text(&derive.get().name))
            .kw("field", field),
    )
}

/// Labels and order; what is not mentioned goes back to Django's own.
pub(super) fn alter_options(entity: Walk<'_, Entity>) -> Py {
    let mut options = vec![
        (
            Py::text("verbose_name"),
            Py::text(&entity.get().labels.singular),
        ),
        (
            Py::text("verbose_name_plural"),
            Py::text(&entity.get().labels.plural),
        ),
    ];
    if let Some(ordering) = ordering(entity) {
        options.push((Py::text("ordering"), ordering));
    }
    migrations("AlterModelOptions")
        .kw("name", Py::text(entity.name.to_lowercase()))
        .kw("options", Py::Dict(options))
}

pub(super) fn alter_comment(entity: Walk<'_, Entity>) -> Py {
    migrations("AlterModelTableComment")
        .kw("name", Py::text(entity.name.to_lowercase()))
        .kw(
            "table_comment",
            table_comment(entity).map_or_else(Py::none, Py::text),
        )
}

/// Counters that began anew for a text begin anew for another one; each rule with the place of the text.
pub(super) fn replace_scope(serials: &[(String, usize)], from: &str, to: &str) -> Option<Py> {
    let serial = |(rule, place): &(String, usize)| {
        Py::Tuple(vec![
            Py::text(rule),
            Py::int(i64::try_from(*place).unwrap_or(0)),
        ])
    };
    (!serials.is_empty()).then(|| {
        Py::from("core.db.serial", "ReplaceScope")
            .kw("serials", Py::List(serials.iter().map(serial).collect()))
            .kw("old", Py::text(from))
            .kw("new", Py::text(to))
    })
}

/// Rows, or lists in rows, that hold a text hold another one afterwards.
pub(super) fn replace_value(field: Walk<'_, Field>, from: &str, to: &str) -> Py {
    let operation = match &field.get().ty {
        FieldType::List(_) => "ReplaceItem",
        _ => "ReplaceValue",
    };
    Py::from("core.db.operations", operation)
        .kw("model_name", Py::text(field.entity().name.to_lowercase()))
        .kw("field", Py::text(&field.name))
        .kw("old", Py::text(from))
        .kw("new", Py::text(to))
}
