use appspec_backend::python::Expr as Py;
use appspec_ir::{Across, Entity, Field, Id, Side, Walk};

use crate::expressions::{Conditions, Scope};
use crate::names;
use crate::target::Target;
use crate::values;

/// A rule that spans rows: what it is called in the database, and the call that makes it.
pub(crate) fn across(entity: Walk<'_, Entity>, rule: &Across, target: Target) -> (String, Py) {
    let spec = entity.spec;
    let name = names::constraint(&names::app(entity), &entity.name, &rule.name);
    let own = |id: Id<Field>| spec.walk(id).name.clone();
    let reads = rule.reads().into_iter();
    let reads = reads.map(|(side, fields)| {
        let path = path(entity, side);
        (Py::text(path), Py::texts(fields.into_iter().map(own)))
    });
    let call = Py::from("core.db.across", "AcrossRows")
        .kw(
            "condition",
            Conditions(Scope::of(spec, target)).condition(&rule.condition),
        )
        .kw("reads", Py::Dict(reads.collect()))
        .kw("name", Py::text(&name))
        .kw(
            "violation_error_code",
            Py::text(names::error_code(&rule.name)),
        )
        .kw("violation_error_message", values::message(&rule.message));
    (name, call)
}

/// `shop.Line.order`: where rows are, as seen from the rule's.
fn path(entity: Walk<'_, Entity>, side: Side) -> String {
    let spec = entity.spec;
    let pointing = |by: Id<Field>| {
        let field = spec.walk(by);
        let owner = field.entity();
        format!("{}.{}.{}", names::app(owner), owner.name, field.name)
    };
    match side {
        Side::Own => String::new(),
        Side::Behind(reference) => spec.walk(reference).name.clone(),
        Side::Pointing(by) => pointing(by),
        Side::BehindPointing(by, reference) => {
            format!("{}.{}", pointing(by), spec.walk(reference).name)
        }
    }
}
