use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Spec};
use appspec_solver::{Claim, Rule, Study};

use super::solved;

/// Constant defaults that no row keeps: one that can never be used, or several that can't be used together.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    for study in studies {
        for proof in &study.refused_defaults {
            if let Some(finding) = finding(spec, study, proof) {
                found.push(finding);
            }
        }
    }
}

fn finding(spec: &Spec, study: &Study<'_>, proof: &[Claim]) -> Option<Diagnostic> {
    let rules = solved::rules(study, proof, None);
    if solved::are_explained(spec, &rules) {
        return None;
    }
    let fields: Vec<&Field> = study
        .default_facts
        .iter()
        .filter(|(_, fact)| proof.contains(&Claim::yes(*fact)))
        .map(|(field, _)| spec.walk::<Field>(*field).get())
        .collect();
    let (last, others) = fields.split_last()?;
    let finding = if others.is_empty() {
        // A rule about this field alone has a finding of its own.
        let is_alone = |rule: &&Rule<'_>| {
            rule.fact.fields().len() == 1 && solved::derived(spec, rule).is_none()
        };
        if rules.iter().all(is_alone) {
            return None;
        }
        Diagnostic::new(
            &codes::invariant::DEFAULT_BREAKS_RULE,
            last.span,
            format!(
                "the default of `{}` always breaks {}",
                last.name,
                solved::listed(spec, &rules)
            ),
        )
        .label("a row that keeps this default can't be saved")
    } else {
        let names: Vec<String> = fields
            .iter()
            .map(|field| format!("`{}`", field.name))
            .collect();
        let finding = Diagnostic::new(
            &codes::invariant::DEFAULTS_CONTRADICT,
            last.span,
            format!("no row keeps the defaults of {}", solved::joined(&names)),
        )
        .label("a row that keeps all these defaults can't be saved");
        others.iter().fold(finding, |finding, field| {
            finding.note(field.span, "has a default too")
        })
    };
    let help = "change a default, or remove one so that a value has to be given";
    Some(solved::shown(spec, finding, &rules).help(help))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(members: &str) -> Vec<String> {
        findings(&format!("entity E {{\n m: int in 1..\n{members}\n}}"))
    }

    #[test]
    fn one_default_is_an_error_and_several_are_a_choice() {
        assert_eq!(
            found(" n: int = 0\n invariant x: n > m"),
            [
                "invariant::default_breaks_rule: the default of `n` always breaks the bounds of `m` and `x`"
            ]
        );
        assert_eq!(
            found(" n: int = 0\n k: int = 0\n invariant x: n + k > 0"),
            ["invariant::defaults_contradict: no row keeps the defaults of `n` and `k`"]
        );
        assert_eq!(found(" n: int = 2\n invariant x: n > m"), [""; 0]);
        assert_eq!(
            found(" n: int = 0\n k: int\n invariant x: n + k > 0"),
            [""; 0]
        );
    }
}
