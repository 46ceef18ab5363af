use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, Invariant, Moment, Row, RowRule, Spec, Walk};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::emptied::{Deletes, emptied, without};
use super::{delete_collides, solved};

/// `on delete set null` on a reference that invariants ask for: the deletion of the row pointed to fails, always or for
/// rows such as the one that is shown, with an error about a row that nobody touched.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    let deletes = Deletes::of(spec);
    for study in studies {
        // Rules that no row keeps are told as such.
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for field in emptied(study.entity) {
            let finding = emptying(study, field, &deletes, &mut patterns)
                .or_else(|| delete_collides::finding(study, field, &deletes, &mut patterns));
            if let Some(finding) = finding
                && told.insert(field.get().span)
            {
                found.push(finding);
            }
        }
    }
}

/// What becomes of the invariants that read a reference when it is emptied.
fn emptying(
    study: &Study<'_>,
    field: Walk<'_, Field>,
    deletes: &Deletes,
    patterns: &mut Patterns,
) -> Option<Diagnostic> {
    let spec = field.spec;
    let readers: Vec<(Id<Invariant>, &Invariant)> = study
        .rules
        .iter()
        .filter_map(|rule| match rule.origin {
            RowRule::Invariant(id) => Some((id, spec.walk(id).get())),
            RowRule::Bound { .. } | RowRule::Derived(_) => None,
        })
        .filter(|(_, invariant)| {
            invariant.moment == Moment::Always && invariant.condition.fields().contains(&field.id)
        })
        .collect();
    if readers.is_empty() {
        return None;
    }
    let mut facts: Vec<Fact<'_>> = study.rules.iter().map(|rule| rule.fact.clone()).collect();
    let set = facts.len();
    facts.push(Fact::made(deletes.empties(field)));
    for (_, invariant) in &readers {
        facts.push(Fact::made(without(&invariant.condition, field.id)));
    }
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    let kept: Vec<Claim> = (0..=set).map(Claim::yes).collect();
    // Rules about the creation need not hold any more, so they prove nothing about rows that are there.
    let standing = study.rules.iter().enumerate().filter(|(_, rule)| {
        solved::invariant(spec, rule).is_none_or(|it| it.moment == Moment::Always)
    });
    let mut all: Vec<Claim> = standing.map(|(place, _)| Claim::yes(place)).collect();
    all.push(Claim::yes(set));
    let possible = solver.satisfy(&all);
    all.extend((0..readers.len()).map(|place| Claim::yes(set + 1 + place)));
    match (possible, solver.satisfy(&all)) {
        (Verdict::Satisfiable(_), Verdict::Contradiction(proof))
            if !deletes.may_go_by_others(field) =>
        {
            let blamed = |claim: &Claim| readers.get(claim.fact.checked_sub(set + 1)?);
            let (id, invariant) = proof.iter().find_map(blamed)?;
            let mut rules = solved::rules(study, &proof, None);
            rules.retain(|rule| rule.origin != RowRule::Invariant(*id));
            return Some(always(field, invariant, &rules));
        }
        (Verdict::Satisfiable(_), _) => {}
        // A reference that is always empty is never emptied.
        _ => return None,
    }
    readers
        .iter()
        .enumerate()
        .find_map(|(place, (_, invariant))| {
            let mut claims = kept.clone();
            claims.push(Claim::no(set + 1 + place));
            match solver.satisfy(&claims) {
                Verdict::Satisfiable(row) => Some(sometimes(field, invariant, &row)),
                _ => None,
            }
        })
}

fn always(field: Walk<'_, Field>, invariant: &Invariant, others: &[&Rule<'_>]) -> Diagnostic {
    let then = match others {
        [] => "false where it is empty",
        [_] => "false once it is empty, since the other rule holds",
        _ => "false once it is empty, since the others hold",
    };
    let finding = Diagnostic::new(
        &codes::relation::DELETE_BREAKS_RULE,
        field.get().span,
        format!(
            "emptying `{}` on delete always breaks the invariant `{}`",
            field.name, invariant.name
        ),
    )
    .label("emptied by `on delete set null`")
    .note(invariant.condition.span, then);
    solved::shown(field.spec, finding, others)
        .help("write `on delete protect`, or let the invariant allow an empty value")
}

fn sometimes(field: Walk<'_, Field>, invariant: &Invariant, row: &Row) -> Diagnostic {
    let target = field.target().map_or("", |target| &target.get().name);
    let owner = &field.entity().get().name;
    let mut others = invariant.condition.fields();
    others.retain(|id| *id != field.id);
    let shown = solved::example(field.spec, &others, row);
    let when = if shown.is_empty() {
        "false once it is empty".to_owned()
    } else {
        format!("false once it is empty, for example where {shown}")
    };
    Diagnostic::new(
        &codes::relation::DELETE_CAN_BREAK_RULE,
        field.get().span,
        format!(
            "deleting a row of `{target}` breaks the invariant `{}` for some rows of `{owner}`",
            invariant.name
        ),
    )
    .label("emptied by `on delete set null`")
    .note(invariant.condition.span, when)
    .help("write `on delete protect`, which says so to whoever deletes, or let the invariant allow an empty value")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn parcel(members: &str) -> String {
        format!(
            "enum Step {{ draft, sent }}\nentity C {{ n: int }}\nentity P {{\n s: bool\n step: Step\n \
             c: C? on delete set null\n d: C?\n{members}\n}}"
        )
    }

    #[test]
    fn a_rule_that_no_empty_row_keeps_is_a_proof() {
        let rule = |text: &str| codes(&parcel(&format!(" invariant r: {text}")));
        assert_eq!(rule("c is set"), ["relation::delete_breaks_rule"]);
        assert_eq!(
            rule("c is set or d is set"),
            ["relation::delete_can_break_rule"]
        );
        assert_eq!(rule("c is set implies s"), [""; 0]);
        assert_eq!(rule("c is not set or (d is set and c != d)"), [""; 0]);
    }

    #[test]
    fn rules_prove_it_together() {
        let rules = " invariant r: s implies c is set\n invariant t: c is set implies s";
        assert_eq!(codes(&parcel(rules)), ["relation::delete_breaks_rule"]);
    }

    #[test]
    fn the_row_for_which_it_fails_is_shown() {
        assert_eq!(
            findings(&parcel(" invariant tracked: step == sent implies c is set")),
            [
                "relation::delete_can_break_rule: deleting a row of `C` breaks the invariant `tracked` for some rows of `P`"
            ]
        );
    }

    #[test]
    fn a_row_that_goes_along_is_not_emptied() {
        let message = |more: &str| {
            codes(&format!(
                "entity C {{ n: int }}\nentity M {{\n c: C on delete cascade\n p: C? on delete set null\n at: date?\n \
                 invariant here: p is set implies p == c\n invariant when: (p is set) == (at is set)\n}}\n{more}"
            ))
        };
        assert_eq!(message(""), [""; 0]);
        // Something points to it: Django empties its references before it deletes it.
        assert_eq!(
            message("entity R { m: M on delete cascade }"),
            ["relation::delete_breaks_rule"]
        );
    }

    #[test]
    fn a_row_that_may_go_by_another_way_is_no_proof() {
        let spec = "entity C { n: int }\nentity T { c: C on delete cascade }\nentity M {\n t: T on delete cascade\n \
             p: C? on delete set null\n invariant r: p is set\n}";
        assert_eq!(codes(spec), ["relation::delete_can_break_rule"]);
    }

    #[test]
    fn what_holds_at_creation_is_not_asked_when_something_is_deleted() {
        assert_eq!(codes(&parcel(" invariant r on create: c is set")), [""; 0]);
        let rules = " invariant r on create: s\n invariant t: c is set or not s";
        assert_eq!(codes(&parcel(rules)), ["relation::delete_can_break_rule"]);
    }
}
