//! The smallest spec that still fails: parts are taken out of a spec, one after another, as long as it stays valid and
//! goes wrong in the same way.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::acknowledge;
use super::model::{
    Expr, Field, Id, Initial, Item, ItemKind, Kind, Member, MemberKind, SeedValue, Spec, Target,
};
use super::value::Value;

/// How often the failing step is asked again, and for how long at most: a report that never comes helps nobody.
const ATTEMPTS: usize = 400;
const LONGEST: Duration = Duration::from_mins(15);

/// Shrinks a spec. The question is only asked about valid specs.
pub fn shrink(spec: &Spec, fails: &mut dyn FnMut(&Spec) -> bool) -> Spec {
    let mut best = spec.clone();
    let mut left = ATTEMPTS;
    let started = Instant::now();
    loop {
        let before = size(&best);
        for pass in [modules, items, members, details] {
            let mut at = 0;
            loop {
                let candidates = pass(&best);
                let Some(candidate) = candidates.into_iter().nth(at) else {
                    break;
                };
                if left == 0 || started.elapsed() > LONGEST {
                    return best;
                }
                match repaired(candidate) {
                    Some(smaller)
                        if size(&smaller) < size(&best) && {
                            left -= 1;
                            fails(&smaller)
                        } =>
                    {
                        best = smaller;
                    }
                    _ => at += 1,
                }
            }
        }
        if size(&best) >= before {
            return best;
        }
    }
}

/// How much there is to read.
fn size(spec: &Spec) -> usize {
    super::print::text(spec).len()
}

/// The spec without what speaks of things that are gone; nothing if that is no valid spec.
fn repaired(mut spec: Spec) -> Option<Spec> {
    loop {
        let there = declared(&spec);
        let before = there.len();
        let is_there = |id: &Id| there.contains(id);
        for module in &mut spec.modules {
            for item in &mut module.items {
                if let ItemKind::Entity { mixins, .. } = &mut item.kind {
                    mixins.retain(is_there);
                }
                if let ItemKind::Seed { rows, .. } = &mut item.kind {
                    for row in rows {
                        row.values.retain(|(field, _)| is_there(field));
                    }
                }
                if let Some(members) = item.members_mut() {
                    members.retain(|member| mentioned(member).iter().all(is_there));
                }
            }
            module
                .items
                .retain(|item| needed(item).iter().all(is_there));
        }
        if declared(&spec).len() == before {
            break;
        }
    }
    spec.acknowledged.clear();
    acknowledge::warnings(&mut spec).ok()?;
    Some(spec)
}

fn declared(spec: &Spec) -> BTreeSet<Id> {
    let items = spec.items().map(|(_, item)| item.id);
    items
        .chain(spec.members().map(|member| member.id))
        .collect()
}

/// What an item can't do without.
fn needed(item: &Item) -> Vec<Id> {
    let of_kind = |kind: &Kind| match kind {
        Kind::Named(id) => vec![*id],
        _ => Vec::new(),
    };
    match &item.kind {
        ItemKind::Type { base, .. } => of_kind(base),
        ItemKind::Extend {
            target: Target::Entity(id),
            ..
        }
        | ItemKind::Seed { entity: id, .. } => vec![*id],
        ItemKind::Predicate {
            entity, condition, ..
        } => {
            let mut ids = read(condition);
            ids.push(*entity);
            ids
        }
        _ => Vec::new(),
    }
}

/// Everything that a member speaks of.
fn mentioned(member: &Member) -> Vec<Id> {
    let of = |condition: &Option<Expr>| condition.as_ref().map(read).unwrap_or_default();
    match &member.kind {
        MemberKind::Field(field) => mentioned_by(field),
        MemberKind::Derive { value: expr, .. }
        | MemberKind::Predicate {
            condition: expr, ..
        }
        | MemberKind::Invariant {
            condition: expr, ..
        } => read(expr),
        MemberKind::Unique {
            fields, condition, ..
        } => [fields.clone(), of(condition)].concat(),
        MemberKind::ChangeRule { field, .. } => vec![*field],
        MemberKind::Index { keys, condition } => {
            let fields = keys.iter().map(|(id, _)| *id).collect();
            [fields, of(condition)].concat()
        }
        MemberKind::ShownAs(id) => vec![*id],
        MemberKind::SortedBy(keys) => keys.iter().map(|(id, _)| *id).collect(),
        MemberKind::IdentifiedByInt => Vec::new(),
        MemberKind::Trait(said) => said.mentions(),
    }
}

fn mentioned_by(field: &Field) -> Vec<Id> {
    let mut ids = match &field.kind {
        Kind::Named(id)
        | Kind::Enum(id)
        | Kind::ListOfEnum(id)
        | Kind::One {
            target: Target::Entity(id),
            ..
        } => vec![*id],
        Kind::Many {
            target, through, ..
        } => {
            let target = match target {
                Target::Entity(id) => Some(*id),
                Target::User => None,
            };
            target.into_iter().chain(*through).collect()
        }
        Kind::OneOf { targets, .. } => {
            let entity = |target: &Target| match target {
                Target::Entity(id) => Some(*id),
                Target::User => None,
            };
            targets.iter().filter_map(entity).collect()
        }
        Kind::Serial { per, .. } => per.clone(),
        _ => Vec::new(),
    };
    if let Some(unique) = &field.unique {
        ids.extend(unique.condition.iter().flat_map(read));
    }
    if let Some(Initial::Path(steps)) = &field.default {
        ids.extend(steps);
    }
    ids
}

pub(super) fn read(expr: &Expr) -> Vec<Id> {
    match expr {
        Expr::Constant(value) => of_value(value),
        Expr::Member(id) | Expr::Predicate(id) | Expr::IsSet(id, _) => vec![*id],
        Expr::Otherwise(id, value) => [vec![*id], of_value(value)].concat(),
        Expr::Binary(_, left, right) => [read(left), read(right)].concat(),
        Expr::Chain(_, parts) | Expr::Call(_, parts) => parts.iter().flat_map(read).collect(),
        Expr::Not(inner) | Expr::Negate(inner) | Expr::InRange(inner, ..) => read(inner),
        Expr::Rows(_, reference, inner) => [vec![*reference], read(inner)].concat(),
        Expr::Behind(reference, field) => vec![*reference, *field],
        Expr::InSet(inner, _, values) => {
            let values = values.iter().flat_map(of_value).collect();
            [read(inner), values].concat()
        }
    }
}

fn of_value(value: &Value) -> Vec<Id> {
    match value {
        Value::Choice(id, _) => vec![*id],
        _ => Vec::new(),
    }
}

/// Without one module, whose items go with it.
fn modules(spec: &Spec) -> Vec<Spec> {
    (1..spec.modules.len())
        .rev()
        .map(|at| {
            let mut smaller = spec.clone();
            smaller.modules.remove(at);
            smaller
        })
        .collect()
}

/// Without one item.
fn items(spec: &Spec) -> Vec<Spec> {
    let ids: Vec<Id> = spec.items().map(|(_, item)| item.id).collect();
    let without = |id: &Id| {
        let mut smaller = spec.clone();
        for module in &mut smaller.modules {
            module.items.retain(|item| item.id != *id);
        }
        smaller
    };
    ids.iter().rev().map(without).collect()
}

/// Without one member; several at once first.
fn members(spec: &Spec) -> Vec<Spec> {
    let ids: Vec<Id> = spec.members().map(|member| member.id).collect();
    let without = |gone: &[Id]| {
        let mut smaller = spec.clone();
        for item in smaller.modules.iter_mut().flat_map(|it| &mut it.items) {
            if let Some(members) = item.members_mut() {
                members.retain(|member| !gone.contains(&member.id));
            }
        }
        smaller
    };
    let mut found = Vec::new();
    for length in [ids.len() / 2, ids.len() / 4, ids.len() / 8, 1] {
        if length > 0 {
            found.extend(ids.chunks(length).rev().map(without));
        }
    }
    found
}

/// With less said about one item or member.
fn details(spec: &Spec) -> Vec<Spec> {
    let mut found = Vec::new();
    let mut plain = spec.clone();
    plain.doc = None;
    plain.settings = vec![("title", "T".to_owned())];
    for item in plain.modules.iter_mut().flat_map(|it| &mut it.items) {
        item.doc = None;
        for member in item.members_mut().into_iter().flatten() {
            member.doc = None;
        }
    }
    found.push(plain);
    for (at, module) in spec.modules.iter().enumerate() {
        for (place, item) in module.items.iter().enumerate() {
            for change in of_item(item) {
                let mut smaller = spec.clone();
                smaller.modules[at].items[place] = change;
                found.push(smaller);
            }
        }
    }
    found
}

/// The same item, smaller in one place.
fn of_item(item: &Item) -> Vec<Item> {
    let mut found = Vec::new();
    let mut with = |kind: ItemKind| {
        found.push(Item {
            kind,
            ..item.clone()
        });
    };
    match &item.kind {
        ItemKind::Type { base, bounds, .. } => {
            for at in 0..bounds.len() {
                let mut fewer = bounds.clone();
                fewer.remove(at);
                with(ItemKind::Type {
                    base: base.clone(),
                    bounds: fewer,
                    message: None,
                });
            }
        }
        ItemKind::Enum(choices) => {
            for at in 0..choices.len() {
                let mut fewer = choices.clone();
                fewer.remove(at);
                with(ItemKind::Enum(fewer));
            }
            let mut plain = choices.clone();
            for choice in &mut plain {
                (choice.label, choice.stored, choice.doc) = (None, None, None);
            }
            with(ItemKind::Enum(plain));
        }
        ItemKind::Entity {
            members, mixins, ..
        } => {
            with(ItemKind::Entity {
                labels: Vec::new(),
                members: members.clone(),
                mixins: mixins.clone(),
            });
            with(ItemKind::Entity {
                labels: Vec::new(),
                members: members.clone(),
                mixins: Vec::new(),
            });
        }
        ItemKind::Seed { entity, rows } => {
            for at in 0..rows.len() {
                let mut fewer = rows.clone();
                fewer.remove(at);
                with(ItemKind::Seed {
                    entity: *entity,
                    rows: fewer,
                });
            }
            let mut emptier = rows.clone();
            for row in &mut emptier {
                row.values
                    .retain(|(_, value)| !matches!(value, SeedValue::List(_)));
            }
            with(ItemKind::Seed {
                entity: *entity,
                rows: emptier,
            });
        }
        ItemKind::Predicate {
            row,
            entity,
            condition,
        } => {
            for condition in parts(condition) {
                with(ItemKind::Predicate {
                    row: row.clone(),
                    entity: *entity,
                    condition,
                });
            }
        }
        ItemKind::Mixin(_) | ItemKind::Extend { .. } => {}
    }
    for (at, member) in item.members().iter().enumerate() {
        for kind in of_member(&member.kind) {
            let mut smaller = item.clone();
            if let Some(members) = smaller.members_mut() {
                members[at].kind = kind;
            }
            found.push(smaller);
        }
    }
    found
}

fn of_member(kind: &MemberKind) -> Vec<MemberKind> {
    match kind {
        MemberKind::Field(field) => of_field(field).into_iter().map(MemberKind::Field).collect(),
        MemberKind::Derive { name, ty, value } => parts(value)
            .into_iter()
            .map(|value| MemberKind::Derive {
                name: name.clone(),
                ty: ty.clone(),
                value,
            })
            .collect(),
        MemberKind::Predicate { name, condition } => parts(condition)
            .into_iter()
            .map(|condition| MemberKind::Predicate {
                name: name.clone(),
                condition,
            })
            .collect(),
        MemberKind::Invariant {
            name,
            on_create,
            condition,
            ..
        } => parts(condition)
            .into_iter()
            .chain([condition.clone()])
            .flat_map(|condition| {
                [name.clone(), "r".to_owned()].map(|name| MemberKind::Invariant {
                    name,
                    on_create: *on_create,
                    condition: condition.clone(),
                    message: None,
                })
            })
            .collect(),
        MemberKind::Unique {
            fields, condition, ..
        } => {
            let condition = condition.clone();
            vec![
                MemberKind::Unique {
                    fields: fields.clone(),
                    condition: None,
                    message: None,
                },
                MemberKind::Unique {
                    fields: fields.clone(),
                    condition,
                    message: None,
                },
            ]
        }
        MemberKind::ChangeRule {
            field,
            optional,
            sign,
            ..
        } => vec![MemberKind::ChangeRule {
            name: "r".to_owned(),
            field: *field,
            optional: *optional,
            sign,
            message: None,
        }],
        MemberKind::Index { keys, .. } => vec![MemberKind::Index {
            keys: keys.clone(),
            condition: None,
        }],
        MemberKind::SortedBy(keys) if keys.len() > 1 => {
            vec![MemberKind::SortedBy(keys[..1].to_vec())]
        }
        MemberKind::Trait(said) => said.shorter().into_iter().map(MemberKind::Trait).collect(),
        MemberKind::ShownAs(_) | MemberKind::SortedBy(_) | MemberKind::IdentifiedByInt => {
            Vec::new()
        }
    }
}

fn of_field(field: &Field) -> Vec<Field> {
    let mut found = vec![
        Field {
            message: None,
            ..field.clone()
        },
        Field {
            indexed: false,
            ..field.clone()
        },
        Field {
            touched: false,
            ..field.clone()
        },
        Field {
            immutable: false,
            ..field.clone()
        },
        Field {
            unique: None,
            ..field.clone()
        },
        Field {
            default: None,
            ..field.clone()
        },
        Field {
            optional: false,
            ..field.clone()
        },
    ];
    for at in 0..field.bounds.len() {
        let mut bounds = field.bounds.clone();
        bounds.remove(at);
        found.push(Field {
            bounds,
            message: None,
            ..field.clone()
        });
    }
    let kind = match field.kind.clone() {
        Kind::One {
            target, on_delete, ..
        } => Kind::One {
            target,
            on_delete,
            inverse: None,
        },
        Kind::Many {
            target, through, ..
        } => Kind::Many {
            target,
            through,
            inverse: None,
        },
        other => other,
    };
    found.push(Field {
        kind,
        ..field.clone()
    });
    found
}

/// The operands of an expression: any of them may say enough.
fn parts(expr: &Expr) -> Vec<Expr> {
    match expr {
        Expr::Chain(_, parts) | Expr::Call(_, parts) => parts.clone(),
        Expr::Binary(_, left, right) => vec![(**left).clone(), (**right).clone()],
        Expr::Not(inner) | Expr::Negate(inner) => vec![(**inner).clone()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::print;

    #[test]
    fn what_does_not_matter_is_left_out() {
        let matters = |spec: &Spec| print::text(spec).contains(" inverse ");
        let spec = (1..=25)
            .map(|seed| crate::generate::spec(seed).expect("a valid spec"))
            .find(matters)
            .expect("a relation with an inverse");
        let small = shrink(&spec, &mut |smaller| matters(smaller));
        let text = print::text(&small);
        assert!(matters(&small), "{text}");
        assert!(text.lines().count() <= 20, "{text}");
    }
}
