use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Comparison, Entity, Expr, ExprKind, Field, FieldType, Id, Invariant, Moment, OnDelete, Put,
    RelationGraph, Row, RowRule, Spec, Type, Walk,
};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::solved;
use super::spelling::one;

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
            if let Some(finding) = emptying(study, field, &deletes, &mut patterns)
                && told.insert(field.get().span)
            {
                found.push(finding);
            }
        }
    }
}

/// The references of an entity that a deletion empties.
fn emptied(entity: Walk<'_, Entity>) -> impl Iterator<Item = Walk<'_, Field>> {
    entity.fields().filter(|field| {
        let relation = field.get().relation();
        field.get().optional
            && relation.is_some_and(|relation| relation.on_delete == OnDelete::SetNull)
    })
}

/// What goes along with what.
struct Deletes {
    cascades: RelationGraph,
    pointed_to: BTreeSet<Id<Entity>>,
}

impl Deletes {
    fn of(spec: &Spec) -> Self {
        let mut pointed_to = BTreeSet::new();
        for (_, field) in spec.fields.iter() {
            match &field.ty {
                FieldType::Relation(relation) => pointed_to.extend([relation.target]),
                // The pairs point to both sides.
                FieldType::Many(many) => pointed_to.extend([field.entity, many.target]),
                _ => {}
            }
        }
        Self {
            cascades: RelationGraph::deletes(spec),
            pointed_to,
        }
    }

    /// The references by which a row goes along with what it points to, so that emptying another one is never seen. Django
    /// deletes rows to which nothing points before it empties references, and all others after it.
    fn along<'s>(&self, field: Walk<'s, Field>) -> Vec<Walk<'s, Field>> {
        if self.pointed_to.contains(&field.entity) {
            return Vec::new();
        }
        let is_other = |other: &Walk<'_, Field>| other.id != field.id;
        let cascades = field.entity().fields().filter(is_other).filter(|other| {
            let same = other.target().map(|it| it.id) == field.target().map(|it| it.id);
            let relation = other.get().relation();
            same && relation.is_some_and(|own| own.on_delete == OnDelete::Cascade)
        });
        cascades.collect()
    }

    /// Whether a row can also go because something between goes: nothing is certain about it then.
    fn may_go_by_others(&self, field: Walk<'_, Field>) -> bool {
        let Some(target) = field.target() else {
            return false;
        };
        if self.pointed_to.contains(&field.entity) {
            return false;
        }
        let reached = self.cascades.reachable(target.id);
        let ways = field.entity().fields().filter(|own| {
            let relation = own.get().relation();
            relation.is_some_and(|own| own.on_delete == OnDelete::Cascade)
        });
        let mut ends = ways.filter_map(Walk::<Field>::target);
        ends.any(|end| end.id != target.id && reached.iter().any(|(id, _)| *id == end.id))
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
    let mut conditions = vec![truth(field, ExprKind::IsSet(field.id))];
    let along = deletes.along(field).into_iter();
    conditions.extend(along.filter_map(|other| points_elsewhere(other, field)));
    // One condition, so that the reference is read only where it is set.
    facts.push(Fact::made(match conditions.as_slice() {
        [only] => only.clone(),
        _ => truth(field, ExprKind::And(conditions)),
    }));
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

fn truth(field: Walk<'_, Field>, kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: field.get().span,
    }
}

/// The other reference has no value, or that of another row.
fn points_elsewhere(other: Walk<'_, Field>, field: Walk<'_, Field>) -> Option<Expr> {
    let target = field.target()?.id;
    let read = |field: Walk<'_, Field>| {
        Box::new(Expr {
            kind: ExprKind::Field(field.id),
            ty: Type::Reference(target),
            span: field.get().span,
        })
    };
    let differs = ExprKind::Compare(Comparison::NotEqual, read(other), read(field));
    let differs = truth(field, differs);
    if !other.get().optional {
        return Some(differs);
    }
    let set = Box::new(truth(field, ExprKind::IsSet(other.id)));
    Some(truth(field, ExprKind::Implies(set, Box::new(differs))))
}

/// A condition as it reads once the reference is empty.
fn without(condition: &Expr, field: Id<Field>) -> Expr {
    condition.truth_with(&|id| if id == field { Put::Nothing } else { Put::Own })
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
            "deleting {} breaks the invariant `{}` for some rows of `{owner}`",
            one(target),
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
                "relation::delete_can_break_rule: deleting a `C` breaks the invariant `tracked` for some rows of `P`"
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
