use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Bound, Entity, Field, FieldType, Id, Row, RowRule, Scalar, Spec, Unique, Value, Walk,
    print_as_written,
};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict, differs};

use super::solved;

/// With more values than this nobody would count rows.
const FEW: u128 = 64;

/// A unique set over a handful of values: so many rows and no more, although each row belongs to another one.
///
/// `unique (weekday)` on opening hours that belong to a shop allows seven rows for all shops together, and
/// `unique (main) where main` one main address for all customers. An entity that belongs to nothing may well be meant as
/// such a short list.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        for unique in &study.entity.get().uniques {
            if let Some(cap) = cap(study, unique, &mut patterns) {
                found.push(finding(spec, study, unique, &cap));
            }
        }
    }
}

/// How many rows a unique set leaves room for.
pub(super) struct Cap<'s> {
    most: u128,
    /// What each row belongs to.
    owner: Walk<'s, Field>,
    /// The fields of the set of which rules, or its condition, leave one value.
    fixed: Vec<Id<Field>>,
    /// Why they do.
    proof: Vec<Claim>,
}

/// How many rows a unique set leaves room for, where they are few and belong to something. Of a set with a condition only
/// the one row counts: several rows of a kind for all others are meant more often than not.
pub(super) fn cap<'s>(
    study: &Study<'s>,
    unique: &Unique,
    patterns: &mut Patterns,
) -> Option<Cap<'s>> {
    let spec = study.entity.spec;
    let mut cap = Cap {
        most: 1,
        owner: owner(study.entity, unique)?,
        fixed: Vec::new(),
        proof: Vec::new(),
    };
    for field in &unique.fields {
        let field = spec.walk(*field);
        let by_type = values(spec, field.get());
        let most = match by_type {
            Some(1) => 1,
            _ => match fixed(study, unique, field, patterns) {
                Some(proof) => {
                    cap.fixed.push(field.id);
                    let known = |claim: &Claim| !cap.proof.contains(claim);
                    let more: Vec<Claim> = proof.into_iter().filter(known).collect();
                    cap.proof.extend(more);
                    1
                }
                None => by_type?,
            },
        };
        cap.most = cap.most.checked_mul(most)?;
        if cap.most > FEW || (unique.condition.is_some() && cap.most > 1) {
            return None;
        }
    }
    Some(cap)
}

/// Why a field has the same value in every row that the set is about, if it has.
fn fixed(
    study: &Study<'_>,
    unique: &Unique,
    field: Walk<'_, Field>,
    patterns: &mut Patterns,
) -> Option<Vec<Claim>> {
    let spec = field.spec;
    let reads = |rule: &Rule<'_>| match rule.origin {
        RowRule::Invariant(_) => rule.fact.fields().contains(&field.id),
        RowRule::Bound { .. } | RowRule::Derived(_) => false,
    };
    let condition = unique.condition.as_ref();
    let is_read = condition.is_some_and(|own| own.fields().contains(&field.id))
        || study.rules.iter().any(reads);
    if !is_read {
        return None;
    }
    let mut facts = solved::facts(study);
    let mut claims = solved::standing(study);
    if let Some(condition) = condition {
        claims.push(Claim::yes(facts.len()));
        facts.push(Fact::condition(condition));
    }
    let row = some_row(study, &facts, &claims, patterns)?;
    let other = differs(field, row.get(field.id)?, unique.ignoring_case)?;
    let turned = facts.len();
    claims.push(Claim::yes(turned));
    facts.push(Fact::made(other));
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    let mut proof = solver.refute_but(&claims, &[turned])?;
    proof.retain(|claim| claim.fact != turned);
    Some(proof)
}

/// A row that keeps these claims.
fn some_row(
    study: &Study<'_>,
    facts: &[Fact<'_>],
    claims: &[Claim],
    patterns: &mut Patterns,
) -> Option<Row> {
    let Verdict::Satisfiable(row) = &study.all else {
        return None;
    };
    if claims.iter().all(|claim| claim.fact < study.rules.len()) {
        return Some(row.clone());
    }
    let entity = study.entity;
    match Solver::new(entity.spec, entity.id, facts.to_vec(), patterns).satisfy_somehow(claims) {
        Verdict::Satisfiable(row) => Some(row),
        Verdict::Contradiction(_) | Verdict::Unknown(_) => None,
    }
}

/// How many values a field can have; nothing where they are many, or where rows without one do not count.
fn values(spec: &Spec, field: &Field) -> Option<u128> {
    if field.optional {
        return None;
    }
    match &field.ty {
        FieldType::Scalar(Scalar::Bool) => Some(2),
        FieldType::Enum(id) => u128::try_from(spec.walk(*id).get().choices.len()).ok(),
        FieldType::Scalar(Scalar::Int | Scalar::BigInt) => {
            let sizes = field.bounds.iter().filter_map(|bound| match bound {
                Bound::Range {
                    low: Some(Value::Int(low)),
                    high: Some(Value::Int(high)),
                    ..
                } => u128::try_from(high - low + 1).ok(),
                _ => None,
            });
            sizes.min()
        }
        _ => None,
    }
}

/// The relation to what each row belongs to, if the unique set forgets it.
fn owner<'s>(entity: Walk<'s, Entity>, unique: &Unique) -> Option<Walk<'s, Field>> {
    let forgotten = |id: Id<Field>| !unique.fields.contains(&id);
    entity.fields().find(|field| {
        let is_required_relation = field.get().relation().is_some() && !field.get().optional;
        is_required_relation && forgotten(field.id)
    })
}

fn finding(spec: &Spec, study: &Study<'_>, unique: &Unique, cap: &Cap<'_>) -> Diagnostic {
    let entity = study.entity;
    let condition = unique.condition.as_ref();
    let printed = condition.map(|own| print_as_written(spec, own));
    let shown = |before: &str, after: &str| match &printed {
        Some(text) => format!("{before}{text}{after}"),
        None => String::new(),
    };
    let free = unique.fields.iter().filter(|id| !cap.fixed.contains(id));
    let free = free.map(|id| spec.walk(*id).get().name.as_str());
    let names: Vec<&str> = [cap.owner.name.as_str()].into_iter().chain(free).collect();
    let target = cap.owner.target().map_or("", |it| it.get().name.as_str());
    let rows = if cap.most == 1 { "row" } else { "rows" };
    let finding = Diagnostic::new(
        &codes::relation::UNIQUE_CAPS_ROWS,
        unique.span,
        format!(
            "there can never be more than {} {rows} of `{}`{}",
            cap.most,
            entity.name,
            shown(" where `", "`")
        ),
    )
    .label(format!(
        "no other row may have the same, whatever its `{}`",
        cap.owner.name
    ))
    .note(
        cap.owner.get().span,
        format!("every row belongs to one of `{target}`"),
    );
    let rules = solved::rules(study, &cap.proof, None);
    solved::shown(spec, finding, &rules).help(format!(
        "if it is meant for each `{target}`: `unique ({}){}`",
        names.join(", "),
        shown(" where ", "")
    ))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    fn hours(weekday: &str, rest: &str) -> String {
        format!(
            "enum Weekday {{ monday, tuesday }}\nentity Shop {{ name: text(80)\n rests: Weekday }}\n\
             entity Hours {{\n shop: Shop\n weekday: {weekday}\n{rest}\n}}"
        )
    }

    #[test]
    fn a_unique_set_that_forgets_what_rows_belong_to() {
        let spec = hours("Weekday unique", "");
        assert_eq!(
            findings(&spec),
            ["relation::unique_caps_rows: there can never be more than 2 rows of `Hours`"]
        );
        assert_eq!(
            helps(&spec),
            ["if it is meant for each `Shop`: `unique (shop, weekday)`"]
        );
        assert_eq!(
            codes(&hours(
                "int in 1..7",
                " open: bool\n unique (weekday, open)"
            )),
            ["relation::unique_caps_rows"]
        );
    }

    #[test]
    fn many_values_conditions_and_what_belongs_to_it_are_no_cap() {
        assert_eq!(codes(&hours("Weekday", " unique (shop, weekday)")), [""; 0]);
        assert_eq!(codes(&hours("int in 1..366 unique", "")), [""; 0]);
        assert_eq!(codes(&hours("int unique", "")), [""; 0]);
        assert_eq!(
            codes(&hours(
                "Weekday",
                " main: bool\n unique (weekday) where main"
            )),
            [""; 0]
        );
    }

    #[test]
    fn rules_and_conditions_leave_one_value() {
        let spec = hours("int unique", " invariant r: weekday == 5");
        assert_eq!(
            findings(&spec),
            ["relation::unique_caps_rows: there can never be more than 1 row of `Hours`"]
        );
        assert_eq!(
            helps(&spec),
            ["if it is meant for each `Shop`: `unique (shop)`"]
        );
        let spec = hours("Weekday", " main: bool\n unique (main) where main");
        assert_eq!(
            findings(&spec),
            [
                "relation::unique_caps_rows: there can never be more than 1 row of `Hours` where `main`"
            ]
        );
        assert_eq!(
            helps(&spec),
            ["if it is meant for each `Shop`: `unique (shop) where main`"]
        );
        for rule in [
            "weekday in 5..6",
            "weekday == 5 or open",
            "not open implies weekday == 5",
        ] {
            let rest = format!(" open: bool\n invariant r: {rule}");
            assert_eq!(codes(&hours("int unique", &rest)), [""; 0], "{rule}");
        }
        assert_eq!(
            codes(&hours("int unique", " invariant r on create: weekday == 5")),
            [""; 0]
        );
    }

    #[test]
    fn one_row_that_belongs_to_nothing_is_how_settings_are_kept() {
        assert_eq!(
            codes("entity Settings {\n only: bool unique\n invariant r: only\n}"),
            [""; 0]
        );
        assert_eq!(
            codes("entity Country {\n main: bool\n name: text(9)\n unique (main) where main\n}"),
            [""; 0]
        );
    }

    #[test]
    fn a_short_list_of_its_own_is_meant() {
        assert_eq!(
            codes("enum Size { s, m }\nentity Price { size: Size unique\n amount: int }"),
            [""; 0]
        );
    }
}
