//! Specs with random roles and access rules, each written twice: as the text that the compiler reads, and as data that
//! `tests/semantics/access_rules` evaluates without the compiler. What the checker refuses is left out.

mod conditions;
mod constants;
mod draft;
mod grants;
mod reach;
mod roles;
mod said;
mod several;

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Severity, Sources};
use serde_json::Value;

use crate::{Random, spec};
use conditions::Conditions;

/// The entities and enums that the rules are about.
const MODEL: &str = include_str!("../../semantics/access_rules/work.appspec");

/// Random rules about the rows of one spec.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The whole spec.
    pub text: String,
    /// The same rules as data.
    pub data: Value,
    /// The grants and walls without their constants: who, where, which rows.
    pub shapes: BTreeSet<String>,
    /// How many lines were drawn.
    pub drawn: usize,
    /// How many of them the checker refused, by the code of the error.
    pub refused: BTreeMap<&'static str, usize>,
}

/// The rules of a seed.
pub fn draw(seed: u64) -> Rules {
    let mut sources = spec::sources(MODEL);
    let (compiled, findings) = appspec_analysis::compile(&mut sources);
    assert!(!findings.has_errors(), "the model has errors");
    let model = compiled.expect("a spec without errors").spec;
    // Neighbouring seeds begin far from each other.
    let random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut conditions = Conditions {
        spec: &model,
        random,
        predicates: BTreeMap::new(),
        lets: Vec::new(),
    };
    let mut draft = draft::draft(&mut conditions);
    let drawn = draft.lines();
    let mut refused = BTreeMap::new();
    while let Some(found) = errors(&draft.text(&model)) {
        let before = draft.lines();
        for (line, code) in &found {
            if draft.leave_out(line) {
                *refused.entry(*code).or_default() += 1;
            }
        }
        assert!(
            draft.lines() < before,
            "seed {seed}: no line that was drawn is to blame for {found:#?}"
        );
    }
    Rules {
        text: draft.text(&model),
        data: draft.data(&model),
        shapes: draft.shapes(),
        drawn,
        refused,
    }
}

/// The lines of a spec that have errors, with the code of each; `None` where there are none.
fn errors(text: &str) -> Option<Vec<(String, &'static str)>> {
    let mut sources: Sources = spec::sources(text);
    let (_, findings) = appspec_analysis::compile(&mut sources);
    let errors = findings
        .iter()
        .filter(|it| it.code.severity == Severity::Error);
    let found: Vec<_> = errors
        .map(|it| {
            let at = it
                .primary
                .as_ref()
                .map_or(0, |label| label.span.start as usize);
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let line = text[start..].lines().next().unwrap_or_default();
            (line.trim().to_owned(), it.code.id)
        })
        .collect();
    (!found.is_empty()).then_some(found)
}
