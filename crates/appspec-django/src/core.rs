//! The package `core`: what every app stands on, emitted as readable source. Nothing in it depends on the spec.

use appspec_backend::{Artifact, Artifacts};
use appspec_ir::Spec;

use crate::names;

/// A file of the template folder at its place in the project.
macro_rules! fixed {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../templates/", $path)))),*]
    };
}

/// Emits the package.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    let header = names::header(spec);
    for (path, body) in fixed![
        "accounts/managers.py",
        "core/admin.py",
        "core/db/__init__.py",
        "core/db/expressions.py",
        "core/db/operations.py",
        "core/defaults.py",
        "core/errors.py",
        "core/fields.py",
        "core/files.py",
        "core/functions.py",
        "core/invariants.py",
        "core/lists.py",
        "core/management/__init__.py",
        "core/management/commands/__init__.py",
        "core/management/commands/check_invariants.py",
        "core/management/commands/seed.py",
        "core/models.py",
        "core/seeding.py",
        "core/testing.py",
        "core/tests/test_moments.py",
        "core/tests/test_pages.py",
        "core/tests/test_records.py",
        "core/users.py",
    ] {
        out.add(path, Artifact::generated(format!("# {header}\n{body}")));
    }
}
