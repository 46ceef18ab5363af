//! What the checks that ask the solver have in common: talking about the rules that prove something.

use appspec_diagnostics::{Code, Diagnostic, Span};
use appspec_ir::{
    Across, Derive, Expr, ExprKind, Field, FieldType, Function, Id, Invariant, Moment, Row,
    RowRule, Scalar, Spec, certain_form, print_value,
};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::{compares_itself, pattern_never_fits};

/// What the rows of a study keep: its rules, each at its place, and behind them what is known of what they read in other
/// rows.
pub(super) fn facts<'s>(study: &Study<'s>) -> Vec<Fact<'s>> {
    let rules = study.rules.iter().map(|rule| rule.fact.clone());
    rules
        .chain(study.known.iter().map(Fact::condition))
        .collect()
}

/// Which of these [`facts`] rows keep at any time: what holds at creation need not hold later.
pub(super) fn standing(study: &Study<'_>) -> Vec<Claim> {
    let is_standing = |place: &usize| {
        let rule = study.rules.get(*place);
        let invariant = rule.and_then(|rule| invariant(study.entity.spec, rule));
        invariant.is_none_or(|it| it.moment == Moment::Always)
    };
    let places = 0..study.rules.len() + study.known.len();
    places.filter(is_standing).map(Claim::yes).collect()
}

/// The rules of a proof, without the claim that is to be refuted and without probes.
pub(super) fn rules<'r, 's>(
    study: &'r Study<'s>,
    proof: &[Claim],
    but: Option<usize>,
) -> Vec<&'r Rule<'s>> {
    let places = proof.iter().map(|claim| claim.fact);
    let others = places.filter(|place| Some(*place) != but);
    others.filter_map(|place| study.rules.get(place)).collect()
}

/// What is said of a condition that is always true for the rows of a study, or never.
pub(super) struct Told {
    /// Under which code.
    pub(super) code: &'static Code,
    /// What follows.
    pub(super) says: String,
    /// What to do about it.
    pub(super) help: &'static str,
}

/// Tells that a condition is `true` for every row, or `false`, as far as the rules of the study prove it and no other
/// check says it.
pub(super) fn constant(
    spec: &Spec,
    study: &Study<'_>,
    condition: &Expr,
    patterns: &mut Patterns,
    told: impl FnOnce(bool) -> Told,
) -> Option<Diagnostic> {
    let mut facts = facts(study);
    let place = facts.len();
    facts.push(Fact::condition(condition));
    let standing = standing(study);
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    let mut refuted = |claim: Claim| {
        let claims: Vec<Claim> = standing.iter().copied().chain([claim]).collect();
        match solver.satisfy_somehow(&claims) {
            Verdict::Contradiction(proof) => Some(proof),
            Verdict::Satisfiable(_) | Verdict::Unknown(_) => None,
        }
    };
    let (proof, value) = match refuted(Claim::yes(place)) {
        Some(proof) => (proof, false),
        None => (refuted(Claim::no(place))?, true),
    };
    let rules = rules(study, &proof, Some(place));
    if are_explained(spec, &rules) {
        return None;
    }
    let Told { code, says, help } = told(value);
    let label = if value { "always true" } else { "never true" };
    let finding = Diagnostic::new(code, condition.span, says).label(label);
    Some(shown(spec, finding, &rules).help(help))
}

/// The invariant that a rule is, if it is one.
pub(super) fn invariant<'s>(spec: &'s Spec, rule: &Rule<'_>) -> Option<&'s Invariant> {
    match rule.origin {
        RowRule::Invariant(id) => Some(spec.walk::<Invariant>(id).get()),
        RowRule::Bound { .. } | RowRule::Derived(_) => None,
    }
}

/// Whether one of the rules has to hold only when a row is made: nothing follows for rows that are older.
pub(super) fn hangs_on_creation(spec: &Spec, rules: &[&Rule<'_>]) -> bool {
    rules.iter().any(|rule| {
        invariant(spec, rule).is_some_and(|invariant| invariant.moment == Moment::Create)
    })
}

/// Whether another check says already what is wrong with a condition.
pub(super) fn is_explained(spec: &Spec, condition: &Expr) -> bool {
    condition.fields().is_empty() || compares_itself::is_inside(spec, condition)
}

/// The same for a whole rule, whatever it says of the rows that point to its own.
pub(super) fn is_explained_rule(spec: &Spec, invariant: &Invariant) -> bool {
    is_explained(spec, &invariant.condition)
        || across(spec, invariant).is_some_and(|it| compares_itself::is_inside(spec, &it.condition))
}

/// The type of a text of which a condition asks for a part, where the type says how its texts look.
pub(super) fn formed(spec: &Spec, condition: &Expr) -> Option<Scalar> {
    let mut found = None;
    condition.visit(&mut |part| {
        let (
            ExprKind::Call(Function::StartsWith | Function::EndsWith | Function::Contains, _),
            None,
        ) = (&part.kind, found)
        else {
            return;
        };
        let types = part
            .fields()
            .into_iter()
            .map(|id| &spec.walk::<Field>(id).get().ty);
        found = types.into_iter().find_map(|ty| match ty {
            FieldType::Scalar(scalar) => certain_form(*scalar).map(|_| *scalar),
            _ => None,
        });
    });
    found
}

/// The rule over other rows that an invariant stands for, if it does.
pub(super) fn across<'s>(spec: &'s Spec, invariant: &Invariant) -> Option<&'s Across> {
    let mut across = spec.walk(invariant.entity).get().across.iter();
    across.find(|rule| rule.span == invariant.span)
}

/// The same for the rules of a proof.
pub(super) fn are_explained(spec: &Spec, rules: &[&Rule<'_>]) -> bool {
    let mut invariants = rules.iter().filter_map(|rule| invariant(spec, rule));
    has_misfit(spec, rules) || invariants.any(|invariant| is_explained_rule(spec, invariant))
}

/// Whether a proof hangs on a field whose own patterns no value fits, which is told as such.
pub(super) fn has_misfit(spec: &Spec, rules: &[&Rule<'_>]) -> bool {
    rules.iter().any(|rule| match rule.origin {
        RowRule::Bound { field, .. } => pattern_never_fits::is_about(spec.walk(field).get()),
        RowRule::Invariant(_) | RowRule::Derived(_) => false,
    })
}

/// Where a rule is written.
pub(super) fn place(spec: &Spec, rule: &Rule<'_>) -> Span {
    invariant(spec, rule).map_or(rule.fact.span, |invariant| invariant.condition.span)
}

/// So many rules are named; of more, only the first and how many others there are.
const MOST_NAMED: usize = 8;

/// `` `a`, `b` and the bounds of `c` ``
pub(super) fn listed(spec: &Spec, rules: &[&Rule<'_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for rule in rules {
        let name = match rule.origin {
            RowRule::Invariant(id) => format!("`{}`", spec.walk::<Invariant>(id).name),
            RowRule::Bound { field, .. } => format!("the bounds of `{}`", spec.walk(field).name),
            RowRule::Derived(id) => format!("the range of `{}`", spec.walk::<Derive>(id).name),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > MOST_NAMED {
        let others = names.len() - (MOST_NAMED - 1);
        names.truncate(MOST_NAMED - 1);
        names.push(format!("{others} others"));
    }
    joined(&names)
}

/// `a, b and c`
pub(super) fn joined(names: &[String]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// `` `a` is 3 and `b` is empty ``: some fields of a row.
pub(super) fn example(spec: &Spec, fields: &[Id<Field>], row: &Row) -> String {
    let shown: Vec<String> = fields
        .iter()
        .map(|id| {
            let field = spec.walk(*id).get();
            let name = &field.name;
            match row.get(*id) {
                None => format!("`{name}` is empty"),
                // Keys are made up, so they tell nothing.
                Some(_) if field.relation().is_some() => format!("`{name}` is set"),
                Some(value) => format!("`{name}` is {}", print_value(value)),
            }
        })
        .collect();
    joined(&shown)
}

/// What is refused about a derived value: `` `grams` has to fit `int` ``
pub(super) fn fits_its_type(derive: &Derive) -> String {
    match derive.ty {
        FieldType::Scalar(scalar) => format!("`{}` has to fit `{scalar}`", derive.name),
        _ => format!("`{}` has to fit its type", derive.name),
    }
}

/// The derived value whose range a rule is, if it is one.
pub(super) fn derived<'s>(spec: &'s Spec, rule: &Rule<'_>) -> Option<&'s Derive> {
    match rule.origin {
        RowRule::Derived(id) => Some(spec.walk::<Derive>(id).get()),
        RowRule::Bound { .. } | RowRule::Invariant(_) => None,
    }
}

/// Shows the rules of a proof.
pub(super) fn shown(spec: &Spec, finding: Diagnostic, rules: &[&Rule<'_>]) -> Diagnostic {
    rules.iter().fold(finding, |finding, rule| {
        let text = match rule.origin {
            RowRule::Invariant(id) => format!("`{}` has to hold", spec.walk::<Invariant>(id).name),
            RowRule::Bound { field, .. } => format!("`{}` is never outside", spec.walk(field).name),
            RowRule::Derived(id) => fits_its_type(spec.walk::<Derive>(id).get()),
        };
        finding.note(place(spec, rule), text)
    })
}

/// Whether all invariants that are written at this place are among those that were found: those of a mixin belong to
/// several entities, and what is true for one of them need not be true for another.
pub(super) fn everywhere(spec: &Spec, at: Span, found: &[Id<Invariant>]) -> bool {
    spec.invariants
        .iter()
        .filter(|(_, invariant)| invariant.condition.span == at)
        .all(|(id, _)| found.contains(&id))
}
