//! What a deletion leaves of the rows that point to what is deleted.

use std::collections::BTreeSet;

use appspec_ir::{
    Comparison, Entity, Expr, ExprKind, Field, FieldType, Id, OnDelete, Put, RelationGraph, Spec,
    Type, Walk,
};

/// The references of an entity that a deletion empties.
pub(super) fn emptied(entity: Walk<'_, Entity>) -> impl Iterator<Item = Walk<'_, Field>> {
    entity.fields().filter(|field| {
        let relation = field.get().relation();
        field.get().optional
            && relation.is_some_and(|relation| relation.on_delete == OnDelete::SetNull)
    })
}

/// What goes along with what.
pub(super) struct Deletes {
    cascades: RelationGraph,
    pointed_to: BTreeSet<Id<Entity>>,
}

impl Deletes {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut pointed_to = BTreeSet::new();
        let fields = spec.walk_entities().flat_map(Walk::<Entity>::fields);
        // What stands for something that a rule reads of other rows is no column.
        for field in fields.filter(|field| !field.get().name.contains('.')) {
            let field = field.get();
            match &field.ty {
                FieldType::Relation(relation) => pointed_to.extend([relation.target]),
                // The pairs point to both sides.
                FieldType::Many(many) => pointed_to.extend([field.entity, many.target]),
                _ => {}
            }
        }
        Self {
            cascades: RelationGraph::deletes(spec),
            pointed_to,
        }
    }

    /// The references by which a row goes along with what it points to, so that emptying another one is never seen. Django
    /// deletes rows to which nothing points before it empties references, and all others after it.
    pub(super) fn along<'s>(&self, field: Walk<'s, Field>) -> Vec<Walk<'s, Field>> {
        if self.pointed_to.contains(&field.entity) {
            return Vec::new();
        }
        let is_other = |other: &Walk<'_, Field>| other.id != field.id;
        let cascades = field.entity().fields().filter(is_other).filter(|other| {
            let same = other.target().map(|it| it.id) == field.target().map(|it| it.id);
            let relation = other.get().relation();
            same && relation.is_some_and(|own| own.on_delete == OnDelete::Cascade)
        });
        cascades.collect()
    }

    /// Whether a row can also go because something between goes: nothing is certain about it then.
    pub(super) fn may_go_by_others(&self, field: Walk<'_, Field>) -> bool {
        let Some(target) = field.target() else {
            return false;
        };
        if self.pointed_to.contains(&field.entity) {
            return false;
        }
        let reached = self.cascades.reachable(target.id);
        let ways = field.entity().fields().filter(|own| {
            let relation = own.get().relation();
            relation.is_some_and(|own| own.on_delete == OnDelete::Cascade)
        });
        let mut ends = ways.filter_map(Walk::<Field>::target);
        ends.any(|end| end.id != target.id && reached.iter().any(|(id, _)| *id == end.id))
    }

    /// The reference has a value, and the row stays where what it points to is deleted.
    pub(super) fn empties(&self, field: Walk<'_, Field>) -> Expr {
        let mut conditions = vec![truth(field, ExprKind::IsSet(field.id))];
        let along = self.along(field).into_iter();
        conditions.extend(along.filter_map(|other| points_elsewhere(other, field)));
        // One condition, so that the reference is read only where it is set.
        match conditions.as_slice() {
            [only] => only.clone(),
            _ => truth(field, ExprKind::And(conditions)),
        }
    }
}

fn truth(field: Walk<'_, Field>, kind: ExprKind) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span: field.get().span,
    }
}

/// The other reference has no value, or that of another row.
fn points_elsewhere(other: Walk<'_, Field>, field: Walk<'_, Field>) -> Option<Expr> {
    let target = field.target()?.id;
    let read = |field: Walk<'_, Field>| {
        Box::new(Expr {
            kind: ExprKind::Field(field.id),
            ty: Type::Reference(target),
            span: field.get().span,
        })
    };
    let differs = ExprKind::Compare(Comparison::NotEqual, read(other), read(field));
    let differs = truth(field, differs);
    if !other.get().optional {
        return Some(differs);
    }
    let set = Box::new(truth(field, ExprKind::IsSet(other.id)));
    Some(truth(field, ExprKind::Implies(set, Box::new(differs))))
}

/// A condition as it reads once the reference is empty.
pub(super) fn without(condition: &Expr, field: Id<Field>) -> Expr {
    condition.truth_with(&|id| if id == field { Put::Nothing } else { Put::Own })
}
