use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Across, ArithmeticOp, Comparison, Each, Entity, Expr, ExprKind, Field, Id, OnDelete,
    RelationGraph, Rows, Spec, Summary, Type, Value, Walk,
};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// `on delete cascade` that takes rows along while the row that a rule counts or adds them up for stays: the deletion fails, with
/// an error about a row that nobody touched.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    let along = RelationGraph::deletes(spec);
    for study in studies {
        let across = &study.entity.get().across;
        if across.is_empty() || !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for (rule, part) in across.iter().flat_map(parts) {
            for counted in counted(spec, part) {
                let Some(breaks) = breaks(study, studies, part, counted, &mut patterns) else {
                    continue;
                };
                let ways = ways(spec.walk(counted), study.entity, &along);
                for way in ways {
                    if told.insert(way.get().span) {
                        found.push(finding(way, study.entity, rule, &breaks));
                    }
                }
            }
        }
    }
}

/// What has to hold together.
fn parts(rule: &Across) -> Vec<(&Across, &Expr)> {
    match &rule.condition.kind {
        ExprKind::And(parts) => parts.iter().map(|part| (rule, part)).collect(),
        _ => vec![(rule, &rule.condition)],
    }
}

/// The references by which rows are found of which something is said, each once.
fn counted(spec: &Spec, part: &Expr) -> Vec<Id<Field>> {
    let mut found = Vec::new();
    part.visit(&mut |inner| {
        if let ExprKind::Each(each) = &inner.kind
            && let Rows::Pointing(reference) = each.rows
            && spec
                .walk(spec.walk(reference).entity().id)
                .append_only
                .is_none()
            && !found.contains(&reference)
        {
            found.push(reference);
        }
    });
    found
}

/// The other references by which these rows go, while the row that they are counted for stays.
fn ways<'s>(
    counted: Walk<'s, Field>,
    owner: Walk<'_, Entity>,
    along: &RelationGraph,
) -> Vec<Walk<'s, Field>> {
    let others = counted.entity().fields().filter(|it| it.id != counted.id);
    let ways = others.filter(|other| {
        let relation = other.get().relation();
        let takes_along = relation.is_some_and(|it| it.on_delete == OnDelete::Cascade);
        let stays = other.target().is_some_and(|target| {
            let reached = along.reachable(target.id);
            let is_kept = target.get().append_only.is_some();
            !is_kept && target.id != owner.id && reached.iter().all(|(id, _)| *id != owner.id)
        });
        takes_along && stays
    });
    ways.collect()
}

/// What is said of the rule where rows are gone.
fn breaks(
    study: &Study<'_>,
    studies: &[Study<'_>],
    part: &Expr,
    counted: Id<Field>,
    patterns: &mut Patterns,
) -> Option<String> {
    if let Some(none) = without_rows(part, counted)
        && is_refused(study, none, patterns)
    {
        return Some("false once none of them is left".to_owned());
    }
    let each = equated(part, counted)?;
    let (value, condition) = match &each.summary {
        Summary::Count(condition) => (None, condition.as_ref()),
        Summary::Sum(value, condition) => (Some(value), condition.as_ref()),
        Summary::All(_) | Summary::Some(_) | Summary::Min(..) | Summary::Max(..) => return None,
    };
    let id = study.entity.spec.walk(counted).entity().id;
    let theirs = studies.iter().find(|it| it.entity.id == id)?;
    let asked: Vec<&Expr> = value.into_iter().chain(condition).collect();
    if asked.iter().any(|it| it.spans_rows() || reads_outside(it)) {
        return None;
    }
    let (mut facts, mut claims) = (solved::facts(theirs), solved::standing(theirs));
    let own = facts.len();
    facts.extend(condition.map(Fact::condition));
    facts.extend(value.map(|value| Fact::made(differs_from_zero(value))));
    claims.extend((own..facts.len()).map(Claim::yes));
    let spec = theirs.entity.spec;
    let verdict = Solver::new(spec, id, facts, patterns).satisfy(&claims);
    let Verdict::Satisfiable(row) = verdict else {
        return None;
    };
    let mut read: Vec<Id<Field>> = asked.iter().flat_map(|it| it.fields()).collect();
    read.sort_unstable();
    read.dedup();
    let shown = solved::example(spec, &read, &row);
    Some(if shown.is_empty() {
        "false once one of them is gone".to_owned()
    } else {
        format!("false once one of them is gone, for example where {shown}")
    })
}

/// Whether no row keeps a condition beside its rules.
fn is_refused(study: &Study<'_>, condition: Expr, patterns: &mut Patterns) -> bool {
    let (mut facts, mut claims) = (solved::facts(study), solved::standing(study));
    claims.push(Claim::yes(facts.len()));
    facts.push(Fact::made(condition));
    let spec = study.entity.spec;
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
}

fn reads_outside(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| found |= matches!(part.kind, ExprKind::Outer(_)));
    found
}

/// What a condition says where no rows are left; `None` where it reads others as well.
fn without_rows(expr: &Expr, counted: Id<Field>) -> Option<Expr> {
    let constant = |value, ty| Expr {
        kind: ExprKind::Value(value),
        ty,
        span: expr.span,
    };
    let is_of_them = |each: &Each| each.rows == Rows::Pointing(counted);
    match &expr.kind {
        ExprKind::Each(each) if is_of_them(each) => match each.summary {
            Summary::All(_) => Some(constant(Value::Bool(true), Type::Bool)),
            Summary::Some(_) => Some(constant(Value::Bool(false), Type::Bool)),
            Summary::Count(_) | Summary::Sum(..) => Some(constant(Value::Int(0), Type::Int)),
            Summary::Min(..) | Summary::Max(..) => None,
        },
        ExprKind::Fallback(value, other) => match &value.kind {
            ExprKind::Each(each) if is_of_them(each) => without_rows(other, counted),
            _ => None,
        },
        ExprKind::Each(_) | ExprKind::Behind(..) | ExprKind::Outer(_) | ExprKind::Mine(_) => None,
        _ => {
            let mut left = expr.clone();
            let mut is_whole = true;
            left.kind
                .for_children_mut(&mut |child| match without_rows(child, counted) {
                    Some(other) => *child = other,
                    None => is_whole = false,
                });
            is_whole.then_some(left)
        }
    }
}

/// The number of rows, or the sum over them, that something of the row itself is equal to: it is another one once a row that
/// counts is gone.
fn equated(part: &Expr, counted: Id<Field>) -> Option<&Each> {
    let ExprKind::Compare(Comparison::Equal, a, b) = &part.kind else {
        return None;
    };
    if a.spans_rows() && !b.spans_rows() {
        number(a, counted)
    } else if b.spans_rows() && !a.spans_rows() {
        number(b, counted)
    } else {
        None
    }
}

/// The rows that are counted or added up in a number, with what else is added.
fn number(expr: &Expr, counted: Id<Field>) -> Option<&Each> {
    match &expr.kind {
        ExprKind::Each(each) if each.rows == Rows::Pointing(counted) => Some(each),
        ExprKind::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, a, b) => {
            match (a.spans_rows(), b.spans_rows()) {
                (true, false) => number(a, counted),
                (false, true) => number(b, counted),
                _ => None,
            }
        }
        _ => None,
    }
}

fn differs_from_zero(value: &Expr) -> Expr {
    let span = value.span;
    let zero = Expr {
        kind: ExprKind::Value(Value::Int(0)),
        ty: Type::Int,
        span,
    };
    let kind = ExprKind::Compare(
        Comparison::NotEqual,
        Box::new(value.clone()),
        Box::new(zero),
    );
    Expr {
        kind,
        ty: Type::Bool,
        span,
    }
}

fn finding(
    way: Walk<'_, Field>,
    owner: Walk<'_, Entity>,
    rule: &Across,
    breaks: &str,
) -> Diagnostic {
    let target = way.target().map_or("", |target| &target.get().name);
    let taken = &way.entity().get().name;
    Diagnostic::new(
        &codes::relation::DELETE_CAN_BREAK_RULE,
        way.get().span,
        format!(
            "deleting a row of `{target}` breaks the invariant `{}` for some rows of `{}`",
            rule.name, owner.name
        ),
    )
    .label(format!("takes rows of `{taken}` along"))
    .note(rule.condition.span, breaks)
    .help("write `on delete protect`, which says so to whoever deletes, or change the rule")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, labels};

    fn spec(rule: &str, reference: &str) -> String {
        format!(
            "entity A {{\n total: int = 0\n invariant r: {rule}\n}}\nentity D {{ n: int }}\n\
             entity B {{\n a: A on delete protect inverse bs\n d: D on delete {reference}\n n: int in 1..\n m: int\n}}"
        )
    }

    #[test]
    fn rows_that_are_counted_go_while_the_row_stays() {
        let told = [
            "relation::delete_can_break_rule: deleting a row of `D` breaks the invariant `r` for some rows of `A`",
        ];
        for rule in [
            "total == sum(b.n for b in bs)",
            "total + 1 == sum(b.m for b in bs where b.n > 3) - total",
            "count(b in bs) == total",
            "count(b in bs) >= 2",
            "some(b in bs has b.n > 3)",
            "sum(b.n for b in bs) > 3 and total > -1",
            "min(b.n for b in bs) otherwise 0 > 3",
        ] {
            assert_eq!(findings(&spec(rule, "cascade")), told, "{rule}");
            assert_eq!(codes(&spec(rule, "protect")), [""; 0], "{rule}");
        }
        for fine in [
            "count(b in bs) <= 2",
            "all(b in bs have b.m > 3)",
            "total >= sum(b.n for b in bs)",
            "total > 3 implies count(b in bs) > 0",
        ] {
            assert_eq!(codes(&spec(fine, "cascade")), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_row_that_counts_is_shown() {
        let found = labels(&spec(
            "total == sum(b.m for b in bs where b.n > 3)",
            "cascade",
        ));
        let says = "false once one of them is gone, for example where `n` is 5 and `m` is 1";
        assert_eq!(found, ["takes rows of `B` along", says]);
    }

    #[test]
    fn what_goes_along_is_asked_nothing() {
        let spec = "entity D { n: int }\nentity A {\n d: D on delete cascade\n invariant r: count(b in bs) >= 2\n}\n\
                    entity B {\n a: A on delete cascade inverse bs\n d: D on delete cascade\n}";
        assert_eq!(codes(spec), [""; 0]);
    }
}
