use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Grant, Permission, Spec, Walk, print};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// A line of an access block that another one for the same people says already.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        let Some(access) = &study.entity.get().access else {
            continue;
        };
        let mut needless: Vec<usize> = Vec::new();
        for (place, grant) in access.grants.iter().enumerate() {
            let others = access.grants.iter().enumerate();
            // Of two that say the same, the later is needless.
            let mut others =
                others.filter(|(other, _)| *other != place && !needless.contains(other));
            let wider = others.find(|(_, other)| {
                allows_all(spec, study.entity, other, grant)
                    && follows(spec, study, grant, other, &mut patterns)
                    && !(is_later(other, grant)
                        && allows_all(spec, study.entity, grant, other)
                        && follows(spec, study, other, grant, &mut patterns))
            });
            if let Some((_, wider)) = wider {
                needless.push(place);
                found.push(finding(spec, grant, wider));
            }
        }
    }
}

fn is_later(one: &Grant, other: &Grant) -> bool {
    one.span.start > other.span.start
}

/// Whether a line allows all that another one does, whatever rows they are about.
fn allows_all(spec: &Spec, entity: Walk<'_, Entity>, wider: &Grant, grant: &Grant) -> bool {
    let at = |grant: &Grant| grant.at.as_ref().map(|at| print(spec, at));
    let fields = |it: &Permission| it.fields.resolve(entity, &it.verb);
    wider.who == grant.who
        && at(wider) == at(grant)
        && (wider.limit.is_none() || wider.limit == grant.limit)
        && grant.permissions.iter().all(|own| {
            let mut theirs = wider.permissions.iter();
            let theirs = theirs.find(|it| it.verb == own.verb);
            theirs.is_some_and(|it| fields(own).is_subset(&fields(it)))
        })
}

/// Whether each row that a line is about is one of another line as well.
fn follows(
    spec: &Spec,
    study: &Study<'_>,
    grant: &Grant,
    wider: &Grant,
    patterns: &mut Patterns,
) -> bool {
    let Some(there) = &wider.condition else {
        return true;
    };
    let Some(here) = &grant.condition else {
        return false;
    };
    if here.kind == there.kind || print(spec, here) == print(spec, there) {
        return true;
    }
    let mut facts = solved::facts(study);
    let (first, second) = (facts.len(), facts.len() + 1);
    facts.extend([Fact::condition(here), Fact::condition(there)]);
    let standing = solved::standing(study).into_iter();
    let claims: Vec<Claim> = standing
        .chain([Claim::yes(first), Claim::no(second)])
        .collect();
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
}

fn finding(spec: &Spec, grant: &Grant, wider: &Grant) -> Diagnostic {
    Diagnostic::new(
        &codes::permission::SHADOWED,
        grant.span,
        format!(
            "`{}` may do all of this by another line already",
            grant.who.name(spec)
        ),
    )
    .label("opens nothing")
    .note(wider.span, "this line allows it")
    .help("remove it, or make the other line narrower")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    fn order(lines: &str) -> String {
        format!(
            "use std.auth.{{User}}\n\
             entity Order {{\n client: User\n total: int\n note: text?\n}}\n\
             access Order {{\n{lines}\n}}"
        )
    }

    #[test]
    fn a_line_that_opens_nothing_is_told() {
        for needless in [
            "signed in may read\n signed in may read where client == me",
            "signed in may read where client == me\n signed in may read",
            "signed in may read, delete\n signed in may read (note)",
            "signed in may read where total > 3\n signed in may read where total > 5",
            "signed in may read where client == me\n signed in may read where client == me",
            "signed in may read where client == me\n signed in may read where client == me and total > 3",
        ] {
            assert_eq!(
                codes(&order(needless)),
                ["permission::shadowed"],
                "{needless}"
            );
        }
    }

    #[test]
    fn a_line_that_opens_anything_is_fine() {
        for fine in [
            "signed in may read except (note)\n signed in may read where client == me",
            "signed in may read where total > 5\n signed in may read where total < 7",
            "anyone may read\n signed in may read where client == me",
            "signed in may read where client == me\n signed in may read, delete where client == me and total > 3",
        ] {
            assert_eq!(codes(&order(fine)), [""; 0], "{fine}");
        }
    }
}
