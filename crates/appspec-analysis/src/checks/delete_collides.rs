use appspec_diagnostics::{Diagnostic, codes};
use appspec_ir::{Expr, ExprKind, Field, Id, Overlap, Row, RowRule, UniqueRule, Walk, collisions};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict, colliding, takes_up};

use super::emptied::{Deletes, without};
use super::solved;

/// `on delete set null` on a reference whose absence makes a unique set, or a `no overlap`, be about the row: where
/// another row has the same already, the deletion fails.
pub(super) fn finding(
    study: &Study<'_>,
    field: Walk<'_, Field>,
    deletes: &Deletes,
    patterns: &mut Patterns,
) -> Option<Diagnostic> {
    conditional(study, field.id).into_iter().find_map(|kept| {
        let row = example(study, field, &kept, deletes, patterns)?;
        Some(told(field, &kept, &row))
    })
}

/// What two rows may not share where a condition holds for both.
struct Kept<'s> {
    rule: UniqueRule,
    condition: &'s Expr,
    /// What the rows share.
    shared: Vec<Id<Field>>,
    stretch: Option<&'s Overlap>,
}

/// The rules whose condition reads a field.
fn conditional<'s>(study: &Study<'s>, field: Id<Field>) -> Vec<Kept<'s>> {
    let entity = study.entity.get();
    let reading = |condition: &'s Option<Expr>| {
        let condition = condition.as_ref();
        condition.filter(|condition| condition.fields().contains(&field))
    };
    let sets = entity.uniques.iter().enumerate().filter_map(|(at, set)| {
        Some(Kept {
            rule: UniqueRule::Set(at),
            condition: reading(&set.condition)?,
            shared: set.fields.clone(),
            stretch: None,
        })
    });
    let overlaps = entity.overlaps.iter().enumerate().filter_map(|(at, own)| {
        Some(Kept {
            rule: UniqueRule::Overlap(at),
            condition: reading(&own.condition)?,
            shared: own
                .per
                .iter()
                .copied()
                .chain([own.start, own.end])
                .collect(),
            stretch: Some(own),
        })
    });
    sets.chain(overlaps).collect()
}

/// A row that another one, which can stand beside it, is in the way of once its reference is empty.
fn example(
    study: &Study<'_>,
    field: Walk<'_, Field>,
    kept: &Kept<'_>,
    deletes: &Deletes,
    patterns: &mut Patterns,
) -> Option<Row> {
    let spec = field.spec;
    let mut facts = solved::facts(study);
    facts.push(Fact::made(deletes.empties(field)));
    // Not concerned before, concerned after, and then all its rules hold still.
    facts.push(Fact::made(not(kept.condition.clone())));
    facts.push(Fact::made(without(kept.condition, field.id)));
    for rule in &study.rules {
        if let RowRule::Invariant(id) = rule.origin {
            let condition = &spec.walk(id).get().condition;
            if condition.fields().contains(&field.id) {
                facts.push(Fact::made(without(condition, field.id)));
            }
        }
    }
    if let Some(stretch) = kept.stretch {
        facts.extend(takes_up(spec, stretch).map(Fact::made));
    }
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let verdict = Solver::new(spec, study.entity.id, facts, patterns).satisfy(&claims);
    let Verdict::Satisfiable(before) = verdict else {
        return None;
    };
    let mut after = before.clone();
    let target = after.take(field.id);
    let other = colliding(spec, study.entity.id, kept.rule, &after, patterns)?;
    let stays = other.get(field.id).is_none()
        && deletes
            .along(field)
            .iter()
            .all(|along| other.get(along.id) != target.as_ref());
    let stood = collisions(study.entity, &before, &other).is_empty();
    let meet = collisions(study.entity, &after, &other).contains(&kept.rule);
    (stays && stood && meet).then_some(after)
}

fn not(condition: Expr) -> Expr {
    let (ty, span) = (condition.ty, condition.span);
    let kind = ExprKind::Not(Box::new(condition));
    Expr { kind, ty, span }
}

fn told(field: Walk<'_, Field>, kept: &Kept<'_>, row: &Row) -> Diagnostic {
    let target = field.target().map_or("", |target| &target.get().name);
    let owner = &field.entity().get().name;
    let (named, same) = match kept.stretch {
        None => ("a unique set", "has the same"),
        Some(_) => ("a `no overlap`", "takes up the same"),
    };
    let shown = solved::example(field.spec, &kept.shared, row);
    Diagnostic::new(
        &codes::relation::DELETE_CAN_BREAK_RULE,
        field.get().span,
        format!("deleting a row of `{target}` breaks {named} for some rows of `{owner}`"),
    )
    .label("emptied by `on delete set null`")
    .note(
        kept.condition.span,
        format!("true once it is empty: refused, for example where {shown}, and another row {same}"),
    )
    .help(format!(
        "write `on delete protect`, which says so to whoever deletes, or leave `{}` out of the condition",
        field.name
    ))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn visit(members: &str) -> String {
        format!(
            "entity C {{ n: int }}\nentity P {{\n c: C? on delete set null\n day: date\n a: int\n b: int\n s: bool\n\
             {members}\n}}"
        )
    }

    #[test]
    fn a_row_that_comes_under_a_unique_set() {
        let found = |members: &str| findings(&visit(members));
        assert_eq!(
            found(" unique (day) where c is not set"),
            [
                "relation::delete_can_break_rule: deleting a row of `C` breaks a unique set for some rows of `P`"
            ]
        );
        assert_eq!(
            codes(&visit(" unique (day) where s or c is not set")),
            ["relation::delete_can_break_rule"]
        );
        // It leaves the set, or was among those that it is about before.
        assert_eq!(found(" unique (day) where c is set"), [""; 0]);
        assert_eq!(
            found(" unique (day) where s or (c is set and not s)"),
            [""; 0]
        );
    }

    #[test]
    fn a_row_that_takes_up_a_stretch() {
        let rule = " invariant r: a < b\n no overlap of a until b per day where ";
        assert_eq!(
            findings(&visit(&format!("{rule}c is not set"))),
            [
                "relation::delete_can_break_rule: deleting a row of `C` breaks a `no overlap` for some rows of `P`"
            ]
        );
        assert_eq!(codes(&visit(&format!("{rule}c is set"))), [""; 0]);
    }

    #[test]
    fn what_another_rule_keeps_apart_is_no_collision() {
        let rules = " invariant r: s\n unique (day, s)\n unique (day) where c is not set";
        assert_eq!(codes(&visit(rules)), [""; 0]);
    }

    #[test]
    fn a_row_that_goes_along_is_in_nobodys_way() {
        let spec = |first: &str| {
            codes(&format!(
                "entity C {{ n: int }}\nentity M {{\n c: C on delete cascade\n p: C? on delete set null\n day: date\n \
                 {first}\n unique (day) where p is not set\n}}"
            ))
        };
        assert_eq!(spec("invariant r: p is set implies p == c"), [""; 0]);
        assert_eq!(spec(""), ["relation::delete_can_break_rule"]);
    }
}
