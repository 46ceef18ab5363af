//! The front half of the compiler as one pure function: sources in, a checked [`Spec`] out.

mod checks;
mod expr;
mod lower;
mod names;
mod order;
mod stdlib;
mod suppressions;
mod unit;

use appspec_diagnostics::{Diagnostics, Origin, Severity, Sources};
use appspec_ir::{Compiled, Spec, Witnesses};

use suppressions::Suppressions;

pub use stdlib::{StdModule, std_module, std_modules};

/// Compiles a spec: parses every source, brings in the modules of the standard library that are used,
/// resolves names and types, and runs the checks.
///
/// `sources` holds the files of the spec; used modules of `std` are added to it, so that diagnostics can
/// point into them. The result is `Some` whenever names and types resolve, errors or not.
pub fn compile(sources: &mut Sources) -> (Option<Compiled>, Diagnostics) {
    let mut out = Diagnostics::new();
    let resolved = resolve(sources, &mut out);
    let (spec, suppressions) =
        resolved.map_or((None, None), |(spec, meant)| (Some(spec), Some(meant)));
    let mut witnesses = Witnesses::default();
    if let Some(spec) = &spec {
        let studies = appspec_solver::study(spec);
        checks::run(spec, &studies, &mut out);
        witnesses = appspec_solver::witnesses(&studies);
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
    (spec.map(|spec| Compiled { spec, witnesses }), out)
}

/// Pass by pass; a pass that found errors is the last one, so that no error follows from another.
fn resolve(sources: &mut Sources, out: &mut Diagnostics) -> Option<(Spec, Suppressions)> {
    let units = unit::parse_all(sources, out);
    if out.has_errors() {
        return None;
    }
    let names = names::collect(&units, out);
    let suppressions = suppressions::collect(&units, out);
    let project = names
        .project
        .map(|project| names::lower_project(project, out));
    if out.has_errors() {
        return None;
    }
    let spec = lower::lower(&names, project?, out)?;
    Some((spec, suppressions))
}
