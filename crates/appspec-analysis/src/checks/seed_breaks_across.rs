use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Across, Comparison, Each, Entity, Expr, ExprKind, Field, Id, Interval, OtherRows, Row, Rows,
    SeedRow, Spec, Summary, Type, Value, Walk, holds_across, interval,
};

use super::seed_breaks_rule::Known;
use super::solved;

/// Seed rows that a rule over other rows refuses, whichever rows there are besides: of these only what more rows can't mend is
/// certain.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let seeded = Seeded::of(spec);
    for (_, seed) in spec.seeds.iter() {
        let entity = spec.walk(seed.entity);
        for rule in &entity.get().across {
            if seeded.is_unknown(rule, spec, entity) {
                continue;
            }
            let asked = lessened(spec, &rule.condition, true);
            for row in &seed.rows {
                let Some(known) = seeded.row(entity.id, &row.handle) else {
                    continue;
                };
                let key = Value::Uuid(row.handle.clone());
                if holds_across(&asked, &known.row, &key, &seeded) == Ok(false) {
                    found.push(broken(spec, entity, row, (&known.row, rule)));
                }
            }
        }
    }
}

/// The rows of all seeds, by their handles.
struct Seeded<'s> {
    spec: &'s Spec,
    rows: BTreeMap<Id<Entity>, BTreeMap<&'s str, Known>>,
}

impl<'s> Seeded<'s> {
    fn of(spec: &'s Spec) -> Self {
        let mut rows: BTreeMap<Id<Entity>, BTreeMap<&str, Known>> = BTreeMap::new();
        for (_, seed) in spec.seeds.iter() {
            let entity = spec.walk(seed.entity);
            let own = rows.entry(seed.entity).or_default();
            for row in &seed.rows {
                own.insert(&row.handle, Known::new(entity, row));
            }
        }
        Self { spec, rows }
    }

    fn row(&self, entity: Id<Entity>, handle: &str) -> Option<&Known> {
        self.rows.get(&entity)?.get(handle)
    }

    /// Whether a rule reads something that is decided only when a row is made.
    fn is_unknown(&self, rule: &Across, spec: &Spec, own: Walk<'_, Entity>) -> bool {
        rule.reads(spec).iter().any(|(side, fields)| {
            let rows = self.rows.get(&side.entity(spec, own.id));
            let mut rows = rows.into_iter().flat_map(BTreeMap::values);
            rows.any(|row| fields.iter().any(|field| row.unknown.contains(field)))
        })
    }
}

impl OtherRows for Seeded<'_> {
    fn behind(&self, reference: Id<Field>, key: &Value) -> Option<&Row> {
        let target = self.spec.walk(reference).target()?;
        match key {
            Value::Uuid(handle) => Some(&self.row(target.id, handle)?.row),
            _ => None,
        }
    }

    fn several(&self, rows: Rows, _row: &Row, key: &Value) -> Vec<&Row> {
        let Rows::Pointing(reference) = rows else {
            return Vec::new();
        };
        let entity = self.spec.walk(reference).entity().id;
        let rows = self.rows.get(&entity).into_iter();
        let rows = rows.flat_map(BTreeMap::values).map(|known| &known.row);
        rows.filter(|row| row.get(reference) == Some(key)).collect()
    }
}

/// Of a condition, what stays false once it is: more rows make no more of it true. It follows from the condition; where it
/// is asked the other way round, the condition follows from it.
fn lessened(spec: &Spec, expr: &Expr, holds: bool) -> Expr {
    if !expr.reads_several() {
        return expr.clone();
    }
    let made = |kind| Expr {
        kind,
        ty: Type::Bool,
        span: expr.span,
    };
    let all = |parts: &[Expr]| -> Vec<Expr> {
        let parts = parts.iter();
        parts.map(|part| lessened(spec, part, holds)).collect()
    };
    let one = |part: &Expr, holds| Box::new(lessened(spec, part, holds));
    let left = match &expr.kind {
        ExprKind::And(parts) => Some(ExprKind::And(all(parts))),
        ExprKind::Or(parts) => Some(ExprKind::Or(all(parts))),
        ExprKind::Not(inner) => Some(ExprKind::Not(one(inner, !holds))),
        ExprKind::Implies(a, b) => Some(ExprKind::Implies(one(a, !holds), one(b, holds))),
        ExprKind::Each(each) => match each.summary {
            Summary::All(_) if holds && is_plain(each) => Some(expr.kind.clone()),
            Summary::Some(_) if !holds && is_plain(each) => Some(expr.kind.clone()),
            _ => None,
        },
        ExprKind::Compare(how, a, b) if grows(spec, a) && !b.reads_several() => {
            compared(*how, holds).map(|how| ExprKind::Compare(how, a.clone(), b.clone()))
        }
        ExprKind::Compare(how, a, b) if grows(spec, b) && !a.reads_several() => {
            let how = compared(how.mirrored(), holds);
            how.map(|how| ExprKind::Compare(how, b.clone(), a.clone()))
        }
        _ => None,
    };
    // Nobody knows: then it is true, and where that is asked for to be refused, false.
    made(left.unwrap_or(ExprKind::Value(Value::Bool(holds))))
}

/// What stays of a comparison with a number that only grows.
fn compared(how: Comparison, holds: bool) -> Option<Comparison> {
    match (how, holds) {
        (Comparison::Less | Comparison::LessOrEqual, true)
        | (Comparison::Greater | Comparison::GreaterOrEqual, false) => Some(how),
        (Comparison::Equal, true) => Some(Comparison::LessOrEqual),
        (Comparison::NotEqual, false) => Some(Comparison::Greater),
        _ => None,
    }
}

/// Whether a number only becomes larger with more rows.
fn grows(spec: &Spec, number: &Expr) -> bool {
    let ExprKind::Each(each) = &number.kind else {
        return false;
    };
    let is_counted = match &each.summary {
        Summary::Count(_) => true,
        Summary::Sum(value, _) => interval(spec, value).is_some_and(Interval::is_never_negative),
        Summary::All(_) | Summary::Some(_) | Summary::Min(..) | Summary::Max(..) => false,
    };
    is_counted && is_plain(each)
}

/// Whether the rows of seeds are known that this is about.
fn is_plain(each: &Each) -> bool {
    let inner = each.summary.parts().any(Expr::reads_several);
    matches!(each.rows, Rows::Pointing(_)) && !inner
}

fn broken(
    spec: &Spec,
    entity: Walk<'_, Entity>,
    seed: &SeedRow,
    (row, rule): (&Row, &Across),
) -> Diagnostic {
    let sides = rule.reads(spec).into_iter();
    let own: Vec<Id<Field>> = sides
        .filter(|(side, _)| side.is_own())
        .flat_map(|(_, fields)| fields)
        .collect();
    let label = match own.as_slice() {
        [] => "the rows of the seeds break it together".to_owned(),
        _ => format!("here {}", solved::example(spec, &own, row)),
    };
    let others = if rule.condition.reads_several() {
        "false for this row, with those that point to it"
    } else {
        "false for this row, with those that it points to"
    };
    Diagnostic::new(
        &codes::invariant::SEED_BREAKS_RULE,
        seed.span,
        format!(
            "the row `{}` of `{}` breaks the invariant `{}`",
            seed.handle, entity.name, rule.name
        ),
    )
    .label(label)
    .note(rule.condition.span, others)
    .help("change the rows or the invariant")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(rule: &str, rows: &str) -> Vec<String> {
        findings(&format!(
            "entity C {{\n code: text(3) unique\n n: int in 0..10\n open: bool = true\n made: datetime = now()\n \
             up: C? on delete protect inverse downs\n invariant r: {rule}\n}}\nseed C {{\n{rows}\n}}"
        ))
    }

    const ROWS: &str =
        "a { code: \"a\", n: 7 }\n b { code: \"b\", n: 4, up: a }\n c { code: \"c\", n: 5, up: a }";

    #[test]
    fn what_rows_of_seeds_break_together_is_broken() {
        let breaks = |handle: &str| {
            vec![format!(
                "invariant::seed_breaks_rule: the row `{handle}` of `C` breaks the invariant `r`"
            )]
        };
        let both = [breaks("b"), breaks("c")].concat();
        assert_eq!(found("up is set implies up.n < n", ROWS), both);
        for rule in [
            "count(d in downs) <= 1",
            "count(d in downs) == 1 or n < 7",
            "not some(d in downs has d.n > 4)",
            "all(d in downs have d.n < 5)",
            "n > 6 implies sum(d.n for d in downs where d.open) < 9",
            "all(d in downs have d.n > n)",
        ] {
            assert_eq!(found(rule, ROWS), breaks("a"), "{rule}");
        }
    }

    #[test]
    fn what_more_rows_may_mend_is_not_told() {
        for rule in [
            "up is set implies up.n > n",
            "count(d in downs) >= 3 or n < 7",
            "count(d in downs) == 3 or n < 7",
            "n < 7 or some(d in downs has d.n > 6)",
            "sum(d.n for d in downs) == 10 or n < 7",
            "up is set implies up.made < made",
        ] {
            assert_eq!(found(rule, ROWS), [""; 0], "{rule}");
        }
    }
}
