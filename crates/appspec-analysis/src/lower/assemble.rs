use std::collections::HashMap;

use appspec_diagnostics::{Diagnostics, Span};
use appspec_ir::{
    Arena, Default, Entity, Field, Id, Identity, Index, Labels, Module, NamedType, Overlap,
    Project, SoftDelete, Spec, Term, Unique, Written, in_shares, plural,
};

use super::broken::Broken;
use super::layout::{Body, Layout, layout};
use super::members::{self, Members};
use super::words::words;
use super::{access, auth, enums, environment, roles, seeds};
use crate::expr::{self, Results, rename, rename_field};
use crate::names::{Names, report_unused, unused};

/// Below this many bodies, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 32;

/// A Spec as far as names and types are right.
pub(crate) struct Lowered {
    pub(crate) spec: Spec,
    /// What was left out of it; nothing when everything resolved.
    pub(crate) broken: Option<Broken>,
}

/// The types pass: every field, expression and seed row, of files in which `read` was found. `None` when nobody knows what is
/// right and what is not.
pub(crate) fn lower(
    names: &Names<'_>,
    project: Project,
    read: &Diagnostics,
    out: &mut Diagnostics,
) -> Option<Lowered> {
    let layout = layout(names, out);
    let results = expr::lower_all(&layout, out);
    let mut lowered = members(&layout, &results, out);
    let enum_arena = collect(names.enums.iter().map(|found| enums::lower(found, out)));
    let own = lowered.split_off(names.mixins.len());
    let mut entities = Vec::with_capacity(own.len());
    entities.extend(own.into_iter().enumerate().filter_map(|(index, own)| {
        let id = Id::from_index(index);
        Some(with_mixins(id, layout.entity(id)?, &lowered, own))
    }));
    let seeds = seeds::lower(&layout, &entities, out);
    let user = names.user()?;
    let mut roles = roles::lower(&layout, &results, user, out);
    let mut accesses = access::lower(&layout, &results, &roles, out);
    let environment = environment::lower(names, out);
    let mut auth = auth::lower(names, &environment, user, &roles, out);
    let (entities, seeds, broken) = if read.has_errors() || out.has_errors() {
        let mut broken = Broken::of(&layout, &[read, out])?;
        let whole = broken.leave_out(&layout, entities);
        // They read other entities, in which something may be broken, and what is missing may stand in what is.
        roles.clear();
        accesses.by_entity.clear();
        auth = None;
        (whole, seeds, Some(broken))
    } else {
        report_needless(names, &results, &layout, out);
        for (name, span) in &accesses.unused {
            report_unused("condition", name, *span, out);
        }
        auth::report_idle_roles(names, &roles, &accesses.by_entity, out);
        (entities, seeds, None)
    };
    let count = |of: fn(&Members) -> usize| entities.iter().map(of).sum();
    let mut spec = Spec {
        project,
        modules: modules(names),
        entities: Arena::with_capacity(entities.len()),
        fields: Arena::with_capacity(count(|all| all.fields.len())),
        derives: Arena::with_capacity(count(|all| all.derives.len())),
        invariants: Arena::with_capacity(count(|all| all.invariants.len())),
        enums: enum_arena,
        types: types(names),
        seeds,
        roles: collect(roles.into_iter().flatten()),
        auth,
        environment: environment.spec,
        user,
        written: Written {
            predicates: results.take_named(),
            ..Written::default()
        },
    };
    let (mut marked, mut kept) = (Vec::new(), Vec::new());
    let mut accesses = accesses.by_entity.into_iter();
    for (found, all) in names.entities.iter().zip(entities) {
        let item = found.item;
        marked.push(all.soft_delete);
        kept.push(all.keep);
        let mut fields = Vec::with_capacity(all.fields.len());
        for (id, field) in all.fields {
            debug_assert_eq!(id, spec.fields.next_id());
            fields.push(spec.fields.push(field));
        }
        let derives = all.derives.into_iter();
        let invariants = all.invariants.into_iter();
        let entity = Entity {
            name: item.name.text.clone(),
            doc: super::doc(item.doc.as_ref()),
            module: found.module,
            labels: labels(item),
            identity: all.identity.unwrap_or(Identity::Uuid),
            fields,
            one_of: all.one_of,
            derives: derives.map(|derive| spec.derives.push(derive)).collect(),
            invariants: invariants.map(|rule| spec.invariants.push(rule)).collect(),
            changes: all.changes,
            across: all.across,
            uniques: all.uniques,
            overlaps: all.overlaps,
            lifecycles: all.lifecycles,
            append_only: all.append_only,
            soft_delete: None,
            keep: None,
            audited: all.audited,
            frozen: all.frozen,
            access: accesses.next().flatten(),
            indexes: all.indexes,
            shown_as: all.shown_as,
            sorted_by: all.sorted_by,
            was: item.was.as_ref().map(|name| name.text.clone()),
            span: item.name.span,
        };
        spec.entities.push(entity);
    }
    mark(&mut spec, marked);
    keep(&mut spec, kept);
    number(&mut spec);
    Some(Lowered { spec, broken })
}

/// Gives entities whose rows can be restored the field in which they are marked. No rule of the text can name it.
fn mark(spec: &mut Spec, marked: Vec<Option<Span>>) {
    for (index, at) in marked.into_iter().enumerate() {
        let id = Id::from_index(index);
        if let (Some(span), Some(entity)) = (at, spec.entities.find_mut(id)) {
            let field = spec.fields.push(SoftDelete::field_of(id, span));
            entity.fields.push(field);
            entity.soft_delete = Some(SoftDelete::new(field, span));
        }
    }
}

/// Gives entities whose rows are kept for some years the field that says since when, unless they have it: a field that
/// is counted from never changes.
fn keep(spec: &mut Spec, kept: Vec<Option<(u32, Span)>>) {
    for (index, term) in kept.into_iter().enumerate() {
        let id = Id::from_index(index);
        let Some((years, span)) = term else {
            continue;
        };
        let own = spec.walk::<Entity>(id).counted_from().map(|field| field.id);
        let since = own.unwrap_or_else(|| spec.fields.push(Term::field_of(id, span)));
        let Some(entity) = spec.entities.find_mut(id) else {
            continue;
        };
        if own.is_none() {
            entity.fields.push(since);
        }
        entity.keep = Some(Term {
            years,
            since,
            is_added: own.is_none(),
            span,
        });
        // Nothing changes there anyway.
        let changes = entity.append_only.is_none();
        if let Some(field) = spec.fields.find_mut(since).filter(|_| changes) {
            field.immutable = true;
        }
    }
}

/// Has rows stay where their numbers are counted: a field of the row itself never changes then. Behind a reference others may
/// change what they are counted for, and then only the counter keeps numbers apart.
fn number(spec: &mut Spec) {
    let mut staying = Vec::new();
    for entity in spec.walk_entities() {
        // Nothing changes there anyway.
        if entity.append_only.is_none() {
            let paths = entity.serials().flat_map(|(_, serial)| &serial.per);
            staying.extend(paths.filter_map(|path| match path.as_slice() {
                [only] => Some(*only),
                _ => None,
            }));
        }
    }
    for id in staying {
        if let Some(field) = spec.fields.find_mut(id) {
            field.immutable = true;
        }
    }
    let mut moving = Vec::new();
    for entity in spec.walk_entities() {
        let serials = entity.serials().map(|(_, serial)| serial);
        let repeating = serials.filter(|serial| serial.moving_steps(spec).next().is_some());
        moving.extend(repeating.map(|serial| (entity.id, serial.span)));
    }
    for (entity, serial) in moving {
        if let Some(entity) = spec.entities.find_mut(entity) {
            entity.uniques.retain(|unique| unique.span != serial);
        }
    }
}

/// The members of each body, mixins first.
fn members(layout: &Layout<'_>, results: &Results, out: &mut Diagnostics) -> Vec<Members> {
    let bodies: Vec<(usize, &Body<'_>)> = layout.bodies.iter().enumerate().collect();
    let lower = |bodies: &[(usize, &Body<'_>)], out: &mut Diagnostics| {
        let bodies = bodies.iter();
        let lowered = bodies.map(|(at, body)| members::lower(layout, results, *at, body, out));
        lowered.collect::<Vec<Members>>()
    };
    if bodies.len() < WORTH_A_THREAD {
        return lower(&bodies, out);
    }
    let suggestions = layout.names.suggestions_left();
    let parts = in_shares(&bodies, WORTH_A_THREAD, |bodies| {
        let mut found = Diagnostics::new();
        vec![(lower(bodies, &mut found), found)]
    });
    if parts.iter().all(|(_, found)| found.is_empty()) {
        return parts.into_iter().flat_map(|(lowered, _)| lowered).collect();
    }
    // What is suggested hangs on how much was before, so that mistakes are told one after the other.
    layout.names.suggest_so_many(suggestions);
    lower(&bodies, out)
}

/// What nobody uses.
fn report_needless(
    names: &Names<'_>,
    results: &Results,
    layout: &Layout<'_>,
    out: &mut Diagnostics,
) {
    unused(names, out);
    for predicate in results.unused(layout) {
        let unit = names.units.get(predicate.module().index());
        if unit.is_some_and(|unit| !unit.is_std) {
            let name = predicate.name();
            report_unused("predicate", &name.text, name.span, out);
        }
    }
}

/// All members of an entity: those of its mixins first, in the order of `with`.
fn with_mixins(id: Id<Entity>, body: &Body<'_>, mixins: &[Members], own: Members) -> Members {
    let mut all = Members {
        shown_as: own.shown_as,
        sorted_by: own.sorted_by,
        identity: own.identity,
        append_only: own.append_only,
        soft_delete: own.soft_delete,
        keep: own.keep,
        audited: own.audited,
        frozen: own.frozen,
        fields: Vec::with_capacity(body.slots.len()),
        ..Members::default()
    };
    for mixin in body.mixins.iter().filter_map(|at| mixins.get(*at)) {
        take(&mut all, mixin, id, body);
    }
    all.fields.extend(own.fields);
    all.one_of.extend(own.one_of);
    all.derives.extend(own.derives);
    all.invariants.extend(own.invariants);
    all.changes.extend(own.changes);
    all.across.extend(own.across);
    all.uniques.extend(own.uniques);
    all.overlaps.extend(own.overlaps);
    all.lifecycles.extend(own.lifecycles);
    all.indexes.extend(own.indexes);
    distinct_names(&mut all);
    all
}

fn collect<T>(items: impl Iterator<Item = T>) -> Arena<T> {
    let mut arena = Arena::with_capacity(items.size_hint().0);
    for item in items {
        arena.push(item);
    }
    arena
}

fn modules(names: &Names<'_>) -> Arena<Module> {
    let mut modules: Vec<Module> = names
        .units
        .iter()
        .map(|unit| Module {
            path: unit.path.clone(),
            label: unit.label.clone(),
            is_std: unit.is_std,
            entities: Vec::new(),
            enums: Vec::new(),
        })
        .collect();
    for (index, found) in names.entities.iter().enumerate() {
        if let Some(module) = modules.get_mut(found.module.index()) {
            module.entities.push(Id::from_index(index));
        }
    }
    for (index, found) in names.enums.iter().enumerate() {
        if let Some(module) = modules.get_mut(found.module.index()) {
            module.enums.push(Id::from_index(index));
        }
    }
    collect(modules.into_iter())
}

fn types(names: &Names<'_>) -> Arena<NamedType> {
    collect(names.types.iter().map(|found| NamedType {
        name: found.item.name.text.clone(),
        doc: super::doc(found.item.doc.as_ref()),
        module: found.module,
        span: found.item.name.span,
    }))
}

fn labels(item: &appspec_syntax::ast::Entity) -> Labels {
    let singular = item.labels.as_ref().map_or_else(
        || words(&item.name.text),
        |labels| labels.singular.value.clone(),
    );
    let plural = item
        .labels
        .as_ref()
        .and_then(|labels| labels.plural.as_ref())
        .map_or_else(|| plural(&singular), |text| text.value.clone());
    Labels { singular, plural }
}

/// Gives an entity the members of a mixin, with the fields that they became.
fn take(all: &mut Members, mixin: &Members, entity: Id<Entity>, body: &Body<'_>) {
    let became = &body.became;
    let condition = |condition: &Option<appspec_ir::Expr>| {
        let mut condition = condition.clone();
        if let Some(expr) = &mut condition {
            rename(expr, became);
        }
        condition
    };
    for (id, field) in &mixin.fields {
        let mut id = *id;
        rename_field(&mut id, became);
        let mut field = Field {
            entity,
            ..field.clone()
        };
        if let Some(Default::Path(path)) = &mut field.default {
            for id in path {
                rename_field(id, became);
            }
        }
        for id in field.serial.iter_mut().flat_map(|it| &mut it.per).flatten() {
            rename_field(id, became);
        }
        all.fields.push((id, field));
    }
    for whole in &mixin.one_of {
        let mut whole = whole.clone();
        for id in &mut whole.fields {
            rename_field(id, became);
        }
        all.one_of.push(whole);
    }
    for derive in &mixin.derives {
        let mut derive = derive.clone();
        derive.entity = entity;
        rename(&mut derive.value, became);
        all.derives.push(derive);
    }
    for invariant in &mixin.invariants {
        let mut invariant = invariant.clone();
        invariant.entity = entity;
        rename(&mut invariant.condition, became);
        all.invariants.push(invariant);
    }
    for rule in &mixin.changes {
        let mut rule = rule.clone();
        rename(&mut rule.condition, became);
        for id in &mut rule.fields {
            rename_field(id, became);
        }
        all.changes.push(rule);
    }
    for rule in &mixin.across {
        let mut rule = rule.clone();
        rename(&mut rule.condition, became);
        all.across.push(rule);
    }
    for unique in &mixin.uniques {
        let mut fields = unique.fields.clone();
        for id in &mut fields {
            rename_field(id, became);
        }
        all.uniques.push(Unique {
            fields,
            condition: condition(&unique.condition),
            ..unique.clone()
        });
    }
    for overlap in &mixin.overlaps {
        let mut overlap = Overlap {
            condition: condition(&overlap.condition),
            ..overlap.clone()
        };
        rename_field(&mut overlap.start, became);
        rename_field(&mut overlap.end, became);
        for id in &mut overlap.per {
            rename_field(id, became);
        }
        all.overlaps.push(overlap);
    }
    for index in &mixin.indexes {
        let mut keys = index.keys.clone();
        for key in &mut keys {
            rename_field(&mut key.field, became);
        }
        all.indexes.push(Index {
            keys,
            condition: condition(&index.condition),
            ..index.clone()
        });
    }
}

/// Two sets over the same fields with different conditions need two names.
fn distinct_names(members: &mut Members) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let names = members
        .uniques
        .iter_mut()
        .map(|unique| &mut unique.name)
        .chain(members.overlaps.iter_mut().map(|rule| &mut rule.name))
        .chain(members.indexes.iter_mut().map(|index| &mut index.name));
    for name in names {
        let count = seen.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            *name = format!("{name}_{count}");
        }
    }
}
