use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Spec, UniqueRule};
use appspec_solver::{Study, Verdict};

use super::{dead_branch, impossible_state, solved};

/// A unique set, or a `no overlap`, whose condition no row fulfils.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = dead_branch::told(spec, studies);
    for study in studies {
        for (rule, verdict) in &study.conditions {
            let Verdict::Contradiction(proof) = verdict else {
                continue;
            };
            let entity = study.entity.get();
            let (condition, named) = match rule {
                UniqueRule::Set(place) => {
                    let unique = entity.uniques.get(*place);
                    (unique.and_then(|it| it.condition.as_ref()), "unique set")
                }
                UniqueRule::Overlap(place) => {
                    let overlap = entity.overlaps.get(*place);
                    (overlap.and_then(|it| it.condition.as_ref()), "`no overlap`")
                }
                UniqueRule::OneToOne(_) => (None, "relation"),
            };
            let Some(condition) = condition else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            if solved::hangs_on_creation(spec, &rules)
                || solved::are_explained(spec, &rules)
                || solved::is_explained(spec, condition)
                || impossible_state::is_told(study, condition, None)
                || dead.iter().any(|it| it.explains(study, &rules))
            {
                continue;
            }
            let finding = Diagnostic::new(
                &codes::invariant::UNIQUE_NEVER_APPLIES,
                condition.span,
                format!("this {named} is about no row"),
            )
            .label("never true");
            found.push(
                solved::shown(spec, finding, &rules)
                    .help(format!("change the condition, or remove the {named}")),
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

    #[test]
    fn the_condition_of_stretches_is_asked_about_too() {
        let found = |condition: &str| {
            findings(&format!(
                "entity E {{\n a: int in 0..10\n b: int\n invariant r: a < b\n \
                 no overlap of a until b where {condition}\n}}"
            ))
        };
        assert_eq!(
            found("a > 10"),
            ["invariant::unique_never_applies: this `no overlap` is about no row"]
        );
        assert_eq!(found("a >= 10"), [""; 0]);
    }
}
