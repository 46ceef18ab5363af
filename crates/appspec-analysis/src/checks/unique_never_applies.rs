use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;
use appspec_solver::{Study, Verdict};

use super::solved;

/// A unique set whose condition no row fulfils.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    for study in studies {
        for (place, verdict) in &study.conditions {
            let (Verdict::Contradiction(proof), Some(unique)) =
                (verdict, study.entity.get().uniques.get(*place))
            else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            let Some(condition) = &unique.condition else {
                continue;
            };
            if solved::hangs_on_creation(spec, &rules)
                || solved::are_explained(spec, &rules)
                || solved::is_explained(spec, condition)
            {
                continue;
            }
            let finding = Diagnostic::new(
                &codes::invariant::UNIQUE_NEVER_APPLIES,
                condition.span,
                "this unique set is about no row",
            )
            .label("never true");
            found.push(
                solved::shown(spec, finding, &rules)
                    .help("change the condition, or remove the unique set"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn a_condition_that_some_row_fulfils_is_fine() {
        let found = |condition: &str| {
            findings(&format!(
                "entity E {{\n a: int in 0..10\n n: int\n unique (n) where {condition}\n}}"
            ))
        };
        assert_eq!(
            found("a > 10"),
            ["invariant::unique_never_applies: this unique set is about no row"]
        );
        assert_eq!(found("a >= 10"), [""; 0]);
    }
}
