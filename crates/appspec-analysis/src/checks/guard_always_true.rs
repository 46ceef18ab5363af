use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Action, Expr, Lifecycle, RowRule, Spec};
use appspec_solver::{Patterns, Rule, Step, Study, Verdict};

use super::solved;

/// An action whose `when` holds for every row in the states that it leaves.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        // Rules that no row keeps are told as such.
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for lifecycle in &study.entity.get().lifecycles {
            for action in &lifecycle.actions {
                let when = action.when.as_ref();
                let Some(when) = when.filter(|it| !solved::is_explained(spec, it)) else {
                    continue;
                };
                if let Some(rules) = always_true(study, lifecycle, action, &mut patterns) {
                    found.push(finding(spec, action, when, &rules));
                }
            }
        }
    }
}

/// The rules because of which the `when` refuses no row, in any of the states; None where it may refuse one.
fn always_true<'s>(
    study: &Study<'s>,
    lifecycle: &'s Lifecycle,
    action: &'s Action,
    patterns: &mut Patterns,
) -> Option<Vec<Rule<'s>>> {
    let mut known: BTreeSet<RowRule> = BTreeSet::new();
    let mut all = Vec::new();
    for from in &action.from {
        let step = Step::of(study.entity, lifecycle, action, &from.name)?;
        let rules = step.always_allows(patterns)?;
        all.extend(rules.into_iter().filter(|rule| known.insert(rule.origin)));
    }
    Some(all)
}

fn finding(spec: &Spec, action: &Action, when: &Expr, rules: &[Rule<'_>]) -> Diagnostic {
    let rules: Vec<&Rule<'_>> = rules.iter().collect();
    let states: Vec<String> = action
        .from
        .iter()
        .map(|from| format!("`{}`", from.name))
        .collect();
    let finding = Diagnostic::new(
        &codes::state::GUARD_ALWAYS_TRUE,
        when.span,
        format!("the `when` of `{}` refuses no row", action.name),
    )
    .label(format!("true for every row in {}", solved::joined(&states)));
    solved::shown(spec, finding, &rules).help("remove it, or make it say more")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, labels};

    fn invoice(rules: &str, actions: &str) -> String {
        format!(
            "enum S {{ draft, sent, paid }}\nentity I {{\n s: S = draft\n n: int\n note: text(20)?\n\
             {rules}\n lifecycle s {{\n{actions}\n pay: sent -> paid\n final paid\n }}\n}}"
        )
    }

    #[test]
    fn what_the_rules_say_is_no_condition() {
        let rule = " invariant positive: n > 0";
        let spec = |when: &str| invoice(rule, &format!("send: draft -> sent when {when}"));
        assert_eq!(
            findings(&spec("n >= 0")),
            ["state::guard_always_true: the `when` of `send` refuses no row"]
        );
        assert_eq!(
            labels(&spec("n >= 0")),
            ["true for every row in `draft`", "`positive` has to hold"]
        );
        assert_eq!(codes(&spec("n > 1")), [""; 0]);
    }

    #[test]
    fn what_the_state_says_is_no_condition() {
        let rule = " invariant r: s == draft implies note is not set";
        let spec = |when: &str| invoice(rule, &format!("send: draft -> sent when {when}"));
        let told = ["state::guard_always_true"];
        assert_eq!(codes(&spec("s == draft")), told);
        assert_eq!(codes(&spec("note is not set")), told);
        assert_eq!(codes(&spec("note is not set and n > 3")), [""; 0]);
    }

    #[test]
    fn it_has_to_hold_in_every_state() {
        let rule = " invariant r: s == draft implies n > 0";
        let spec = |from: &str| invoice(rule, &format!("send: {from} -> sent when n > 0"));
        assert_eq!(codes(&spec("draft")), ["state::guard_always_true"]);
        assert_eq!(
            codes(&spec("draft, paid").replace(" final paid\n", "")),
            [""; 0]
        );
    }

    #[test]
    fn what_is_given_is_not_known_before() {
        let rule = " invariant r: n > 0";
        let action = "send: draft -> sent needs n when n > 0";
        assert_eq!(codes(&invoice(rule, action)), [""; 0]);
        // What has to be given is there.
        let action = "send: draft -> sent needs note when note is set";
        assert_eq!(codes(&invoice("", action)), ["state::guard_always_true"]);
    }

    #[test]
    fn what_held_at_creation_need_not_hold_later() {
        let rule = " invariant r on create: n > 0";
        let action = "send: draft -> sent when n > 0";
        assert_eq!(codes(&invoice(rule, action)), [""; 0]);
    }
}
