//! `accounts/roles.py`: what people can be to the project.

use std::collections::BTreeSet;

use appspec_backend::python::{Expr as Py, File, Ident, Stmt};
use appspec_backend::{Artifact, Artifacts, snake_case};
use appspec_ir::{Id, Origin, Role, Spec};

use super::conditions;
use crate::names;

/// Emits the roles.
pub(super) fn emit(spec: &Spec, out: &mut Artifacts) {
    let mut body: Vec<Stmt> = order(spec)
        .into_iter()
        .filter_map(|id| Some(Stmt::assign(constant(spec, id)?, role(spec, id)?)))
        .collect();
    let all = spec.roles.ids().filter_map(|id| constant(spec, id));
    let of_roles =
        Py::from("collections.abc", "Sequence").subscript(Py::from("core.roles", "Role"));
    let all = Py::Tuple(all.map(Py::name).collect());
    body.push(Stmt::Annotated("ROLES".into(), of_roles.clone(), all));
    let entrants = spec.auth.iter().flat_map(|auth| &auth.admin_site);
    let entrants: Vec<Py> = entrants
        .filter_map(|id| constant(spec, *id))
        .map(Py::name)
        .collect();
    if !entrants.is_empty() {
        let value = Py::Tuple(entrants);
        body.push(Stmt::Annotated(
            "ADMIN_SITE".into(),
            of_roles.clone(),
            value,
        ));
    }
    let file = File {
        header: names::header(spec),
        doc: "The roles that people can have.".to_owned(),
        body,
        has_tests: false,
    };
    out.add("accounts/roles.py", Artifact::generated(file.print()));
}

/// `FRONT_DESK`
pub(crate) fn constant(spec: &Spec, id: Id<Role>) -> Option<Ident> {
    let name = snake_case(&unique_name(spec, id)?).to_uppercase();
    Some(Ident::new(&name))
}

/// The role's name, behind its module where another one has a role of that name.
fn unique_name(spec: &Spec, id: Id<Role>) -> Option<String> {
    let role = spec.roles.find(id)?;
    let same = spec.roles.iter().filter(|(_, it)| it.name == role.name);
    if same.count() == 1 {
        return Some(role.name.clone());
    }
    let module = spec.walk(role.module);
    Some(format!("{}_{}", module.label, role.name))
}

/// The roles, each behind those that include it.
fn order(spec: &Spec) -> Vec<Id<Role>> {
    let mut ordered: Vec<Id<Role>> = Vec::new();
    let mut left: Vec<Id<Role>> = spec.roles.ids().collect();
    while !left.is_empty() {
        let is_ready = |id: &Id<Role>| including(spec, *id).iter().all(|it| ordered.contains(it));
        let (mut ready, waiting): (Vec<_>, Vec<_>) = left.iter().copied().partition(is_ready);
        if ready.is_empty() {
            // A circle, which no checked spec has.
            ready = waiting;
            left = Vec::new();
        } else {
            left = waiting;
        }
        ordered.extend(ready);
    }
    ordered
}

/// The roles that include one.
fn including(spec: &Spec, id: Id<Role>) -> BTreeSet<Id<Role>> {
    let roles = spec.roles.iter();
    roles
        .filter(|(_, role)| role.includes.contains(&id))
        .map(|(id, _)| id)
        .collect()
}

fn role(spec: &Spec, id: Id<Role>) -> Option<Py> {
    let role = spec.roles.find(id)?;
    let class = match role.origin {
        Origin::SignedIn => "Role",
        Origin::Granted { .. } => "Granted",
        Origin::Derived { .. } => "Derived",
    };
    let including = including(spec, id);
    let including: Vec<Py> = including
        .into_iter()
        .filter_map(|id| constant(spec, id))
        .map(Py::name)
        .collect();
    let call = Py::from("core.roles", class)
        .arg(Py::text(unique_name(spec, id)?))
        .maybe_kw("label", role.label.as_ref().map(Py::text))
        .maybe_kw(
            "included_in",
            (!including.is_empty()).then_some(Py::Tuple(including)),
        );
    Some(match &role.origin {
        Origin::SignedIn => call,
        Origin::Granted { by } => {
            let by = by.iter().filter_map(|id| unique_name(spec, *id));
            call.kw("granted_by", Py::text_tuple(by))
        }
        Origin::Derived {
            entity,
            person,
            scope,
            condition,
        } => {
            let scope = scope.as_ref().map(|it| conditions::path(spec, it));
            let condition = condition.as_ref();
            call.kw("model", Py::text(names::model_label(spec.walk(*entity))))
                .kw("person", Py::text(conditions::path(spec, person)))
                .maybe_kw("scope", scope.map(Py::text))
                .maybe_kw("where", condition.map(|it| conditions::condition(spec, it)))
        }
    })
}
