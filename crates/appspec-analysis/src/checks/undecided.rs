use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{RowRule, Spec};
use appspec_solver::{Study, Verdict, Why};

use super::solved;

/// Rules that were not understood well enough to say whether a row can keep them. Nothing is wrong with them, but what
/// would be wrong stays unseen.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    for study in studies {
        let Verdict::Unknown(why) = study.all else {
            continue;
        };
        let all: Vec<_> = study.rules.iter().collect();
        // Their answer hangs on the moment and on the time zone, which is how they are meant.
        if solved::hangs_on_creation(spec, &all) {
            continue;
        }
        let mut invariants = study
            .rules
            .iter()
            .filter(|rule| matches!(rule.origin, RowRule::Invariant(_)));
        let Some(first) = invariants.next() else {
            continue;
        };
        let why = match why {
            Why::Fuel => "there are too many cases",
            Why::Theory => "they are beyond what is understood",
            Why::Unasked => continue,
        };
        let mut finding = Diagnostic::new(
            &codes::invariant::UNDECIDED,
            study.entity.get().span,
            format!(
                "whether a row of `{}` can keep its invariants was not found out",
                study.entity.name
            ),
        )
        .label(why)
        .note(solved::place(spec, first), "one of them");
        for rule in invariants {
            finding = finding.note(solved::place(spec, rule), "and this");
        }
        found
            .push(finding.help("make sure with a row of your own, or write the rules more simply"));
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn only_what_nobody_decided_is_told() {
        let rule = |text: &str| codes(&format!("entity E {{\n a: int\n at: datetime\n{text}\n}}"));
        assert_eq!(rule(" invariant x: a * a == 2"), ["invariant::undecided"]);
        assert_eq!(rule(" invariant x: a * a == 4"), [""; 0]);
        assert_eq!(rule(" invariant x on create: hour(at) < 12"), [""; 0]);
    }
}
