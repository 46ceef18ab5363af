use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, Invariant, Moment, RowRule, Spec, print};
use appspec_solver::{Branch, Claim, Rule, Study, Verdict};

use super::solved;

/// The condition of an `implies` that no row fulfils. Those that the same rules exclude, or that say the same, are one
/// mistake, and so are the fields that are empty because of it.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = told(spec, studies);
    let mut places = BTreeSet::new();
    let mut groups: Vec<Vec<&Dead<'_, '_>>> = Vec::new();
    for one in &dead {
        // A rule of a mixin is told once.
        if !places.insert(one.branch.condition.span) {
            continue;
        }
        let (with, mut rest): (Vec<_>, Vec<_>) = std::mem::take(&mut groups)
            .into_iter()
            .partition(|group: &Vec<&Dead<'_, '_>>| group.iter().any(|it| it.is_like(spec, one)));
        let mut group: Vec<_> = with.into_iter().flatten().collect();
        group.push(one);
        group.sort_by_key(|it| it.branch.condition.span);
        rest.push(group);
        groups = rest;
    }
    for group in &groups {
        if let Some(finding) = finding(spec, group) {
            found.push(finding);
        }
    }
}

fn finding(spec: &Spec, group: &[&Dead<'_, '_>]) -> Option<Diagnostic> {
    let (first, others) = group.split_first()?;
    let finding = Diagnostic::new(
        &codes::invariant::DEAD_BRANCH,
        first.branch.condition.span,
        format!("`{}` is never true", print(spec, first.branch.condition)),
    )
    .label("so what it implies is never asked for");
    let finding = solved::shown(spec, finding, &first.because);
    // A rule that is a reason itself is shown as one.
    let reasons = first.reasons();
    let others = others
        .iter()
        .filter(|other| !reasons.contains(&RowRule::Invariant(other.branch.invariant)));
    let finding = others.fold(finding, |finding, other| {
        finding.note(other.branch.condition.span, "never true either")
    });
    let mut empty = BTreeSet::new();
    for (field, verdict) in &first.study.fillable {
        let Verdict::Contradiction(proof) = verdict else {
            continue;
        };
        let rules = solved::rules(first.study, proof, None);
        if group.iter().any(|it| it.explains(first.study, &rules)) {
            empty.insert(spec.walk::<Field>(*field).get().span);
        }
    }
    let finding = empty.into_iter().fold(finding, |finding, field| {
        finding.note(field, "so this is empty in every row")
    });
    Some(finding.help("change the condition, or remove this part of the rule"))
}

/// A condition that no row fulfils.
pub(super) struct Dead<'r, 's> {
    study: &'r Study<'s>,
    branch: &'r Branch<'s>,
    /// The other rules that make it so.
    because: Vec<&'r Rule<'s>>,
}

impl Dead<'_, '_> {
    /// Whether it comes from the same mistake.
    fn is_like(&self, spec: &Spec, other: &Dead<'_, '_>) -> bool {
        let said = |it: &Dead<'_, '_>| print(spec, it.branch.condition);
        self.study.entity.id == other.study.entity.id
            && (said(self) == said(other)
                || self.hangs_on_invariants() && self.reasons() == other.reasons())
    }

    fn reasons(&self) -> BTreeSet<RowRule> {
        self.because.iter().map(|rule| rule.origin).collect()
    }

    /// Types and bounds alone may exclude conditions that have nothing to do with each other.
    fn hangs_on_invariants(&self) -> bool {
        let mut reasons = self.because.iter();
        reasons.any(|rule| matches!(rule.origin, RowRule::Invariant(_)))
    }

    /// Whether what these rules of a row prove follows from it.
    pub(super) fn explains(&self, study: &Study<'_>, rules: &[&Rule<'_>]) -> bool {
        let has = |origin: RowRule| rules.iter().any(|rule| rule.origin == origin);
        self.study.entity.id == study.entity.id
            && has(RowRule::Invariant(self.branch.invariant))
            && self.because.iter().all(|rule| has(rule.origin))
    }
}

/// Those that are told, in every entity.
pub(super) fn told<'r, 's>(spec: &Spec, studies: &'r [Study<'s>]) -> Vec<Dead<'r, 's>> {
    let dead = found(spec, studies);
    let told = dead.iter().filter(|(_, branch, _)| {
        let at = branch.condition.span;
        let same = dead.iter().filter(|other| other.1.condition.span == at);
        let ids: Vec<Id<Invariant>> = same.map(|(_, branch, _)| branch.invariant).collect();
        let written = spec.walk(branch.invariant).get().condition.span;
        solved::everywhere(spec, written, &ids)
    });
    told.map(|(study, branch, proof)| {
        let own = RowRule::Invariant(branch.invariant);
        let mut because = solved::rules(study, proof, None);
        because.retain(|rule| rule.origin != own);
        Dead {
            study,
            branch,
            because,
        }
    })
    .collect()
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

    #[test]
    fn what_one_rule_excludes_is_one_mistake() {
        // Two that exclude each other, and one more that hangs on the same.
        assert_eq!(
            found(
                " b: int\n invariant x: s == done implies t is set\n \
                 invariant y: s == done implies t is not set\n invariant z: s == done implies b > a"
            ),
            ["invariant::dead_branch: `s == done` is never true"]
        );
        // Fields that are empty for that reason.
        assert_eq!(
            found(
                " u: int?\n invariant z: a == 0\n invariant x: s == done implies a > 0\n \
                 invariant y: (s == done) == (t is set)\n invariant w: u is set implies t is set"
            ),
            ["invariant::dead_branch: `s == done` is never true"]
        );
        // Bounds alone are no common reason.
        assert_eq!(
            found(
                " invariant x: a > 10 implies t is set\n invariant y: a > 11 implies t is not set"
            )
            .len(),
            2
        );
    }
}
