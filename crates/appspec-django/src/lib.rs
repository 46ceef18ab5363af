//! A spec as a Django project.

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::Diagnostics;
use appspec_evolve::Changes;
use appspec_ir::{Compiled, Spec};

/// The Django backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Django;

impl Backend for Django {
    fn name(&self) -> &'static str {
        "django"
    }

    fn check(&self, _spec: &Spec, _out: &mut Diagnostics) {}

    fn emit(&self, _compiled: &Compiled, _changes: &Changes, _out: &mut Artifacts) {}
}
