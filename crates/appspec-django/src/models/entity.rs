use appspec_backend::python::{Class, Def, Expr as Py, Parameter, Stmt};
use appspec_ir::{
    Across, Default, Entity, Expr, Field, Id, Invariant, Moment, OneOf, Spec, Walk,
    is_sorted_by_key,
};

use super::{shown, user};
use crate::constraints;
use crate::expressions::{Predicates, Scope};
use crate::fields::{self, annotated, generated};
use crate::target::Target;
use crate::values;

/// The model of an entity.
pub(super) fn class(entity: Walk<'_, Entity>) -> Stmt {
    let is_user = entity.id == entity.spec.user;
    let is_stateful = !entity.get().lifecycles.is_empty();
    let mut bases = vec![match (is_stateful, &entity.get().soft_delete) {
        (false, None) => Py::from("core.models", "Record"),
        (true, None) => Py::from("core.lifecycles", "StatefulRecord"),
        (false, Some(_)) => Py::from("core.deletions", "RestorableRecord"),
        (true, Some(_)) => Py::from("core.deletions", "RestorableStatefulRecord"),
    }];
    if is_user {
        bases.extend(user::bases());
    }
    Stmt::Class(Class {
        decorators: vec![],
        name: (&entity.name).into(),
        bases,
        doc: Some(
            entity
                .get()
                .doc
                .clone()
                .unwrap_or_else(|| format!("One {}.", entity.labels.singular)),
        ),
        body: body(entity, is_user),
    })
}

fn body(entity: Walk<'_, Entity>, is_user: bool) -> Vec<Stmt> {
    let mut body = vec![Stmt::assign("id", fields::key(entity, Target::Model))];
    for field in entity.fields() {
        body.push(Stmt::assign(
            &field.name,
            fields::field(field, Target::Model),
        ));
    }
    for whole in &entity.get().one_of {
        body.extend(one_of(entity, whole));
    }
    for derive in entity.derives() {
        let value = generated(derive, Target::Model).unwrap_or_else(|| annotated(derive));
        body.push(Stmt::assign(&derive.name, value));
    }
    if is_user {
        body.push(Stmt::Blank);
        body.extend(user::attributes(entity));
    }
    let paths = paths(entity);
    if !paths.is_empty() {
        body.push(Stmt::Blank);
        body.push(Stmt::assign("path_defaults", Py::Dict(paths)));
    }
    let numbers: Vec<_> = entity
        .serials()
        .map(|(field, _)| &field.get().name)
        .collect();
    if !numbers.is_empty() {
        body.push(Stmt::Blank);
        body.push(Stmt::assign("numbered_fields", Py::text_tuple(numbers)));
    }
    if entity.get().audited.is_some() {
        body.push(Stmt::Blank);
        body.push(Stmt::assign(
            "audit_trail",
            Py::from("core.audit", "AuditTrail").call(),
        ));
    }
    body.push(Stmt::Class(Class {
        decorators: vec![],
        name: "Meta".into(),
        bases: vec![],
        doc: None,
        body: meta(entity),
    }));
    body.push(str_method(entity));
    body.extend(
        entity
            .invariants()
            .filter(|invariant| invariant.moment == Moment::Create)
            .map(moment),
    );
    let across = entity.get().across.iter();
    body.extend(across.map(|rule| with_others(entity, rule)));
    body
}

/// `subject = OneOf(subject_order).or_(subject_invoice)`: the row, whichever of the references it is set in.
fn one_of(entity: Walk<'_, Entity>, whole: &OneOf) -> Option<Stmt> {
    let references = whole.fields.iter();
    let mut references = references.map(|id| Py::name(&entity.spec.walk(*id).get().name));
    let first = Py::from("core.db.one_of", "OneOf").arg(references.next()?);
    let value = references.fold(first, |value, reference| value.attr("or_").arg(reference));
    Some(Stmt::assign(&whole.name, value))
}

fn meta(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    options(entity, Target::Model)
        .into_iter()
        .map(|(name, value)| Stmt::assign(name, value))
        .collect()
}

/// The options of a model, in the order in which its `Meta` and its migration write them.
pub(crate) fn options(entity: Walk<'_, Entity>, target: Target) -> Vec<(&'static str, Py)> {
    let mut options = plain_options(entity);
    let constraints = constraints::all(entity, target);
    if !constraints.is_empty() || !entity.get().across.is_empty() {
        let calls = constraints.into_iter().map(|one| one.call);
        let across = entity.get().across.iter();
        let across = across.map(|rule| constraints::across(entity, rule, target).1);
        let calls = calls.chain(across).collect();
        options.push(("constraints", Py::List(calls)));
    }
    let indexes: Vec<Py> = entity
        .get()
        .indexes
        .iter()
        .map(|index| constraints::index(entity, index, target).call)
        .collect();
    if !indexes.is_empty() {
        options.push(("indexes", Py::List(indexes)));
    }
    options
}

/// The options that `AlterModelOptions` and `AlterModelTableComment` change.
pub(crate) fn plain_options(entity: Walk<'_, Entity>) -> Vec<(&'static str, Py)> {
    let mut options = vec![
        ("verbose_name", Py::text(&entity.get().labels.singular)),
        ("verbose_name_plural", Py::text(&entity.get().labels.plural)),
    ];
    if let Some(comment) = table_comment(entity) {
        options.push(("db_table_comment", Py::text(comment)));
    }
    if let Some(ordering) = ordering(entity) {
        options.push(("ordering", ordering));
    }
    options
}

/// The documentation of an entity on one line.
pub(crate) fn table_comment(entity: Walk<'_, Entity>) -> Option<String> {
    values::comment(entity.get().doc.as_deref()?)
}

/// The natural order, made complete by the key.
pub(crate) fn ordering(entity: Walk<'_, Entity>) -> Option<Py> {
    let sorted_by = &entity.get().sorted_by;
    if sorted_by.is_empty() {
        return None;
    }
    let mut keys: Vec<String> = sorted_by
        .iter()
        .map(|key| {
            let sorted = constraints::sort_key(entity, *key);
            // Django would follow the reference into the order of the target, and from there back here for ever.
            if is_sorted_by_key(entity.spec, key.field) {
                sorted + "_id"
            } else {
                sorted
            }
        })
        .collect();
    keys.push("id".to_owned());
    Some(Py::texts(keys))
}

fn paths(entity: Walk<'_, Entity>) -> Vec<(Py, Py)> {
    entity
        .fields()
        .filter_map(|field| match &field.get().default {
            Some(Default::Path(path)) => {
                let steps: Vec<&str> = path
                    .iter()
                    .map(|id| entity.spec.walk::<Field>(*id).get().name.as_str())
                    .collect();
                Some((Py::text(&field.get().name), Py::text(steps.join("."))))
            }
            _ => None,
        })
        .collect()
}

fn str_method(entity: Walk<'_, Entity>) -> Stmt {
    Stmt::Def(Def {
        decorators: vec![],
        name: "__str__".into(),
        parameters: vec![Parameter::bare("self")],
        returns: Py::name("str"),
        doc: None,
        body: shown::statements(entity),
    })
}

fn moment(invariant: Walk<'_, Invariant>) -> Stmt {
    let rule = invariant.get();
    let read = rule.condition.fields();
    let decorator = Py::from("core.models", "on_create")
        .arg(Py::text(&rule.name))
        .arg(Py::text(&rule.message));
    asked(invariant.spec, decorator, &rule.name, &rule.condition, read)
}

/// What the model asks of a record and the rows around it.
fn with_others(entity: Walk<'_, Entity>, rule: &Across) -> Stmt {
    let own = rule
        .reads(entity.spec)
        .into_iter()
        .find(|(side, _)| side.is_own());
    let read = own.map_or_else(Vec::new, |(_, fields)| fields);
    let decorator = Py::from("core.models", "with_others")
        .arg(Py::text(&rule.name))
        .arg(Py::text(&rule.message));
    asked(entity.spec, decorator, &rule.name, &rule.condition, read)
}

/// A method that says whether a condition holds, which a decorator makes a rule.
fn asked(
    spec: &Spec,
    mut decorator: Py,
    name: &str,
    condition: &Expr,
    read: Vec<Id<Field>>,
) -> Stmt {
    let predicates = Predicates::of(Scope::of(spec, Target::Model), "self", &[]);
    let predicates = if condition.spans_rows() {
        predicates.following()
    } else {
        predicates
    };
    let (optional, needed): (Vec<_>, Vec<_>) = read
        .into_iter()
        .map(|id| spec.walk::<Field>(id))
        .partition(|field| field.optional);
    for (keyword, fields) in [("needs", needed), ("reads", optional)] {
        if !fields.is_empty() {
            let columns = fields.into_iter().map(|field| match field.relation() {
                Some(_) => format!("{}_id", field.name),
                None => field.name.clone(),
            });
            decorator = decorator.kw(keyword, Py::text_tuple(columns));
        }
    }
    Stmt::Def(Def {
        decorators: vec![decorator],
        name: format!("_{name}_holds").into(),
        parameters: vec![Parameter::bare("self")],
        returns: Py::name("bool"),
        doc: None,
        body: predicates.body(condition),
    })
}
