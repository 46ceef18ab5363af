use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Expr, Field, Function, Id, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::{moments, solved};

/// Defaults that are taken from the clock and that no new row keeps. A default is computed before its row is judged,
/// by however much: of `now()` nobody knows more than that it is not later than the moment of the check, and in which
/// century it lies.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        let mut moving = moving(spec, study);
        while let Some(refused) = refused(spec, study, &moving, &mut patterns) {
            moving.retain(|(field, ..)| refused.fields.iter().all(|it| it.id != field.id));
            if let Some(finding) = finding(spec, study, &refused) {
                found.push(finding);
            }
        }
    }
}

/// A field, and the function of the clock that its default is taken from, with what is added.
type Moving<'s> = (Walk<'s, Field>, Function, i64);

/// Defaults that no row keeps.
struct Refused<'s> {
    proof: Vec<Claim>,
    /// At least one.
    fields: Vec<Walk<'s, Field>>,
    /// Whether it hangs on when the row is judged.
    is_late: bool,
}

fn refused<'s>(
    spec: &'s Spec,
    study: &Study<'s>,
    moving: &[Moving<'s>],
    patterns: &mut Patterns,
) -> Option<Refused<'s>> {
    if moving.is_empty() {
        return None;
    }
    let rules = study.rules.len();
    let mut facts = solved::facts(study);
    // Which fields each of the further facts is about, and whether it hangs on the moment of the check.
    let mut about: Vec<(Vec<Id<Field>>, bool)> = Vec::new();
    for (field, function, added) in moving {
        for condition in in_century(*field, *function, *added) {
            facts.push(Fact::made(condition));
            about.push((vec![field.id], false));
        }
        facts.push(Fact::made(not_later(*field, *function, *added)));
        about.push((vec![field.id], true));
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
            about.push((vec![first.id, second.id], true));
        }
    }
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let verdict = Solver::new(spec, study.entity.id, facts, patterns).satisfy(&claims);
    let Verdict::Contradiction(proof) = verdict else {
        return None;
    };
    let mut blamed: Vec<Id<Field>> = Vec::new();
    let mut is_late = false;
    for claim in &proof {
        let further = claim.fact.checked_sub(rules).and_then(|it| about.get(it));
        if let Some((fields, late)) = further {
            blamed.extend(fields);
            is_late |= late;
        }
    }
    let mut fields: Vec<Walk<'_, Field>> = moving.iter().map(|(field, ..)| *field).collect();
    fields.retain(|field| blamed.contains(&field.id));
    (!fields.is_empty()).then_some(Refused {
        proof,
        fields,
        is_late,
    })
}

fn finding(spec: &Spec, study: &Study<'_>, refused: &Refused<'_>) -> Option<Diagnostic> {
    let (last, others) = refused.fields.split_last()?;
    let rules = solved::rules(study, &refused.proof, None);
    let listed = solved::listed(spec, &rules);
    let finding = if others.is_empty() {
        Diagnostic::new(
            &codes::invariant::DEFAULT_BREAKS_RULE,
            last.get().span,
            format!("the default of `{}` always breaks {listed}", last.name),
        )
        .label(if refused.is_late {
            "computed before the row is checked"
        } else {
            "a row that keeps this default can't be saved"
        })
    } else {
        let fields = refused.fields.iter();
        let names: Vec<String> = fields.map(|it| format!("`{}`", it.name)).collect();
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

/// The field has a value, and it is one that the default can be in this century.
fn in_century(field: Walk<'_, Field>, function: Function, added: i64) -> [Expr; 2] {
    let (ty, ends) = if function == Function::Today {
        let (first, last) = moments::DAYS;
        (
            Type::Date,
            [first, last].map(|days| moments::day(field, days)),
        )
    } else {
        let moved = |end: i64| moments::moment(field, end.saturating_add(added));
        (
            Type::DateTime,
            [moments::EARLIEST, moments::LATEST].map(moved),
        )
    };
    let read = || moments::read(field, ty);
    let [first, last] = ends;
    [(first, read()), (read(), last)]
        .map(|(before, after)| moments::in_order(field, before, after, vec![field]))
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

    #[test]
    fn a_default_is_of_this_century() {
        let found = |members: &str| findings(&entity(members));
        assert_eq!(
            found(
                " a: date in ..2020-01-01 = today()\n b: datetime = now()\n invariant r: b < 2020-01-01T00:00Z"
            ),
            [
                "invariant::default_breaks_rule: the default of `a` always breaks the bounds of `a`",
                "invariant::default_breaks_rule: the default of `b` always breaks `r`"
            ]
        );
        assert_eq!(
            codes(&entity(
                " a: datetime = now() - 3650d\n invariant r: a > 2120-01-01T00:00Z"
            )),
            ["invariant::default_breaks_rule"]
        );
        for fine in [
            "a: date in 2020-01-01.. = today()",
            "a: date in ..2026-01-01 = today()",
            "a: date in 2126-01-01.. = today()",
            "a: datetime in ..2020-01-01T00:00Z = now() - 3650d",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }
}
