//! Rules that span rows: they go before the tables that they read change, and come when all of these are there.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_evolve::{Change, Changes, Step};
use appspec_ir::{Across, Entity, Id, Spec, Walk};

use super::operations;
use super::renames::Renamed;
use crate::constraints;
use crate::names;
use crate::target::Target;

/// The operations that take rules away, under the names of the last build.
pub(super) fn removed(
    spec: &Spec,
    changes: &Changes<'_>,
    steps: &[&Step],
    renamed: &Renamed,
) -> Vec<Py> {
    let removed = |app: &str, model: &str, name: &str| {
        operations::remove_across(model, &names::constraint(app, model, name))
    };
    let mut found = Vec::new();
    for step in steps {
        match &step.change {
            Change::DropAcross { entity, name } => {
                let entity = spec.walk(*entity);
                let model = renamed.old_model(entity);
                found.push(removed(&names::app(entity), model, name));
            }
            // The triggers of its rules stand on other tables, too.
            Change::DropEntity { module, name } => {
                let module = spec.walk(*module).get();
                let full_name = format!("{}.{name}", module.path);
                let facts = changes.before.entities.get(&full_name);
                let rules = facts.iter().flat_map(|facts| facts.across.keys());
                found.extend(rules.map(|rule| removed(&module.label, name, rule)));
            }
            _ => {}
        }
    }
    found
}

/// The operation that adds rules, all of them or none.
pub(super) fn added(spec: &Spec, steps: &[&Step]) -> Option<Py> {
    let rules = steps.iter().filter_map(|step| named(spec, step));
    let rules: Vec<_> = rules
        .map(|(entity, rule)| {
            let (_, call) = constraints::across(entity, rule, Target::Migration);
            (entity, call)
        })
        .collect();
    (!rules.is_empty()).then(|| operations::add_across(rules))
}

/// The entities that the rules read which these steps add.
pub(super) fn read(spec: &Spec, steps: &[&Step]) -> BTreeSet<Id<Entity>> {
    let rules = steps.iter().filter_map(|step| named(spec, step));
    rules
        .flat_map(|(entity, rule)| {
            let sides = rule.reads(spec).into_iter();
            sides.map(move |(side, _)| side.entity(spec, entity.id))
        })
        .collect()
}

fn named<'s>(spec: &'s Spec, step: &Step) -> Option<(Walk<'s, Entity>, &'s Across)> {
    let Change::AddAcross { entity, name } = &step.change else {
        return None;
    };
    let entity = spec.walk(*entity);
    let mut rules = entity.get().across.iter();
    Some((entity, rules.find(|rule| rule.name == *name)?))
}
