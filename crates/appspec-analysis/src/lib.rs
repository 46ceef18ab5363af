//! The front half of the compiler as one pure function: sources in, a checked [`Spec`] out.

mod checks;
mod doubt;
mod expr;
mod lower;
mod mend;
mod names;
mod order;
mod stdlib;
mod suppressions;
mod unit;

use appspec_diagnostics::{Diagnostics, Origin, Severity, Sources};
use appspec_ir::{Compiled, Spec, Witnesses};

use doubt::Doubt;
use suppressions::Suppressions;

pub use mend::{Mended, Mending, mend};
pub use stdlib::{StdModule, std_module, std_modules};

/// Compiles a spec: parses every source, brings in the modules of the standard library that are used,
/// resolves names and types, and runs the checks.
///
/// `sources` holds the files of the spec; used modules of `std` are added to it, so that diagnostics can
/// point into them. The result is `Some` whenever names and types resolve, errors or not.
pub fn compile(sources: &mut Sources) -> (Option<Compiled>, Diagnostics) {
    let (compiled, found, _) = passes(sources);
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

/// [`compile`], with the last pass that was run.
pub(crate) fn passes(sources: &mut Sources) -> (Option<Compiled>, Diagnostics, Pass) {
    let mut out = Diagnostics::new();
    let mut pass = Pass::Syntax;
    let resolved = resolve(sources, &mut out, &mut pass);
    let (spec, suppressions) =
        resolved.map_or((None, None), |(spec, meant)| (Some(spec), Some(meant)));
    if let Some(spec) = &spec {
        pass = Pass::Checks;
        let studies = appspec_solver::study(spec);
        checks::run(spec, &studies, &mut out);
    }
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
    let compiled = spec.map(|spec| Compiled::new(spec, witnesses));
    (compiled, out, pass)
}

/// Rows on both sides of the rules.
fn witnesses(spec: &Spec) -> Witnesses {
    appspec_solver::witnesses(&appspec_solver::study(spec))
}

/// Pass by pass. Each goes on where the one before found errors, and is silent about what only follows from them.
fn resolve(
    sources: &mut Sources,
    out: &mut Diagnostics,
    pass: &mut Pass,
) -> Option<(Spec, Suppressions)> {
    let units = unit::parse_all(sources, out);
    let doubt = Doubt::of(&units, sources, out);
    if doubt.is_none() {
        *pass = Pass::Types;
    }
    let mut found = Diagnostics::new();
    let names = names::collect(&units, sources, &mut found);
    let suppressions = suppressions::collect(&units, &mut found);
    let project = names::lower_project(names.project, &mut found);
    let spec = lower::lower(&names, project, &mut found);
    if let Some(doubt) = doubt {
        found.keep(|finding| doubt.is_certain(finding, sources));
    }
    out.append(found);
    let spec = spec.filter(|_| !out.has_errors());
    names::not_ascii(&units, out);
    Some((spec?, suppressions))
}
