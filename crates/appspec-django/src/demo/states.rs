//! What the state of an example row says about the rest of it.

use std::collections::BTreeSet;

use appspec_ir::{Action, Default, Entity, Field, Lifecycle, Value, Walk};

use super::candidate::Candidate;
use super::choices::{Draft, valued};
use super::texts::Turn;

/// Whether the row has come to a state in which an action has set the field; nothing where no action does.
pub(super) fn is_set_by_action(field: Walk<'_, Field>, draft: Draft) -> Option<bool> {
    let mut lifecycles = field.entity().get().lifecycles.iter();
    let lifecycle = lifecycles.find(|one| setting(one, field).next().is_some())?;
    let state = state(field.spec.walk(lifecycle.field), draft)?;
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = setting(lifecycle, field)
        .map(|action| action.to.name.as_str())
        .collect();
    while let Some(here) = open.pop() {
        if reached.insert(here) {
            let onward = lifecycle.actions.iter();
            let onward = onward.filter(|one| one.from.iter().any(|from| from.name == here));
            open.extend(onward.map(|action| action.to.name.as_str()));
        }
    }
    field.optional.then(|| reached.contains(state.as_str()))
}

/// The actions that ask for a field or write it.
fn setting<'s>(
    lifecycle: &'s Lifecycle,
    field: Walk<'s, Field>,
) -> impl Iterator<Item = &'s Action> {
    lifecycle.actions.iter().filter(move |action| {
        action.needs.contains(&field.id) || action.sets.iter().any(|one| one.field == field.id)
    })
}

/// The state that a row has at first sight.
fn state(field: Walk<'_, Field>, draft: Draft) -> Option<String> {
    match valued(field, draft).next()? {
        Candidate::Constant(Value::Enum(name)) => Some(name),
        _ => None,
    }
}

/// Whether what a row is about lies behind us: where it has come to an end, not where it has just begun, and else for
/// every other row.
pub(super) fn is_past(entity: Walk<'_, Entity>, turn: Turn) -> bool {
    let is_even = turn.variant.is_multiple_of(2);
    let Some(lifecycle) = entity.get().lifecycles.first() else {
        return is_even;
    };
    let field = entity.spec.walk(lifecycle.field);
    let Some(state) = state(field, Draft { turn, day: 0 }) else {
        return is_even;
    };
    let first = Some(Default::Value(Value::Enum(state.clone())));
    let is_final = lifecycle.finals.iter().any(|one| one.name == state);
    is_final || (field.default != first && is_even)
}
