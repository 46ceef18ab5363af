//! The emitted project's own documentation.

mod access_matrix;
mod architecture;
mod data_model;
mod invariants;

use appspec_backend::Artifacts;
use appspec_ir::Spec;

use crate::header::generated;

/// The entities of a spec and how they refer to each other, as a picture in SVG.
pub fn data_model(spec: &Spec) -> String {
    data_model::picture(spec)
}

/// Writes `docs/`.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for (path, body) in [
        ("docs/architecture.md", architecture::page(spec)),
        ("docs/data-model.svg", data_model::picture(spec)),
        ("docs/invariants.md", invariants::page(spec)),
    ] {
        out.add(path, generated(path, &spec.project.name, &body));
    }
    if spec.has_access() {
        let path = "docs/access-matrix.md";
        let body = access_matrix::page(spec);
        out.add(path, generated(path, &spec.project.name, &body));
    }
}
