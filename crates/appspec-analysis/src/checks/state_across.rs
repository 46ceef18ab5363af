use appspec_diagnostics::Diagnostics;
use appspec_ir::Spec;
use appspec_solver::{Patterns, Rule, Study, Verdict};

use super::{impossible_state, solved};

/// States that actions lead to and no row can be in because of rules over other rows. Those that rules of a single row
/// exclude are told with the actions.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let is_across = |rule: &&Rule<'_>| {
        solved::invariant(spec, rule).is_some_and(|it| solved::across(spec, it).is_some())
    };
    for study in studies {
        let reads_others = !study.entity.get().across.is_empty();
        if !reads_others || !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for lifecycle in &study.entity.get().lifecycles {
            for (state, rules) in impossible_state::of(study, lifecycle, &mut patterns) {
                if rules.iter().any(is_across)
                    && let Some(finding) = impossible_state::finding(spec, lifecycle, state, &rules)
                {
                    found.push(finding);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(rules: &str) -> Vec<String> {
        findings(&format!(
            "enum S {{ open, closed }}\nentity A {{\n s: S = open\n m: int\n{rules}\n lifecycle s {{\n \
             close: open -> closed\n final closed\n }}\n}}\n\
             entity B {{\n a: A on delete cascade inverse bs\n n: int\n}}"
        ))
    }

    #[test]
    fn a_state_that_other_rows_exclude_is_one_mistake() {
        let told = [
            "state::transition_breaks_invariant: `close` leads to `closed`, and no row can be in that state",
        ];
        for rules in [
            " invariant k: s == closed implies count(b in bs) == 0\n \
             invariant l: s == closed implies some(b in bs has b.n > 0)",
            " invariant k: s == closed implies count(b in bs) > m\n invariant l: s == closed implies count(b in bs) < m",
            " invariant k: s == closed implies m == 0\n invariant l: s == closed implies m > 0\n \
             invariant i: count(b in bs) < 9",
        ] {
            assert_eq!(found(rules), told, "{rules}");
        }
        assert_eq!(
            found(
                " invariant k: s == closed implies count(b in bs) == 1\n \
                 invariant l: s == closed implies some(b in bs has b.n > 0)"
            ),
            [""; 0]
        );
    }
}
