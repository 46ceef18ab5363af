//! Rows that are deleted and can be restored: what the rules of a spec say, they say of live rows.
//!
//! The checks look at rules as they were written. Backends are given them with what `soft delete` adds.

use std::collections::HashMap;

use appspec_ir::{
    Across, Each, Entity, Expr, ExprKind, Field, FieldType, Id, Origin, Rows, Spec, Summary, Type,
    Unique,
};

/// Adds to each rule that it is about live rows, and that no live row points to a deleted one.
pub(crate) fn only(spec: &mut Spec) {
    let marks: HashMap<Id<Entity>, Expr> = spec
        .entities
        .iter()
        .filter_map(|(id, entity)| Some((id, entity.soft_delete.as_ref()?.live.clone())))
        .collect();
    if marks.is_empty() {
        return;
    }
    let targets = targets(spec);
    let seen = Seen {
        marks: &marks,
        targets: &targets,
    };
    let ids: Vec<Id<Entity>> = spec.entities.ids().collect();
    for id in ids {
        let pointing = pointing(spec, id);
        let alone = marks.get(&id).map(|live| alone(spec, id, live));
        let Some(entity) = spec.entities.find_mut(id) else {
            continue;
        };
        for rule in &mut entity.across {
            seen.rule(&mut rule.condition);
        }
        if let Some(access) = &mut entity.access {
            let walls = access.walls.iter_mut().map(|wall| &mut wall.condition);
            let grants = access.grants.iter_mut();
            let grants = grants.filter_map(|grant| grant.condition.as_mut());
            walls
                .chain(grants)
                .for_each(|condition| seen.rule(condition));
        }
        entity.across.extend(pointing);
        if let Some(live) = marks.get(&id) {
            for rule in &mut entity.across {
                let condition = rule.condition.clone();
                rule.condition = implies(live.clone(), condition);
            }
            for set in &mut entity.uniques {
                set.condition = Some(narrowed(live, set.condition.take()));
            }
            for rule in &mut entity.overlaps {
                rule.condition = Some(narrowed(live, rule.condition.take()));
            }
            entity.uniques.extend(alone.into_iter().flatten());
        }
    }
    let roles: Vec<_> = spec.roles.ids().collect();
    for id in roles {
        if let Some(role) = spec.roles.find_mut(id)
            && let Origin::Derived {
                entity, condition, ..
            } = &mut role.origin
        {
            if let Some(condition) = condition {
                seen.rule(condition);
            }
            // A row that is deleted gives nobody a role.
            if let Some(live) = marks.get(entity) {
                *condition = Some(narrowed(live, condition.take()));
            }
        }
    }
    let derives: Vec<_> = spec.derives.ids().collect();
    for id in derives {
        if let Some(derive) = spec.derives.find_mut(id) {
            seen.rule(&mut derive.value);
        }
    }
}

/// The entity of each field, and the other end of a `many`.
type Targets = HashMap<Id<Field>, (Id<Entity>, Option<Id<Entity>>)>;

/// Where the fields lead by which several rows are found.
fn targets(spec: &Spec) -> Targets {
    let fields = spec.fields.iter();
    fields
        .map(|(id, field)| (id, (field.entity, field.many().map(|many| many.target))))
        .collect()
}

/// That the rows to which the references of an entity lead are live.
fn pointing(spec: &Spec, id: Id<Entity>) -> Vec<Across> {
    let references = spec.walk(id).pointing_to_live().into_iter();
    let rules = references.map(|(name, field, live)| {
        let span = field.get().span;
        let of = |kind| Expr {
            kind,
            ty: Type::Bool,
            span,
        };
        let behind = of(ExprKind::Behind(field.id, Box::new(live.clone())));
        let condition = if field.get().optional {
            implies(of(ExprKind::IsSet(field.id)), behind)
        } else {
            behind
        };
        let label = field
            .target()
            .map(|target| target.get().labels.singular.as_str());
        Across {
            name,
            doc: None,
            condition,
            message: format!("{} was deleted.", capitalized(label.unwrap_or_default())),
            span,
        }
    });
    rules.collect()
}

/// Pairs of rows become unique sets of live rows: a deleted one is no part of a pair.
fn alone(spec: &mut Spec, id: Id<Entity>, live: &Expr) -> Vec<Unique> {
    let fields = spec.walk(id).get().fields.clone();
    let mut found = Vec::new();
    for field in fields {
        let Some(own) = spec.fields.find_mut(field) else {
            continue;
        };
        let (name, span, optional) = (own.name.clone(), own.span, own.optional);
        let FieldType::Relation(relation) = &mut own.ty else {
            continue;
        };
        if !relation.one_to_one {
            continue;
        }
        relation.one_to_one = false;
        let is_set = optional.then_some(Expr {
            kind: ExprKind::IsSet(field),
            ty: Type::Bool,
            span,
        });
        found.push(Unique {
            name: format!("{name}_unique"),
            fields: vec![field],
            condition: Some(narrowed(live, is_set)),
            ignoring_case: false,
            message: None,
            span,
        });
    }
    found
}

/// What rules read of several rows.
struct Seen<'m> {
    marks: &'m HashMap<Id<Entity>, Expr>,
    targets: &'m Targets,
}

impl Seen<'_> {
    /// Leaves deleted rows out of an expression.
    fn rule(&self, expr: &mut Expr) {
        if let ExprKind::Each(each) = &mut expr.kind
            && let Some(live) = self.live(each.rows)
        {
            leave_out(each, live);
        }
        expr.kind.for_children_mut(&mut |child| self.rule(child));
    }

    /// What is true of those rows that are live, where they can be deleted.
    fn live(&self, rows: Rows) -> Option<&Expr> {
        let of = |field| self.targets.get(field);
        let entity = match &rows {
            Rows::Pointing(field) | Rows::Holding(field) | Rows::Matching { theirs: field, .. } => {
                of(field)?.0
            }
            Rows::Held(field) => of(field)?.1?,
        };
        self.marks.get(&entity)
    }
}

fn leave_out(each: &mut Each, live: &Expr) {
    match &mut each.summary {
        Summary::All(said) => *said = implies(live.clone(), said.clone()),
        Summary::Some(said) => *said = narrowed(live, Some(said.clone())),
        Summary::Count(condition)
        | Summary::Sum(_, condition)
        | Summary::Min(_, condition)
        | Summary::Max(_, condition) => *condition = Some(narrowed(live, condition.take())),
    }
}

/// A condition for live rows alone.
fn narrowed(live: &Expr, condition: Option<Expr>) -> Expr {
    let Some(condition) = condition else {
        return live.clone();
    };
    let span = live.span;
    let mut parts = match condition.kind {
        ExprKind::And(parts) => parts,
        kind => vec![Expr { kind, ..condition }],
    };
    parts.push(live.clone());
    Expr {
        kind: ExprKind::And(parts),
        ty: Type::Bool,
        span,
    }
}

fn implies(given: Expr, then: Expr) -> Expr {
    let span = given.span;
    Expr {
        kind: ExprKind::Implies(Box::new(given), Box::new(then)),
        ty: Type::Bool,
        span,
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
