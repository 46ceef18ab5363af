use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Function, Id, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::{moments, solved};

/// Fields that every write sets to its own moment, and rules that refuse any such moment: no row can be written. Certain
/// of that moment is that it is there, in which century it lies, and that it is the same for all such fields of a row.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    for study in studies {
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        let mut fields = touched(spec, study);
        while let Some(proof) = refused(spec, study, &fields, &mut patterns) {
            fields.retain(|field| !proof.blamed.contains(&field.id));
            // A field of a mixin is one mistake, in however many entities.
            if let Some(last) = proof.blamed.last()
                && told.insert(spec.walk(*last).get().span)
            {
                found.push(finding(spec, study, &proof));
            }
        }
    }
}

/// The `touched` fields that a rule reads.
fn touched<'s>(spec: &'s Spec, study: &Study<'s>) -> Vec<Walk<'s, Field>> {
    let read: BTreeSet<Id<Field>> = study
        .rules
        .iter()
        .flat_map(|rule| rule.fact.fields())
        .collect();
    let fields = study.entity.fields();
    fields
        .filter(|field| field.touched && read.contains(&field.id))
        .map(|field| spec.walk(field.id))
        .collect()
}

/// Rules that refuse what a write sets some fields to.
struct Refused {
    claims: Vec<Claim>,
    /// At least one.
    blamed: Vec<Id<Field>>,
}

fn refused(
    spec: &Spec,
    study: &Study<'_>,
    fields: &[Walk<'_, Field>],
    patterns: &mut Patterns,
) -> Option<Refused> {
    if fields.is_empty() {
        return None;
    }
    let rules = study.rules.len();
    let mut facts = solved::facts(study);
    let mut about: Vec<Vec<Id<Field>>> = Vec::new();
    for field in fields {
        let read = || moments::read(*field, Type::DateTime);
        let clock = moments::clock(*field, Function::Now, Type::DateTime);
        let earliest = moments::moment(*field, moments::EARLIEST);
        let latest = moments::moment(*field, moments::LATEST);
        for (before, after) in [(earliest, read()), (read(), latest), (read(), clock)] {
            let ordered = moments::in_order(*field, before, after, vec![*field]);
            facts.push(Fact::made(ordered));
            about.push(vec![field.id]);
        }
    }
    for pair in fields.windows(2) {
        if let [first, second] = pair {
            facts.push(Fact::made(moments::together(*first, *second, 0)));
            about.push(vec![first.id, second.id]);
        }
    }
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let verdict = Solver::new(spec, study.entity.id, facts, patterns).satisfy_somehow(&claims);
    let Verdict::Contradiction(claims) = verdict else {
        return None;
    };
    let facts = claims.iter().filter_map(|it| it.fact.checked_sub(rules));
    let named: BTreeSet<Id<Field>> = facts
        .filter_map(|fact| about.get(fact))
        .flatten()
        .copied()
        .collect();
    let blamed = fields.iter().map(|field| field.id);
    let blamed: Vec<Id<Field>> = blamed.filter(|id| named.contains(id)).collect();
    (!blamed.is_empty()).then_some(Refused { claims, blamed })
}

fn finding(spec: &Spec, study: &Study<'_>, refused: &Refused) -> Diagnostic {
    let rules = solved::rules(study, &refused.claims, None);
    let fields: Vec<Walk<'_, Field>> = refused.blamed.iter().map(|id| spec.walk(*id)).collect();
    let names: Vec<String> = fields.iter().map(|it| format!("`{}`", it.name)).collect();
    let (names, listed) = (solved::joined(&names), solved::listed(spec, &rules));
    let spans: Vec<_> = fields.iter().map(|field| field.get().span).collect();
    let at = spans.last().copied().unwrap_or(study.entity.get().span);
    let finding = Diagnostic::new(
        &codes::invariant::TOUCHED_BREAKS_RULE,
        at,
        format!("every write of {names} breaks {listed}"),
    )
    .label("set to the current moment by every write");
    let others = spans.iter().take(spans.len().saturating_sub(1));
    let finding = others.fold(finding, |finding, span| finding.note(*span, "set with it"));
    let help = "remove `touched`, or change the rule";
    solved::shown(spec, finding, &rules).help(help)
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn entity(members: &str) -> String {
        format!("entity E {{\n n: int\n{members}\n}}")
    }

    #[test]
    fn a_write_sets_the_field() {
        assert_eq!(
            findings(&entity(" c: datetime? touched\n invariant r: c is not set")),
            ["invariant::touched_breaks_rule: every write of `c` breaks `r`"]
        );
        for fine in [
            "c is not set or n > 0",
            "c is set",
            "c is set implies n > 0",
        ] {
            let members = format!(" c: datetime? touched\n invariant r: {fine}");
            let found = codes(&entity(&members));
            assert!(
                !found.contains(&"invariant::touched_breaks_rule"),
                "{fine}: {found:?}"
            );
        }
    }

    #[test]
    fn a_write_is_of_this_century() {
        let found = |bounds: &str| findings(&entity(&format!(" c: datetime in {bounds} touched")));
        assert_eq!(
            found("..2020-01-01T00:00Z"),
            ["invariant::touched_breaks_rule: every write of `c` breaks the bounds of `c`"]
        );
        assert_eq!(
            found("2400-01-01T00:00Z.."),
            ["invariant::touched_breaks_rule: every write of `c` breaks the bounds of `c`"]
        );
        for fine in [
            "..2026-01-01T00:00Z",
            "..2100-01-01T00:00Z",
            "2020-01-01T00:00Z..",
            "2126-01-01T00:00Z..",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn fields_of_one_write_are_set_together() {
        let found = |rule: &str| {
            codes(&entity(&format!(
                " c: datetime touched\n d: datetime? touched\n invariant r: {rule}"
            )))
        };
        assert_eq!(
            found("d is set implies d > c + 1h"),
            ["invariant::touched_breaks_rule"]
        );
        assert_eq!(found("d is set implies d > c"), [""; 0]);
    }

    #[test]
    fn a_new_row_was_set_before_it_is_judged() {
        let found = |rule: &str| {
            codes(&entity(&format!(
                " c: datetime touched\n invariant r on create: {rule}"
            )))
        };
        assert_eq!(found("c > now()"), ["invariant::touched_breaks_rule"]);
        for fine in ["c >= now()", "c < now()", "c > now() - 1h"] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn each_field_is_told_and_a_mixin_once() {
        let rules = " invariant r: c is not set\n invariant s: d is not set";
        let fields = " c: datetime? touched\n d: datetime? touched\n";
        assert_eq!(
            codes(&entity(&format!("{fields}{rules}"))),
            [
                "invariant::touched_breaks_rule",
                "invariant::touched_breaks_rule"
            ]
        );
        let mixin = "mixin M {\n c: datetime? touched\n invariant r: c is not set\n}\n\
             entity E with M { n: int }\nentity F with M { n: int }";
        assert_eq!(codes(mixin), ["invariant::touched_breaks_rule"]);
    }
}
