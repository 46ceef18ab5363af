use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Each, Expr, ExprKind, Moment, Spec, Summary, print_as_written};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// `all` of what no row ever is: true of no rows only.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    for owner in studies {
        // Rules that no row keeps are told as such.
        if !matches!(owner.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for rule in &owner.entity.get().across {
            let mut parts: Vec<(&Expr, &Each, &Expr)> = Vec::new();
            rule.condition.visit(&mut |part| {
                if let ExprKind::Each(each) = &part.kind
                    && let Summary::All(asked) = &each.summary
                {
                    parts.push((part, each, asked));
                }
            });
            for (part, each, asked) in parts {
                let of = each.rows.entity(spec);
                let study = studies.iter().find(|it| Some(it.entity.id) == of);
                // A rule of a mixin is told once.
                if let Some(study) = study
                    && told.insert(part.span)
                    && is_never(study, asked, &mut patterns)
                {
                    found.push(finding(spec, study, part));
                }
            }
        }
    }
}

/// Whether no row that keeps its rules is what is asked of it.
fn is_never(study: &Study<'_>, asked: &Expr, patterns: &mut Patterns) -> bool {
    let is_own = !asked.spans_rows() && !asked.fields().is_empty() && !reads_outside(asked);
    // Rows that can't be there at all are told as such.
    if !is_own || !matches!(study.all, Verdict::Satisfiable(_)) {
        return false;
    }
    let spec = study.entity.spec;
    let standing = study
        .rules
        .iter()
        .filter(|rule| solved::invariant(spec, rule).is_none_or(|it| it.moment == Moment::Always));
    let mut facts: Vec<Fact<'_>> = standing.map(|rule| rule.fact.clone()).collect();
    facts.extend(study.known.iter().map(Fact::condition));
    facts.push(Fact::condition(asked));
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
}

fn reads_outside(asked: &Expr) -> bool {
    let mut found = false;
    asked.visit(&mut |part| found |= matches!(part.kind, ExprKind::Outer(_)));
    found
}

fn finding(spec: &Spec, study: &Study<'_>, part: &Expr) -> Diagnostic {
    let name = &study.entity.name;
    Diagnostic::new(
        &codes::invariant::DEAD_BRANCH,
        part.span,
        format!(
            "`{}` is true only where there are no rows",
            print_as_written(spec, part)
        ),
    )
    .label(format!("no `{name}` is like this"))
    .help(
        "change what is asked of each row; where none are to be there, say that their `count` is 0",
    )
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(rule: &str) -> Vec<String> {
        findings(&format!(
            "entity O {{\n n: int\n invariant r: {rule}\n}}\n\
             entity L {{\n x: int in 0..9\n o: O inverse lines\n}}"
        ))
    }

    #[test]
    fn what_no_row_is_all_of_none_are() {
        assert_eq!(
            found("all(l in lines have l.x > 5 and l.x < 3)"),
            [
                "invariant::dead_branch: `all(l in lines have l.x > 5 and l.x < 3)` is true only where there are no rows"
            ]
        );
        assert_eq!(
            found("n > 3 implies all(l in lines have l.x > 9)"),
            [
                "invariant::dead_branch: `all(l in lines have l.x > 9)` is true only where there are no rows"
            ]
        );
        for fine in [
            "all(l in lines have l.x > 8)",
            "all(l in lines have l.x > 9 or l.o.n > 3)",
            "all(l in lines have l.x > n)",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }
}
