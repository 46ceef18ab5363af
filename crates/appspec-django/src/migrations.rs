//! Migrations: each build appends what changed since the last one; the first is the change from nothing.

mod across;
mod built;
mod create;
mod file;
mod interlock;
mod operations;
mod order;
mod plan;
mod removals;
mod renames;
mod rows;
mod steps;
mod work;

use appspec_backend::{Artifact, Artifacts};
use appspec_evolve::{Changes, Migration};
use appspec_ir::Spec;

use crate::{core, names};

/// Emits the migrations that lead from the schema as last built to that of the spec, and what is to be
/// remembered of them.
pub(crate) fn emit(spec: &Spec, changes: &Changes<'_>, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let label = &module.get().label;
        let file = appspec_backend::python::File {
            header: names::header(spec),
            doc: String::new(),
            body: vec![],
            has_tests: false,
        };
        out.add(
            format!("{label}/migrations/__init__.py"),
            Artifact::generated(file.print()),
        );
    }
    let plan = plan::plan(spec, changes);
    crate::each(&plan.migrations, out, |planned, out| {
        let text = file::print(spec, planned, plan.operations(planned));
        let remembered = Migration {
            app: planned.app.to_owned(),
            name: planned.name.clone(),
            after: planned.after(),
            delta: plan.delta(planned),
            uses: core::uses(&text),
        };
        out.add(remembered.path(), Artifact::frozen(remembered.to_json()));
        out.add(
            format!("{}/migrations/{}.py", planned.app, planned.name),
            Artifact::frozen(text),
        );
    });
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::Diagnostics;
    use appspec_evolve::{History, diff};

    use super::*;
    use crate::fixture;

    #[test]
    fn the_first_migration_makes_everything() {
        let spec = fixture::salon();
        let nothing = History::default();
        let changes = diff(&nothing, &spec, &mut Diagnostics::new());
        let mut out = Artifacts::new();
        emit(&spec, &changes, &mut out);
        let text = |path: &str| {
            out.get(path)
                .map(|file| file.content.clone())
                .unwrap_or_default()
        };
        insta::assert_snapshot!(
            "first_of_booking",
            text("booking/migrations/0001_initial.py")
        );
        insta::assert_snapshot!(
            "first_of_accounts",
            text("accounts/migrations/0001_initial.py")
        );
    }

    #[test]
    fn nothing_changed_is_no_migration() {
        let spec = fixture::salon();
        let nothing = History::default();
        let first = diff(&nothing, &spec, &mut Diagnostics::new());
        let mut out = Artifacts::new();
        emit(&spec, &first, &mut out);
        let remembered = out
            .iter()
            .filter(|(path, _)| path.starts_with(History::FOLDER))
            .map(|(_, file)| appspec_evolve::Migration::from_json(&file.content).unwrap())
            .collect();
        let history = History::new(remembered);
        let second = diff(&history, &spec, &mut Diagnostics::new());
        assert_eq!(second.steps, []);
        assert_eq!(plan::plan(&spec, &second).migrations.len(), 0);
    }
}
