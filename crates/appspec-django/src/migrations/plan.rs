//! Which migrations a build appends, in which order, and which of them wait for others.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::python::Expr as Py;
use appspec_backend::shortened;
use appspec_evolve::{Change, Changes, Delta, MigrationName, Writers};
use appspec_ir::{Entity, Field, Id, Spec, Walk};

use super::across;
use super::interlock::{interlock, let_go_first};
use super::order::{creation_order, deferred_across_apps};
use super::renames::Renamed;
use super::rows::Rows;
use super::work::{Work, by_app, targets, written_relations};
use super::{create, operations, removals, renames, steps};
use crate::constraints::Constraint;

/// The longest name of a migration, so that file names and Django's own table hold it.
const NAME: usize = 60;

/// The migrations that a build appends.
pub(super) struct Plan<'s> {
    spec: &'s Spec,
    changes: &'s Changes<'s>,
    work: BTreeMap<&'s str, Work<'s>>,
    /// Relations that wait for a second migration of their app.
    deferred: BTreeSet<Id<Field>>,
    /// Rules of new tables that read others, which are not there yet when theirs is made, by app.
    late: BTreeMap<&'s str, Vec<(Walk<'s, Entity>, Constraint)>>,
    /// The migrations, those that wait last.
    pub(super) migrations: Vec<Planned<'s>>,
}

/// A migration to be written. What it does is made when it is printed: the operations of all apps together are
/// many times as large as the files.
#[derive(Clone, Debug)]
pub(super) struct Planned<'s> {
    /// The app label.
    pub(super) app: &'s str,
    /// `0001_initial`
    pub(super) name: String,
    /// Whether it makes the first tables of the app.
    pub(super) initial: bool,
    /// What it needs of Django itself.
    pub(super) django: BTreeSet<Django>,
    /// Which of the operations of its app it has.
    part: Part,
    /// Whether what the app does is remembered of this migration: it is the first of its app.
    remembers: bool,
    /// The last migrations of the app before it.
    previous: Vec<String>,
    /// The migrations of other apps that it needs.
    pub(super) others: BTreeSet<(String, String)>,
}

/// What a migration needs of Django's own tables, or of that which the project has in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Django {
    /// The people who sign in, who are another app's.
    User,
    /// The groups, which the people who sign in refer to.
    Groups,
    /// What Django remembers of tables by their names: it renames that along with a table.
    ContentTypes,
}

/// A part of what an app does in one build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Everything but the relations that wait.
    First,
    /// The relations that wait, and what waits with them.
    Second,
    /// The rules that rows which are there have to follow, too.
    Rules,
    /// The rules that span rows, when all tables that they read are there.
    Across,
}

/// What an app does in one build, by the part that does it.
struct Made {
    now: Vec<Py>,
    then: Vec<Py>,
    rows: Vec<Py>,
    across: Vec<Py>,
}

impl Planned<'_> {
    /// The app label, and the name.
    pub(super) fn id(&self) -> (String, String) {
        (self.app.to_owned(), self.name.clone())
    }

    /// Whether it is one transaction. Rows are asked and indexes made beside those who go on writing, each
    /// operation for itself.
    pub(super) fn is_atomic(&self) -> bool {
        match self.part {
            Part::First | Part::Second => true,
            Part::Rules => false,
            // Tables that were made right before are empty.
            Part::Across => self.initial,
        }
    }

    /// The migrations that it comes after.
    pub(super) fn after(&self) -> BTreeSet<MigrationName> {
        let own = self
            .previous
            .iter()
            .map(|name| (self.app.to_owned(), name.clone()));
        own.chain(self.others.iter().cloned())
            .map(|(app, name)| MigrationName { app, name })
            .collect()
    }
}

/// Plans the migrations of a build, app by app.
pub(super) fn plan<'s>(spec: &'s Spec, changes: &'s Changes<'s>) -> Plan<'s> {
    let work = by_app(spec, changes);
    let fresh = fresh(changes);
    let deferred = deferred_across_apps(spec, &work, &fresh);
    let late = work
        .iter()
        .map(|(app, work)| (*app, late_rules(spec, work, &deferred)));
    let late = late.filter(|(_, rules)| !rules.is_empty()).collect();
    let mut plan = Plan {
        spec,
        changes,
        work,
        deferred,
        late,
        migrations: Vec::new(),
    };
    let mut first = plan.first();
    let mut second = plan.second(&first);
    plan.connect(&fresh, &mut first, &mut second);
    let rules = plan.rules(&first, &second);
    let across = plan.across(&first, &second, &rules);
    let migrations = first.into_values().chain(second.into_values());
    plan.migrations = migrations.chain(rules).chain(across).collect();
    interlock(spec, &plan.work, &mut plan.migrations);
    let_go_first(spec, &plan.work, &mut plan.migrations);
    plan
}

/// Rules of new tables of an app that read others, which are not there yet when theirs is made.
fn late_rules<'s>(
    spec: &'s Spec,
    work: &Work<'s>,
    deferred: &BTreeSet<Id<Field>>,
) -> Vec<(Walk<'s, Entity>, Constraint)> {
    let numbered = |id: &Id<Entity>| spec.walk(*id).serials().next().is_some();
    if !work.created.iter().any(numbered) {
        return Vec::new();
    }
    let (order, later) = creation_order(spec, &work.created, deferred);
    let rules = order.into_iter().flat_map(|id| {
        let entity = spec.walk(id);
        let rules = create::read_elsewhere(entity, &later).into_iter();
        rules.map(move |rule| (entity, rule)).collect::<Vec<_>>()
    });
    rules.collect()
}

/// The tables that other apps have not seen yet; one under a new name is as fresh to them as a new one.
fn fresh(changes: &Changes<'_>) -> BTreeSet<Id<Entity>> {
    let tables = changes.steps.iter().filter_map(|step| match step.change {
        Change::RenameEntity { entity, .. } => Some(entity),
        Change::AddEntity(id) => Some(id),
        _ => None,
    });
    tables.collect()
}

impl<'s> Plan<'s> {
    /// What a migration does.
    pub(super) fn operations(&self, planned: &Planned<'s>) -> Vec<Py> {
        let Some(work) = self.work.get(planned.app) else {
            return Vec::new();
        };
        let made = self.operations_of(work);
        match planned.part {
            Part::First => made.now,
            Part::Second => made.then,
            Part::Rules => made.rows,
            Part::Across => made.across,
        }
    }

    /// What is remembered of a migration. The first one of an app remembers for all.
    pub(super) fn delta(&self, planned: &Planned<'s>) -> Delta {
        match self.work.get(planned.app) {
            Some(work) if planned.remembers => Changes::delta(work.steps.iter().copied()),
            _ => Delta::default(),
        }
    }

    /// The operations of an app, by the migration that has them.
    fn operations_of(&self, work: &Work<'s>) -> Made {
        let (spec, changes) = (self.spec, self.changes);
        let renamed = Renamed::of(spec, changes, &work.steps);
        let rows = Rows::of(work.module, changes, &work.steps, &renamed);
        let (order, later) = creation_order(spec, &work.created, &self.deferred);
        let mut operations = across::removed(spec, changes, &work.steps, &renamed);
        operations.extend(removals::operations(
            spec,
            changes,
            &work.steps,
            &rows,
            &renamed,
        ));
        operations.extend(renames::operations(
            spec,
            changes,
            work.module,
            &renamed,
            &rows,
        ));
        operations.extend(order.iter().map(|id| create::model(spec.walk(*id), &later)));
        let soon: BTreeSet<Id<Field>> = later.difference(&self.deferred).copied().collect();
        let mut rest = Vec::new();
        for id in &order {
            let entity = spec.walk(*id);
            if entity.fields().any(|field| self.waits(field)) {
                // What mentions a waiting relation waits with it, and so does the rest of that entity's rules.
                rest.extend(create::rest(entity, &later, &later));
            } else {
                operations.extend(create::rest(entity, &soon, &later));
            }
        }
        let (now, then) = steps::operations(spec, changes, &work.steps, &self.deferred, &rows);
        operations.extend(now);
        operations.extend(removals::put_back(spec, changes, &work.steps, &rows));
        rest.extend(then);
        let tables = removals::tables(changes, &work.module.path, work.dropped().collect());
        if self.drops_wait(work) {
            rest.extend(tables);
        } else {
            operations.extend(tables);
        }
        Made {
            now: operations,
            then: rest,
            rows: rows.operations(&renamed),
            across: self
                .late(work)
                .iter()
                .map(|(entity, rule)| operations::add_constraint(*entity, rule.clone()))
                .chain(across::added(spec, &work.steps))
                .collect(),
        }
    }

    /// The late rules of an app.
    fn late(&self, work: &Work<'s>) -> &[(Walk<'s, Entity>, Constraint)] {
        let app = work.module.get().label.as_str();
        self.late.get(app).map_or(&[], Vec::as_slice)
    }

    /// Whether rules come when all tables that they read are there.
    fn adds_across(&self, work: &Work<'s>) -> bool {
        work.adds_across() || !self.late(work).is_empty()
    }

    /// The other apps whose tables rules read that rows get: a number may begin anew for what is found there.
    fn read_by_rows(&self, work: &Work<'s>) -> BTreeSet<&'s str> {
        let renamed = Renamed::of(self.spec, self.changes, &work.steps);
        let rows = Rows::of(work.module, self.changes, &work.steps, &renamed);
        let fields = rows.rules.iter().flat_map(|it| &it.rule.fields);
        let modules = fields.map(|id| self.spec.walk(self.spec.walk(*id).get().entity).module());
        let others = modules.filter(|module| module.id != work.module.id);
        others.map(|module| module.get().label.as_str()).collect()
    }

    /// The other apps with relations that go together with the entities to which they lead: they go first.
    fn drop_first(&self, work: &Work<'s>) -> Vec<&'s str> {
        let dropped: Vec<String> = work.dropped().collect();
        let others = self
            .work
            .iter()
            .filter(|(_, other)| other.module.id != work.module.id);
        others
            .filter(|(_, other)| other.drops_relation_to(self.changes, &dropped))
            .map(|(app, _)| *app)
            .collect()
    }

    /// Whether tables go in a migration of their own: other apps have relations to them, and may wait for new tables of
    /// this one.
    fn drops_wait(&self, work: &Work<'s>) -> bool {
        !self.drop_first(work).is_empty()
            && work
                .steps
                .iter()
                .any(|step| !matches!(step.change, Change::DropEntity { .. }))
    }

    fn waits(&self, field: Walk<'_, Field>) -> bool {
        self.deferred.contains(&field.id)
    }

    fn first(&self) -> BTreeMap<&'s str, Planned<'s>> {
        let of_app = |(app, work): (&&'s str, &Work<'s>)| {
            let leaves = self.changes.history.leaves(app).into_iter();
            let previous: Vec<String> = leaves.map(str::to_owned).collect();
            let number = self.changes.history.next_number(app);
            let initial = previous.is_empty();
            let name = if initial {
                format!("{number:04}_initial")
            } else {
                format!("{number:04}_{}", steps::title(self.spec, &work.steps))
            };
            let planned = Planned {
                app,
                name: shortened(&name, NAME),
                initial,
                django: self.needed_of_django(work),
                part: self.part_of_first(work),
                remembers: true,
                previous,
                others: BTreeSet::new(),
            };
            (*app, planned)
        };
        self.work.iter().map(of_app).collect()
    }

    /// Whether rows are asked, whatever else is done.
    fn asks_rows(&self, work: &Work<'s>) -> bool {
        let renamed = Renamed::of(self.spec, self.changes, &work.steps);
        Rows::of(work.module, self.changes, &work.steps, &renamed).asks()
    }

    /// What the first migration of an app is for.
    fn part_of_first(&self, work: &Work<'s>) -> Part {
        let adds_across = self.adds_across(work);
        if !adds_across && !self.asks_rows(work) {
            return Part::First;
        }
        let made = self.operations_of(work);
        match (
            made.now.is_empty() && made.then.is_empty(),
            made.rows.is_empty(),
        ) {
            (true, false) => Part::Rules,
            (true, true) if adds_across => Part::Across,
            _ => Part::First,
        }
    }

    /// A migration of its own for the rules of each app that span rows, unless it does nothing else.
    fn across(
        &self,
        first: &BTreeMap<&'s str, Planned<'s>>,
        second: &BTreeMap<&'s str, Planned<'s>>,
        rules: &[Planned<'s>],
    ) -> Vec<Planned<'s>> {
        let last_of = |app: &str| {
            let rules = rules.iter().find(|planned| planned.app == app);
            rules.or_else(|| second.get(app)).or_else(|| first.get(app))
        };
        let count = |app: &str| {
            let more = usize::from(second.contains_key(app));
            1 + more + rules.iter().filter(|planned| planned.app == app).count()
        };
        let of_app = |(app, first): (&&'s str, &Planned<'s>)| {
            let work = self.work.get(app)?;
            if !self.adds_across(work) || first.part == Part::Across {
                return None;
            }
            let last = last_of(app).unwrap_or(first);
            let read = across::read(self.spec, &work.steps).into_iter();
            let late = self.late(work).iter().flat_map(|(_, rule)| &rule.fields);
            let read = read.chain(late.map(|id| self.spec.walk(*id).get().entity));
            let apps = read.map(|id| self.spec.walk(id).module().get().label.as_str());
            let apps: BTreeSet<&str> = apps.filter(|other| other != app).collect();
            let others = apps.into_iter().flat_map(|other| {
                let planned = last_of(other).map(Planned::id);
                let leaves = self.changes.history.leaves(other).into_iter();
                let leaves = leaves.map(|leaf| (other.to_owned(), leaf.to_owned()));
                match planned {
                    Some(planned) => vec![planned],
                    None => leaves.collect(),
                }
            });
            let number =
                self.changes.history.next_number(app) + u32::try_from(count(app)).unwrap_or(1);
            Some(Planned {
                name: format!("{number:04}_across_rows"),
                django: BTreeSet::new(),
                part: Part::Across,
                remembers: false,
                previous: vec![last.name.clone()],
                others: others.collect(),
                ..first.clone()
            })
        };
        first.iter().filter_map(of_app).collect()
    }

    fn needed_of_django(&self, work: &Work<'s>) -> BTreeSet<Django> {
        let groups = work.created.contains(&self.spec.user);
        let content_types = work.renamed().next().is_some();
        [
            (groups, Django::Groups),
            (content_types, Django::ContentTypes),
        ]
        .into_iter()
        .filter_map(|(is_needed, what)| is_needed.then_some(what))
        .collect()
    }

    /// The second migration of each app with relations that wait.
    fn second(&self, first: &BTreeMap<&'s str, Planned<'s>>) -> BTreeMap<&'s str, Planned<'s>> {
        let of_app = |(app, first): (&&'s str, &Planned<'s>)| {
            let work = self.work.get(app)?;
            let mut relations = written_relations(self.spec, work).into_iter();
            let is_wanted = relations.any(|field| self.waits(field)) || self.drops_wait(work);
            is_wanted.then(|| {
                let number = self.changes.history.next_number(app);
                let planned = Planned {
                    name: format!("{:04}_relations", number + 1),
                    django: BTreeSet::new(),
                    part: Part::Second,
                    remembers: false,
                    previous: vec![first.name.clone()],
                    ..first.clone()
                };
                (*app, planned)
            })
        };
        first.iter().filter_map(of_app).collect()
    }

    /// A migration of its own for each app that has rules for rows that are there, beside other things.
    fn rules(
        &self,
        first: &BTreeMap<&'s str, Planned<'s>>,
        second: &BTreeMap<&'s str, Planned<'s>>,
    ) -> Vec<Planned<'s>> {
        let last_of = |app: &str| second.get(app).or_else(|| first.get(app));
        let of_app = |(app, first): (&&'s str, &Planned<'s>)| {
            let work = self.work.get(app)?;
            let asks_rows = self.asks_rows(work);
            (first.part == Part::First && asks_rows).then(|| {
                let last = second.get(app).unwrap_or(first);
                let more = if second.contains_key(app) { 2 } else { 1 };
                Planned {
                    name: format!("{:04}_rules", self.changes.history.next_number(app) + more),
                    django: BTreeSet::new(),
                    part: Part::Rules,
                    remembers: false,
                    previous: vec![last.name.clone()],
                    others: self
                        .read_by_rows(work)
                        .into_iter()
                        .filter_map(last_of)
                        .map(Planned::id)
                        .collect(),
                    ..first.clone()
                }
            })
        };
        first.iter().filter_map(of_app).collect()
    }

    /// Says for each migration which ones of other apps it needs.
    fn connect(
        &self,
        fresh: &BTreeSet<Id<Entity>>,
        first: &mut BTreeMap<&'s str, Planned<'s>>,
        second: &mut BTreeMap<&'s str, Planned<'s>>,
    ) {
        let history = self.changes.history;
        let leaves = |app: &str| {
            let app = app.to_owned();
            let leaves = history.leaves(&app).into_iter().map(str::to_owned);
            leaves
                .map(|leaf| (app.clone(), leaf))
                .collect::<Vec<(String, String)>>()
        };
        let names: BTreeMap<&str, String> = first
            .iter()
            .map(|(app, planned)| (*app, planned.name.clone()))
            .collect();
        let writers = Writers::of(history);
        for (app, work) in &self.work {
            let Some(planned) = first.get_mut(app) else {
                continue;
            };
            // A rename comes after what refers to the old name, and what refers to the new one after the rename.
            let referred = work.referred_elsewhere(self.spec);
            let deltas = work.steps.iter().map(|step| &step.delta);
            let needed = writers.needed_by(app, deltas, referred.iter().map(String::as_str));
            let needed = needed.into_iter().map(|it| (it.app, it.name));
            planned.others.extend(needed);
            for other in work.apps_that_refer(self.spec) {
                planned.others.extend(leaves(other));
            }
            if planned.part == Part::Rules {
                let read = self.read_by_rows(work).into_iter();
                let read =
                    read.filter_map(|other| Some((other.to_owned(), names.get(other)?.clone())));
                planned.others.extend(read);
            }
        }
        for (app, work) in &self.work {
            let migrations = if self.drops_wait(work) {
                &mut *second
            } else {
                &mut *first
            };
            let others = self.drop_first(work).into_iter();
            let others =
                others.filter_map(|other| Some((other.to_owned(), names.get(other)?.clone())));
            if let Some(planned) = migrations.get_mut(app) {
                planned.others.extend(others);
            }
        }
        for (app, work) in &self.work {
            for field in written_relations(self.spec, work) {
                let migrations = if self.waits(field) {
                    &mut *second
                } else {
                    &mut *first
                };
                let Some(planned) = migrations.get_mut(app) else {
                    continue;
                };
                for id in targets(field) {
                    let other = self.spec.walk(id).module().get().label.as_str();
                    if other == *app {
                        continue;
                    }
                    if id == self.spec.user {
                        planned.django.insert(Django::User);
                    }
                    match names.get(other) {
                        Some(name) if fresh.contains(&id) => {
                            planned.others.insert((other.to_owned(), name.clone()));
                        }
                        _ if fresh.contains(&id) => {}
                        _ => planned.others.extend(leaves(other)),
                    }
                }
            }
        }
    }
}
