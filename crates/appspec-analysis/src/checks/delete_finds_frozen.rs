use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Expr, ExprKind, Field, Frozen, Moment, OnDelete, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::emptied::Deletes;
use super::solved;

/// References by which a deletion would take along, or empty, a row that is always frozen while it has one: each such deletion
/// fails. What is frozen at times may go at others.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let deletes = Deletes::of(spec);
    for study in studies {
        let entity = study.entity.get();
        let Some(frozen) = &entity.frozen else {
            continue;
        };
        if entity.append_only.is_some() || !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for field in study.entity.fields().filter(|field| field.get().optional) {
            let relation = field.get().relation();
            let empties = match relation.map(|it| it.on_delete) {
                Some(OnDelete::Cascade) => false,
                Some(OnDelete::SetNull)
                    if !field.get().immutable
                        && !frozen.except.contains(&field.id)
                        && !deletes.may_go_by_others(field) =>
                {
                    true
                }
                _ => continue,
            };
            let concerned = if empties {
                deletes.empties(field)
            } else {
                is_set(field)
            };
            if let Some(rules) = always_frozen(study, frozen, concerned, &mut patterns) {
                found.push(finding(field, frozen, (empties, &rules)));
            }
        }
    }
}

fn is_set(field: Walk<'_, Field>) -> Expr {
    Expr {
        kind: ExprKind::IsSet(field.id),
        ty: Type::Bool,
        span: field.get().span,
    }
}

/// The rules because of which each row of which a condition holds is frozen, where some row is neither always.
fn always_frozen<'r, 's>(
    study: &'r Study<'s>,
    frozen: &'s Frozen,
    concerned: Expr,
    patterns: &mut Patterns,
) -> Option<Vec<&'r Rule<'s>>> {
    let spec = study.entity.spec;
    let rules: Vec<&Rule<'s>> = study
        .rules
        .iter()
        .filter(|rule| solved::invariant(spec, rule).is_none_or(|it| it.moment == Moment::Always))
        .collect();
    let mut facts: Vec<Fact<'s>> = rules.iter().map(|rule| rule.fact.clone()).collect();
    let set = facts.len();
    facts.push(Fact::made(concerned));
    facts.push(Fact::condition(&frozen.condition));
    let kept: Vec<Claim> = (0..=set).map(Claim::yes).collect();
    let mut open = kept.clone();
    open.push(Claim::no(set + 1));
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    let Verdict::Contradiction(proof) = solver.satisfy_somehow(&open) else {
        return None;
    };
    // Rows that are frozen anyway are told as such, and so is a reference that none has.
    let is_why = proof.contains(&Claim::yes(set)) && proof.contains(&Claim::no(set + 1));
    if !is_why || !matches!(solver.satisfy_somehow(&kept), Verdict::Satisfiable(_)) {
        return None;
    }
    let places = proof.iter().map(|claim| claim.fact);
    Some(
        places
            .filter_map(|place| rules.get(place).copied())
            .collect(),
    )
}

fn finding(
    field: Walk<'_, Field>,
    frozen: &Frozen,
    (empties, rules): (bool, &[&Rule<'_>]),
) -> Diagnostic {
    let (does, label) = if empties {
        (format!("would empty `{}`", field.name), "emptied then")
    } else {
        let owner = &field.entity().get().name;
        (
            format!("would delete rows of `{owner}`"),
            "taken along then",
        )
    };
    let target = field.target().map_or("", |target| &target.get().name);
    let finding = Diagnostic::new(
        &codes::relation::DELETE_CHANGES_KEPT,
        field.get().span,
        format!("deleting a row of `{target}` {does}, which is refused"),
    )
    .label(label)
    .note(
        frozen.condition.span,
        format!("holds of each row with `{}`", field.name),
    );
    solved::shown(field.spec, finding, rules).help("write `on delete protect`")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn note(reference: &str, members: &str) -> String {
        format!(
            "entity O {{ n: int }}\nentity P {{\n n: int\n o: O? on delete {reference}\n{members}\n}}"
        )
    }

    #[test]
    fn a_row_that_is_frozen_while_it_has_a_reference_is_never_let_go() {
        for members in [
            " frozen when o is set",
            " frozen when n > 3\n invariant r: o is set implies n > 5",
        ] {
            assert_eq!(
                findings(&note("set null", members)),
                [
                    "relation::delete_changes_kept: deleting a row of `O` would empty `o`, which is refused"
                ]
            );
            assert_eq!(
                findings(&note("cascade", members)),
                [
                    "relation::delete_changes_kept: deleting a row of `O` would delete rows of `P`, which is refused"
                ]
            );
        }
    }

    #[test]
    fn what_is_frozen_at_times_goes_at_others() {
        for (reference, members) in [
            ("set null", " frozen when n > 3"),
            ("cascade", " frozen when n > 3"),
            ("set null", " frozen when o is set except (o)"),
            ("protect", " frozen when o is set"),
            ("set null", " frozen when o is set and n > 3"),
        ] {
            assert_eq!(codes(&note(reference, members)), [""; 0], "{members}");
        }
    }
}
