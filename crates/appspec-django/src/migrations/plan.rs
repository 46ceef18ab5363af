//! Which migrations a build appends, in which order, and which of them wait for others.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::python::Expr as Py;
use appspec_backend::shortened;
use appspec_evolve::{Change, Changes, Delta, MigrationName, Step, Writers};
use appspec_ir::{Entity, Field, FieldType, Id, Module, Spec, Walk};

use super::{create, renames, steps};

/// The longest name of a migration, so that file names and Django's own table hold it.
const NAME: usize = 60;

/// A migration to be written.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The app label.
    pub(super) app: String,
    /// `0001_initial`
    pub(super) name: String,
    /// Whether it makes the first tables of the app.
    pub(super) initial: bool,
    /// Whether it refers to the people who sign in, from another app.
    pub(super) needs_user: bool,
    /// Whether it makes the table of the people who sign in, which refers to Django's groups.
    pub(super) needs_groups: bool,
    /// The last migrations of the app before it.
    previous: Vec<String>,
    /// The migrations of other apps that it needs.
    others: BTreeSet<(String, String)>,
    /// What it does.
    pub(super) operations: Vec<Py>,
    /// What is remembered of it.
    pub(super) delta: Delta,
}

impl Planned {
    /// The migrations that it comes after.
    pub(super) fn after(&self) -> BTreeSet<MigrationName> {
        let own = self
            .previous
            .iter()
            .map(|name| (self.app.clone(), name.clone()));
        own.chain(self.others.iter().cloned())
            .map(|(app, name)| MigrationName { app, name })
            .collect()
    }
}

/// What one app has to do.
struct Work<'s> {
    module: Walk<'s, Module>,
    created: Vec<Id<Entity>>,
    steps: Vec<&'s Step>,
}

/// All migrations of a build, app by app.
pub(super) fn plan<'s>(spec: &'s Spec, changes: &'s Changes<'s>) -> Vec<Planned> {
    let mut work: BTreeMap<&str, Work<'s>> = BTreeMap::new();
    for step in &changes.steps {
        for module in modules_of(spec, &step.change) {
            let module = spec.walk(module);
            let entry = work
                .entry(module.get().label.as_str())
                .or_insert_with(|| Work {
                    module,
                    created: Vec::new(),
                    steps: Vec::new(),
                });
            match step.change {
                Change::AddEntity(id) => {
                    entry.created.push(id);
                    entry.steps.push(step);
                }
                _ => entry.steps.push(step),
            }
        }
    }
    let created = work.values().flat_map(|one| one.created.iter().copied());
    // A table under a new name is as fresh to other apps as a new table.
    let fresh: BTreeSet<Id<Entity>> = changes
        .steps
        .iter()
        .filter_map(|step| match step.change {
            Change::RenameEntity { entity, .. } => Some(entity),
            _ => None,
        })
        .chain(created)
        .collect();
    let deferred = deferred_across_apps(spec, &work, &fresh);
    let mut first: BTreeMap<String, Planned> = BTreeMap::new();
    let mut second: BTreeMap<String, Planned> = BTreeMap::new();
    for (app, one) in &work {
        let (planned, rest) = migrations_of(spec, changes, one, &deferred);
        first.insert((*app).to_owned(), planned);
        if let Some(rest) = rest {
            second.insert((*app).to_owned(), rest);
        }
    }
    connect(
        spec,
        changes,
        &work,
        &fresh,
        &deferred,
        &mut first,
        &mut second,
    );
    first.into_values().chain(second.into_values()).collect()
}

/// The apps whose migrations a change concerns.
fn modules_of(spec: &Spec, change: &Change) -> Vec<Id<Module>> {
    let of_entity = |id: Id<Entity>| vec![spec.walk(id).module];
    let of_field = |id: Id<Field>| vec![spec.walk(spec.walk(id).entity).module];
    match change {
        Change::MergeMigrations(id) => vec![*id],
        Change::AddEntity(id) | Change::AlterEntity(id) => of_entity(*id),
        Change::RenameEntity { entity, .. }
        | Change::AddUnique { entity, .. }
        | Change::AddIndex { entity, .. }
        | Change::AlterUniqueMessage { entity, .. } => of_entity(*entity),
        Change::AddField(id) | Change::AlterField(id) => of_field(*id),
        Change::RenameField { field, .. } => of_field(*field),
        Change::AddDerive(id) | Change::AlterDerive(id) => of_entity(spec.walk(*id).entity),
        Change::AddInvariant(id) | Change::AlterInvariantMessage(id) => {
            of_entity(spec.walk(*id).entity)
        }
        Change::AlterEnum(id)
        | Change::RenameEnum {
            enumeration: id, ..
        }
        | Change::RenameChoice {
            enumeration: id, ..
        } => {
            let mut found: Vec<Id<Module>> = Vec::new();
            for field in steps::fields_of_enum(spec, *id) {
                let module = spec.walk(field.entity).module;
                if !found.contains(&module) {
                    found.push(module);
                }
            }
            found
        }
    }
}

/// The entities that a relation needs to exist: its target, and the holder of its pairs.
fn targets(field: Walk<'_, Field>) -> Vec<Id<Entity>> {
    match &field.get().ty {
        FieldType::Relation(relation) => vec![relation.target],
        FieldType::Many(many) => {
            let through = many.through.as_ref().map(|through| through.entity);
            std::iter::once(many.target).chain(through).collect()
        }
        _ => Vec::new(),
    }
}

/// The relations that a build adds to an app, or writes down again.
fn written_relations<'s>(spec: &'s Spec, work: &Work<'s>) -> Vec<Walk<'s, Field>> {
    let of_new = work.created.iter().flat_map(|id| spec.walk(*id).fields());
    let added = work.steps.iter().flat_map(|step| match step.change {
        Change::AddField(id) | Change::AlterField(id) => vec![spec.walk(id)],
        Change::RenameField { field, .. } => steps::pairs_through(spec, field),
        _ => Vec::new(),
    });
    of_new
        .chain(added)
        .filter(|field| !targets(*field).is_empty())
        .collect()
}

/// Relations that have to wait for a second migration, because the apps need each other's new tables or names.
///
/// The apps of a circle are taken one after the other, that of the user first, since Django wants the user's
/// table in its app's first migration; a relation waits when it points to an app that comes later.
fn deferred_across_apps(
    spec: &Spec,
    work: &BTreeMap<&str, Work<'_>>,
    fresh: &BTreeSet<Id<Entity>>,
) -> BTreeSet<Id<Field>> {
    let user_app = spec.walk(spec.user).module().get().label.as_str();
    let label = |id: Id<Entity>| spec.walk(id).module().get().label.as_str();
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (app, one) in work {
        let entry = needs.entry(app).or_default();
        for field in written_relations(spec, one) {
            let others = targets(field)
                .into_iter()
                .filter(|id| fresh.contains(id))
                .map(label);
            entry.extend(others.filter(|other| other != app));
        }
    }
    let mut waiting: Vec<&str> = needs.keys().copied().collect();
    waiting.sort_by_key(|app| (*app != user_app, *app));
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut deferred = BTreeSet::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|app| {
            needs
                .get(app)
                .is_none_or(|others| others.iter().all(|other| done.contains(other)))
        });
        let next = waiting.remove(
            ready
                .or_else(|| circle_start(&waiting, &needs))
                .unwrap_or(0),
        );
        if let Some(one) = work.get(next) {
            for field in written_relations(spec, one) {
                let late = targets(field).into_iter().any(|id| {
                    fresh.contains(&id) && label(id) != next && !done.contains(label(id))
                });
                if late {
                    deferred.insert(field.id);
                }
            }
        }
        done.insert(next);
    }
    deferred
}

/// The first app that needs itself through others: an app that only waits for a circle is not a part of it.
fn circle_start(waiting: &[&str], needs: &BTreeMap<&str, BTreeSet<&str>>) -> Option<usize> {
    waiting.iter().position(|start| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![start];
        while let Some(app) = open.pop() {
            for other in needs.get(app).into_iter().flatten() {
                if waiting.contains(other) && reached.insert(other) {
                    open.push(other);
                }
            }
        }
        reached.contains(start)
    })
}

/// The migration of an app, and a second one if relations wait.
fn migrations_of<'s>(
    spec: &'s Spec,
    changes: &'s Changes<'s>,
    work: &Work<'s>,
    deferred: &BTreeSet<Id<Field>>,
) -> (Planned, Option<Planned>) {
    let app = work.module.get().label.clone();
    let previous: Vec<String> = changes
        .history
        .leaves(&app)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let number = changes.history.next_number(&app);
    let initial = previous.is_empty();
    let (order, later) = creation_order(spec, &work.created, deferred);
    let mut operations = renames::operations(spec, changes, &work.steps, work.module);
    operations.extend(order.iter().map(|id| create::model(spec.walk(*id), &later)));
    let soon: BTreeSet<Id<Field>> = later.difference(deferred).copied().collect();
    let mut rest = Vec::new();
    for id in &order {
        let entity = spec.walk(*id);
        if entity.fields().any(|field| deferred.contains(&field.id)) {
            // What mentions a waiting relation waits with it, and so does the rest of that entity's rules.
            rest.extend(create::rest(entity, &later));
        } else {
            operations.extend(create::rest(entity, &soon));
        }
    }
    let (now, then) = steps::operations(spec, changes, &work.steps, deferred);
    operations.extend(now);
    rest.extend(then);
    let name = if initial {
        format!("{number:04}_initial")
    } else {
        format!("{number:04}_{}", steps::title(spec, &work.steps))
    };
    let name = shortened(&name, NAME);
    let first = Planned {
        app: app.clone(),
        name: name.clone(),
        initial,
        needs_user: false,
        needs_groups: work.created.contains(&spec.user),
        previous,
        others: BTreeSet::new(),
        operations,
        delta: Changes::delta(work.steps.iter().copied()),
    };
    let second = (!rest.is_empty()).then(|| Planned {
        app,
        name: format!("{:04}_relations", number + 1),
        initial,
        needs_user: false,
        needs_groups: false,
        previous: vec![name],
        others: BTreeSet::new(),
        operations: rest,
        delta: Delta::default(),
    });
    (first, second)
}

/// New entities of one app in an order in which each finds what it refers to, and the relations that can't.
fn creation_order(
    spec: &Spec,
    created: &[Id<Entity>],
    deferred: &BTreeSet<Id<Field>>,
) -> (Vec<Id<Entity>>, BTreeSet<Id<Field>>) {
    let mut later = deferred.clone();
    for id in created {
        for field in spec.walk(*id).fields() {
            if matches!(&field.get().ty, FieldType::Many(many) if many.through.is_some()) {
                later.insert(field.id);
            }
        }
    }
    let mut waiting: Vec<Id<Entity>> = created.to_vec();
    let mut order: Vec<Id<Entity>> = Vec::new();
    while !waiting.is_empty() {
        let blocked = |id: Id<Entity>, field: Walk<'_, Field>| {
            targets(field)
                .iter()
                .any(|target| *target != id && waiting.contains(target))
        };
        let ready = waiting.iter().position(|id| {
            spec.walk(*id)
                .fields()
                .all(|field| later.contains(&field.id) || !blocked(*id, field))
        });
        let place = ready.unwrap_or(0);
        let Some(next) = waiting.get(place).copied() else {
            break;
        };
        let late: Vec<Id<Field>> = spec
            .walk(next)
            .fields()
            .filter(|field| blocked(next, *field))
            .map(|field| field.id)
            .collect();
        later.extend(late);
        waiting.remove(place);
        order.push(next);
    }
    (order, later)
}

/// The other apps whose relations point to an entity that an app renames.
fn apps_that_refer(spec: &Spec, app: &str, steps: &[&Step]) -> BTreeSet<String> {
    let renamed: BTreeSet<Id<Entity>> = steps
        .iter()
        .filter_map(|step| match step.change {
            Change::RenameEntity { entity, .. } => Some(entity),
            _ => None,
        })
        .collect();
    if renamed.is_empty() {
        return BTreeSet::new();
    }
    spec.walk_entities()
        .filter(|entity| entity.module().get().label != app)
        .filter(|entity| {
            let mut ends = entity.fields().flat_map(targets);
            ends.any(|id| renamed.contains(&id))
        })
        .map(|entity| entity.module().get().label.clone())
        .collect()
}

/// Says for each migration which ones of other apps it needs.
fn connect(
    spec: &Spec,
    changes: &Changes<'_>,
    work: &BTreeMap<&str, Work<'_>>,
    fresh: &BTreeSet<Id<Entity>>,
    deferred: &BTreeSet<Id<Field>>,
    first: &mut BTreeMap<String, Planned>,
    second: &mut BTreeMap<String, Planned>,
) {
    let names: BTreeMap<String, String> = first
        .iter()
        .map(|(app, planned)| (app.clone(), planned.name.clone()))
        .collect();
    let writers = Writers::of(changes.history);
    for (app, planned) in first.iter_mut() {
        // A rename comes after what refers to the old name, and what refers to the new one after the rename.
        let needed = writers.needed_by(app, &planned.delta);
        let needed = needed.into_iter().map(|it| (it.app, it.name));
        planned.others.extend(needed);
        let steps = work.get(app.as_str()).map(|one| one.steps.as_slice());
        for other in apps_that_refer(spec, app, steps.unwrap_or_default()) {
            for leaf in changes.history.leaves(&other) {
                planned.others.insert((other.clone(), leaf.to_owned()));
            }
        }
    }
    for (app, one) in work {
        for field in written_relations(spec, one) {
            let later = deferred.contains(&field.id);
            let planned = if later {
                second.get_mut(*app)
            } else {
                first.get_mut(*app)
            };
            let Some(planned) = planned else { continue };
            for id in targets(field) {
                let other = spec.walk(id).module().get().label.clone();
                if other == *app {
                    continue;
                }
                if id == spec.user {
                    planned.needs_user = true;
                }
                if fresh.contains(&id) {
                    if let Some(name) = names.get(&other) {
                        planned.others.insert((other, name.clone()));
                    }
                } else {
                    for leaf in changes.history.leaves(&other) {
                        planned.others.insert((other.clone(), leaf.to_owned()));
                    }
                }
            }
        }
    }
}
