use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Expr, Field, Function, Id, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::{moments, solved};

/// Defaults that are taken from the clock and that no new row keeps. A default is computed before its row is judged,
/// by however much: of `now()` nobody knows more than that it is not later than the moment of the check.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        if let Some(finding) = refused(spec, study, &mut patterns) {
            found.push(finding);
        }
    }
}

/// A field, and the function of the clock that its default is taken from, with what is added.
type Moving<'s> = (Walk<'s, Field>, Function, i64);

fn refused(spec: &Spec, study: &Study<'_>, patterns: &mut Patterns) -> Option<Diagnostic> {
    let moving: Vec<Moving<'_>> = moving(spec, study);
    if moving.is_empty() || !matches!(study.all, Verdict::Satisfiable(_)) {
        return None;
    }
    let rules = study.rules.len();
    let mut facts: Vec<Fact<'_>> = study.rules.iter().map(|rule| rule.fact.clone()).collect();
    let mut about: Vec<Vec<Id<Field>>> = Vec::new();
    for (field, function, added) in &moving {
        facts.push(Fact::made(not_later(*field, *function, *added)));
        about.push(vec![field.id]);
    }
    let of_now: Vec<&Moving<'_>> = moving
        .iter()
        .filter(|(_, function, _)| *function == Function::Now)
        .collect();
    for pair in of_now.windows(2) {
        if let [(first, _, before), (second, _, after)] = pair {
            facts.push(Fact::made(moments::together(
                *first,
                *second,
                after - before,
            )));
            about.push(vec![first.id, second.id]);
        }
    }
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let verdict = Solver::new(spec, study.entity.id, facts, patterns).satisfy(&claims);
    let Verdict::Contradiction(proof) = verdict else {
        return None;
    };
    let mut blamed: Vec<Id<Field>> = Vec::new();
    for claim in &proof {
        let fields = claim.fact.checked_sub(rules).and_then(|it| about.get(it));
        blamed.extend(fields.into_iter().flatten());
    }
    let mut fields: Vec<Walk<'_, Field>> = moving.iter().map(|(field, ..)| *field).collect();
    fields.retain(|field| blamed.contains(&field.id));
    let (last, others) = fields.split_last()?;
    let rules = solved::rules(study, &proof, None);
    let listed = solved::listed(spec, &rules);
    let finding = if others.is_empty() {
        Diagnostic::new(
            &codes::invariant::DEFAULT_BREAKS_RULE,
            last.get().span,
            format!("the default of `{}` always breaks {listed}", last.name),
        )
        .label("computed before the row is checked")
    } else {
        let names: Vec<String> = fields.iter().map(|it| format!("`{}`", it.name)).collect();
        let names = solved::joined(&names);
        let finding = Diagnostic::new(
            &codes::invariant::DEFAULTS_CONTRADICT,
            last.get().span,
            format!("no row keeps the defaults of {names}"),
        )
        .label(match others {
            [_] => "computed at the same time as the other",
            _ => "computed at the same time as the others",
        });
        others.iter().fold(finding, |finding, field| {
            finding.note(field.get().span, "has a default too")
        })
    };
    let help = "change a default, or remove it so that a value has to be given";
    Some(solved::shown(spec, finding, &rules).help(help))
}

/// The fields that a rule reads and whose defaults are taken from the clock.
fn moving<'s>(spec: &'s Spec, study: &Study<'s>) -> Vec<Moving<'s>> {
    let mut read: Vec<Id<Field>> = Vec::new();
    for rule in &study.rules {
        read.extend(rule.fact.fields());
    }
    let fields = study.entity.fields();
    let read = fields.filter(|field| read.contains(&field.id) && !field.touched);
    read.filter_map(|field| {
        let field = spec.walk(field.id);
        match field.get().default {
            Some(Default::Now { offset }) => Some((field, Function::Now, offset)),
            Some(Default::Today) => Some((field, Function::Today, 0)),
            _ => None,
        }
    })
    .collect()
}

/// The field has a value, and it is the default's or an earlier one.
fn not_later(field: Walk<'_, Field>, function: Function, added: i64) -> Expr {
    let ty = match function {
        Function::Today => Type::Date,
        _ => Type::DateTime,
    };
    let limit = moments::after(field, moments::clock(field, function, ty), added);
    moments::in_order(field, moments::read(field, ty), limit, vec![field])
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn entity(members: &str) -> String {
        format!("entity E {{\n n: int\n{members}\n}}")
    }

    #[test]
    fn a_default_that_is_past_when_it_is_checked() {
        let found = |members: &str| findings(&entity(members));
        assert_eq!(
            found(" a: datetime = now() - 1d\n invariant r on create: a > now()"),
            ["invariant::default_breaks_rule: the default of `a` always breaks `r`"]
        );
        assert_eq!(
            codes(&entity(
                " a: datetime = now()\n invariant r on create: a > now()"
            )),
            ["invariant::default_breaks_rule"]
        );
        assert_eq!(
            codes(&entity(
                " a: date = today()\n invariant r on create: a > today()"
            )),
            ["invariant::default_breaks_rule"]
        );
    }

    #[test]
    fn what_may_have_passed_between_is_no_proof() {
        for rule in ["a <= now()", "a < now()", "a >= now()"] {
            let members = format!(" a: datetime = now()\n invariant r on create: {rule}");
            assert_eq!(codes(&entity(&members)), [""; 0], "{rule}");
        }
        assert_eq!(
            codes(&entity(
                " a: datetime = now() + 7d\n invariant r on create: a > now()"
            )),
            [""; 0]
        );
    }

    #[test]
    fn defaults_of_one_row_are_computed_together() {
        let both = " a: datetime = now()\n b: datetime = now() + 5d\n";
        assert_eq!(
            codes(&entity(&format!("{both} invariant r: a > b"))),
            ["invariant::defaults_contradict"]
        );
        assert_eq!(
            codes(&entity(&format!("{both} invariant r: a < b"))),
            [""; 0]
        );
        assert_eq!(
            codes(&entity(
                " a: datetime = now()\n b: datetime = now()\n invariant r: a < b"
            )),
            [""; 0]
        );
    }
}
