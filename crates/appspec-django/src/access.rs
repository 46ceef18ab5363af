//! Who may do what: `accounts/roles.py`, and the `access.py` of each app.

mod conditions;
mod expected;
mod grants;
pub(crate) mod roles;

use appspec_backend::Artifacts;
use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Spec, Verb};

use crate::expressions::models;
use crate::models::add;
use crate::names;
use conditions::Named;

/// Emits what a spec says of roles and grants; nothing where it says nothing.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    if !spec.has_access() {
        return;
    }
    roles::emit(spec, out);
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let mut named = Named::default();
        let rules: Vec<(Py, Py)> = module
            .entities()
            .filter_map(|entity| {
                let access = entity.get().access.as_ref()?;
                let model = Py::from(&format!("{}.models", names::app(entity)), &entity.name);
                Some((model, grants::rules(entity, access, &mut named)))
            })
            .collect();
        if rules.is_empty() {
            continue;
        }
        let mut body = named.functions();
        body.insert(
            0,
            Stmt::Annotated("RULES".into(), rules_type(), Py::Dict(rules)),
        );
        body.rotate_left(1);
        let label = &module.get().label;
        let doc = format!("Who may do what with the rows of `{label}`.");
        add(out, spec, module, "access.py", &doc, body);
        expected::emit(spec, module, out);
    }
}

/// The longest first line of what a function says of itself.
const SUMMARY: usize = 90;

/// What a function says of itself: in one line, or in a shorter one with the condition below.
fn told(in_one: String, shorter: &str, condition: &str) -> String {
    if in_one.chars().count() <= SUMMARY {
        in_one
    } else {
        format!("{shorter}\n\n`{condition}`")
    }
}

/// What Python calls a verb.
pub(crate) fn verb(verb: &Verb) -> Py {
    Py::text(verb.word())
}

/// `Mapping[type[models.Model], Rules]`
fn rules_type() -> Py {
    let model = Py::name("type").subscript(models().attr("Model"));
    let rules = Py::from("core.access", "Rules");
    let mapping = Py::from("collections.abc", "Mapping");
    Py::Subscript(Box::new(mapping), vec![model, rules])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ruled, salon};

    fn emitted(spec: &Spec) -> Artifacts {
        let mut out = Artifacts::new();
        emit(spec, &mut out);
        out
    }

    #[test]
    fn rules_read_as_written_by_hand() {
        let files = emitted(&ruled());
        for path in [
            "accounts/roles.py",
            "booking/access.py",
            "booking/tests/test_access.py",
        ] {
            insta::assert_snapshot!(path, files.get(path).unwrap().content);
        }
    }

    #[test]
    fn a_spec_without_rules_has_no_files_of_them() {
        assert_eq!(emitted(&salon()).iter().count(), 0);
    }
}
