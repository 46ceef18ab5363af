//! New tables, whatever circle their relations make.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_ir::{Derive, Entity, Expr, Field, Id, Walk};

use super::operations;
use crate::constraints;
use crate::fields;
use crate::models::{plain_options, user_migration_fields};
use crate::target::Target;

/// The operation that makes a table without the fields in `later`, nor what mentions them.
pub(super) fn model(entity: Walk<'_, Entity>, later: &BTreeSet<Id<Field>>) -> Py {
    let mut columns: Vec<(String, Py)> =
        vec![("id".to_owned(), fields::key(entity, Target::Migration))];
    if entity.id == entity.spec.user {
        columns.extend(user_migration_fields());
    }
    for field in entity.fields().filter(|field| !later.contains(&field.id)) {
        columns.push((field.name.clone(), fields::field(field, Target::Migration)));
    }
    for derive in entity
        .derives()
        .filter(|derive| !derive_waits(*derive, later))
    {
        if let Some(value) = fields::generated(derive, Target::Migration) {
            columns.push((derive.name.clone(), value));
        }
    }
    let mut options: Vec<(Py, Py)> = plain_options(entity)
        .into_iter()
        .map(|(name, value)| (Py::text(name), value))
        .collect();
    let rules = rules(entity, later, false);
    if !rules.is_empty() {
        let calls = rules.into_iter().map(|rule| rule.call).collect();
        options.push((Py::text("constraints"), Py::List(calls)));
    }
    let indexes = indexes(entity, later, false);
    if !indexes.is_empty() {
        let calls = indexes.into_iter().map(|index| index.call).collect();
        options.push((Py::text("indexes"), Py::List(calls)));
    }
    Py::from("django.db", "migrations")
        .attr("CreateModel")
        .kw("name", Py::text(&entity.get().name))
        .kw(
            "fields",
            Py::List(
                columns
                    .into_iter()
                    .map(|(name, field)| Py::Tuple(vec![Py::text(name), field]))
                    .collect(),
            ),
        )
        .kw("options", Py::Dict(options))
}

/// What [`model`] left out: the fields that come now, then what is derived from them, then rules and indexes about them.
/// `later` is all that was left out, of whatever entity.
pub(super) fn rest(
    entity: Walk<'_, Entity>,
    now: &BTreeSet<Id<Field>>,
    later: &BTreeSet<Id<Field>>,
) -> Vec<Py> {
    let mut found: Vec<Py> = entity
        .fields()
        .filter(|field| now.contains(&field.id))
        .map(operations::add_field)
        .collect();
    if found.is_empty() {
        return found;
    }
    found.extend(
        entity
            .derives()
            .filter(|derive| derive_waits(*derive, now))
            .filter_map(operations::add_derive),
    );
    found.extend(
        indexes(entity, now, true)
            .into_iter()
            .map(|index| operations::add_index(entity, index)),
    );
    found.extend(
        rules(entity, now, true)
            .into_iter()
            .filter(|rule| !reads_elsewhere(entity, rule, later))
            .map(|rule| operations::add_constraint(entity, rule)),
    );
    found
}

/// What [`model`] and [`rest`] left out: rules that read fields of other entities which are not there yet. A number may begin
/// anew for what is found along references.
pub(super) fn read_elsewhere(
    entity: Walk<'_, Entity>,
    later: &BTreeSet<Id<Field>>,
) -> Vec<constraints::Constraint> {
    if entity.serials().next().is_none() {
        return Vec::new();
    }
    let mut found = rules(entity, later, true);
    found.retain(|rule| reads_elsewhere(entity, rule, later));
    found
}

fn reads_elsewhere(
    entity: Walk<'_, Entity>,
    rule: &constraints::Constraint,
    later: &BTreeSet<Id<Field>>,
) -> bool {
    let mut late = rule.fields.iter().filter(|id| later.contains(id));
    late.any(|id| entity.spec.walk(*id).get().entity != entity.id)
}

fn derive_waits(derive: Walk<'_, Derive>, later: &BTreeSet<Id<Field>>) -> bool {
    mentions(&derive.value, later)
}

fn mentions(expr: &Expr, later: &BTreeSet<Id<Field>>) -> bool {
    expr.fields().iter().any(|id| later.contains(id))
}

fn rules(
    entity: Walk<'_, Entity>,
    later: &BTreeSet<Id<Field>>,
    waiting: bool,
) -> Vec<constraints::Constraint> {
    constraints::all(entity, Target::Migration)
        .into_iter()
        .filter(|rule| rule.fields.iter().any(|id| later.contains(id)) == waiting)
        .collect()
}

fn indexes(
    entity: Walk<'_, Entity>,
    later: &BTreeSet<Id<Field>>,
    waiting: bool,
) -> Vec<constraints::Constraint> {
    entity
        .get()
        .indexes
        .iter()
        .map(|index| constraints::index(entity, index, Target::Migration))
        .filter(|index| index.fields.iter().any(|id| later.contains(id)) == waiting)
        .collect()
}
