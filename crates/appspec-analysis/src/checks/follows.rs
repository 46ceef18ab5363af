use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Id, Invariant, Moment, RowRule, Spec};
use appspec_solver::{Claim, Study, Verdict};

use super::{copied, dead_branch, solved};

/// An invariant that refuses nothing: types and bounds say it already, or other invariants do.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let dead = dead_branch::without_effect(spec, studies);
    let copies = copied::copies(spec);
    let mut following: Vec<(&Study<'_>, Id<Invariant>, &[Claim], usize)> = Vec::new();
    for study in studies {
        let mut dropped: Vec<usize> = Vec::new();
        // Of rules that follow from each other, the later ones are to go.
        for (place, verdict) in study.broken.iter().enumerate().rev() {
            let (Verdict::Contradiction(proof), Some(rule)) = (verdict, study.rules.get(place))
            else {
                continue;
            };
            let RowRule::Invariant(id) = rule.origin else {
                continue;
            };
            if copies.contains_key(&id) {
                dropped.push(place);
                continue;
            }
            let proof_rules = solved::rules(study, proof, Some(place));
            let invariant = spec.walk(id).get();
            let stands = invariant.moment == Moment::Always;
            // Who says a rule of their own has it refuse with their words, instead of by what a column can't hold.
            let by_derived = proof_rules
                .iter()
                .any(|rule| solved::derived(spec, rule).is_some());
            if by_derived
                || solved::is_explained_rule(spec, invariant)
                || solved::has_misfit(spec, &proof_rules)
                || dead.contains(&id)
                || proof.iter().any(|claim| dropped.contains(&claim.fact))
                || (stands && solved::hangs_on_creation(spec, &proof_rules))
            {
                continue;
            }
            dropped.push(place);
            following.push((study, id, proof, place));
        }
    }
    let ids: Vec<Id<Invariant>> = following.iter().map(|(_, id, ..)| *id).collect();
    let mut told = BTreeSet::new();
    for (study, id, proof, place) in following {
        let invariant = spec.walk(id).get();
        let at = invariant.condition.span;
        if !solved::everywhere(spec, at, &ids) || !told.insert(at) {
            continue;
        }
        let rules = solved::rules(study, proof, Some(place));
        let by_invariants = rules
            .iter()
            .any(|rule| solved::invariant(spec, rule).is_some());
        let finding = if by_invariants {
            Diagnostic::new(
                &codes::invariant::REDUNDANT,
                at,
                format!(
                    "`{}` follows from {}",
                    invariant.name,
                    solved::listed(spec, &rules)
                ),
            )
            .label(match rules.as_slice() {
                [_] => "refuses no row that the other accepts",
                _ => "refuses no row that the others accept",
            })
        } else {
            let why = if !rules.is_empty() {
                "the bounds leave nothing that makes it false".to_owned()
            } else if solved::across(spec, invariant).is_some() {
                "no rows make it false".to_owned()
            } else if let Some(scalar) = solved::formed(spec, &invariant.condition) {
                format!("true of every `{scalar}`")
            } else {
                "nothing makes it false".to_owned()
            };
            Diagnostic::new(
                &codes::invariant::ALWAYS_TRUE,
                at,
                format!("`{}` holds for every row", invariant.name),
            )
            .label(why)
        };
        found.push(solved::shown(spec, finding, &rules).help("remove it, or make it say more"));
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(members: &str) -> Vec<String> {
        findings(&format!(
            "entity E {{\n a: int in 1..\n b: int\n c: int\n s: text(9)\n{members}\n}}"
        ))
    }

    #[test]
    fn what_the_types_say_is_always_true() {
        assert_eq!(
            found(" invariant x: a >= 1"),
            ["invariant::always_true: `x` holds for every row"]
        );
        assert_eq!(
            found(" invariant x: length(s) < 10"),
            ["invariant::always_true: `x` holds for every row"]
        );
        assert_eq!(found(" invariant x: a > 1"), [""; 0]);
        assert_eq!(found(" invariant x: length(s) < 9"), [""; 0]);
    }

    #[test]
    fn of_two_that_say_the_same_the_later_one_is_told() {
        assert_eq!(
            found(" invariant x: b < c\n invariant y: c > b"),
            ["invariant::redundant: `y` follows from `x`"]
        );
        assert_eq!(
            found(" invariant x: b < c\n invariant y: c < a\n invariant z: b < a"),
            ["invariant::redundant: `z` follows from `x` and `y`"]
        );
        assert_eq!(
            found(" invariant x: b <= c\n invariant y: b < c + 1"),
            ["invariant::redundant: `y` follows from `x`"]
        );
        assert_eq!(
            found(" invariant x: b <= c\n invariant y: b < c or b > a"),
            [""; 0]
        );
    }

    #[test]
    fn what_holds_at_creation_need_not_hold_later() {
        assert_eq!(
            found(" invariant x on create: b < c\n invariant y: b <= c"),
            [""; 0]
        );
        assert_eq!(
            found(" invariant x: b < c\n invariant y on create: b <= c"),
            ["invariant::redundant: `y` follows from `x`"]
        );
    }

    #[test]
    fn a_rule_of_a_mixin_has_to_follow_everywhere() {
        let spec = |more: &str| {
            findings(&format!(
                "mixin M {{\n a: int\n invariant low: a < 9\n}}\nentity E with M {{ invariant x: a < 5 }}\nentity F with M {{ {more} }}"
            ))
        };
        assert_eq!(spec("b: int"), [""; 0]);
        assert_eq!(
            spec("invariant x: a < 4"),
            ["invariant::redundant: `low` follows from `x`"]
        );
    }
}
