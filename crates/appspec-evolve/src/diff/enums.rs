use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Enum, Id};

use super::Diff;
use crate::matching::{Named, in_order, match_names};
use crate::replay::Key;
use crate::{Change, Delta, EnumFact, Gone, Schema};

impl<'a> Diff<'a> {
    /// Finds under which names the enums were built.
    pub(super) fn enums_by_name(&mut self) {
        let spec = self.spec;
        let mut modules_then: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for fact in self.before().enums.values() {
            let names = modules_then.entry(&fact.module).or_default();
            names.insert(&fact.name, fact.was.as_deref());
        }
        for (_, module) in spec.modules.iter() {
            let then = modules_then
                .remove(module.path.as_str())
                .unwrap_or_default();
            let ids = &module.enums;
            let now: Vec<Named<'a>> = ids
                .iter()
                .map(|id| spec.walk(*id).get())
                .map(|enumeration| Named {
                    name: &enumeration.name,
                    // Nothing of a new project was called anything before.
                    was: enumeration.was.as_deref().filter(|_| !then.is_empty()),
                    span: enumeration.span,
                })
                .collect();
            // What vanished is not said here: an enum goes with its fields, and those are missed.
            let matched = match_names("enum", &then, &now, self.out);
            self.unsure |= matched.refused.contains(&true);
            for (id, before) in ids.iter().zip(&matched.before) {
                if let Some(name) = before {
                    self.names
                        .enums
                        .insert(*id, format!("{}.{name}", module.path));
                }
            }
            for (position, from) in in_order("enum", &now, &matched.before, self.out) {
                if let Some(id) = ids.get(position) {
                    self.rename_enum(*id, from, &module.path);
                }
            }
        }
    }

    fn rename_enum(&mut self, id: Id<Enum>, from: &str, module: &str) {
        let mut delta = self.enum_states(id);
        delta.gone.enums.insert(format!("{module}.{from}"));
        self.step(
            Change::RenameEnum {
                from: from.to_owned(),
                enumeration: id,
            },
            delta,
        );
    }

    /// A delta that states the enum as it is now.
    fn enum_states(&self, id: Id<Enum>) -> Delta {
        let now = self.as_now();
        Delta {
            gone: Gone::default(),
            now: Schema {
                entities: BTreeMap::new(),
                enums: BTreeMap::from([(now.enumeration(id), now.enum_fact(id))]),
            },
        }
    }

    /// Compares the values of every enum that was built.
    pub(super) fn enum_values(&mut self) {
        let ids: Vec<Id<Enum>> = self.spec.enums.ids().collect();
        for id in ids {
            let before = self.before();
            let fact = self
                .names
                .enum_before(id)
                .and_then(|name| before.enums.get(name));
            if let Some(fact) = fact {
                self.values(id, fact);
            }
        }
    }

    fn values(&mut self, id: Id<Enum>, fact: &'a EnumFact) {
        let enumeration = self.spec.walk(id).get();
        let then: BTreeMap<&str, Option<&str>> = fact
            .choices
            .iter()
            .map(|choice| (choice.name.as_str(), choice.was.as_deref()))
            .collect();
        // A value under a new name that is stored as before is the same value: nothing has to be said.
        let names_now: BTreeSet<&str> = enumeration
            .choices
            .iter()
            .map(|choice| choice.name.as_str())
            .collect();
        let same_stored = |stored: &str| {
            fact.choices
                .iter()
                .find(|choice| choice.stored == stored && !names_now.contains(choice.name.as_str()))
                .map(|choice| choice.name.as_str())
        };
        let now: Vec<Named<'a>> = enumeration
            .choices
            .iter()
            .map(|choice| Named {
                name: &choice.name,
                was: match &choice.was {
                    Some(was) => Some(was.as_str()),
                    None if then.contains_key(choice.name.as_str()) => None,
                    None => same_stored(&choice.stored),
                },
                span: choice.span,
            })
            .collect();
        let mut matched = match_names("value", &then, &now, self.out);
        self.respelled_values(id, fact, &now, &mut matched);
        for vanished in &matched.vanished {
            if self.may_go(id, fact, vanished) {
                continue;
            }
            self.refuse(
                Diagnostic::new(
                    &evolve::VALUE_DROPPED,
                    enumeration.span,
                    format!(
                        "value `{vanished}` of enum `{}` is gone, and rows may hold it",
                        enumeration.name
                    ),
                )
                .label(format!("`{vanished}` has been built and is not here any more"))
                .help(format!(
                    "keep `{vanished}`, or write `was {vanished}` behind the value that it is called now; \
                     taking values away is not in this version"
                )),
            );
        }
        self.stored_texts(id, fact, &matched.before);
    }

    /// Compares what the database holds for each value; `names_before` are the values' names of then.
    fn stored_texts(&mut self, id: Id<Enum>, fact: &EnumFact, names_before: &[Option<&str>]) {
        let enumeration = self.spec.walk(id).get();
        let stored_then: BTreeMap<&str, &str> = fact
            .choices
            .iter()
            .map(|choice| (choice.name.as_str(), choice.stored.as_str()))
            .collect();
        let stored_before: Vec<Option<&str>> = names_before
            .iter()
            .map(|before| before.and_then(|name| stored_then.get(name).copied()))
            .collect();
        let mut known = BTreeMap::new();
        for (choice, before) in enumeration.choices.iter().zip(&stored_before) {
            if let Some(stored) = before {
                known.insert(choice.name.clone(), (*stored).to_owned());
            }
        }
        self.names.choices.insert(id, known);
        let stored_now: Vec<Named<'a>> = enumeration
            .choices
            .iter()
            .map(|choice| Named {
                name: &choice.stored,
                was: None,
                span: choice.span,
            })
            .collect();
        let renames = in_order("value", &stored_now, &stored_before, self.out);
        for (position, from) in &renames {
            if let Some(choice) = enumeration.choices.get(*position) {
                let delta = self.enum_states(id);
                self.step(
                    Change::RenameChoice {
                        enumeration: id,
                        from_stored: (*from).to_owned(),
                        to_stored: choice.stored.clone(),
                    },
                    delta,
                );
            }
        }
        let shown = |stored: &str, label: &str| (stored.to_owned(), label.to_owned());
        let as_now: Vec<_> = enumeration
            .choices
            .iter()
            .map(|choice| shown(&choice.stored, &choice.label))
            .collect();
        let as_then: Vec<_> = fact
            .choices
            .iter()
            .map(|choice| shown(&choice.stored, &choice.label))
            .collect();
        let contested = self
            .names
            .enum_before(id)
            .is_some_and(|name| self.is_contested(Key::Enum(name)));
        if as_now != as_then || contested {
            let delta = self.enum_states(id);
            self.step(Change::AlterEnum(id), delta);
        }
    }
}
