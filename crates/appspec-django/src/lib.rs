//! A spec as a Django project.

mod access;
mod admin;
mod constraints;
mod core;
mod demo;
mod docs;
mod expressions;
mod fields;
mod header;
mod kept;
mod migrations;
mod models;
mod names;
mod pairs;
mod project;
mod rule_tests;
mod rules;
mod seeds;
mod services;
mod target;
mod values;
mod words;

#[cfg(test)]
mod fixture;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::Diagnostics;
use appspec_evolve::Changes;
use appspec_ir::{Compiled, Spec, in_shares};

pub use demo::{Together, rows_together};
pub use docs::data_model;
pub use kept::refused_by_sqlite;
pub use rules::{Rule, RuleClass, asked_by_the_connection, rules};

/// The Django backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Django;

impl Backend for Django {
    fn name(&self) -> &'static str {
        "django"
    }

    fn check(&self, _spec: &Spec, _out: &mut Diagnostics) {}

    fn emit(&self, compiled: &Compiled, changes: &Changes<'_>, out: &mut Artifacts) {
        let spec = &compiled.spec;
        let models = |out: &mut Artifacts| models::emit(spec, out);
        let migrations = |out: &mut Artifacts| migrations::emit(spec, changes, out);
        let rule_tests = |out: &mut Artifacts| rule_tests::emit(compiled, out);
        let examples = |out: &mut Artifacts| demo::emit(compiled, out);
        let others = |out: &mut Artifacts| {
            core::prepare(spec);
            project::emit(spec, out);
            docs::emit(spec, out);
            admin::emit(spec, out);
            seeds::emit(spec, out);
            services::emit(spec, out);
            access::emit(spec, out);
        };
        // Those come last that wait for the solver's rows.
        side_by_side(
            &[&models, &migrations, &others, &rule_tests, &examples],
            out,
        );
        // Last: it holds what the others import.
        core::emit(spec, changes, out);
    }
}

/// Emits things that need nothing of each other, shared among the processors.
fn each<T: Sync>(items: &[T], out: &mut Artifacts, emit: impl Fn(&T, &mut Artifacts) + Sync) {
    let shares = in_shares(items, 1, |items| {
        let mut files = Artifacts::new();
        for item in items {
            emit(item, &mut files);
        }
        vec![files]
    });
    for files in shares {
        out.append(files);
    }
}

/// Emits parts that need nothing of each other; the files are sorted by path anyway.
fn side_by_side(parts: &[&(dyn Fn(&mut Artifacts) + Sync)], out: &mut Artifacts) {
    each(parts, out, |part, out| part(out));
}
