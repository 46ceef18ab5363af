//! Functions that make rows.

use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};
use appspec_ir::{Entity, Module, Walk};

use super::of_testing;
use super::rows::{Arguments, Rows, factory_name};
use crate::{names, words};

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
    if let Some(term) = entity.keep.as_ref().filter(|_| rows.may_be_old(entity)) {
        let since = Py::text(&rows.spec.walk(term.since).name);
        given.retain(|(name, _)| *name != since);
        given.push((since, of_testing("LONG_AGO")));
    }
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
    let others = [(2, rows.second(entity.id)), (3, rows.third(entity.id))];
    let mut number = "_number";
    for (place, other) in others {
        let changes = other.map(|other| rows.difference(entity, first, other, own));
        let Some(changes) = changes.filter(|changes: &Arguments| !changes.is_empty()) else {
            continue;
        };
        number = "number";
        body.push(Stmt::If(
            Py::binary(Operator::Equal, Py::name("number"), Py::int(place)),
            vec![Stmt::Expr(
                Py::name("row").attr("update").arg(Py::Dict(changes)),
            )],
        ));
    }
    let earlier = rows.made_earlier(entity.id);
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
            ))
            .maybe_kw("earlier", earlier.then(|| Py::bool(true))),
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
        doc: Some(if earlier {
            format!(
                "Make a row of {}, unsaved, for which no rule about new rows is asked.",
                words::rows_of(&entity.name)
            )
        } else {
            format!("Make a row of {}, unsaved.", words::rows_of(&entity.name))
        }),
        body,
    }))
}
