use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Entity, Id, in_shares};

use super::Diff;
use super::fields::FieldNames;
use crate::matching::{Named, in_order, match_names};
use crate::replay::Key;
use crate::{Added, Change, Delta, EntityFact, EntityFacts, Gone};

/// Below this many entities, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 32;

impl<'a> Diff<'a> {
    /// Finds under which names the entities, and their fields, were built.
    pub(super) fn entities_by_name(&mut self) {
        let spec = self.spec;
        let mut vanished: Vec<&'a EntityFact> = Vec::new();
        let mut arrived: Vec<Id<Entity>> = Vec::new();
        let mut renamed: Vec<(Id<Entity>, &'a str)> = Vec::new();
        let mut modules_then: BTreeMap<&str, Vec<&'a EntityFact>> = BTreeMap::new();
        for fact in self.before().entities.values() {
            if let Some(fact) = &fact.entity {
                modules_then.entry(&fact.module).or_default().push(fact);
            }
        }
        for module in spec.walk_modules() {
            let facts = modules_then
                .remove(module.path.as_str())
                .unwrap_or_default();
            let then: BTreeMap<&'a str, Option<&'a str>> = facts
                .iter()
                .map(|fact| (fact.name.as_str(), fact.was.as_deref()))
                .collect();
            let now: Vec<Named<'a>> = module
                .get()
                .entities
                .iter()
                .map(|id| spec.walk(*id).get())
                .map(|entity| Named {
                    name: &entity.name,
                    // Nothing of a new module was called anything before.
                    was: entity.was.as_deref().filter(|_| !then.is_empty()),
                    span: entity.span,
                })
                .collect();
            let mut matched = match_names("entity", &then, &now, self.out);
            self.respelled_entities(module.get(), &now, &mut matched);
            self.unsure |= matched.refused.contains(&true);
            let entries = module.get().entities.iter();
            for ((id, before), refused) in entries.zip(&matched.before).zip(&matched.refused) {
                match before {
                    Some(name) => {
                        self.names
                            .entities
                            .insert(*id, format!("{}.{name}", module.path));
                    }
                    None if *refused => {}
                    None => arrived.push(*id),
                }
            }
            for (position, from) in in_order("entity", &now, &matched.before, self.out) {
                if let Some(id) = module.get().entities.get(position) {
                    renamed.push((*id, from));
                }
            }
            vanished.extend(
                facts
                    .into_iter()
                    .filter(|fact| matched.vanished.contains(fact.name.as_str())),
            );
        }
        vanished.extend(modules_then.into_values().flatten());
        self.take_back_entities(&mut vanished, &arrived);
        self.vanished_entities(&vanished, &mut arrived);
        if self.unsure {
            return;
        }
        let mut field_renames = Vec::new();
        for id in spec.entities.ids() {
            field_renames.extend(self.fields_by_name(id));
        }
        for (id, from) in renamed {
            self.rename_entity(id, from);
        }
        for (field, from) in field_renames {
            self.rename_field(field, from);
        }
        let this = &*self;
        let deltas = in_shares(&arrived, WORTH_A_THREAD, |ids| {
            ids.iter().map(|id| this.added(*id)).collect()
        });
        for (id, delta) in arrived.into_iter().zip(deltas) {
            self.step(Change::AddEntity(id), delta);
        }
    }

    /// Says of each entity that is not there any more what may have become of it. One that seems to have
    /// got another name or place is not `arrived` on top of that.
    fn vanished_entities(&mut self, vanished: &[&'a EntityFact], arrived: &mut Vec<Id<Entity>>) {
        for fact in vanished {
            let full_name = format!("{}.{}", fact.module, fact.name);
            self.gone.insert(full_name.clone());
            let position =
                |wanted: &dyn Fn(Id<Entity>) -> bool| arrived.iter().position(|id| wanted(*id));
            let same_name = position(&|id| self.spec.walk(id).get().name == fact.name);
            let alike = same_name.or_else(|| {
                position(&|id| {
                    let entity = self.spec.walk(id);
                    entity.module().path == fact.module && self.looks_like(id, &full_name)
                })
            });
            let Some(index) = alike else {
                let project = self.spec.project.span;
                self.refuse(
                    Diagnostic::new(
                        &evolve::ENTITY_DROPPED,
                        project,
                        format!("entity `{full_name}` is gone, and its table may have rows"),
                    )
                    .label(format!(
                        "`{full_name}` has been built and no file declares it any more"
                    ))
                    .help(if self.young.has(&Added::Entity(full_name.clone())) {
                        format!(
                            "keep `{}`: the app that would drop the table of a module's last entity goes with it",
                            fact.name
                        )
                    } else {
                        format!(
                            "keep `{0}`, or write `was {0}` behind the entity that it is called now; \
                             dropping a table is not in this version",
                            fact.name
                        )
                    }),
                );
                continue;
            };
            let id = arrived.remove(index);
            let entity = self.spec.walk(id);
            let (name, span) = (entity.name.clone(), entity.span);
            let now = entity.full_name();
            if same_name.is_some() {
                self.refuse(
                    Diagnostic::new(
                        &evolve::ENTITY_MOVED,
                        span,
                        format!("entity `{full_name}` has become `{now}`"),
                    )
                    .label(format!("built in module `{}` before", fact.module))
                    .help(if self.spec.modules.iter().any(|(_, it)| it.path == fact.module) {
                        format!(
                            "declare `{name}` in module `{}`; moving a table to another module is not in this version",
                            fact.module
                        )
                    } else {
                        format!(
                            "give the file of module `{}` its name back; moving a table to another module is not in this \
                             version",
                            fact.module
                        )
                    }),
                );
            } else {
                self.refuse(
                    Diagnostic::new(
                        &evolve::POSSIBLE_RENAME,
                        span,
                        format!(
                            "`{name}` is new and looks like `{}`, which is gone",
                            fact.name
                        ),
                    )
                    .label(format!("has the fields that `{}` had", fact.name))
                    .help(format!(
                        "write `was {0}` behind `{name}` to keep the rows, or keep `{0}` as well",
                        fact.name
                    )),
                );
            }
        }
    }

    /// Whether at least half of the fields of the one that is gone are found again under name and type.
    pub(super) fn looks_like(&self, id: Id<Entity>, gone: &str) -> bool {
        let Some(then) = self.before().entities.get(gone) else {
            return false;
        };
        let now = self.as_now();
        let same = self
            .spec
            .walk(id)
            .fields()
            .filter(|field| {
                let fact = then.fields.get(&field.name);
                fact.is_some_and(|fact| fact.ty == now.ty(&field.ty))
            })
            .count();
        same > 0 && same * 2 >= then.fields.len()
    }

    fn added(&self, id: Id<Entity>) -> Delta {
        let mut delta = self.states(id, self.as_now().entity_facts(id));
        for field in self.spec.walk(id).fields() {
            self.with_enum(&field.ty, &mut delta);
        }
        for derive in self.spec.walk(id).derives() {
            self.with_enum(&derive.ty, &mut delta);
        }
        delta
    }

    /// The table has another name; everything in it that was built is known under the new one.
    fn rename_entity(&mut self, id: Id<Entity>, from: &str) {
        let Some(full_name) = self.names.entity_before(id).map(str::to_owned) else {
            return;
        };
        let Some(then) = self.before().entities.get(&full_name) else {
            return;
        };
        let mut facts = self.as_now().entity_facts(id);
        let built: BTreeSet<&str> = self
            .spec
            .walk(id)
            .fields()
            .filter(|field| self.has_rows(field.id))
            .map(|field| field.get().name.as_str())
            .collect();
        facts.fields.retain(|name, _| built.contains(name.as_str()));
        facts
            .derives
            .retain(|name, _| then.derives.contains_key(name));
        facts
            .invariants
            .retain(|name, _| then.invariants.contains_key(name));
        facts
            .across
            .retain(|name, _| then.across.contains_key(name));
        // Which unique sets, stretches, lifecycles, kept things and indexes are new is found out later; those are stated by `follow_renames`.
        facts.uniques.clear();
        facts.overlaps.clear();
        facts.lifecycles.clear();
        facts.kept.clear();
        facts.indexes.clear();
        let mut delta = self.states(id, facts);
        delta.gone.entities.insert(full_name);
        self.step(
            Change::RenameEntity {
                from: from.to_owned(),
                entity: id,
            },
            delta,
        );
    }

    /// Compares every entity that was built with what it is now.
    pub(super) fn every_entity(&mut self) {
        for id in self.spec.entities.ids() {
            let before = self.before();
            let facts = self
                .names
                .entity_before(id)
                .and_then(|name| before.entities.get(name));
            if let Some(facts) = facts {
                let then = self.as_before().entity_facts(id);
                self.entity(id, facts, &then);
                let mut fields = FieldNames::default();
                self.fields(id, facts, &then, &mut fields);
                self.rules(id, facts, &then, &fields);
                self.follow_renames(id, facts, &then);
            }
        }
    }

    fn entity(&mut self, id: Id<Entity>, before: &'a EntityFacts, then: &EntityFacts) {
        let (Some(before), Some(then)) = (&before.entity, &then.entity) else {
            return;
        };
        let entity = self.spec.walk(id).get();
        if before.identity != then.identity {
            self.refuse(
                Diagnostic::new(
                    &evolve::IDENTITY_CHANGED,
                    entity.span,
                    format!("the key of `{}` has another type", entity.name),
                )
                .label("rows and the references to them hold the old kind of key")
                .help(match before.identity {
                    appspec_ir::Identity::Uuid => {
                        "remove `identified by int`; changing a key is not in this version"
                    }
                    appspec_ir::Identity::Int => {
                        "write `identified by int`; changing a key is not in this version"
                    }
                }),
            );
        }
        let contested = self
            .names
            .entity_before(id)
            .is_some_and(|name| self.is_contested(Key::Entity(name)));
        if before.labels != then.labels
            || before.doc != then.doc
            || before.sorted_by != then.sorted_by
            || contested
        {
            let delta = self.states(
                id,
                EntityFacts {
                    entity: Some(self.as_now().entity_fact(id)),
                    ..EntityFacts::default()
                },
            );
            self.step(Change::AlterEntity(id), delta);
        }
    }

    /// Facts that only a rename made look different: the rename states them under the new names.
    fn follow_renames(&mut self, id: Id<Entity>, before: &'a EntityFacts, then: &EntityFacts) {
        if !self.steps.iter().any(|step| step.change.is_rename()) {
            return;
        }
        let now = self.as_now().entity_facts(id);
        let mut facts = EntityFacts::default();
        let mut gone = Gone::default();
        let full_name = self.spec.walk(id).full_name();
        let moved = self.names.entity_before(id) != Some(full_name.as_str());
        for field in self.spec.walk(id).fields() {
            let Some((_, old)) = self.names.field_before(field.id) else {
                continue;
            };
            let name = field.get().name.as_str();
            if let Some(fact) = now.fields.get(name)
                && before.fields.get(old) == then.fields.get(old)
                && before.fields.get(old) != Some(fact)
                && then.fields.get(old) != Some(fact)
            {
                facts.fields.insert(name.to_owned(), fact.clone());
            }
        }
        for (name, fact) in &now.derives {
            if before.derives.get(name) == then.derives.get(name)
                && before.derives.get(name).is_some_and(|old| old != fact)
            {
                facts.derives.insert(name.clone(), fact.clone());
            }
        }
        for (name, fact) in &now.invariants {
            if before.invariants.get(name) == then.invariants.get(name)
                && before.invariants.get(name).is_some_and(|old| old != fact)
            {
                facts.invariants.insert(name.clone(), fact.clone());
            }
        }
        facts.uniques = followed(
            (&now.uniques, &before.uniques),
            moved,
            |name| self.names.unique_before(id, name),
            (&full_name, &mut gone.uniques),
        );
        facts.overlaps = followed(
            (&now.overlaps, &before.overlaps),
            moved,
            |name| self.names.overlap_before(id, name),
            (&full_name, &mut gone.overlaps),
        );
        facts.lifecycles = followed(
            (&now.lifecycles, &before.lifecycles),
            moved,
            |name| self.names.lifecycle_before(id, name),
            (&full_name, &mut gone.lifecycles),
        );
        facts.kept = followed(
            (&now.kept, &before.kept),
            moved,
            |name| self.names.kept_before(id, name),
            (&full_name, &mut gone.kept),
        );
        facts.indexes = followed(
            (&now.indexes, &before.indexes),
            moved,
            |name| self.names.index_before(id, name),
            (&full_name, &mut gone.indexes),
        );
        if let (Some(was), Some(is), Some(fact)) = (&before.entity, &then.entity, &now.entity)
            && was.sorted_by == is.sorted_by
            && was.sorted_by != fact.sorted_by
            && !moved
        {
            facts.entity = Some(EntityFact {
                sorted_by: fact.sorted_by.clone(),
                ..was.clone()
            });
        }
        if facts == EntityFacts::default() && gone.is_empty() {
            return;
        }
        let mut delta = self.states(id, facts);
        delta.gone = gone;
        self.attach_to_rename(id, &delta);
    }

    /// The first rename of the entity itself, or of something else that its facts mention.
    fn attach_to_rename(&mut self, id: Id<Entity>, delta: &Delta) {
        let spec = self.spec;
        let is_own = |change: &Change| match change {
            Change::RenameEntity { entity, .. } => *entity == id,
            Change::RenameField { field, .. } => spec.walk(*field).get().entity == id,
            _ => false,
        };
        let position = self
            .steps
            .iter()
            .position(|step| is_own(&step.change))
            .or_else(|| self.steps.iter().position(|step| step.change.is_rename()));
        if let Some(step) = position.and_then(|index| self.steps.get_mut(index)) {
            step.delta.merge(delta);
        }
    }
}

/// Facts that only a rename made look different; the names that they leave behind are gone from the entity.
fn followed<'n, T: Clone + PartialEq>(
    (now, before): (&BTreeMap<String, T>, &BTreeMap<String, T>),
    moved: bool,
    name_before: impl Fn(&str) -> Option<&'n str>,
    (entity, gone): (&str, &mut BTreeMap<String, BTreeSet<String>>),
) -> BTreeMap<String, T> {
    let (mut facts, mut left) = (BTreeMap::new(), BTreeSet::new());
    for (name, fact) in now {
        let Some(old) = name_before(name) else {
            continue;
        };
        if moved || old != name || before.get(old) != Some(fact) {
            facts.insert(name.clone(), fact.clone());
            left.extend((old != name).then(|| old.to_owned()));
        }
    }
    if !left.is_empty() {
        gone.insert(entity.to_owned(), left);
    }
    facts
}

impl Change {
    fn is_rename(&self) -> bool {
        matches!(
            self,
            Self::RenameEntity { .. }
                | Self::RenameField { .. }
                | Self::RenameEnum { .. }
                | Self::RenameChoice { .. }
        )
    }
}
