use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Spec};
use appspec_solver::{Study, Verdict};

use super::{dead_branch, solved};

/// An optional field that no row can fill in.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = dead_branch::told(spec, studies);
    for study in studies {
        for (field, verdict) in &study.fillable {
            let Verdict::Contradiction(proof) = verdict else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            // Told beside the condition that is the reason.
            let follows = dead.iter().any(|it| it.explains(study, &rules));
            if follows
                // What is empty in another row is that row's affair.
                || study.beyond.contains(field)
                || solved::hangs_on_creation(spec, &rules)
                || solved::are_explained(spec, &rules)
            {
                continue;
            }
            let field = spec.walk::<Field>(*field).get();
            // It is never empty, so that no row can be written: told as such.
            if field.touched {
                continue;
            }
            let finding = Diagnostic::new(
                &codes::invariant::ONLY_EMPTY,
                field.span,
                format!("`{}` can never have a value", field.name),
            )
            .label("empty in every row");
            found.push(
                solved::shown(spec, finding, &rules).help("remove the field, or change the rule"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn rules_that_some_value_keeps_are_fine() {
        let found = |rule: &str| {
            findings(&format!(
                "entity E {{\n a: int in 0..10\n t: int?\n invariant x: {rule}\n}}"
            ))
        };
        assert_eq!(
            found("t is set implies (t < a and t > 9)"),
            ["invariant::only_empty: `t` can never have a value"]
        );
        assert_eq!(found("t is set implies (t < a and t > 8)"), [""; 0]);
    }
}
