use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Field, Id, Invariant, Moment, RowRule, Spec, print, print_value};
use appspec_solver::{Branch, Claim, Role, Study, Verdict};

use super::solved;

/// A part of an invariant that no row fulfils: what stands before `implies`, what `or` joins, a value of a set.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = self::found(spec, studies);
    let mut told = BTreeSet::new();
    for (study, branch, proof) in &dead {
        let at = branch.condition.span;
        let same =
            |other: &&Dead<'_, '_>| other.1.condition.span == at && other.1.role == branch.role;
        let ids: Vec<Id<Invariant>> = dead
            .iter()
            .filter(same)
            .map(|(_, branch, _)| branch.invariant)
            .collect();
        let member = match branch.role {
            Role::Member(value) => Some(value),
            Role::Premise | Role::Alternative => None,
        };
        if !everywhere(spec, at, &ids) || !told.insert((at, member)) {
            continue;
        }
        let own = RowRule::Invariant(branch.invariant);
        let mut rules = solved::rules(study, proof, None);
        rules.retain(|rule| rule.origin != own);
        let finding = finding(spec, branch);
        found.push(
            solved::shown(spec, finding, &rules).help(match branch.role {
                Role::Premise | Role::Alternative => {
                    "change the condition, or remove this part of the rule"
                }
                Role::Member(_) => "remove the value, or change what excludes it",
            }),
        );
    }
}

fn finding(spec: &Spec, branch: &Branch<'_>) -> Diagnostic {
    let printed = print(spec, branch.condition);
    let (message, label) = match branch.role {
        Role::Premise => (
            format!("`{printed}` is never true"),
            "so what it implies is never asked for",
        ),
        Role::Alternative => (
            format!("`{printed}` is never true"),
            "so this part of the `or` says nothing",
        ),
        Role::Member(value) => {
            let fields = branch.condition.fields();
            let name = fields
                .first()
                .map_or("", |id| &spec.walk::<Field>(*id).get().name);
            (
                format!("`{name}` is never {}", print_value(value)),
                "so this value of the set says nothing",
            )
        }
    };
    Diagnostic::new(
        &codes::invariant::DEAD_BRANCH,
        branch.condition.span,
        message,
    )
    .label(label)
}

/// A part, whose invariant is studied here, and why it is never true.
type Dead<'r, 's> = (&'r Study<'s>, &'r Branch<'s>, &'r [Claim]);

/// All such parts, except those that another check explains.
fn found<'r, 's>(spec: &Spec, studies: &'r [Study<'s>]) -> Vec<Dead<'r, 's>> {
    let mut found = Vec::new();
    for study in studies {
        for branch in &study.branches {
            let Verdict::Contradiction(proof) = &branch.verdict else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            let stands = spec.walk(branch.invariant).moment == Moment::Always;
            let creation = stands && solved::hangs_on_creation(spec, &rules);
            if creation || solved::is_explained(spec, branch.condition) {
                continue;
            }
            let told = || {
                solved::has_misfit(spec, &rules)
                    || reads_what_is_empty(study, branch)
                    || is_always_true(spec, study, branch.invariant)
            };
            if branch.role == Role::Premise || !told() {
                found.push((study, branch, proof.as_slice()));
            }
        }
    }
    found
}

/// The invariants with a premise that is never true: they hold for every row because of it.
pub(super) fn without_effect(spec: &Spec, studies: &[Study<'_>]) -> Vec<Id<Invariant>> {
    let found = self::found(spec, studies).into_iter();
    let premises = found.filter(|(_, branch, _)| branch.role == Role::Premise);
    premises.map(|(_, branch, _)| branch.invariant).collect()
}

/// Whether all invariants that have what is written at this place are among these: a mixin and a predicate are read by
/// several entities, and what is never true in one of them may be in another.
fn everywhere(spec: &Spec, at: Span, found: &[Id<Invariant>]) -> bool {
    spec.invariants.iter().all(|(id, invariant)| {
        let mut is_there = false;
        invariant
            .condition
            .visit(&mut |part| is_there |= part.span == at);
        !is_there || found.contains(&id)
    })
}

/// Whether the part reads a field that can never have a value, which is told as such.
fn reads_what_is_empty(study: &Study<'_>, branch: &Branch<'_>) -> bool {
    let read = branch.condition.fields();
    study.fillable.iter().any(|(field, verdict)| {
        read.contains(field) && matches!(verdict, Verdict::Contradiction(_))
    })
}

/// Whether types and bounds say all that the invariant says, which is told as such.
fn is_always_true(spec: &Spec, study: &Study<'_>, invariant: Id<Invariant>) -> bool {
    let own = RowRule::Invariant(invariant);
    let Some(place) = study.rules.iter().position(|rule| rule.origin == own) else {
        return false;
    };
    let Some(Verdict::Contradiction(proof)) = study.broken.get(place) else {
        return false;
    };
    let rules = solved::rules(study, proof, Some(place));
    rules
        .iter()
        .all(|rule| solved::invariant(spec, rule).is_none())
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(members: &str) -> Vec<String> {
        findings(&format!(
            "enum S {{ open, done }}\nentity E {{\n a: int in 0..10\n s: S\n t: int?\n{members}\n}}"
        ))
    }

    #[test]
    fn a_condition_that_the_rules_exclude_is_dead() {
        assert_eq!(
            found(" invariant x: a > 10 implies t is set"),
            ["invariant::dead_branch: `a > 10` is never true"]
        );
        assert_eq!(
            found(" invariant x: s == open\n invariant y: s == done implies t is set"),
            ["invariant::dead_branch: `s == done` is never true"]
        );
        assert_eq!(found(" invariant x: a > 9 implies t is set"), [""; 0]);
    }

    #[test]
    fn a_part_of_an_or_that_the_rules_exclude_is_dead() {
        let two = |second: &str| found(&format!(" invariant x: s != done\n invariant y: {second}"));
        assert_eq!(
            two("s == done or a > 2"),
            ["invariant::dead_branch: `s == done` is never true"]
        );
        assert_eq!(
            two("t is set implies (a > 3 or s == done)"),
            ["invariant::dead_branch: `s == done` is never true"]
        );
        assert_eq!(
            two("(a > 10 or a < 3) implies t is set"),
            ["invariant::dead_branch: `a > 10` is never true"]
        );
        assert_eq!(two("a > 9 or a < 2"), [""; 0]);
        // What is turned round would have to be always true.
        assert_eq!(
            two("not (s == done or a > 10) or a < 2"),
            ["invariant::redundant: `y` follows from the bounds of `a` and `x`"]
        );
        // What makes the rule say nothing at all is told as that.
        assert_eq!(
            two("a <= 10 or a > 10"),
            ["invariant::always_true: `y` holds for every row"]
        );
    }

    #[test]
    fn a_value_of_a_set_that_the_rules_exclude_is_dead() {
        let two = |second: &str| found(&format!(" invariant x: s != done\n invariant y: {second}"));
        assert_eq!(
            two("s in {open, done} implies a > 2"),
            ["invariant::dead_branch: `s` is never done"]
        );
        assert_eq!(
            two("a in {3, 12}"),
            ["invariant::dead_branch: `a` is never 12"]
        );
        assert_eq!(two("a in {3, 10}"), [""; 0]);
        // The whole of it is told once.
        assert_eq!(
            two("a in {11, 12} implies t is set"),
            ["invariant::dead_branch: `a in {11, 12}` is never true"]
        );
    }

    #[test]
    fn a_field_that_is_always_empty_is_told_as_such() {
        assert_eq!(
            found(" invariant x: t is not set\n invariant y: a > 3 or (t is set and t > 3)"),
            ["invariant::only_empty: `t` can never have a value"]
        );
    }

    #[test]
    fn what_another_entity_asks_for_is_not_dead() {
        let spec = |other: &str| {
            findings(&format!(
                "mixin M {{\n a: int in 0..10\n b: bool\n n: int\n predicate odd = a > 5 or b\n}}\n\
                 entity E with M {{\n invariant x: a < 3\n invariant y: n > 3 implies odd\n}}\n\
                 entity F with M {{ {other} }}"
            ))
        };
        let told = ["invariant::dead_branch: `a > 5` is never true"];
        assert_eq!(spec("invariant y: a < n"), told);
        assert_eq!(spec("invariant y: n > 3 implies odd"), [""; 0]);
        let both = "invariant x: a < 3\n invariant y: n > 3 implies odd";
        assert_eq!(spec(both), told);
    }
}
