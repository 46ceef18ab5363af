mod across;
mod entities;
mod enums;
mod fields;
mod numbers;
mod one_of;
mod order;
mod rules;
#[cfg(test)]
mod tests;
mod young;

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics};
use appspec_ir::{Entity, Field, FieldType, Id, ListItem, Spec};

use crate::canonical::Canonical;
use crate::names::Names;
use crate::replay::{Key, Replayed, replay};
use crate::{Change, Changes, Delta, EntityFacts, Gone, History, Schema, Step, Young};

/// What has to be done so that a project with this history becomes what the spec says.
///
/// Everything that can't be appended safely is a diagnostic; the changes are complete when there is none.
pub fn diff<'h>(history: &'h History, spec: &Spec, out: &mut Diagnostics) -> Changes<'h> {
    diff_with(&Young::default(), history, spec, out)
}

/// The same where some of what was built is so young that it may go, or get another name, without a word in the spec.
pub fn diff_with<'h>(
    young: &Young,
    history: &'h History,
    spec: &Spec,
    out: &mut Diagnostics,
) -> Changes<'h> {
    let Some(replayed) = replay(history, out) else {
        return Changes {
            history,
            before: Schema::default(),
            steps: Vec::new(),
            names: Names::default(),
        };
    };
    let mut diff = Diff {
        spec,
        young,
        replayed: &replayed,
        names: Names::default(),
        refused: BTreeSet::new(),
        vanished: BTreeMap::new(),
        gone: BTreeSet::new(),
        unsure: false,
        steps: Vec::new(),
        out,
    };
    diff.enums_by_name();
    diff.entities_by_name();
    if !diff.unsure {
        diff.enum_values();
        diff.every_entity();
        diff.numbers();
        diff.across();
    }
    diff.merges(history);
    let Diff { names, steps, .. } = diff;
    Changes {
        history,
        steps: order::sorted(steps),
        before: replayed.schema,
        names,
    }
}

/// The work in hand. The spec is looked at twice: under the names of now, and, once it is known what was
/// called how, under those of the last build, where whatever differs from memory is a real change.
struct Diff<'a> {
    spec: &'a Spec,
    young: &'a Young,
    replayed: &'a Replayed<'a>,
    names: Names,
    /// Fields whose `was` is a mistake; nothing more is said about them.
    refused: BTreeSet<Id<Field>>,
    /// Old names of fields that nothing answers to any more.
    vanished: BTreeMap<Id<Entity>, BTreeSet<&'a str>>,
    /// Full old names of entities that nothing answers to any more; relations to them are not blamed as well.
    gone: BTreeSet<String>,
    /// The `was` of an entity or an enum is a mistake. Fields anywhere can have it as their type, so every
    /// comparison would find differences that are none.
    unsure: bool,
    steps: Vec<Step>,
    out: &'a mut Diagnostics,
}

impl<'a> Diff<'a> {
    fn before(&self) -> &'a Schema {
        let replayed: &'a Replayed<'a> = self.replayed;
        &replayed.schema
    }

    fn is_contested(&self, key: Key<'_>) -> bool {
        self.replayed.contested.contains(&key)
    }

    /// The spec under the names of now.
    fn as_now(&self) -> Canonical<'a> {
        Canonical {
            spec: self.spec,
            names: None,
        }
    }

    /// The spec under the names of the last build.
    fn as_before(&self) -> Canonical<'_> {
        Canonical {
            spec: self.spec,
            names: Some(&self.names),
        }
    }

    fn step(&mut self, change: Change, delta: Delta) {
        self.steps.push(Step { change, delta });
    }

    /// A delta that states some facts of an entity.
    fn states(&self, id: Id<Entity>, facts: EntityFacts) -> Delta {
        Delta {
            gone: Gone::default(),
            now: Schema {
                entities: BTreeMap::from([(self.spec.walk(id).full_name(), facts)]),
                enums: BTreeMap::new(),
            },
        }
    }

    /// Adds the enum of a field to what a step states, unless a step of its own does.
    fn with_enum(&self, ty: &FieldType, delta: &mut Delta) {
        let id = match ty {
            FieldType::Enum(id) | FieldType::List(ListItem::Enum(id)) => *id,
            _ => return,
        };
        if self.names.enum_before(id).is_some() {
            return;
        }
        let now = self.as_now();
        delta
            .now
            .enums
            .insert(now.enumeration(id), now.enum_fact(id));
    }

    /// Whether rows exist that have a value in this field: it belongs to an entity that was built with it.
    fn has_rows(&self, id: Id<Field>) -> bool {
        self.names.field_before(id).is_some()
    }

    /// Apps of which two branches each brought a last migration.
    fn merges(&mut self, history: &History) {
        for (id, module) in self.spec.modules.iter() {
            if history.leaves(&module.label).len() > 1 {
                self.step(Change::MergeMigrations(id), Delta::default());
            }
        }
    }

    fn refuse(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }
}
