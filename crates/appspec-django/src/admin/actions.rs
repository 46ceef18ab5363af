//! Buttons for what can be done with a row, where rules say who may.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Action, Entity, Lifecycle, Walk};

use crate::names;
use crate::services;
use crate::target::Target;

/// Whether a page has such buttons.
pub(super) fn are_offered(entity: Walk<'_, Entity>) -> bool {
    let mut lifecycles = entity.get().lifecycles.iter();
    entity.spec.has_access() && lifecycles.any(|lifecycle| !lifecycle.actions.is_empty())
}

/// `row_actions = {"cancel": RowAction(…)}`
pub(super) fn of(entity: Walk<'_, Entity>) -> Option<Stmt> {
    if !are_offered(entity) {
        return None;
    }
    let lifecycles = entity.get().lifecycles.iter();
    let actions = lifecycles.flat_map(|lifecycle| {
        let actions = lifecycle.actions.iter();
        actions.map(move |action| {
            (
                Py::text(&action.name),
                row_action(entity, lifecycle, action),
            )
        })
    });
    Some(Stmt::assign("row_actions", Py::Dict(actions.collect())))
}

fn row_action(entity: Walk<'_, Entity>, lifecycle: &Lifecycle, action: &Action) -> Py {
    let spec = entity.spec;
    let state = |name: &str| match lifecycle.states(spec) {
        Some(states) => Target::Model.choice(spec, states, name),
        None => Py::text(name),
    };
    let leaves = action.from.iter().map(|from| state(&from.name)).collect();
    let run = Py::from(
        &format!("{}.services", names::app(entity)),
        services::name(entity, action),
    );
    // What a form asks for, and what the service calls it.
    let needs = action.needs.iter().map(|id| {
        let field = spec.walk(*id);
        let parameter = services::parameter(field);
        (Py::text(&field.get().name), Py::text(parameter.as_str()))
    });
    let needs: Vec<(Py, Py)> = needs.collect();
    Py::from("core.admin_actions", "RowAction")
        .kw("label", Py::text(label(&action.name)))
        .kw("run", run)
        .kw("state", Py::text(&spec.walk(lifecycle.field).name))
        .kw("leaves", Py::Tuple(leaves))
        .maybe_kw("needs", (!needs.is_empty()).then_some(Py::Dict(needs)))
}

/// `Check in`, of `check_in`
fn label(action: &str) -> String {
    let words = action.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
