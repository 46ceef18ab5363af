//! A spec as a Django project.

mod admin;
mod constraints;
mod core;
mod docs;
mod expressions;
mod fields;
mod header;
mod migrations;
mod models;
mod names;
mod project;
mod rule_tests;
mod rules;
mod seeds;
mod target;
mod values;
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

    fn emit(&self, compiled: &Compiled, changes: &Changes, out: &mut Artifacts) {
        let spec = &compiled.spec;
        project::emit(spec, out);
        docs::emit(spec, out);
        core::emit(spec, out);
        models::emit(spec, out);
        migrations::emit(spec, changes, out);
        admin::emit(spec, out);
        seeds::emit(spec, out);
        rule_tests::emit(spec, out);
    }
}
