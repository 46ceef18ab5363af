//! `admin.py`: pages for the rows of each model.

mod actions;
mod columns;
mod listed;
mod order;
mod together;

use appspec_backend::Artifacts;
use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Entity, Field, FieldType, Keeper, Kept, Spec, Walk};

use crate::constraints::sort_key;
use crate::fields::is_added;
use crate::models::{add, shown_fields, ways};
use crate::{names, words};
use together::Together;

/// Emits the admin pages of every app.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let label = &module.get().label;
        let body = module.entities().flat_map(classes).collect();
        add(
            out,
            spec,
            module,
            "admin.py",
            &format!("Admin pages of `{label}`."),
            body,
        );
    }
}

/// Whether a field can be changed on the page of an entity that writes rows along with its own: one of the row
/// itself, or of those rows.
pub(crate) fn is_written_together(
    entity: Walk<'_, Entity>,
    field: Walk<'_, Field>,
    is_own: bool,
) -> bool {
    let together = Together::of(entity);
    let rows = entity.spec.walk(field.get().entity);
    let is_there = if is_own {
        !together.is_empty()
    } else {
        together.writes(field)
    };
    let is_kept = |kept: appspec_ir::Kept<'_>| kept.fields.contains(&field.id);
    is_there
        && !is_added(field)
        && !computed(rows).contains(&field.name)
        && !rows.kept().into_iter().any(is_kept)
}

/// What the rows of an entity are sorted by where a person looks at them, but for the key.
pub(crate) fn order_of(entity: Walk<'_, Entity>) -> Vec<String> {
    let own = entity.sorted_by.iter().map(|key| sort_key(entity, *key));
    let is_field = |term: &String| entity.field(term.trim_start_matches('-')).is_some();
    own.chain(order::keys(entity)).filter(is_field).collect()
}

/// Whether a rule is about what rows keep, and not about what they become.
pub(crate) fn keeps_values(kept: &Kept<'_>) -> bool {
    !matches!(
        kept.source,
        Keeper::Change(_) | Keeper::Live(_) | Keeper::Term(_) | Keeper::Audit
    )
}

/// The page of an entity, below the rows that it writes along with its own.
fn classes(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let together = Together::of(entity);
    let mut classes: Vec<Stmt> = together.classes().collect();
    classes.push(class(entity, &together));
    classes
}

fn class(entity: Walk<'_, Entity>, together: &Together<'_>) -> Stmt {
    let name = &entity.get().name;
    let is_user = entity.id == entity.spec.user;
    let mut bases = Vec::new();
    if !together.is_empty() {
        bases.push(Py::from("core.together", "TogetherAdmin"));
    }
    if entity.kept().iter().any(keeps_values) {
        bases.push(Py::from("core.kept", "KeptAdmin"));
    }
    if entity.get().soft_delete.is_some() {
        bases.push(Py::from("core.deleted", "RestorableAdmin"));
    } else if entity.get().keep.is_some() {
        bases.push(Py::from("core.terms", "TermAdmin"));
    }
    if entity.get().audited.is_some() {
        bases.push(Py::from("core.audited", "AuditedAdmin"));
    }
    if actions::are_offered(entity) {
        bases.push(Py::from("core.admin_actions", "ActionsAdmin"));
    }
    if is_user {
        bases.push(Py::from("core.users", "PersonAdmin"));
    } else if bases.is_empty() {
        bases.push(Py::from("core.admin", "RecordAdmin"));
    }
    Stmt::Class(Class {
        decorators: vec![
            Py::from("django.contrib", "admin")
                .attr("register")
                .arg(Py::from(&format!("{}.models", names::app(entity)), name)),
        ],
        name: format!("{name}Admin").into(),
        bases,
        doc: Some(format!("Pages for the rows of {}.", words::rows_of(name))),
        body: options(entity, is_user, together),
    })
}

fn options(entity: Walk<'_, Entity>, is_user: bool, together: &Together<'_>) -> Vec<Stmt> {
    let columns = columns::columns(entity);
    let mut body = vec![
        Stmt::assign("list_display", Py::text_tuple(columns.iter().cloned())),
        Stmt::assign("search_fields", Py::text_tuple(listed::searched(entity))),
    ];
    let mut tuple = |name: &'static str, values: Vec<String>| {
        if !values.is_empty() {
            body.push(Stmt::assign(name, Py::text_tuple(values)));
        }
    };
    if !is_user {
        tuple("ordering", order::keys(entity));
    }
    tuple("list_filter", listed::filters(entity));
    tuple("list_select_related", joined(entity, &columns));
    tuple("autocomplete_fields", relations(entity));
    tuple("readonly_fields", computed(entity));
    body.extend(together.inlines());
    body.extend(actions::of(entity));
    if is_user {
        let own = entity
            .fields()
            .map(|field| field.get().name.clone())
            .filter(|name| name != "email" && !USUAL.contains(&name.as_str()));
        body.push(Stmt::assign("own_fields", Py::text_tuple(own)));
    }
    body
}

/// Fields of the user that the page has a place for already.
const USUAL: [&str; 2] = ["is_active", "is_staff"];

fn relations(entity: Walk<'_, Entity>) -> Vec<String> {
    entity
        .fields()
        .filter(|field| match &field.get().ty {
            FieldType::Relation(_) => true,
            FieldType::Many(many) => many.through.is_none(),
            _ => false,
        })
        .map(|field| field.get().name.clone())
        .collect()
}

/// The references that columns and what is read for a row follow, as far as rows are read by their references again.
fn joined(entity: Walk<'_, Entity>, columns: &[String]) -> Vec<String> {
    let shown: Vec<_> = shown_fields(entity).iter().map(|field| field.id).collect();
    let followed = entity
        .fields()
        .filter(|field| field.relation().is_some())
        .filter(|field| {
            let whole = field.part_of().map(|whole| &whole.name);
            let mut names = whole.into_iter().chain([&field.get().name]);
            names.any(|name| columns.contains(name)) || shown.contains(&field.id)
        });
    let mut paths: Vec<String> = Vec::new();
    for mut way in followed.flat_map(ways) {
        while way.last().is_some_and(|last| last.target().is_none()) {
            way.pop();
        }
        let path = path(&way);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    // A longer one brings along what it begins with.
    let all = paths.clone();
    paths.retain(|path| {
        !all.iter()
            .any(|other| other.starts_with(&format!("{path}__")))
    });
    paths
}

/// `order__customer__name`
fn path(way: &[Walk<'_, Field>]) -> String {
    let names: Vec<&str> = way.iter().map(|step| step.get().name.as_str()).collect();
    names.join("__")
}

fn computed(entity: Walk<'_, Entity>) -> Vec<String> {
    let touched = entity
        .fields()
        .filter(|field| field.is_given_by_writes())
        .map(|field| field.get().name.clone());
    let derived = entity.derives().map(|derive| derive.get().name.clone());
    let states = entity.get().lifecycles.iter();
    let states = states.map(|one| entity.spec.walk(one.field).get().name.clone());
    touched.chain(derived).chain(states).collect()
}
