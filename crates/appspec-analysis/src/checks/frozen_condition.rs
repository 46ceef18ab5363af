use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Frozen, Spec};
use appspec_solver::{Patterns, Study, Verdict};

use super::compares_itself;
use super::solved::{self, Told};

/// A `frozen when` about no row, or about every row.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        // Rules that no row keeps are told as such, and so is a rule of an entity of which nothing changes.
        let entity = study.entity.get();
        let is_known = matches!(study.all, Verdict::Satisfiable(_));
        let Some(frozen) = entity.frozen.as_ref().filter(|_| is_known) else {
            continue;
        };
        if entity.append_only.is_some() || compares_itself::is_inside(spec, &frozen.condition) {
            continue;
        }
        if let Some(finding) = finding(spec, study, frozen, &mut patterns) {
            found.push(finding);
        }
    }
}

fn finding(
    spec: &Spec,
    study: &Study<'_>,
    frozen: &Frozen,
    patterns: &mut Patterns,
) -> Option<Diagnostic> {
    solved::constant(spec, study, &frozen.condition, patterns, |is_always| {
        if !is_always {
            return Told {
                code: &codes::state::FROZEN_NEVER,
                says: "no row is ever frozen".to_owned(),
                help: "change the condition, or remove `frozen when`",
            };
        }
        Told {
            code: &codes::state::FROZEN_ALWAYS,
            says: "every row is frozen from the beginning".to_owned(),
            help: if frozen.except.is_empty() {
                "change the condition, or write `append only`"
            } else {
                "change the condition, or mark what never changes `immutable`"
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps, labels};

    fn result(rule: &str, condition: &str) -> String {
        format!(
            "entity R {{\n points: int in 0..10\n bonus: int\n final: bool = false\n note: text?\n\
             {rule}\n frozen when {condition}\n}}"
        )
    }

    #[test]
    fn what_the_rules_exclude_freezes_nothing() {
        let rule = " invariant fair: bonus < points";
        assert_eq!(
            findings(&result(rule, "points > 10")),
            ["state::frozen_never: no row is ever frozen"]
        );
        assert_eq!(
            labels(&result(rule, "bonus == 10 and final")),
            [
                "never true",
                "`points` is never outside",
                "`fair` has to hold"
            ]
        );
        assert_eq!(codes(&result(rule, "bonus == 9 and final")), [""; 0]);
    }

    #[test]
    fn what_always_holds_freezes_from_the_beginning() {
        assert_eq!(
            findings(&result("", "points >= 0")),
            ["state::frozen_always: every row is frozen from the beginning"]
        );
        let rule = " invariant fair: bonus < points";
        let always = result(rule, "final or bonus < 10 except (note)");
        assert_eq!(codes(&always), ["state::frozen_always"]);
        assert_eq!(
            helps(&always),
            ["change the condition, or mark what never changes `immutable`"]
        );
        assert_eq!(codes(&result(rule, "final or bonus < 9")), [""; 0]);
    }

    #[test]
    fn what_held_at_creation_need_not_hold_later() {
        let rule = " invariant r on create: not final";
        assert_eq!(codes(&result(rule, "final")), [""; 0]);
        assert_eq!(codes(&result(rule, "not final")), [""; 0]);
        let rule = " invariant r: not final";
        assert_eq!(codes(&result(rule, "final")), ["state::frozen_never"]);
    }

    #[test]
    fn another_finding_explains_it() {
        let misfit = " code: text(3) matches \"[a-z]{4}\"";
        assert_eq!(
            codes(&result(misfit, "code == \"abc\"")),
            ["invariant::pattern_never_fits"]
        );
        assert_eq!(
            codes(&result("", "bonus == bonus")),
            ["invariant::compares_itself"]
        );
        assert_eq!(
            codes(&result(" append only", "points > 10")),
            ["state::kept_already"]
        );
    }
}
