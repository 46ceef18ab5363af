use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{RowRule, Spec};
use appspec_solver::{Study, Verdict};

use super::solved;

/// A bound that refuses nothing: the type says it already, or a bound before it does.
///
/// Only bounds before it count. `x: Percent in 10..20` says more than `Percent`, and its own bound makes that of the type
/// superfluous here, which is nobody's mistake.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for study in studies {
        for (at, (rule, verdict)) in study.rules.iter().zip(&study.broken).enumerate() {
            let (RowRule::Bound { field, place }, Verdict::Contradiction(proof)) =
                (rule.origin, verdict)
            else {
                continue;
            };
            let others = solved::rules(study, proof, Some(at));
            let before = others.iter().all(|other| {
                matches!(other.origin, RowRule::Bound { field: of, place: other } if of == field && other < place)
            });
            if !before || !told.insert(rule.fact.span) {
                continue;
            }
            let field = spec.walk(field).get();
            let why = if others.is_empty() {
                "the type holds nothing else"
            } else {
                "the bounds before it leave nothing else"
            };
            let finding = Diagnostic::new(
                &codes::types::BOUND_SAYS_NOTHING,
                rule.fact.span,
                format!("this bound of `{}` refuses nothing", field.name),
            )
            .label(why);
            found
                .push(solved::shown(spec, finding, &others).help("remove it, or make it narrower"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn what_the_type_says_needs_no_bound() {
        let field = |text: &str| {
            codes(&format!(
                "type P = int in 0..100\nentity E {{ {text}\n p: P }}"
            ))
        };
        assert_eq!(field("a: text(8) in ..8"), ["type::bound_says_nothing"]);
        assert_eq!(
            field("a: decimal(3, 1) in -99.9..99.9"),
            ["type::bound_says_nothing"]
        );
        assert_eq!(field("a: P in -5..100"), ["type::bound_says_nothing"]);
        assert_eq!(field("a: P? in 0..100"), ["type::bound_says_nothing"]);
        assert_eq!(field("a: text(8) in ..7"), [""; 0]);
        assert_eq!(field("a: P in 10..20"), [""; 0]);
        assert_eq!(field("a: P in 1.."), [""; 0]);
    }

    #[test]
    fn a_rule_that_is_narrower_makes_no_bound_superfluous() {
        let spec = "entity E {\n a: int in 0..100\n invariant low: a in 10..40\n}";
        assert_eq!(codes(spec), [""; 0]);
    }

    #[test]
    fn a_bound_of_a_type_is_told_once() {
        let spec = "type T = text(5) in ..5\nentity E {\n a: T\n b: T\n}";
        assert_eq!(codes(spec), ["type::bound_says_nothing"]);
    }
}
