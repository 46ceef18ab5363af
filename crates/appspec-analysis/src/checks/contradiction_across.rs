//! Rules that span rows and that no row keeps together, whatever the other rows hold.

use std::collections::BTreeMap;

use appspec_diagnostics::Diagnostics;
use appspec_ir::{
    Arena, Bound, Each, Entity, Expr, ExprKind, Field, FieldType, Id, Interval, Invariant, Moment,
    RowRule, Scalar, Spec, Summary, Type, Value, interval, print,
};
use appspec_solver::{Rule, Study, proofs_of};

use super::{contradiction, solved};

/// What is said of other rows becomes a value of the row that may be anything: `count(l in lines) >= 3` and
/// `count(l in lines) <= 2` can't both be, whichever lines there are. The other way round nothing is told: whether other rows
/// can be as a value says nobody has tried.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let with_rules = spec.walk_entities();
    for entity in with_rules.filter(|entity| !entity.get().across.is_empty()) {
        let alone = Alone::of(spec, entity.id);
        let study = proofs_of(alone.spec.walk(entity.id));
        for proof in study.proofs() {
            let rules = solved::rules(&study, proof, None);
            if rules.iter().any(|rule| alone.is_made(rule))
                && !says_one_thing(&study, &rules)
                && let Some(finding) = contradiction::told(&alone.spec, &study, &rules)
            {
                found.push(finding);
            }
        }
    }
}

/// Whether it is one comparison with a constant, of which the type of what is compared says more.
fn says_one_thing(study: &Study<'_>, rules: &[&Rule<'_>]) -> bool {
    let mut invariants = rules
        .iter()
        .filter_map(|rule| solved::invariant(study.entity.spec, rule));
    let first = invariants.next();
    invariants.next().is_none()
        && first.is_some_and(|it| match &it.condition.kind {
            ExprKind::Compare(_, a, b) => [a, b]
                .iter()
                .any(|side| matches!(side.kind, ExprKind::Value(_))),
            _ => false,
        })
}

/// A spec in which the rules of an entity read its own row alone.
struct Alone {
    spec: Spec,
    /// The first of the invariants that were made of rules that span rows.
    first: Id<Invariant>,
}

impl Alone {
    fn of(spec: &Spec, entity: Id<Entity>) -> Self {
        let mut values = Values {
            spec,
            entity,
            made: spec.fields.clone(),
            known: BTreeMap::new(),
        };
        let mut alone = spec.clone();
        let first = alone.invariants.next_id();
        let mut invariants = spec.walk(entity).get().invariants.clone();
        for rule in &spec.walk(entity).get().across {
            let mut condition = rule.condition.clone();
            values.instead(&mut condition);
            invariants.push(alone.invariants.push(Invariant {
                name: rule.name.clone(),
                doc: None,
                entity,
                moment: Moment::Always,
                condition,
                message: rule.message.clone(),
                span: rule.span,
            }));
        }
        if let Some(own) = alone.entities.find_mut(entity) {
            own.fields.extend(values.known.into_values());
            own.invariants = invariants;
        }
        alone.fields = values.made;
        Self { spec: alone, first }
    }

    fn is_made(&self, rule: &Rule<'_>) -> bool {
        matches!(rule.origin, RowRule::Invariant(id) if id >= self.first)
    }
}

/// The values that stand for what other rows hold.
struct Values<'s> {
    spec: &'s Spec,
    entity: Id<Entity>,
    made: Arena<Field>,
    /// By what is said, and whether it may be missing.
    known: BTreeMap<(String, bool), Id<Field>>,
}

impl Values<'_> {
    /// Puts values in the place of what is said of other rows.
    fn instead(&mut self, expr: &mut Expr) {
        if let ExprKind::Each(each) = &expr.kind {
            let value = summed_up(self.spec, each, expr);
            let id = self.value(expr, value, false);
            expr.kind = ExprKind::Field(id);
            return;
        }
        match &mut expr.kind {
            ExprKind::Fallback(value, other) => {
                self.instead(other);
                let what = match &value.kind {
                    ExprKind::Each(each) => summed_up(self.spec, each, value),
                    _ => self.held(value).unwrap_or_else(|| of_type(value.ty)),
                };
                let id = self.value(value, what, true);
                expr.kind = ExprKind::Otherwise(id, other.clone());
            }
            ExprKind::Behind(..) => self.instead_of_path(expr),
            kind => kind.for_children_mut(&mut |child| self.instead(child)),
        }
    }

    /// The same for what is said of the row to which a path leads.
    fn instead_of_path(&mut self, expr: &mut Expr) {
        let mut end = &*expr;
        while let ExprKind::Behind(_, inner) = &end.kind {
            end = inner;
        }
        let (field, asked) = match &end.kind {
            ExprKind::Field(id) | ExprKind::IsSet(id) | ExprKind::Otherwise(id, _) => {
                (*id, end.kind.clone())
            }
            _ => return,
        };
        let ty = self.spec.fields[field].ty.seen();
        let path = with_end(expr, &ExprKind::Field(field), ty);
        let what = self.held(&path).unwrap_or_else(|| of_type(ty));
        let id = self.value(&path, what, self.spec.fields[field].optional);
        expr.kind = match asked {
            ExprKind::IsSet(_) => ExprKind::IsSet(id),
            ExprKind::Otherwise(_, other) => ExprKind::Otherwise(id, other),
            _ => ExprKind::Field(id),
        };
    }

    /// What the field at the end of a path may hold.
    fn held(&self, path: &Expr) -> Option<(FieldType, Vec<Bound>)> {
        let mut end = path;
        while let ExprKind::Behind(_, inner) = &end.kind {
            end = inner;
        }
        let ExprKind::Field(id) = end.kind else {
            return None;
        };
        let field = &self.spec.fields[id];
        let bounds = match field.ty {
            FieldType::Scalar(_) => field.bounds.clone(),
            _ => Vec::new(),
        };
        Some((field.ty.clone(), bounds))
    }

    /// The value that stands for an expression, the same for the same words.
    fn value(
        &mut self,
        said: &Expr,
        (ty, bounds): (FieldType, Vec<Bound>),
        optional: bool,
    ) -> Id<Field> {
        let name = print(self.spec, said);
        let (entity, made) = (self.entity, &mut self.made);
        let id = self.known.entry((name.clone(), optional));
        *id.or_insert_with(|| {
            made.push(Field {
                name,
                doc: None,
                entity,
                ty,
                named: None,
                optional,
                bounds,
                bounds_message: None,
                default: None,
                touched: false,
                immutable: false,
                was: None,
                span: said.span,
            })
        })
    }
}

/// The path with something else said at its end.
fn with_end(path: &Expr, end: &ExprKind, ty: Type) -> Expr {
    let kind = match &path.kind {
        ExprKind::Behind(reference, inner) => {
            ExprKind::Behind(*reference, Box::new(with_end(inner, end, ty)))
        }
        _ => end.clone(),
    };
    Expr {
        kind,
        ty,
        span: path.span,
    }
}

/// What a number of several rows, or what is true of them, may be.
fn summed_up(spec: &Spec, each: &Each, whole: &Expr) -> (FieldType, Vec<Bound>) {
    let ty = whole.ty;
    let at_least = |low: Value| Bound::Range {
        low: Some(low),
        high: None,
        span: whole.span,
    };
    let (held, _) = of_type(ty);
    let bounds = match &each.summary {
        Summary::Count(_) => vec![at_least(Value::Int(0))],
        Summary::Sum(value, _) => {
            let never_negative = interval(spec, value).is_some_and(Interval::is_never_negative);
            let nothing = match ty {
                Type::Decimal { .. } => Value::Decimal(rust_decimal::Decimal::ZERO),
                _ => Value::Int(0),
            };
            never_negative
                .then(|| at_least(nothing))
                .into_iter()
                .collect()
        }
        Summary::Min(..) | Summary::Max(..) | Summary::All(_) | Summary::Some(_) => Vec::new(),
    };
    (held, bounds)
}

/// A field that holds any value of a type.
fn of_type(ty: Type) -> (FieldType, Vec<Bound>) {
    let scalar = match ty {
        Type::Bool => Scalar::Bool,
        Type::Int => Scalar::BigInt,
        // More digits than any sum has, and few enough to compute with.
        Type::Decimal { places } => Scalar::Decimal { digits: 28, places },
        Type::Float => Scalar::Float,
        Type::Date => Scalar::Date,
        Type::Time => Scalar::Time,
        Type::DateTime => Scalar::DateTime,
        Type::Duration => Scalar::Duration,
        Type::Uuid => Scalar::Uuid,
        Type::Enum(id) => return (FieldType::Enum(id), Vec::new()),
        Type::Text | Type::Reference(_) | Type::Opaque => Scalar::Text { max: None },
    };
    (FieldType::Scalar(scalar), Vec::new())
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn found(rules: &str) -> Vec<String> {
        findings(&format!(
            "entity O {{\n total: int\n d: D\n at: date?\n{rules}\n}}\n\
             entity L {{\n n: int\n up: int in 0..9\n o: O inverse lines\n}}\n\
             entity D {{\n rank: int in 1..9\n closed_on: date?\n boss: D?\n}}"
        ))
    }

    #[test]
    fn numbers_of_several_rows_that_exclude_each_other_are_told() {
        assert_eq!(
            found(" invariant x: count(l in lines) >= 3\n invariant y: count(l in lines) <= 2"),
            ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
        );
        assert_eq!(
            found(
                " invariant x: total == sum(l.n for l in lines)\n \
                 invariant y: total == sum(l.n for l in lines) + 1"
            ),
            ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
        );
        assert_eq!(
            found(
                " invariant x: min(l.n for l in lines) otherwise 0 >= 5\n \
                 invariant y: min(l.n for l in lines) otherwise 0 <= 3"
            ),
            ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
        );
        assert_eq!(
            found(
                " invariant x: all(l in lines have l.n > 0)\n \
                 invariant y: total > 0 implies not all(l in lines have l.n > 0)\n \
                 invariant z: total > 0"
            ),
            ["invariant::contradiction: no row of `O` keeps `z`, `x` and `y` together"]
        );
    }

    #[test]
    fn what_is_never_negative_is_known_to_be_so() {
        let under = |what: &str| {
            found(&format!(
                " invariant x: total == {what}\n invariant y: total < 0"
            ))
        };
        assert_eq!(under("count(l in lines)").len(), 1);
        assert_eq!(under("sum(l.up for l in lines)").len(), 1);
        assert_eq!(under("sum(l.n for l in lines)"), [""; 0]);
    }

    #[test]
    fn paths_that_exclude_each_other_are_told() {
        assert_eq!(
            found(" invariant x: d.rank > 5\n invariant y: d.rank < 3"),
            ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
        );
        assert_eq!(
            found(
                " invariant x: d.boss.rank otherwise 0 > 5\n invariant y: d.boss.rank otherwise 0 < 3"
            ),
            ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
        );
    }

    #[test]
    fn what_can_be_is_not_told() {
        for rules in [
            " invariant x: count(l in lines) >= 2\n invariant y: count(l in lines) <= 2",
            " invariant x: count(l in lines where l.n > 1) >= 3\n invariant y: count(l in lines) <= 2",
            " invariant x: d.closed_on is set\n invariant y: d.boss is not set",
            " invariant x: at is set implies d.closed_on otherwise 2026-01-01 < at",
            " invariant x: d.boss is set implies d.boss.rank > 3\n invariant y: d.boss is not set",
        ] {
            assert_eq!(found(rules), [""; 0], "{rules}");
        }
    }
}
