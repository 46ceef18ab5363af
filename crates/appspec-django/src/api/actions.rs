//! What people do with a row besides writing its fields: the actions of its lifecycles.

use appspec_backend::pascal_case;
use appspec_backend::python::{Class, Def, Expr as Py, Parameter, Stmt};
use appspec_ir::{Action, Entity, Walk};

use super::serializers::{base, described_as, meta_class, model, name as serializer};
use crate::{names, services};

/// The serializers of what actions ask for.
pub(super) fn inputs(entity: Walk<'_, Entity>) -> impl Iterator<Item = Stmt> {
    let asking = super::actions(entity).filter(|action| !action.needs.is_empty());
    asking.map(move |action| {
        let needs = || action.needs.iter().map(|id| entity.spec.walk(*id));
        let given = || {
            Py::Dict(vec![
                (Py::text("required"), Py::bool(true)),
                (Py::text("allow_null"), Py::bool(false)),
            ])
        };
        let extra = needs().map(|it| (Py::text(&it.name), given())).collect();
        let meta = vec![
            Stmt::assign("model", model(entity)),
            Stmt::assign("fields", Py::text_tuple(needs().map(|it| it.name.clone()))),
            Stmt::assign("extra_kwargs", Py::Dict(extra)),
        ];
        let name = input(entity, action);
        Stmt::Class(Class {
            decorators: described_as(entity, &name),
            name: name.into(),
            bases: vec![base(entity)],
            doc: Some(format!("What has to be given to `{}`.", action.name)),
            body: vec![Stmt::Class(meta_class(meta))],
        })
    })
}

/// `CancelOrderInput`
fn input(entity: Walk<'_, Entity>, action: &Action) -> String {
    format!("{}{}Input", pascal_case(&action.name), entity.get().name)
}

/// ```python
/// @extend_schema(request=CancelOrderInput, responses=OrderSerializer)
/// @action(detail=True, methods=["post"], url_path="cancel", serializer_class=CancelOrderInput)
/// def do_cancel(self, request: Request, **_key: str) -> Response:
///     """Move a row from `placed` to `cancelled`."""
///     row = self.get_object()
///     given = self.given()
///     cancel_order(row, by=self.actor, cancel_reason=given["cancel_reason"])
///     return self.answer(row)
/// ```
pub(super) fn method(entity: Walk<'_, Entity>, action: &Action) -> Stmt {
    let own = format!("{}.api.serializers", names::app(entity));
    let asks = !action.needs.is_empty();
    let asked = asks.then(|| Py::from(&own, input(entity, action)));
    let described = Py::from("drf_spectacular.utils", "extend_schema")
        .kw("request", asked.clone().unwrap_or_else(Py::none))
        .kw("responses", Py::from(&own, serializer(entity)));
    let routed = Py::from("rest_framework.decorators", "action")
        .kw("detail", Py::bool(true))
        .kw("methods", Py::texts(["post"]))
        .kw("url_path", Py::text(action.name.replace('_', "-")))
        .maybe_kw("serializer_class", asked);
    let service = Py::from(
        &format!("{}.services", names::app(entity)),
        services::name(entity, action),
    );
    let needs = action.needs.iter().map(|id| entity.spec.walk(*id));
    let called = needs.fold(
        service
            .arg(Py::name("row"))
            .kw("by", Py::name("self").attr("actor")),
        |call, field| {
            let value = Py::name("given").subscript(Py::text(&field.name));
            call.kw(services::parameter(field), value)
        },
    );
    let method = |name: &'static str| Py::name("self").attr(name).call();
    let mut body = vec![Stmt::assign("row", method("get_object"))];
    if asks {
        body.push(Stmt::assign("given", method("given")));
    }
    body.push(Stmt::Expr(called));
    body.push(Stmt::Return(method("answer").arg(Py::name("row"))));
    Stmt::Def(Def {
        decorators: vec![described, routed],
        name: format!("do_{}", action.name).into(),
        parameters: vec![
            Parameter::bare("self"),
            Parameter::typed("_request", Py::from("rest_framework.request", "Request")),
            Parameter::rest("_key", Py::name("str")),
        ],
        returns: Py::from("rest_framework.response", "Response"),
        doc: Some(services::summary(action)),
        body,
    })
}
