//! A spec as a Django project.

mod access;
mod admin;
mod api;
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
mod signing_in;
mod target;
mod values;
mod words;

#[cfg(test)]
mod fixture;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
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

    fn check(&self, spec: &Spec, out: &mut Diagnostics) {
        let accesses = spec.entities.iter();
        let accesses = accesses.filter_map(|(_, entity)| entity.access.as_ref());
        let mut grants = accesses.flat_map(|access| &access.grants);
        if let Some(limited) = grants.find(|grant| grant.limit.is_some()) {
            out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    limited.span,
                    "how often anyone may do something is checked, and not counted in this version of appspecc",
                )
                .label("nothing counts it yet")
                .help("leave out `at most …` to build; the API answers 60 requests a minute of each address that nobody is signed in from"),
            );
        }
        signing_in::check(spec, out);
        let mut roles = spec.roles.iter();
        if let Some((_, role)) = roles.next().filter(|_| !spec.has_access()) {
            out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    role.span,
                    "roles are built for the access blocks that name them, and there is none",
                )
                .label("has nothing to do")
                .help("say what the role may do: `access Appointment { … }`"),
            );
        }
    }

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
            api::emit(spec, out);
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
