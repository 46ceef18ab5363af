use appspec_diagnostics::{Code, Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Comparison, Expr, ExprKind, Field, FieldType, Overlap, Row, Scalar, Spec, Type, Walk,
};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// `no overlap of a until b` where nothing keeps `b` from lying before `a`: a stretch that ends before it begins is none,
/// and PostgreSQL refuses to make one. With `until`, one that ends where it begins is empty, and keeps nobody away: that
/// may be meant.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        for overlap in &study.entity.get().overlaps {
            match satisfy(spec, study, overlap, Comparison::Less, &mut patterns) {
                Some(Verdict::Satisfiable(row)) => {
                    let finding = finding(spec, overlap, &row);
                    let turned = is_the_other_way(spec, study, overlap, &mut patterns);
                    found.push(if turned {
                        finding.help(turn(spec, overlap))
                    } else {
                        finding
                    });
                }
                Some(Verdict::Contradiction(_)) if !overlap.closed => {
                    let verdict =
                        satisfy(spec, study, overlap, Comparison::LessOrEqual, &mut patterns);
                    if let Some(Verdict::Satisfiable(row)) = verdict {
                        found.push(empty(spec, overlap, &row));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether each stretch takes up something, so that two with one beginning, or one end, meet.
pub(super) fn takes_up_something(
    spec: &Spec,
    study: &Study<'_>,
    overlap: &Overlap,
    patterns: &mut Patterns,
) -> bool {
    overlap.closed
        || matches!(
            satisfy(spec, study, overlap, Comparison::LessOrEqual, patterns),
            Some(Verdict::Contradiction(_))
        )
}

/// Whether the rules leave no row in which the end lies behind the start, so that it can't be asked for.
fn is_the_other_way(
    spec: &Spec,
    study: &Study<'_>,
    overlap: &Overlap,
    patterns: &mut Patterns,
) -> bool {
    let order = if overlap.closed {
        Comparison::GreaterOrEqual
    } else {
        Comparison::Greater
    };
    let verdict = satisfy(spec, study, overlap, order, patterns);
    matches!(verdict, Some(Verdict::Contradiction(_)))
}

/// Whether a row keeps every standing rule in which the end is to the start as asked.
fn satisfy(
    spec: &Spec,
    study: &Study<'_>,
    overlap: &Overlap,
    order: Comparison,
    patterns: &mut Patterns,
) -> Option<Verdict> {
    let (start, end) = (spec.walk(overlap.start), spec.walk(overlap.end));
    let mut facts = solved::facts(study);
    let mut claims = solved::standing(study);
    let compared = ExprKind::Compare(order, Box::new(read(end)?), Box::new(read(start)?));
    let is_set = |field: &Walk<'_, Field>| field.get().optional;
    let set = [start, end].into_iter().filter(is_set);
    let mut conditions: Vec<Expr> = set
        .map(|field| truth(overlap, ExprKind::IsSet(field.id)))
        .collect();
    conditions.push(truth(overlap, compared));
    conditions.extend(overlap.condition.clone());
    // One condition, so that what is read only where it is set is never looked at alone.
    let all = match conditions.as_slice() {
        [only] => only.clone(),
        _ => truth(overlap, ExprKind::And(conditions)),
    };
    claims.push(Claim::yes(facts.len()));
    facts.push(Fact::made(all));
    Some(Solver::new(spec, study.entity.id, facts, patterns).satisfy(&claims))
}

fn truth(overlap: &Overlap, kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: overlap.span,
    }
}

fn read(field: Walk<'_, Field>) -> Option<Expr> {
    let ty = match field.get().ty {
        FieldType::Scalar(Scalar::Date) => Type::Date,
        FieldType::Scalar(Scalar::DateTime) => Type::DateTime,
        FieldType::Scalar(Scalar::Int | Scalar::BigInt) => Type::Int,
        _ => return None,
    };
    Some(Expr {
        kind: ExprKind::Field(field.id),
        ty,
        span: field.get().span,
    })
}

fn finding(spec: &Spec, overlap: &Overlap, row: &Row) -> Diagnostic {
    let (start, end) = (spec.walk(overlap.start).get(), spec.walk(overlap.end).get());
    let message = if overlap.closed {
        format!(
            "nothing keeps `{}` from lying before `{}`",
            end.name, start.name
        )
    } else {
        format!("nothing keeps `{}` behind `{}`", end.name, start.name)
    };
    told(
        spec,
        overlap,
        row,
        &codes::invariant::OVERLAP_BACKWARDS,
        message,
    )
    .help(format!(
        "add `invariant {}_before_{}: {}`",
        start.name,
        end.name,
        ordered(spec, overlap)
    ))
}

/// The end may be where the start is: then nothing is taken up, and nothing is in the way. Of a loan that is given back on
/// its day that is meant; of a visit it is a mistake.
fn empty(spec: &Spec, overlap: &Overlap, row: &Row) -> Diagnostic {
    let (start, end) = (spec.walk(overlap.start).get(), spec.walk(overlap.end).get());
    let (start, end) = (&start.name, &end.name);
    let message = format!(
        "`{end}` may be the same as `{start}`, and `until` leaves the end out: such a row takes up nothing"
    );
    told(
        spec,
        overlap,
        row,
        &codes::invariant::OVERLAP_EMPTY,
        message,
    )
    .help(format!(
        "write `no overlap of {start} through {end}`, with which the end is taken too, or the rule as `{}`; where both may \
         be the same and nobody is kept away then, `suppress invariant::overlap_empty \"…\"` above it says why",
        ordered(spec, overlap)
    ))
}

/// The rule that keeps the end behind the start, where both are there.
fn ordered(spec: &Spec, overlap: &Overlap) -> String {
    let (start, end) = (spec.walk(overlap.start).get(), spec.walk(overlap.end).get());
    let order = if overlap.closed { "<=" } else { "<" };
    let rule = format!("{} {order} {}", start.name, end.name);
    let mut guards = [start, end]
        .into_iter()
        .filter(|field| field.optional)
        .map(|field| format!("{} is set", field.name));
    match (guards.next(), guards.next()) {
        (Some(one), Some(other)) => format!("({one} and {other}) implies {rule}"),
        (Some(one), None) => format!("{one} implies {rule}"),
        _ => rule,
    }
}

fn told(
    spec: &Spec,
    overlap: &Overlap,
    row: &Row,
    code: &'static Code,
    message: String,
) -> Diagnostic {
    let (start, end) = (spec.walk(overlap.start).get(), spec.walk(overlap.end).get());
    let shown = solved::example(spec, &[overlap.start, overlap.end], row);
    Diagnostic::new(code, overlap.span, message)
        .label(format!("a row is possible in which {shown}"))
        .note(start.span, "begins here")
        .note(end.span, "ends here")
}

/// What to do where the rules keep the end before the start.
fn turn(spec: &Spec, overlap: &Overlap) -> String {
    let (start, end) = (spec.walk(overlap.start).get(), spec.walk(overlap.end).get());
    let word = if overlap.closed { "through" } else { "until" };
    format!(
        "the rules keep `{}` behind `{}`: turn them round, or write `no overlap of {} {word} {}`",
        start.name, end.name, end.name, start.name
    )
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    fn visit(members: &str) -> String {
        format!("entity V {{\n a: date\n b: date\n c: date?\n open: bool\n{members}\n}}")
    }

    #[test]
    fn a_rule_has_to_keep_the_end_behind_the_start() {
        let rule = " no overlap of a until b\n";
        let with = |invariant: &str| codes(&visit(&format!("{rule} invariant r: {invariant}")));
        assert_eq!(with("a < b"), [""; 0]);
        assert_eq!(with("a <= b"), ["invariant::overlap_empty"]);
        assert_eq!(with("b > a + 2d"), [""; 0]);
        assert_eq!(
            helps(&visit(&format!("{rule} invariant r: a <= b"))),
            [
                "write `no overlap of a through b`, with which the end is taken too, or the rule as `a < b`; where both may \
                 be the same and nobody is kept away then, `suppress invariant::overlap_empty \"…\"` above it says why"
            ]
        );
        assert_eq!(
            codes(&visit(" no overlap of a through b\n invariant r: a <= b")),
            [""; 0]
        );
    }

    #[test]
    fn a_rule_over_other_rows_may_keep_it() {
        let course = |rule: &str| {
            codes(&format!(
                "entity T {{ first: date }}\nentity C {{\n t: T\n a: date\n b: date\n invariant r: {rule}\n \
                 no overlap of a until b\n}}"
            ))
        };
        assert_eq!(course("t.first <= a and a < b"), [""; 0]);
        assert_eq!(
            course("t.first <= a and t.first < b"),
            ["invariant::overlap_backwards"]
        );
    }

    #[test]
    fn the_rule_may_hold_only_for_the_rows_in_question() {
        let rule = " no overlap of a until b where open\n invariant r: open implies a < b";
        assert_eq!(codes(&visit(rule)), [""; 0]);
        let rule = " no overlap of a until b where open\n invariant r: not open implies a < b";
        assert_eq!(codes(&visit(rule)), ["invariant::overlap_backwards"]);
    }

    #[test]
    fn what_holds_at_the_creation_alone_is_not_enough() {
        let rule = " no overlap of a until b\n invariant r on create: a < b";
        assert_eq!(codes(&visit(rule)), ["invariant::overlap_backwards"]);
    }

    #[test]
    fn an_open_end_is_asked_about_only_where_it_is_set() {
        let rule = " no overlap of a through c\n";
        assert_eq!(
            helps(&visit(rule)),
            ["add `invariant a_before_c: c is set implies a <= c`"]
        );
        let mended = format!("{rule} invariant a_before_c: c is set implies a <= c");
        assert_eq!(codes(&visit(&mended)), [""; 0]);
    }

    #[test]
    fn a_rule_that_says_the_opposite_is_turned_round() {
        let rule = " no overlap of a until b\n invariant r: a > b";
        assert_eq!(codes(&visit(rule)), ["invariant::overlap_backwards"]);
        assert_eq!(
            helps(&visit(rule)),
            ["the rules keep `a` behind `b`: turn them round, or write `no overlap of b until a`"]
        );
        let turned = " no overlap of b until a\n invariant r: a > b";
        assert_eq!(codes(&visit(turned)), [""; 0]);
    }

    #[test]
    fn the_message_says_which_end() {
        assert_eq!(
            findings(&visit(" no overlap of a until b")),
            ["invariant::overlap_backwards: nothing keeps `b` behind `a`"]
        );
    }
}
