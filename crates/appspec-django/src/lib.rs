//! A spec as a Django project.

mod docs;
mod header;
mod project;
mod rules;
mod words;

#[cfg(test)]
mod fixture;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::Diagnostics;
use appspec_evolve::Changes;
use appspec_ir::{Compiled, Spec};

pub use rules::{Rule, RuleClass, rules};

/// The Django backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Django;

impl Backend for Django {
    fn name(&self) -> &'static str {
        "django"
    }

    fn check(&self, _spec: &Spec, _out: &mut Diagnostics) {}

    fn emit(&self, compiled: &Compiled, _changes: &Changes, out: &mut Artifacts) {
        project::emit(&compiled.spec, out);
        docs::emit(&compiled.spec, out);
    }
}
