use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Expr, ExprKind, Field, Id, Moment, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// Defaults that are copied from another row and that no row keeps, whatever that row holds: the bounds and rules that
/// what is copied has kept leave nothing that the rules here let pass.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        let mut copied = copied(study);
        while let Some(proof) = refused(study, &copied, &mut patterns) {
            let before = copied.len();
            copied.retain(|(field, _)| proof.fields.iter().all(|it| it.id != field.id));
            if copied.len() == before {
                break;
            }
            if let Some(finding) = finding(spec, study, &proof) {
                found.push(finding);
            }
        }
    }
}

/// A field, and the path that its default is copied along.
type Copied<'s> = (Walk<'s, Field>, &'s [Id<Field>]);

/// The fields that a rule reads and whose defaults are copied.
fn copied<'s>(study: &Study<'s>) -> Vec<Copied<'s>> {
    let fields = study
        .entity
        .fields()
        .filter_map(|field| match &field.get().default {
            Some(Default::Path(path)) => Some((field, path.as_slice())),
            _ => None,
        });
    let is_read = |(field, _): &Copied<'_>| {
        let mut rules = study.rules.iter();
        rules.any(|rule| rule.fact.fields().contains(&field.id))
    };
    fields.filter(is_read).collect()
}

/// Rules that refuse what is copied.
struct Refused<'s> {
    proof: Vec<Claim>,
    fields: Vec<Walk<'s, Field>>,
    /// What the other row keeps, as far as it is to blame.
    kept: Vec<(Fact<'s>, String)>,
}

fn refused<'s>(
    study: &Study<'s>,
    copied: &[Copied<'s>],
    patterns: &mut Patterns,
) -> Option<Refused<'s>> {
    if copied.is_empty() {
        return None;
    }
    let spec = study.entity.spec;
    let rules = study.rules.len();
    let mut kept: Vec<Kept<'_>> = Vec::new();
    for (place, (field, path)) in copied.iter().enumerate() {
        let is_first = copied
            .iter()
            .take(place)
            .all(|(_, other)| !go_together(other, path));
        kept.extend(of_field(*field, path));
        if is_first {
            kept.extend(of_row(copied, path, spec));
        }
    }
    let mut facts = solved::facts(study);
    facts.extend(kept.iter().map(|own| own.fact.clone()));
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    let verdict = Solver::new(spec, study.entity.id, facts, patterns).satisfy_somehow(&claims);
    let Verdict::Contradiction(proof) = verdict else {
        return None;
    };
    let to_blame = |place: usize| proof.contains(&Claim::yes(rules + place));
    let kept: Vec<Kept<'_>> = kept
        .into_iter()
        .enumerate()
        .filter_map(|(place, own)| to_blame(place).then_some(own))
        .collect();
    let is_blamed = |field: Id<Field>| kept.iter().any(|own| own.fact.fields().contains(&field));
    let fields = copied.iter().map(|(field, _)| *field);
    Some(Refused {
        fields: fields.filter(|field| is_blamed(field.id)).collect(),
        kept: kept.into_iter().map(|own| (own.fact, own.says)).collect(),
        proof,
    })
}

/// Something that holds for what is copied.
struct Kept<'s> {
    fact: Fact<'s>,
    says: String,
}

/// What the field that is copied from is by itself.
fn of_field<'s>(field: Walk<'s, Field>, path: &[Id<Field>]) -> Vec<Kept<'s>> {
    let Some(source) = path.last().map(|id| field.spec.walk(*id)) else {
        return Vec::new();
    };
    let bounds = source.get().bounds.iter();
    let mut kept: Vec<Kept<'s>> = bounds
        .filter_map(|bound| Fact::bound(field, bound))
        .map(|fact| Kept {
            fact,
            says: format!("`{}` is never outside", source.name),
        })
        .collect();
    if field.get().optional && !source.get().optional {
        kept.push(Kept {
            fact: Fact::made(Expr {
                kind: ExprKind::IsSet(field.id),
                ty: Type::Bool,
                span: source.get().span,
            }),
            says: "always there".to_owned(),
        });
    }
    kept
}

/// The rules of the row that is copied from, as far as they are about what is copied.
fn of_row<'s>(copied: &[Copied<'s>], path: &[Id<Field>], spec: &'s Spec) -> Vec<Kept<'s>> {
    let Some(entity) = path.last().map(|id| spec.walk(*id).entity()) else {
        return Vec::new();
    };
    let pairs: Vec<(Id<Field>, Id<Field>)> = copied
        .iter()
        .filter(|(_, other)| go_together(other, path))
        .filter_map(|(field, other)| Some((*other.last()?, field.id)))
        .collect();
    let here = |id: Id<Field>| {
        pairs
            .iter()
            .find(|(source, _)| *source == id)
            .map(|it| it.1)
    };
    let standing = entity
        .invariants()
        .filter(|it| it.get().moment == Moment::Always);
    let about = standing.filter_map(|invariant| {
        let condition = moved(&invariant.get().condition, &here)?;
        Some(Kept {
            fact: Fact::made(condition),
            says: format!("`{}` has to hold", invariant.name),
        })
    });
    about.collect()
}

/// Whether two paths lead to the same row.
fn go_together(one: &[Id<Field>], other: &[Id<Field>]) -> bool {
    match (one.split_last(), other.split_last()) {
        (Some((_, one)), Some((_, other))) => one == other,
        _ => false,
    }
}

/// A condition over other fields; nothing where one of them is none of these.
fn moved(condition: &Expr, here: &dyn Fn(Id<Field>) -> Option<Id<Field>>) -> Option<Expr> {
    let one = |part: &Expr| moved(part, here).map(Box::new);
    let all = |parts: &[Expr]| -> Option<Vec<Expr>> {
        parts.iter().map(|part| moved(part, here)).collect()
    };
    let kind = match &condition.kind {
        ExprKind::Value(value) => ExprKind::Value(value.clone()),
        ExprKind::Field(id) => ExprKind::Field(here(*id)?),
        ExprKind::IsSet(id) => ExprKind::IsSet(here(*id)?),
        ExprKind::Otherwise(id, rest) => ExprKind::Otherwise(here(*id)?, one(rest)?),
        ExprKind::Not(inner) => ExprKind::Not(one(inner)?),
        ExprKind::Negate(inner) => ExprKind::Negate(one(inner)?),
        ExprKind::And(parts) => ExprKind::And(all(parts)?),
        ExprKind::Or(parts) => ExprKind::Or(all(parts)?),
        ExprKind::Call(function, parts) => ExprKind::Call(*function, all(parts)?),
        ExprKind::Implies(a, b) => ExprKind::Implies(one(a)?, one(b)?),
        ExprKind::Compare(how, a, b) => ExprKind::Compare(*how, one(a)?, one(b)?),
        ExprKind::Arithmetic(how, a, b) => ExprKind::Arithmetic(*how, one(a)?, one(b)?),
        ExprKind::In(inner, values) => ExprKind::In(one(inner)?, values.clone()),
        ExprKind::Between(inner, low, high) => {
            ExprKind::Between(one(inner)?, one(low)?, one(high)?)
        }
        ExprKind::Behind(..)
        | ExprKind::Fallback(..)
        | ExprKind::Each(_)
        | ExprKind::Outer(_)
        | ExprKind::Old(_)
        | ExprKind::This
        | ExprKind::Me
        | ExprKind::Mine(_) => {
            return None;
        }
    };
    Some(Expr {
        kind,
        ty: condition.ty,
        span: condition.span,
    })
}

fn finding(spec: &Spec, study: &Study<'_>, refused: &Refused<'_>) -> Option<Diagnostic> {
    let (last, others) = refused.fields.split_last()?;
    let rules = solved::rules(study, &refused.proof, None);
    // Where the other row can't be there at all, that is told.
    if rules.is_empty() {
        return None;
    }
    let finding = if others.is_empty() {
        let listed = solved::listed(spec, &rules);
        Diagnostic::new(
            &codes::invariant::DEFAULT_BREAKS_RULE,
            last.get().span,
            format!("the default of `{}` always breaks {listed}", last.name),
        )
        .label("a row that keeps this default can't be saved")
    } else {
        let fields = refused.fields.iter();
        let names: Vec<String> = fields.map(|it| format!("`{}`", it.name)).collect();
        let finding = Diagnostic::new(
            &codes::invariant::DEFAULTS_CONTRADICT,
            last.get().span,
            format!("no row keeps the defaults of {}", solved::joined(&names)),
        )
        .label("a row that keeps all these defaults can't be saved");
        others.iter().fold(finding, |finding, field| {
            finding.note(field.get().span, "has a default too")
        })
    };
    let finding = refused.kept.iter().fold(finding, |finding, (fact, says)| {
        finding.note(fact.span, says.as_str())
    });
    let help = "change a default, or remove it so that a value has to be given";
    Some(solved::shown(spec, finding, &rules).help(help))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn spec(booking: &str, line: &str) -> String {
        format!(
            "entity Booking {{\n price: int in 100..\n fee: int\n note: text(9)?\n{booking}\n}}\n\
             entity Line {{\n booking: Booking\n{line}\n}}"
        )
    }

    #[test]
    fn what_is_copied_keeps_the_bounds_of_where_it_comes_from() {
        let found = |line: &str| findings(&spec("", line));
        assert_eq!(
            found("total: int in ..50 = booking.price"),
            [
                "invariant::default_breaks_rule: the default of `total` always breaks the bounds of `total`"
            ]
        );
        assert_eq!(
            found("total: int? = booking.price\n invariant r: total is not set or total < 100"),
            ["invariant::default_breaks_rule: the default of `total` always breaks `r`"]
        );
        for fine in [
            "total: int in ..100 = booking.price",
            "total: int = booking.price\n more: int\n invariant r: total < more",
            "fee: int in ..50 = booking.fee",
            "note: text(9)? = booking.note\n fee: int\n invariant r: note is not set or fee > 3",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_is_copied_together_keeps_the_rules_of_where_it_comes_from() {
        let rule = "invariant r: fee > price";
        let both = "total: int = booking.price\n fee: int = booking.fee\n invariant s: fee < total";
        assert_eq!(codes(&spec(rule, both)), ["invariant::defaults_contradict"]);
        assert_eq!(codes(&spec("", both)), [""; 0]);
        let later = "invariant r on create: fee > price";
        assert_eq!(codes(&spec(later, both)), [""; 0]);
        // Of the other row's rules only what is copied is known.
        let one = "total: int = booking.price\n fee: int\n invariant s: fee < total";
        assert_eq!(codes(&spec(rule, one)), [""; 0]);
    }
}
