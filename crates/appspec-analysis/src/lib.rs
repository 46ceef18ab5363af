//! The front half of the compiler as one pure function: sources in, a checked [`Spec`](appspec_ir::Spec) out.

mod checks;
mod doubt;
mod expr;
mod live;
mod lower;
mod mend;
mod names;
mod one_of;
mod order;
mod stdlib;
mod suppressions;
mod turned;
mod unit;
mod written;

use std::collections::HashSet;

use appspec_diagnostics::{Diagnostics, Origin, Severity, Sources};
use appspec_ir::{Compiled, let_go};

pub use appspec_solver::further;

use doubt::Doubt;
use lower::Lowered;
use suppressions::Suppressions;

pub use mend::{Mended, Mending, mend};
pub use stdlib::{StdModule, std_module, std_modules};

/// Compiles a spec: parses every source, brings in the modules of the standard library that are used,
/// resolves names and types, and runs the checks.
///
/// `sources` holds the files of the spec; used modules of `std` are added to it, so that diagnostics can
/// point into them. The result is `Some` whenever names and types resolve, errors or not.
pub fn compile(sources: &mut Sources) -> (Option<Compiled>, Diagnostics) {
    compile_watched(sources, &mut |_| ())
}

/// A stage of [`compile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Texts become trees.
    Parse,
    /// Trees become the Spec: names, types, expressions.
    Lower,
    /// The rules of each entity are given to the solver.
    Solve,
    /// The checks run, and what they found is put in order.
    Check,
}

/// [`compile`], which tells `watch` when a stage begins: the compiler has no clock, a benchmark has.
pub fn compile_watched(
    sources: &mut Sources,
    watch: &mut dyn FnMut(Stage),
) -> (Option<Compiled>, Diagnostics) {
    let (compiled, found, _) = passes(sources, Depth::Rest, watch);
    (compiled, found)
}

/// How far a spec comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pass {
    /// A file can't be read.
    Syntax,
    /// A name or a type is wrong.
    Types,
    /// Everything is looked at.
    Checks,
}

/// What is looked at in a spec with errors of names and types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Nothing more, so that the errors of each pass can be counted.
    Pass,
    /// What is certain about the parts without errors.
    Rest,
}

/// [`compile`], with the last pass that was run over everything.
pub(crate) fn passes(
    sources: &mut Sources,
    depth: Depth,
    watch: &mut dyn FnMut(Stage),
) -> (Option<Compiled>, Diagnostics, Pass) {
    let mut out = Diagnostics::new();
    let mut pass = Pass::Syntax;
    let mut spec = None;
    let mut suppressions = None;
    if let Some((mut lowered, meant)) = resolve(sources, watch, &mut out, &mut pass)
        && (lowered.broken.is_none() || depth == Depth::Rest)
    {
        written::read(&mut lowered.spec, sources);
        watch(Stage::Solve);
        let studies = appspec_solver::proofs(&lowered.spec);
        watch(Stage::Check);
        if let Some(broken) = &lowered.broken {
            checks::run_beside(&lowered.spec, &studies, broken, &mut out);
        } else {
            let apart = appspec_solver::Apart::of(&lowered.spec);
            let wider = apart.as_ref().map(|it| (&it.spec, it.studies(&studies)));
            let wider = wider
                .as_ref()
                .map(|(spec, studies)| (*spec, studies.as_slice()));
            checks::run(&lowered.spec, &studies, wider, &mut out);
            drop(studies);
            pass = Pass::Checks;
            live::only(&mut lowered.spec);
            spec = Some(lowered.spec);
        }
        suppressions = Some(meant);
    }
    turned::check(sources, &mut out);
    // Nobody but we can mend what the standard library says.
    out.leave_out(|file, severity| {
        severity != Severity::Error
            && file
                .and_then(|file| sources.get(file))
                .is_some_and(|source| source.origin == Origin::Std)
    });
    if let Some(suppressions) = suppressions {
        suppressions.apply(&mut out);
    }
    out.sort();
    // The checks ask for proofs alone, so rows are looked for when somebody wants them.
    let compiled = spec.map(|spec| Compiled::new(spec, appspec_solver::witnesses));
    (compiled, out, pass)
}

/// Pass by pass. Each goes on where the one before found errors, and is silent about what only follows from them.
fn resolve(
    sources: &mut Sources,
    watch: &mut dyn FnMut(Stage),
    out: &mut Diagnostics,
    pass: &mut Pass,
) -> Option<(Lowered, Suppressions)> {
    watch(Stage::Parse);
    let units = unit::parse_all(sources, out);
    watch(Stage::Lower);
    let doubt = Doubt::of(&units, sources, out);
    if doubt.is_none() {
        *pass = Pass::Types;
    }
    let mut found = Diagnostics::new();
    let names = names::collect(&units, sources, &mut found);
    let suppressions = suppressions::collect(&units, &mut found);
    let project = names::lower_project(names.project, &mut found);
    let lowered = lower::lower(&names, project, out, &mut found);
    let lowered = lowered.filter(|_| doubt.as_ref().is_none_or(Doubt::is_confined));
    if let Some(doubt) = doubt {
        found.keep(|finding| doubt.is_certain(finding, sources));
    }
    // What is spelled out for each of several references is read several times, and told once.
    let mut told = HashSet::new();
    found.keep(|finding| {
        let place = finding.primary.as_ref().map(|label| label.span);
        told.insert((finding.code.id, place, finding.message.clone()))
    });
    out.append(found);
    names::not_ascii(&units, out);
    let_go(units);
    Some((lowered?, suppressions))
}
