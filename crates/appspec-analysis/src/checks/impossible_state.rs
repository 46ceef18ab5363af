use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, codes};
use appspec_ir::{Comparison, Expr, ExprKind, Lifecycle, Moment, Spec, State, Type, Value};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::solved;

/// The states that actions lead to and no row can be in, with the rules that exclude each. That is one mistake: every
/// action that leads there breaks a rule, none leaves it, and what rules say about it is never asked for.
pub(super) fn of<'l, 'r, 's>(
    study: &'r Study<'s>,
    lifecycle: &'l Lifecycle,
    patterns: &mut Patterns,
) -> BTreeMap<&'l str, Vec<&'r Rule<'s>>> {
    let spec = study.entity.spec;
    let stands = |rule: &&Rule<'_>| {
        solved::invariant(spec, rule).is_none_or(|it| it.moment == Moment::Always)
    };
    let rules: Vec<&Rule<'_>> = study.rules.iter().filter(stands).collect();
    let mut found = BTreeMap::new();
    for action in &lifecycle.actions {
        let to = &action.to;
        if found.contains_key(to.name.as_str()) {
            continue;
        }
        let Some(is_there) = is_in(spec, lifecycle, to) else {
            continue;
        };
        let mut facts: Vec<Fact<'_>> = rules.iter().map(|rule| rule.fact.clone()).collect();
        facts.push(Fact::made(is_there));
        let own = facts.len();
        facts.extend(study.known.iter().map(Fact::condition));
        // What is known comes first: it is blamed for nothing.
        let claims = (own..facts.len()).chain(0..own);
        let claims: Vec<Claim> = claims.map(Claim::yes).collect();
        let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
        if let Verdict::Contradiction(proof) = solver.satisfy(&claims) {
            let places = proof.iter().map(|claim| claim.fact);
            let because = places.filter_map(|place| rules.get(place).copied());
            found.insert(to.name.as_str(), because.collect());
        }
    }
    found
}

/// That a row is in a state.
fn is_in(spec: &Spec, lifecycle: &Lifecycle, state: &State) -> Option<Expr> {
    let made = |kind, ty| {
        Box::new(Expr {
            kind,
            ty,
            span: state.span,
        })
    };
    let ty = Type::Enum(lifecycle.states(spec)?);
    let field = made(ExprKind::Field(lifecycle.field), ty);
    let value = made(ExprKind::Value(Value::Enum(state.name.clone())), ty);
    let same = ExprKind::Compare(Comparison::Equal, field, value);
    Some(*made(same, Type::Bool))
}

/// The finding about such a state, at the first action that leads there.
pub(super) fn finding(
    spec: &Spec,
    lifecycle: &Lifecycle,
    state: &str,
    rules: &[&Rule<'_>],
) -> Option<Diagnostic> {
    let mut actions = lifecycle
        .actions
        .iter()
        .filter(|action| action.to.name == state);
    let first = actions.next()?;
    let finding = Diagnostic::new(
        &codes::state::TRANSITION_BREAKS_INVARIANT,
        first.to.span,
        format!(
            "`{}` leads to `{state}`, and no row can be in that state",
            first.name
        ),
    )
    .label("no row can be in this state");
    let finding = actions.fold(finding, |finding, action| {
        finding.note(action.to.span, "here too")
    });
    let rule = match rules {
        [_] => "change the rule",
        _ => "change one of the rules",
    };
    Some(solved::shown(spec, finding, rules).help(format!(
        "{rule} so that a row can be `{state}`, or remove the state"
    )))
}

/// Whether a condition that no row fulfils says no more than that a row is in such a state.
pub(super) fn is_told(study: &Study<'_>, condition: &Expr, member: Option<&Value>) -> bool {
    let (field, value) = match (&condition.kind, member) {
        (ExprKind::In(field, _), Some(value)) => (field, value),
        (ExprKind::Compare(Comparison::Equal, field, value), None) => match &value.kind {
            ExprKind::Value(value) => (field, value),
            _ => return false,
        },
        _ => return false,
    };
    let (ExprKind::Field(field), Value::Enum(state)) = (&field.kind, value) else {
        return false;
    };
    study.entity.get().lifecycles.iter().any(|lifecycle| {
        let mut actions = lifecycle.actions.iter();
        lifecycle.field == *field && actions.any(|action| action.to.name == *state)
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{findings, labels};

    fn visit(members: &str) -> String {
        format!(
            "enum S {{ open, paid, closed }}\nentity V {{\n n: text(9)\n s: S = open\n price: int in 1..100\n{members}\n \
             lifecycle s {{\n pay: open -> paid needs price\n close: paid -> closed\n shut: open -> closed\n \
             final closed\n }}\n}}"
        )
    }

    #[test]
    fn a_state_that_no_row_can_be_in_is_one_mistake() {
        let paid = [
            "state::transition_breaks_invariant: `pay` leads to `paid`, and no row can be in that state",
        ];
        for rules in [
            " invariant a: s == paid implies price == 0\n invariant b: s == paid implies n == \"x\"",
            " invariant a: s != paid\n invariant b: s in {open, paid} implies price > 3\n unique (n) where s == paid",
        ] {
            assert_eq!(findings(&visit(rules)), paid, "{rules}");
        }
    }

    #[test]
    fn every_way_there_is_shown() {
        let spec = visit(
            " invariant a: s == closed implies price > 3\n invariant b: s == closed implies price < 3",
        );
        let says = "state::transition_breaks_invariant: `close` leads to `closed`, and no row can be in that state";
        assert_eq!(findings(&spec), [says]);
        assert_eq!(
            labels(&spec),
            [
                "no row can be in this state",
                "here too",
                "`a` has to hold",
                "`b` has to hold"
            ]
        );
    }

    #[test]
    fn what_only_an_action_excludes_is_told_of_the_action() {
        let spec = visit(
            " invariant a: s == paid implies n == \"x\"\n invariant b: s == open implies n == \"y\"",
        );
        assert_eq!(
            findings(&spec),
            ["state::transition_breaks_invariant: `pay` always breaks the invariant `a`"]
        );
    }
}
