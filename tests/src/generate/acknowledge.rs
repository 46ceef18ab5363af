//! Warnings that a spec says are meant.

use appspec_diagnostics::render::{Files, short};
use appspec_diagnostics::{Severity, Sources};

use super::model::{Id, Spec};
use super::print::{self, Printed};
use crate::spec;

/// More rounds than warnings can hide behind others.
const ROUNDS: usize = 5;

/// Acknowledges every warning where it is found; what else is found is told.
pub fn warnings(spec: &mut Spec) -> Result<(), String> {
    for _ in 0..ROUNDS {
        let files = print::print(spec);
        let mut sources = sources(&files);
        let mut found = spec::findings(&mut sources);
        found.without_advice();
        if found.is_empty() {
            return Ok(());
        }
        let mut places: Vec<(Id, &'static str)> = Vec::new();
        for finding in &found {
            let owner = finding.primary.as_ref().and_then(|label| {
                let file = files.get(label.span.file.0 as usize)?;
                file.owner(label.span.start as usize)
            });
            match owner {
                Some(owner) if finding.code.severity == Severity::Warning => {
                    places.push((owner, finding.code.id));
                }
                _ => {
                    let told = short(&found, &Files::new(&sources));
                    return Err(format!("{told}\n{}", print::text(spec)));
                }
            }
        }
        for (owner, code) in places {
            let codes = spec.acknowledged.entry(owner).or_default();
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }
    Err(format!(
        "warnings that nothing acknowledges\n{}",
        print::text(spec)
    ))
}

/// What the compiler says about a spec beyond warnings.
pub fn errors(spec: &Spec) -> Option<String> {
    let mut sources = sources(&print::print(spec));
    let found = spec::findings(&mut sources);
    found
        .has_errors()
        .then(|| short(&found, &Files::new(&sources)))
}

fn sources(files: &[Printed]) -> Sources {
    let mut sources = Sources::new();
    for file in files {
        sources.add(spec::source(&file.path, file.text()));
    }
    sources
}
