use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Field, Id, Invariant, Moment, RowRule, Spec, Value, print_as_written, print_value,
};
use appspec_solver::{Branch, Claim, Role, Rule, Study, Verdict};

use super::{by_type, impossible_state, solved};

/// A part of an invariant that no row fulfils: what stands before `implies`, what `or` joins, a value of a set. Those that
/// the same rules exclude, or that say the same, are one mistake, and so are the fields that are empty because of it.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = told(spec, studies);
    let mut places = BTreeSet::new();
    let mut groups: Vec<Vec<&Dead<'_, '_>>> = Vec::new();
    for one in &dead {
        // A rule of a mixin is told once.
        if !places.insert((one.branch.condition.span, one.member())) {
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
    let is_told = |one: &&Dead<'_, '_>| {
        impossible_state::is_told(one.study, one.branch.condition, one.member())
    };
    for group in &groups {
        // Told where an action leads to the state.
        if group.iter().any(is_told) {
            continue;
        }
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
        format!("{} is never {}", first.subject(spec), first.state()),
    )
    .label(match first.branch.role {
        Role::Premise => "so what it implies is never asked for",
        Role::Alternative => "so this part of the `or` says nothing",
        Role::Member(_) if spec.written.predicate(first.branch.condition).is_some() => {
            "so this value of its set says nothing"
        }
        Role::Member(_) => "so this value of the set says nothing",
    });
    let finding = match spec.written.predicate(first.branch.condition) {
        Some(predicate) => finding.note(predicate.body, format!("what `{}` says", predicate.name)),
        None => finding,
    };
    let finding = match by_type::excluded(spec, first.branch.condition) {
        Some((field, holds)) if first.member().is_none() => {
            finding.note(spec.walk::<Field>(field).get().span, holds)
        }
        _ => finding,
    };
    let finding = solved::shown(spec, finding, &first.because);
    // A rule that is a reason itself is shown as one.
    let reasons = first.reasons();
    let others = others
        .iter()
        .filter(|other| !reasons.contains(&RowRule::Invariant(other.branch.invariant)));
    let finding = others.fold(finding, |finding, other| {
        let says = format!("never {} either", other.state());
        finding.note(other.branch.condition.span, says)
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
    Some(finding.help(match first.branch.role {
        Role::Premise | Role::Alternative => {
            "change the condition, or remove this part of the rule"
        }
        Role::Member(_) => "remove the value, or change what excludes it",
    }))
}

/// A part that no row fulfils.
pub(super) struct Dead<'r, 's> {
    study: &'r Study<'s>,
    branch: &'r Branch<'s>,
    /// The other rules that make it so.
    because: Vec<&'r Rule<'s>>,
}

impl Dead<'_, '_> {
    fn member(&self) -> Option<&Value> {
        match self.branch.role {
            Role::Member(value) => Some(value),
            Role::Premise | Role::Alternative => None,
        }
    }

    /// What is spoken of: the condition, or the field in front of a set.
    fn subject(&self, spec: &Spec) -> String {
        let fields = self.branch.condition.fields();
        match (self.member(), fields.first()) {
            (Some(_), Some(field)) => format!("`{}`", spec.walk::<Field>(*field).get().name),
            _ => match spec.written.predicate(self.branch.condition) {
                Some(predicate) => format!("`{}`", predicate.name),
                None => format!("`{}`", print_as_written(spec, self.branch.condition)),
            },
        }
    }

    /// What it never is.
    fn state(&self) -> String {
        self.member().map_or_else(|| "true".to_owned(), print_value)
    }

    /// Whether it comes from the same mistake.
    fn is_like(&self, spec: &Spec, other: &Dead<'_, '_>) -> bool {
        let said = |it: &Dead<'_, '_>| (it.subject(spec), it.state());
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
        self.branch.role == Role::Premise
            && self.study.entity.id == study.entity.id
            && has(RowRule::Invariant(self.branch.invariant))
            && self.because.iter().all(|rule| has(rule.origin))
    }
}

/// Those that are told, in every entity.
pub(super) fn told<'r, 's>(spec: &Spec, studies: &'r [Study<'s>]) -> Vec<Dead<'r, 's>> {
    let dead = found(spec, studies);
    let told = dead.iter().filter(|(_, branch, _)| {
        let at = branch.condition.span;
        let same = dead
            .iter()
            .filter(|other| other.1.condition.span == at && other.1.role == branch.role);
        let ids: Vec<Id<Invariant>> = same.map(|(_, branch, _)| branch.invariant).collect();
        everywhere(spec, at, &ids)
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

/// A part, whose invariant is studied here, and why it is never true.
type Found<'r, 's> = (&'r Study<'s>, &'r Branch<'s>, &'r [Claim]);

/// All such parts, except those that another check explains.
fn found<'r, 's>(spec: &Spec, studies: &'r [Study<'s>]) -> Vec<Found<'r, 's>> {
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
