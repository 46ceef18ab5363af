use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Id, Invariant, Row, RowRule, Spec, Surroundings, holds};
use appspec_solver::Study;

use super::solved;

/// A constant default that an invariant about this field alone refuses: the default can never be used.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let never = never_true(studies);
    for (id, invariant) in spec.invariants.iter() {
        // What refuses every value is told of the rule.
        if never.contains(&id) {
            continue;
        }
        let [id] = invariant.condition.fields()[..] else {
            continue;
        };
        let field = spec.walk(id).get();
        let Some(Default::Value(value)) = &field.default else {
            continue;
        };
        let mut row = Row::new();
        row.set(id, value.clone());
        if holds(&invariant.condition, &row, Surroundings::default()) == Ok(false) {
            found.push(
                Diagnostic::new(
                    &codes::invariant::DEFAULT_BREAKS_RULE,
                    field.span,
                    format!(
                        "the default of `{}` breaks the invariant `{}`",
                        field.name, invariant.name
                    ),
                )
                .label("a row that keeps this default can't be saved")
                .note(invariant.condition.span, "false for the default")
                .help("change the default, or remove it so that a value has to be given"),
            );
        }
    }
}

/// The invariants that no row keeps, whatever the others say.
fn never_true(studies: &[Study<'_>]) -> Vec<Id<Invariant>> {
    let proofs = studies.iter().flat_map(|study| {
        let proofs = study.proofs();
        proofs.map(move |proof| solved::rules(study, proof, None))
    });
    let alone = proofs.filter_map(|rules| match rules.as_slice() {
        [rule] => match rule.origin {
            RowRule::Invariant(id) => Some(id),
            RowRule::Bound { .. } | RowRule::Derived(_) => None,
        },
        _ => None,
    });
    alone.collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn only_rules_about_the_field_alone_are_certain() {
        let rule = |text: &str| {
            codes(&format!(
                "entity E {{\n n: int = 0\n m: int\n invariant r: {text}\n}}"
            ))
        };
        assert_eq!(rule("n > 0"), ["invariant::default_breaks_rule"]);
        assert_eq!(rule("n > 0 or m > 0"), [""; 0]);
        assert_eq!(rule("n >= 0"), [""; 0]);
    }

    #[test]
    fn what_no_value_keeps_is_one_mistake() {
        let spec = "entity E {\n b: bool = true\n invariant r: b and not b\n}";
        assert_eq!(codes(spec), ["invariant::never_true"]);
    }

    #[test]
    fn decimals_are_exact() {
        let spec = "entity E {\n n: decimal(8, 2) = 0.10\n invariant r: n * 3 == 0.30\n}";
        assert_eq!(codes(spec), [""; 0]);
    }
}
