//! Fields that can't get another value: the row as it was and the row that it becomes are one row of twice the fields, and
//! what rules about changes ask of the two is a condition on it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use appspec_ir::{
    ChangeRule, Comparison, Entity, Expr, ExprKind, Field, FieldType, Id, RowRule, Spec, Type, Walk,
};

use crate::fact::{Claim, Fact, Says, standing_rules};
use crate::patterns::Patterns;
use crate::same::{is_empty, is_set, not, truth, type_of};
use crate::solver::{Solver, Verdict};
use crate::study::Study;

/// A field that keeps its value because every change of it breaks a rule.
pub struct Unchanging {
    /// The entity.
    pub entity: Id<Entity>,
    /// The field; a rule about its change is among the reasons.
    pub field: Id<Field>,
    /// What no change keeps together, each once.
    pub because: Vec<Because>,
}

/// What refuses a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// A rule about the row, before or after.
    Row(RowRule),
    /// Another field that is immutable.
    Immutable(Id<Field>),
    /// The row as it was is frozen.
    Frozen,
    /// A rule about changes, by its place.
    Change(usize),
}

/// All such fields that rules about changes watch. What marks and lifecycles keep by themselves is none of them.
pub fn unchanging(spec: &Spec, studies: &[Study<'_>]) -> Vec<Unchanging> {
    // Where no row is known that keeps the rules, there is nothing to change.
    let possible = studies.iter().filter(|study| {
        let entity = study.entity.get();
        let is_kept = matches!(study.all, Verdict::Satisfiable(_));
        is_kept && !entity.changes.is_empty() && entity.append_only.is_none()
    });
    let owners: Vec<Id<Entity>> = possible.map(|study| study.entity.id).collect();
    if owners.is_empty() {
        return Vec::new();
    }
    let mut twice = spec.clone();
    let twins: Vec<Twins> = owners.iter().map(|id| Twins::of(&mut twice, *id)).collect();
    let mut patterns = Patterns::new();
    let mut found = Vec::new();
    for (owner, twins) in owners.iter().zip(&twins) {
        let entity = twice.walk(*owner);
        let mut fields: Vec<Id<Field>> = Vec::new();
        for id in entity.get().changes.iter().flat_map(|rule| &rule.fields) {
            if !twice.walk(*id).immutable && !fields.contains(id) {
                fields.push(*id);
            }
        }
        for field in fields {
            found.extend(twins.refused(entity, field, &mut patterns));
        }
    }
    found
}

/// The fields that hold what a row was.
struct Twins(BTreeMap<Id<Field>, Id<Field>>);

impl Twins {
    fn of(spec: &mut Spec, entity: Id<Entity>) -> Self {
        let fields = spec.walk(entity).get().fields.clone();
        let mut twins = BTreeMap::new();
        for id in fields {
            let Some(mut twin) = spec.fields.find(id).cloned() else {
                continue;
            };
            if matches!(twin.ty, FieldType::Many(_)) {
                continue;
            }
            twin.name = format!("old.{}", twin.name);
            twin.default = None;
            twin.touched = false;
            twins.insert(id, spec.fields.push(twin));
        }
        if let Some(entity) = spec.entities.find_mut(entity) {
            entity.fields.extend(twins.values());
        }
        Self(twins)
    }

    /// Why a field can't get another value, if it can't.
    fn refused(
        &self,
        entity: Walk<'_, Entity>,
        field: Id<Field>,
        patterns: &mut Patterns,
    ) -> Option<Unchanging> {
        let (facts, about) = self.facts(entity, field);
        let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        let mut solver = Solver::new(entity.spec, entity.id, facts, patterns);
        let Verdict::Contradiction(proof) = solver.satisfy_somehow(&claims) else {
            return None;
        };
        let mut because: Vec<Because> = Vec::new();
        for claim in proof {
            if let Some(Some(reason)) = about.get(claim.fact)
                && !because.contains(reason)
            {
                because.push(*reason);
            }
        }
        let is_about_changes = |it: &Because| matches!(it, Because::Change(_));
        because.iter().any(is_about_changes).then_some(Unchanging {
            entity: entity.id,
            field,
            because,
        })
    }

    /// What holds where the field gets another value, and what each of it is about. What is to blame rather comes last.
    fn facts<'s>(
        &self,
        entity: Walk<'s, Entity>,
        field: Id<Field>,
    ) -> (Vec<Fact<'s>>, Vec<Option<Because>>) {
        let mut facts: Vec<Fact<'s>> = Vec::new();
        let mut about = Vec::new();
        let mut add = |fact: Option<Fact<'s>>, reason: Option<Because>| {
            if let Some(fact) = fact {
                facts.push(fact);
                about.push(reason);
            }
        };
        add(self.changes(entity, field).map(Fact::made), None);
        for rule in standing_rules(entity) {
            let reason = Some(Because::Row(rule.origin));
            add(self.before(&rule.fact), reason);
            add(Some(rule.fact), reason);
        }
        for other in entity.fields().filter(|other| other.get().immutable) {
            let same = self.changes(entity, other.id).map(not);
            add(same.map(Fact::made), Some(Because::Immutable(other.id)));
        }
        if let Some(frozen) = &entity.get().frozen
            && !frozen.except.contains(&field)
            && !entity.spec.walk(field).touched
        {
            let open = not(self.moved(&frozen.condition));
            add(Some(Fact::made(open)), Some(Because::Frozen));
        }
        for (place, rule) in entity.get().changes.iter().enumerate() {
            let asked = self.asked(entity, rule, field);
            add(asked.map(Fact::made), Some(Because::Change(place)));
        }
        (facts, about)
    }

    /// What a rule about changes says where the field gets another value; `None` where nobody knows whether it is asked.
    fn asked(&self, entity: Walk<'_, Entity>, rule: &ChangeRule, field: Id<Field>) -> Option<Expr> {
        let said = self.between(&rule.condition);
        if rule.fields.contains(&field) {
            return Some(said);
        }
        let watched = rule.fields.iter();
        let changes: Option<Vec<Expr>> = watched.map(|id| self.changes(entity, *id)).collect();
        let any = any(changes?)?;
        let (ty, span) = (Type::Bool, said.span);
        let kind = ExprKind::Implies(Box::new(any), Box::new(said));
        Some(Expr { kind, ty, span })
    }

    /// That a field has another value than before; a value that is missing differs from any other.
    fn changes(&self, entity: Walk<'_, Entity>, id: Id<Field>) -> Option<Expr> {
        let field = entity.spec.walk(id);
        let twin = entity.spec.walk(*self.0.get(&id)?);
        let ty = type_of(field)?;
        let read = |kind| Expr {
            kind,
            ty,
            span: field.span,
        };
        let (own, old) = (
            read(ExprKind::Field(field.id)),
            read(ExprKind::Field(twin.id)),
        );
        let differs = if ty == Type::Float {
            // The language has no equality of floats, but the ends of a range belong to it.
            let old = Box::new(old);
            not(truth(
                field,
                ExprKind::Between(Box::new(own), old.clone(), old),
            ))
        } else {
            let kind = ExprKind::Compare(Comparison::NotEqual, Box::new(own), Box::new(old));
            truth(field, kind)
        };
        if !field.optional {
            return Some(differs);
        }
        let all = |parts| truth(field, ExprKind::And(parts));
        let ways = vec![
            all(vec![is_set(field), is_empty(twin)]),
            all(vec![is_empty(field), is_set(twin)]),
            all(vec![is_set(field), is_set(twin), differs]),
        ];
        any(ways)
    }

    /// The same about the row as it was; `None` for what has no twin.
    fn before<'s>(&self, fact: &Fact<'s>) -> Option<Fact<'s>> {
        let says = match &fact.says {
            Says::Condition(condition) => Says::Condition(Cow::Owned(self.moved(condition))),
            Says::Range { field, low, high } => Says::Range {
                field: *self.0.get(field)?,
                low: *low,
                high: *high,
            },
            Says::Matches { field, pattern } => Says::Matches {
                field: *self.0.get(field)?,
                pattern,
            },
        };
        let span = fact.span;
        Some(Fact { says, span })
    }

    /// An expression over the row as it was.
    fn moved(&self, expr: &Expr) -> Expr {
        let mut moved = expr.clone();
        self.go_back(&mut moved);
        moved
    }

    fn go_back(&self, expr: &mut Expr) {
        if let ExprKind::Field(id) | ExprKind::IsSet(id) | ExprKind::Otherwise(id, _) =
            &mut expr.kind
            && let Some(twin) = self.0.get(id)
        {
            *id = *twin;
        }
        expr.kind.for_children_mut(&mut |child| self.go_back(child));
    }

    /// What a rule says of the two rows.
    fn between(&self, expr: &Expr) -> Expr {
        if let ExprKind::Old(inner) = &expr.kind {
            return self.moved(inner);
        }
        let mut said = expr.clone();
        said.kind
            .for_children_mut(&mut |child| *child = self.between(child));
        said
    }
}

/// That one of these holds; nothing where there are none.
fn any(mut ways: Vec<Expr>) -> Option<Expr> {
    if ways.len() < 2 {
        return ways.pop();
    }
    let span = ways.first()?.span;
    Some(Expr {
        kind: ExprKind::Or(ways),
        ty: Type::Bool,
        span,
    })
}
