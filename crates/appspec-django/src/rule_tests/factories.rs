//! Functions that make rows.

use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};
use appspec_ir::{Entity, Module, Walk};

use super::rows::{Arguments, Rows, factory_name};
use crate::names;

/// The factories of an app.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    module
        .entities()
        .filter_map(|entity| factory(rows, entity))
        .collect()
}

/// ```python
/// def make_skill(number: int = 1, /, **values: Any) -> Skill:
///     """Make a row of `Skill`, unsaved."""
///     row: dict[str, Any] = {"stylist": Saved(make_stylist), "level": 3}
///     if number == 2:
///         row.update({"stylist": Saved(make_stylist, 2)})
///     return build(Skill, row | values)
/// ```
fn factory(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> Option<Stmt> {
    let first = rows.first(entity.id)?;
    let own = Some(entity.module().id);
    let mut given = rows.whole(entity, first);
    if entity.id == entity.spec.user {
        // Nobody signs in with it.
        let password = Py::from("django.contrib.auth.hashers", "make_password");
        given.push((Py::text("password"), password.arg(Py::none())));
    }
    let row_type = Py::Subscript(
        Box::new(Py::name("dict")),
        vec![Py::name("str"), Py::from("typing", "Any")],
    );
    let mut body = vec![Stmt::Annotated("row".into(), row_type, Py::Dict(given))];
    let second = rows
        .second(entity.id)
        .map(|second| rows.difference(entity, first, second, own));
    let mut number = "_number";
    if let Some(changes) = second.filter(|changes: &Arguments| !changes.is_empty()) {
        number = "number";
        body.push(Stmt::If(
            Py::binary(Operator::Equal, Py::name("number"), Py::int(2)),
            vec![Stmt::Expr(
                Py::name("row").attr("update").arg(Py::Dict(changes)),
            )],
        ));
    }
    let model = Py::from(
        &format!("{}.models", names::app(entity)),
        &entity.get().name,
    );
    body.push(Stmt::Return(
        Py::from("core.testing", "build")
            .arg(model.clone())
            .arg(Py::binary(
                Operator::BitOr,
                Py::name("row"),
                Py::name("values"),
            )),
    ));
    // A field may have the same name.
    let number = Parameter::typed(number, Py::name("int"))
        .or(Py::int(1))
        .by_place();
    Some(Stmt::Def(Def {
        decorators: vec![],
        name: factory_name(&entity).into(),
        parameters: vec![number, Parameter::rest("values", Py::from("typing", "Any"))],
        returns: model,
        doc: Some(format!("Make a row of `{}`, unsaved.", entity.name)),
        body,
    }))
}
