use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Id, Invariant, Moment, RowRule, Spec, print};
use appspec_solver::{Branch, Claim, Study, Verdict};

use super::solved;

/// The condition of an `implies` that no row fulfils.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = self::found(spec, studies);
    let mut told = BTreeSet::new();
    for (study, branch, proof) in &dead {
        let at = branch.condition.span;
        let same = |other: &&(&Study<'_>, &Branch<'_>, &[Claim])| other.1.condition.span == at;
        let ids: Vec<Id<Invariant>> = dead
            .iter()
            .filter(same)
            .map(|(_, branch, _)| branch.invariant)
            .collect();
        let written = spec.walk(branch.invariant).get().condition.span;
        if !solved::everywhere(spec, written, &ids) || !told.insert(at) {
            continue;
        }
        let own = RowRule::Invariant(branch.invariant);
        let mut rules = solved::rules(study, proof, None);
        rules.retain(|rule| rule.origin != own);
        let finding = Diagnostic::new(
            &codes::invariant::DEAD_BRANCH,
            at,
            format!("`{}` is never true", print(spec, branch.condition)),
        )
        .label("so what it implies is never asked for");
        found.push(
            solved::shown(spec, finding, &rules)
                .help("change the condition, or remove this part of the rule"),
        );
    }
}

/// All such conditions with their proofs, except those that another check explains.
pub(super) fn found<'r, 's>(
    spec: &Spec,
    studies: &'r [Study<'s>],
) -> Vec<(&'r Study<'s>, &'r Branch<'s>, &'r [Claim])> {
    let mut found = Vec::new();
    for study in studies {
        for branch in &study.branches {
            let Verdict::Contradiction(proof) = &branch.verdict else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            let stands = spec.walk(branch.invariant).moment == Moment::Always;
            let creation = stands && solved::hangs_on_creation(spec, &rules);
            if !creation && !solved::is_explained(spec, branch.condition) {
                found.push((study, branch, proof.as_slice()));
            }
        }
    }
    found
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
}
