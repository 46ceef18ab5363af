//! `config/api.py`: the address of each view.

use std::collections::BTreeMap;

use appspec_backend::python::{Expr as Py, File, Stmt};
use appspec_backend::{Artifact, Artifacts, snake_case};
use appspec_ir::{Entity, Spec, Walk, plural};

use super::{is_served, views};
use crate::names;

/// Emits the router.
pub(super) fn emit(spec: &Spec, out: &mut Artifacts) {
    let served = spec.walk_modules().filter(|module| names::is_app(*module));
    let served: Vec<Walk<'_, Entity>> = served
        .flat_map(|module| module.entities().filter(|it| is_served(*it)))
        .collect();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for entity in &served {
        *uses.entry(several(*entity)).or_default() += 1;
    }
    let mut body = vec![Stmt::assign(
        "router",
        Py::from("rest_framework.routers", "SimpleRouter").call(),
    )];
    for entity in served {
        let mut address = several(entity);
        // Two entities may have one plural: `Person` and `People`.
        if uses.get(&address).is_some_and(|times| *times > 1) {
            address = format!("{}/{}", names::app(entity), kebab(&entity.get().name));
        }
        let class = Py::from(
            &format!("{}.api.views", names::app(entity)),
            views::name(entity),
        );
        let basename = format!("{}-{}", names::app(entity), kebab(&entity.get().name));
        body.push(Stmt::Expr(
            Py::name("router")
                .attr("register")
                .arg(Py::text(address))
                .arg(class)
                .kw("basename", Py::text(basename)),
        ));
    }
    let file = File {
        header: names::header(spec),
        doc: "The address of everything that the API serves.".to_owned(),
        body,
        has_tests: false,
    };
    out.add("config/api.py", Artifact::generated(file.print()));
}

/// `orders/order-lines`
fn several(entity: Walk<'_, Entity>) -> String {
    let words = snake_case(&entity.get().name).replace('_', " ");
    let words = plural(&words).replace(' ', "-");
    format!("{}/{words}", names::app(entity))
}

fn kebab(name: &str) -> String {
    snake_case(name).replace('_', "-")
}
