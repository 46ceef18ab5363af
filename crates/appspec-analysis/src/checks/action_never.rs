use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Action, Assignment, ChangeRule, Expr, Field, Id, Invariant, Lifecycle, RowRule, Spec, State,
};
use appspec_solver::{Never, Patterns, Rule, Step, Study, Verdict, unchanging};

use super::{change_never, impossible_state, solved};

/// Actions that no row allows, and actions after which an invariant never holds.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let unchanging = unchanging(spec, studies);
    for study in studies {
        // Rules that no row keeps are told as such.
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for lifecycle in &study.entity.get().lifecycles {
            let impossible = impossible_state::of(study, lifecycle, &mut patterns);
            for (state, rules) in &impossible {
                if let Some(finding) = impossible_state::finding(spec, lifecycle, state, rules) {
                    found.push(finding);
                }
            }
            let is_possible = |state: &State| !impossible.contains_key(state.name.as_str());
            for action in lifecycle.actions.iter().filter(|it| is_possible(&it.to)) {
                for from in action.from.iter().filter(|from| is_possible(from)) {
                    let step = Step::of(study.entity, lifecycle, action, &from.name);
                    let Some(step) = step else { continue };
                    match step.never(&mut patterns) {
                        Some(Never::Fires { rules, by_guard }) => {
                            let guard = action.when.as_ref().filter(|_| by_guard);
                            found.push(never_fires(spec, action, from, (guard, &rules)));
                        }
                        Some(Never::Keeps { broken, others, by }) => {
                            let mut sets = action.sets.iter().rev();
                            let set = sets.find(|set| Some(set.field) == by);
                            let finding = breaks(spec, action, from, (&broken, set));
                            let others: Vec<&Rule<'_>> = others.iter().collect();
                            let help = remedy(spec, lifecycle, action, (&broken, set));
                            found.push(solved::shown(spec, finding, &others).help(help));
                        }
                        None => {
                            let changes = study.entity.get().changes.iter().enumerate();
                            // What no change keeps is told of the rule.
                            let mut changes = changes.filter(|(place, _)| {
                                !change_never::is_blamed(&unchanging, study.entity.id, *place)
                            });
                            let broken =
                                changes.find(|(_, rule)| step.never_becomes(rule, &mut patterns));
                            if let Some((_, rule)) = broken {
                                found.push(becomes(action, from, rule));
                            }
                        }
                    }
                }
            }
        }
    }
}

fn never_fires(
    spec: &Spec,
    action: &Action,
    from: &State,
    (guard, rules): (Option<&Expr>, &[Rule<'_>]),
) -> Diagnostic {
    let rules: Vec<&Rule<'_>> = rules.iter().collect();
    let finding = Diagnostic::new(
        &codes::state::TRANSITION_NEVER_FIRES,
        from.span,
        format!(
            "`{}` is never possible for a row in `{}`",
            action.name, from.name
        ),
    );
    let (finding, help) = match guard {
        Some(condition) => {
            let why = if rules.is_empty() {
                "never true"
            } else {
                "excluded by the rules"
            };
            let finding = finding.label("never left by it");
            let help = "change `when`, or remove the state here";
            (finding.note(condition.span, why), help)
        }
        None => (
            finding.label("no row can be in this state"),
            "let rows be in this state: change the rules, or remove the state",
        ),
    };
    solved::shown(spec, finding, &rules).help(help)
}

/// What an action breaks, and with which value where it writes one.
type Break<'b, 's> = (&'b Rule<'s>, Option<&'b Assignment>);

fn breaks(spec: &Spec, action: &Action, from: &State, (broken, set): Break<'_, '_>) -> Diagnostic {
    let what = match broken.origin {
        RowRule::Invariant(id) => format!("the invariant `{}`", spec.walk::<Invariant>(id).name),
        RowRule::Bound { .. } | RowRule::Derived(_) => solved::listed(spec, &[broken]),
    };
    let says = format!("`{}` always breaks {what}", action.name);
    let step = format!("from `{}` to `{}`", from.name, action.to.name);
    let code = &codes::state::TRANSITION_BREAKS_INVARIANT;
    let finding = match set {
        Some(set) => Diagnostic::new(code, set.value.span, says).label(format!("written {step}")),
        None => Diagnostic::new(code, action.span, says).label(step),
    };
    finding.note(solved::place(spec, broken), "false afterwards")
}

/// An action that a rule about changes never allows.
fn becomes(action: &Action, from: &State, rule: &ChangeRule) -> Diagnostic {
    Diagnostic::new(
        &codes::state::TRANSITION_BREAKS_INVARIANT,
        action.span,
        format!(
            "`{}` always breaks the invariant `{}`",
            action.name, rule.name
        ),
    )
    .label(format!("from `{}` to `{}`", from.name, action.to.name))
    .note(rule.span, "false of this change")
    .help("change what the action writes, or the rule")
}

/// What helps: only what the action does not do already, and what it can do.
fn remedy(
    spec: &Spec,
    lifecycle: &Lifecycle,
    action: &Action,
    (broken, set): Break<'_, '_>,
) -> &'static str {
    if set.is_some() {
        return "set another value, or change the rule";
    }
    let reads = broken.fact.fields();
    let is_written =
        |id: Id<Field>| action.needs.contains(&id) || action.sets.iter().any(|set| set.field == id);
    let is_open = |id: Id<Field>| {
        let field = spec.walk(id).get();
        id != lifecycle.field && !field.never_changes() && !field.touched && !is_written(id)
    };
    if reads.iter().any(|id| is_open(*id)) {
        "let the action ask for what is missing: `needs field`, or write it: `sets field = value`"
    } else if reads.iter().any(|id| is_written(*id)) {
        "change what the action asks for or writes, or change the rule"
    } else {
        "let the action lead to another state, or change the rule"
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn invoice(rules: &str, send: &str) -> String {
        format!(
            "enum S {{ draft, sent }}\nentity I {{\n s: S = draft\n n: int\n at: datetime?\n note: text(20)?\n\
             {rules}\n lifecycle s {{\n send: draft -> sent {send}\n final sent\n }}\n}}"
        )
    }

    #[test]
    fn a_guard_that_rules_exclude_is_never_true() {
        let rule = " invariant positive: n > 0";
        assert_eq!(
            findings(&invoice(rule, "when n < 0")),
            ["state::transition_never_fires: `send` is never possible for a row in `draft`"]
        );
        assert_eq!(codes(&invoice(rule, "when n > 5")), [""; 0]);
        let rule = " invariant r: s == draft implies note is not set";
        assert_eq!(
            codes(&invoice(rule, "when note is set")),
            ["state::transition_never_fires"]
        );
        assert_eq!(
            codes(&invoice(rule, "needs note when length(note) > 3")),
            [""; 0]
        );
    }

    #[test]
    fn what_the_new_state_asks_for_has_to_come_from_somewhere() {
        let rules = " invariant r: s == draft implies at is not set\n invariant t: s == sent implies at is set";
        assert_eq!(
            findings(&invoice(rules, "")),
            ["state::transition_breaks_invariant: `send` always breaks the invariant `t`"]
        );
        for fine in ["needs at", "sets at = now()"] {
            assert_eq!(codes(&invoice(rules, fine)), [""; 0], "{fine}");
        }
    }

    #[test]
    fn an_action_that_a_rule_about_changes_refuses_is_never_done() {
        let told = ["state::transition_breaks_invariant: `send` always breaks the invariant `r`"];
        let down = " invariant r on change of n: n < old.n";
        assert_eq!(findings(&invoice(down, "sets n = n + 1")), told);
        let state = " invariant r on change of s: old.n > 3";
        assert_eq!(findings(&invoice(state, "when n < 2")), told);
        // It may be what is there already, or anything that is given.
        for fine in [
            "sets n = 3",
            "needs n",
            "sets n = n - 1",
            "sets note = \"a\"",
            "",
        ] {
            assert_eq!(codes(&invoice(down, fine)), [""; 0], "{fine}");
        }
        assert_eq!(codes(&invoice(state, "")), [""; 0]);
    }

    #[test]
    fn what_is_asked_for_can_be_forbidden() {
        let rule = " invariant r: s == sent implies note is not set";
        assert_eq!(
            codes(&invoice(rule, "needs note")),
            ["state::transition_breaks_invariant"]
        );
        assert_eq!(codes(&invoice(rule, "")), [""; 0]);
    }

    #[test]
    fn what_is_set_is_known_to_the_rules() {
        let rule = " invariant r: s == sent implies n > 3";
        assert_eq!(
            codes(&invoice(rule, "sets n = 2")),
            ["state::transition_breaks_invariant"]
        );
        assert_eq!(codes(&invoice(rule, "sets n = n + 1")), [""; 0]);
        assert_eq!(
            codes(&invoice(rule, "when n < 3 sets n = n + 1")),
            ["state::transition_breaks_invariant"]
        );
    }

    #[test]
    fn what_is_set_keeps_the_bounds_of_its_field() {
        let breaks = |bounds: &str, value: &str| {
            let field = format!(" f: {bounds}");
            codes(&invoice(&field, &format!("sets f = {value}")))
        };
        for (bounds, wrong, fine) in [
            ("int in 0..10", "20", "10"),
            ("int in 0..10", "n * n - 1 - n * n", "n"),
            ("int in 3..", "2", "3"),
            ("int in ..3", "4", "3"),
            ("decimal(6, 2) in 0.5..9.5", "9.51", "9.5"),
            ("float in 0..1", "2", "1"),
            ("date in 2020-01-01..2020-12-31", "2021-01-01", "2020-12-31"),
            ("text(20) in 5..9", "\"four\"", "\"fives\""),
            ("text(20) matches \"[a-z]+\"", "\"X\"", "\"x\""),
            ("int? in 0..10", "20", "10"),
        ] {
            assert_eq!(
                breaks(bounds, wrong),
                ["state::transition_breaks_invariant"],
                "{bounds} {wrong}"
            );
            assert_eq!(breaks(bounds, fine), [""; 0], "{bounds} {fine}");
        }
        let bounds = " m: int in 0..10";
        assert_eq!(
            findings(&invoice(bounds, "when m == 10 sets m = m + 1")),
            ["state::transition_breaks_invariant: `send` always breaks the bounds of `m`"]
        );
        assert_eq!(codes(&invoice(bounds, "sets m = m + 1")), [""; 0]);
        let texts = " a: text(20) matches \"[a-z]+\"\n b: text(20)";
        assert_eq!(codes(&invoice(texts, "sets a = b")), [""; 0]);
    }

    #[test]
    fn rules_about_the_creation_are_not_asked() {
        let rule = " invariant r on create: n > 0";
        assert_eq!(codes(&invoice(rule, "when n < 0")), [""; 0]);
    }
}
