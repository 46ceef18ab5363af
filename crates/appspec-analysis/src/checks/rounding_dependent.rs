use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Comparison, Entity, Expr, ExprKind, Field, FieldType, Function, Id, Invariant, Row, RowRule,
    Scalar, Spec, Type, Value, Walk, print_as_written,
};
use appspec_solver::{Claim, Fact, Patterns, Solver, Study, Verdict};

use super::solved;

/// A rule that sets a field equal to a number with more places than the field keeps: for some values of the other fields
/// no row can be saved, since nothing is rounded without being told to.
pub(super) fn check(_: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    for study in studies {
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for (own, rule) in study.rules.iter().enumerate() {
            let RowRule::Invariant(id) = rule.origin else {
                continue;
            };
            let invariant = study.entity.spec.walk(id).get();
            let fields = invariant.condition.fields();
            if study.beyond.iter().any(|other| fields.contains(other)) {
                continue;
            }
            for (equality, premises) in asked_for(&invariant.condition) {
                if let Some(sides) = Sides::of(study.entity, equality)
                    && !told.contains(&equality.span)
                    && let Some(row) = unreachable(study, own, &sides, &premises, &mut patterns)
                {
                    told.insert(equality.span);
                    found.push(finding(
                        study.entity.spec,
                        invariant,
                        equality.span,
                        &sides,
                        &row,
                    ));
                }
            }
        }
    }
}

/// The comparisons that every row has to keep for which the premises before them hold.
fn asked_for(condition: &Expr) -> Vec<(&Expr, Vec<&Expr>)> {
    let mut found = Vec::new();
    let mut open = vec![(condition, Vec::new())];
    while let Some((part, premises)) = open.pop() {
        match &part.kind {
            ExprKind::And(parts) => {
                open.extend(parts.iter().rev().map(|part| (part, premises.clone())));
            }
            ExprKind::Implies(premise, rest) => {
                let mut premises = premises;
                premises.push(premise.as_ref());
                open.push((rest, premises));
            }
            ExprKind::Compare(Comparison::Equal, ..) => found.push((part, premises)),
            _ => {}
        }
    }
    found
}

/// A field and a number that it is said to be equal to.
struct Sides<'s> {
    field: Walk<'s, Field>,
    keeps: u32,
    number: &'s Expr,
    has: u32,
}

impl<'s> Sides<'s> {
    fn of(entity: Walk<'s, Entity>, equality: &'s Expr) -> Option<Self> {
        let ExprKind::Compare(_, a, b) = &equality.kind else {
            return None;
        };
        [(a, b), (b, a)].into_iter().find_map(|(field, number)| {
            let ExprKind::Field(id) = field.kind else {
                return None;
            };
            let field = entity.spec.walk(id);
            let keeps = match field.get().ty {
                FieldType::Scalar(Scalar::Decimal { places, .. }) => places,
                FieldType::Scalar(Scalar::Int | Scalar::BigInt) => 0,
                _ => return None,
            };
            let Type::Decimal { places: has } = number.ty else {
                return None;
            };
            let reads = number.fields();
            (has > keeps && !reads.is_empty() && !reads.contains(&id)).then_some(Self {
                field,
                keeps,
                number,
                has,
            })
        })
    }
}

/// A row that keeps all other rules and for which the number has a place too many.
fn unreachable(
    study: &Study<'_>,
    own: usize,
    sides: &Sides<'_>,
    premises: &[&Expr],
    patterns: &mut Patterns,
) -> Option<Row> {
    let spec = study.entity.spec;
    let number = sides.number;
    let passing = study.smallest(patterns)?;
    let mut facts = solved::facts(study);
    let mut claims: Vec<Claim> = (0..facts.len())
        .filter(|place| *place != own)
        .map(Claim::yes)
        .collect();
    let mut claim = |condition: Expr, holds: bool| {
        claims.push(Claim {
            fact: facts.len(),
            holds,
        });
        facts.push(Fact::made(condition));
    };
    for premise in premises {
        claim((*premise).clone(), true);
    }
    for id in number.fields() {
        if spec.walk(id).get().optional {
            claim(truth(ExprKind::IsSet(id), number.span), true);
        }
    }
    let places = Expr {
        kind: ExprKind::Value(Value::Int(i128::from(sides.keeps))),
        ty: Type::Int,
        span: number.span,
    };
    let rounded = Expr {
        kind: ExprKind::Call(Function::Round, vec![number.clone(), places]),
        ty: Type::Decimal {
            places: sides.keeps,
        },
        span: number.span,
    };
    let same = ExprKind::Compare(
        Comparison::Equal,
        Box::new(number.clone()),
        Box::new(rounded),
    );
    claim(truth(same, number.span), false);
    // People check an example in their heads, so one with small numbers is looked for first.
    let all = claims.len();
    for id in number.fields() {
        if let Some(small) = small(spec.walk(id)) {
            claims.push(Claim::yes(facts.len()));
            facts.push(Fact::made(small));
        }
    }
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    [claims.as_slice(), claims.get(..all)?]
        .into_iter()
        .find_map(|claims| match solver.satisfy_near(claims, &passing) {
            Verdict::Satisfiable(row) => Some(row),
            _ => None,
        })
}

/// The field is positive and less than two.
fn small(field: Walk<'_, Field>) -> Option<Expr> {
    let (ty, zero, two) = match field.get().ty {
        FieldType::Scalar(Scalar::Decimal { places, .. }) => (
            Type::Decimal { places },
            Value::Decimal(0.into()),
            Value::Decimal(2.into()),
        ),
        FieldType::Scalar(Scalar::Int | Scalar::BigInt) => {
            (Type::Int, Value::Int(0), Value::Int(2))
        }
        _ => return None,
    };
    let span = field.get().span;
    let part = |kind: ExprKind| Box::new(Expr { kind, ty, span });
    let compared = |how, value| {
        let constant = part(ExprKind::Value(value));
        truth(
            ExprKind::Compare(how, part(ExprKind::Field(field.id)), constant),
            span,
        )
    };
    Some(truth(
        ExprKind::And(vec![
            compared(Comparison::Greater, zero),
            compared(Comparison::Less, two),
        ]),
        span,
    ))
}

fn truth(kind: ExprKind, span: Span) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span,
    }
}

fn finding(
    spec: &Spec,
    invariant: &Invariant,
    at: Span,
    sides: &Sides<'_>,
    row: &Row,
) -> Diagnostic {
    let (name, number) = (&sides.field.name, print_as_written(spec, sides.number));
    let reads: Vec<Id<Field>> = sides.number.fields();
    let places = |count: u32| match count {
        0 => "no places".to_owned(),
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    Diagnostic::new(
        &codes::invariant::ROUNDING_DEPENDENT,
        at,
        format!(
            "no `{name}` keeps `{}` where {}",
            invariant.name,
            solved::example(spec, &reads, row)
        ),
    )
    .label(format!("this has up to {}", places(sides.has)))
    .note(
        sides.field.get().span,
        format!("keeps {}", places(sides.keeps)),
    )
    .help(format!(
        "round it: `{name} == round({number}, {})`",
        sides.keeps
    ))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    fn order(members: &str) -> String {
        format!(
            "entity Order {{\n total: decimal(12, 2)\n weight: decimal(8, 3)\n price: decimal(8, 2)\n count: int\n\
             {members}\n}}"
        )
    }

    #[test]
    fn a_product_with_more_places_is_not_always_a_total() {
        let spec = order(" invariant sum: total == weight * price");
        assert_eq!(
            findings(&spec),
            [
                "invariant::rounding_dependent: no `total` keeps `sum` where `weight` is 0.001 and `price` is 1.00"
            ]
        );
        assert_eq!(
            helps(&spec),
            ["round it: `total == round(weight * price, 2)`"]
        );
    }

    #[test]
    fn what_always_fits_is_fine() {
        let rule = |text: &str| codes(&order(&format!(" invariant sum: {text}")));
        assert_eq!(rule("total == count * price"), [""; 0]);
        assert_eq!(rule("total == round(weight * price, 2)"), [""; 0]);
        assert_eq!(rule("total <= weight * price"), [""; 0]);
        assert_eq!(rule("total == weight * 1000 * price"), [""; 0]);
        assert_eq!(rule("total == weight * price or count == 0"), [""; 0]);
    }

    #[test]
    fn other_rules_may_see_to_it() {
        let rule = |text: &str| codes(&order(text));
        assert_eq!(
            rule(
                " invariant whole: weight == floor(weight)\n invariant sum: total == weight + price"
            ),
            [""; 0]
        );
        assert_eq!(
            rule(" invariant sum: count > 3 implies total == weight + price"),
            ["invariant::rounding_dependent"]
        );
    }
}
