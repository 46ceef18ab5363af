use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Span, codes::evolve};
use appspec_ir::{
    Default as DefaultValue, Entity, Expr, Field, Id, Moment, Row, Surroundings, Unique, holds,
};

use super::Diff;
use super::fields::FieldNames;
use crate::{Change, EntityFacts, IndexFact, UniqueFact};

impl<'a> Diff<'a> {
    /// Compares everything that is declared over the fields of an entity that was built.
    pub(super) fn rules(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        self.derives(id, before, then, fields);
        self.uniques(id, before, then, fields);
        self.indexes(id, before, then, fields);
        self.invariants(id, before, then, fields);
    }

    fn derives(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        for derive in spec.walk(id).derives() {
            let name = &derive.get().name;
            let refused = derive
                .value
                .fields()
                .iter()
                .any(|field| fields.refused.contains(field));
            let Some(is) = then.derives.get(name).filter(|_| !refused) else {
                continue;
            };
            let state = |diff: &Self| {
                let fact = diff
                    .facts_now(id)
                    .and_then(|facts| facts.derives.get(name))
                    .cloned();
                let mut delta = diff.states(
                    id,
                    EntityFacts {
                        derives: fact.map(|fact| (name.clone(), fact)).into_iter().collect(),
                        ..EntityFacts::default()
                    },
                );
                diff.with_enum(&derive.get().ty, &mut delta);
                delta
            };
            match before.derives.get(name) {
                None => {
                    let delta = state(self);
                    self.step(Change::AddDerive(derive.id), delta);
                }
                Some(was)
                    if (&was.ty, was.optional, &was.value) != (&is.ty, is.optional, &is.value) =>
                {
                    let finding = Self::changed(derive.span, "derived value", name);
                    self.refuse(finding);
                }
                Some(was) if was.doc != is.doc => {
                    let delta = state(self);
                    self.step(Change::AlterDerive(derive.id), delta);
                }
                Some(_) => {}
            }
        }
        for name in before.derives.keys() {
            if !then.derives.contains_key(name) {
                self.dropped(id, "derived value", name, None);
            }
        }
    }

    fn uniques(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let same = |a: &UniqueFact, b: &UniqueFact| {
            (&a.fields, &a.condition, a.ignoring_case) == (&b.fields, &b.condition, b.ignoring_case)
        };
        let mut left: BTreeSet<&str> = before.uniques.keys().map(String::as_str).collect();
        let mut added: Vec<&'a Unique> = Vec::new();
        for unique in &spec.walk(id).get().uniques {
            let Some(is) = then.uniques.get(&unique.name) else {
                continue;
            };
            // The same rule may have another name now, because a field in it has.
            let found = before
                .uniques
                .iter()
                .find(|(name, was)| left.contains(name.as_str()) && same(was, is));
            let Some((name, was)) = found else {
                added.push(unique);
                continue;
            };
            left.remove(name.as_str());
            self.names
                .uniques
                .entry(id)
                .or_default()
                .insert(unique.name.clone(), name.clone());
            if was.message != is.message {
                self.state_unique(id, &unique.name, |entity, name| {
                    Change::AlterUniqueMessage { entity, name }
                });
            }
        }
        for unique in added {
            let over = |field: &Id<Field>| fields.refused.contains(field);
            let conditions = unique.condition.iter().flat_map(Expr::fields);
            if unique.fields.iter().any(over) || conditions.into_iter().any(|field| over(&field)) {
                left.remove(unique.name.as_str());
                continue;
            }
            if left.remove(unique.name.as_str()) {
                let finding = Self::changed(unique.span, "unique rule", &unique.name);
                self.refuse(finding);
            } else if self.no_row_has_all_of(unique) {
                self.state_unique(id, &unique.name, |entity, name| Change::AddUnique {
                    entity,
                    name,
                });
            } else {
                let entity = spec.walk(id).get();
                self.refuse(
                    Diagnostic::new(
                        &evolve::RULE_ADDED,
                        unique.span,
                        format!(
                            "rows that `{}` has may break this new unique rule",
                            entity.name
                        ),
                    )
                    .label("existing rows were never compared")
                    .help(
                        "a unique rule over existing values is not in this version; \
                           it can be added together with a new optional field that it contains",
                    ),
                );
            }
        }
        for name in left {
            let over: &[String] = before.uniques.get(name).map_or(&[], |fact| &fact.fields);
            if !over.iter().any(|field| fields.vanished.contains(field)) {
                self.dropped(id, "unique rule", name, None);
            }
        }
    }

    /// Whether one of the fields is empty in all existing rows: then no two of them can be equal.
    fn no_row_has_all_of(&self, unique: &Unique) -> bool {
        unique.fields.iter().any(|id| {
            let field = self.spec.walk(*id).get();
            !self.has_rows(*id) && field.optional && field.default.is_none()
        })
    }

    fn state_unique(
        &mut self,
        id: Id<Entity>,
        name: &str,
        change: impl FnOnce(Id<Entity>, String) -> Change,
    ) {
        let fact = self
            .facts_now(id)
            .and_then(|facts| facts.uniques.get(name))
            .cloned();
        let delta = self.states(
            id,
            EntityFacts {
                uniques: fact
                    .map(|fact| (name.to_owned(), fact))
                    .into_iter()
                    .collect(),
                ..EntityFacts::default()
            },
        );
        self.step(change(id, name.to_owned()), delta);
    }

    fn indexes(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let same = |a: &IndexFact, b: &IndexFact| a == b;
        let mut left: BTreeSet<&str> = before.indexes.keys().map(String::as_str).collect();
        for index in &spec.walk(id).get().indexes {
            let Some(is) = then.indexes.get(&index.name) else {
                continue;
            };
            let found = before
                .indexes
                .iter()
                .find(|(name, was)| left.contains(name.as_str()) && same(was, is));
            if let Some((name, _)) = found {
                left.remove(name.as_str());
                self.names
                    .indexes
                    .entry(id)
                    .or_default()
                    .insert(index.name.clone(), name.clone());
                continue;
            }
            let over_refused = index
                .keys
                .iter()
                .any(|key| fields.refused.contains(&key.field));
            if left.remove(index.name.as_str()) {
                if !over_refused {
                    let finding = Self::changed(index.span, "index", &index.name);
                    self.refuse(finding);
                }
                continue;
            }
            if over_refused {
                continue;
            }
            let fact = self
                .facts_now(id)
                .and_then(|facts| facts.indexes.get(&index.name))
                .cloned();
            let delta = self.states(
                id,
                EntityFacts {
                    indexes: fact
                        .map(|fact| (index.name.clone(), fact))
                        .into_iter()
                        .collect(),
                    ..EntityFacts::default()
                },
            );
            self.step(
                Change::AddIndex {
                    entity: id,
                    name: index.name.clone(),
                },
                delta,
            );
        }
        for name in left {
            let over: &[String] = before.indexes.get(name).map_or(&[], |fact| &fact.keys);
            let vanished = |key: &String| {
                let field = key.strip_suffix(" desc").unwrap_or(key);
                fields.vanished.contains(field)
            };
            if !over.iter().any(vanished) {
                self.dropped(id, "index", name, None);
            }
        }
    }

    fn invariants(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        for invariant in spec.walk(id).invariants() {
            if invariant.moment != Moment::Always {
                continue;
            }
            let name = &invariant.get().name;
            let mentioned = invariant.condition.fields();
            let refused = mentioned.iter().any(|field| fields.refused.contains(field));
            let Some(is) = then.invariants.get(name).filter(|_| !refused) else {
                continue;
            };
            let state = |diff: &Self| {
                let fact = diff
                    .facts_now(id)
                    .and_then(|facts| facts.invariants.get(name))
                    .cloned();
                diff.states(
                    id,
                    EntityFacts {
                        invariants: fact.map(|fact| (name.clone(), fact)).into_iter().collect(),
                        ..EntityFacts::default()
                    },
                )
            };
            match before.invariants.get(name) {
                Some(was) if was.condition != is.condition => {
                    let finding = Self::changed(invariant.span, "invariant", name);
                    self.refuse(finding);
                }
                Some(was) if was.message != is.message => {
                    let delta = state(self);
                    self.step(Change::AlterInvariantMessage(invariant.id), delta);
                }
                Some(_) => {}
                None if Self::renames_a_rule(before, then, name) => {}
                None if self.holds_for_existing_rows(&mentioned, &invariant.condition) => {
                    let delta = state(self);
                    self.step(Change::AddInvariant(invariant.id), delta);
                }
                None => self.refuse(
                    Diagnostic::new(
                        &evolve::RULE_ADDED,
                        invariant.span,
                        format!(
                            "rows that `{}` has may break the new invariant `{name}`",
                            &spec.walk(id).get().name
                        ),
                    )
                    .label("existing rows were never checked")
                    .help(
                        "an invariant over existing values is not in this version; it can be added together with \
                         new fields that it is about, or be asked of new rows only: `invariant … on create`",
                    ),
                ),
            }
        }
        for (name, was) in &before.invariants {
            if then.invariants.contains_key(name) {
                continue;
            }
            let other = spec.walk(id).invariants().find(|invariant| {
                let candidate = &invariant.get().name;
                !before.invariants.contains_key(candidate)
                    && then
                        .invariants
                        .get(candidate)
                        .is_some_and(|is| is.condition == was.condition)
            });
            let other = other.map(|invariant| (invariant.get().name.as_str(), invariant.span));
            self.dropped(id, "invariant", name, other);
        }
    }

    /// Whether the condition is about new fields alone and holds for the values with which they start.
    fn holds_for_existing_rows(&self, mentioned: &[Id<Field>], condition: &Expr) -> bool {
        let mut row = Row::new();
        for id in mentioned {
            let field = self.spec.walk(*id).get();
            if self.has_rows(*id) || field.touched {
                return false;
            }
            match &field.default {
                Some(DefaultValue::Value(value)) => row.set(*id, value.clone()),
                None | Some(DefaultValue::Path(_)) => {}
                // What existing rows get is known at the migration only.
                Some(_) => return false,
            }
        }
        holds(condition, &row, Surroundings::default()) == Ok(true)
    }

    /// Whether the invariant says what one says that is gone: it is reported there.
    fn renames_a_rule(before: &EntityFacts, then: &EntityFacts, name: &str) -> bool {
        before.invariants.iter().any(|(old, was)| {
            !then.invariants.contains_key(old)
                && then
                    .invariants
                    .get(name)
                    .is_some_and(|is| is.condition == was.condition)
        })
    }

    fn changed(span: Span, kind: &str, name: &str) -> Diagnostic {
        Diagnostic::new(
            &evolve::RULE_CHANGED,
            span,
            format!("{kind} `{name}` says something else than what has been built"),
        )
        .label("existing rows follow the old one")
        .help(format!(
            "restore the old {kind}; changing one is not in this version"
        ))
    }

    fn dropped(&mut self, id: Id<Entity>, kind: &str, name: &str, now: Option<(&str, Span)>) {
        let entity = self.spec.walk(id).get();
        let finding = match now {
            Some((other, span)) => Diagnostic::new(
                &evolve::RULE_DROPPED,
                span,
                format!(
                    "{kind} `{name}` of `{}` is called `{other}` now",
                    entity.name
                ),
            )
            .label(format!("built as `{name}`"))
            .help(format!(
                "call it `{name}`; renaming one is not in this version"
            )),
            None => Diagnostic::new(
                &evolve::RULE_DROPPED,
                entity.span,
                format!("{kind} `{name}` of `{}` is gone", entity.name),
            )
            .label(format!("`{name}` has been built and is not here any more"))
            .help(format!(
                "restore the {kind}; taking one away is not in this version"
            )),
        };
        self.refuse(finding);
    }
}
