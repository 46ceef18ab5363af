//! Migrations: each build appends what changed since the last one; the first is the change from nothing.

mod create;
mod file;
mod operations;
mod plan;
mod renames;
mod steps;

use appspec_backend::{Artifact, Artifacts};
use appspec_evolve::{Changes, Migration};
use appspec_ir::Spec;

use crate::names;

/// Emits the migrations that lead from the schema as last built to that of the spec, and what is to be
/// remembered of them.
pub(crate) fn emit(spec: &Spec, changes: &Changes, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let label = &module.get().label;
        let file = appspec_backend::python::File {
            header: names::header(spec),
            doc: format!("Migrations of `{label}`."),
            body: vec![],
        };
        out.add(
            format!("{label}/migrations/__init__.py"),
            Artifact::generated(file.print()),
        );
    }
    for planned in plan::plan(spec, changes) {
        let remembered = Migration {
            app: planned.app.clone(),
            name: planned.name.clone(),
            after: planned.after(),
            delta: planned.delta.clone(),
        };
        out.add(remembered.path(), Artifact::frozen(remembered.to_json()));
        out.add(
            format!("{}/migrations/{}.py", planned.app, planned.name),
            Artifact::frozen(file::print(spec, &planned)),
        );
    }
}
