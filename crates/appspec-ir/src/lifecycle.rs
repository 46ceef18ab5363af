use std::collections::BTreeMap;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Choice, Default, Entity, Enum, Expr, Field, FieldType, Id, Spec, Value, Walk};

/// How the state of a row changes: by these actions and in no other way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lifecycle {
    /// Derived from the field: `status_lifecycle`; distinct within the entity.
    pub name: String,
    /// The required field that holds the state, one of an enum's values. Its default is the first state.
    pub field: Id<Field>,
    /// What moves a row from state to state; names are distinct within the entity.
    pub actions: Vec<Action>,
    /// The states that are meant to be ends.
    pub finals: Vec<State>,
    /// Where the field is named.
    pub span: Span,
}

/// A state where it is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    /// The name of the enum's value.
    pub name: String,
    /// Where it was written.
    pub span: Span,
}

/// One way from some states to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// What it does, in words.
    pub doc: Option<String>,
    /// The states that it leaves.
    pub from: Vec<State>,
    /// The state that it enters.
    pub to: State,
    /// The fields that have to be given, each with a value.
    pub needs: Vec<Id<Field>>,
    /// What has to hold in the row with what was given.
    pub when: Option<Expr>,
    /// What it writes besides the state, in this order.
    pub sets: Vec<Assignment>,
    /// What people read when `when` does not hold.
    pub message: String,
    /// Where the name stands.
    pub span: Span,
}

/// A field and what is written to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assignment {
    /// The field.
    pub field: Id<Field>,
    /// Its value, of the row with what was given and set before.
    pub value: Expr,
}

impl Lifecycle {
    /// The enum of the states.
    pub fn states(&self, spec: &Spec) -> Option<Id<Enum>> {
        match spec.walk(self.field).get().ty {
            FieldType::Enum(id) => Some(id),
            _ => None,
        }
    }

    /// The values of that enum.
    pub fn choices<'s>(&self, spec: &'s Spec) -> &'s [Choice] {
        let states = self.states(spec).map(|id| spec.walk(id).get());
        states.map_or(&[], |states| states.choices.as_slice())
    }

    /// The state in which rows begin.
    pub fn first<'s>(&self, spec: &'s Spec) -> Option<&'s str> {
        match &spec.walk(self.field).get().default {
            Some(Default::Value(Value::Enum(name))) => Some(name),
            _ => None,
        }
    }

    /// The states that can follow a state, in the order of the actions. States that none follows are not listed.
    pub fn moves(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut moves: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for action in &self.actions {
            for from in &action.from {
                let next = moves.entry(&from.name).or_default();
                if !next.contains(&action.to.name.as_str()) {
                    next.push(&action.to.name);
                }
            }
        }
        moves
    }
}

impl Walk<'_, Entity> {
    /// Whether a field is the state of a lifecycle, which only actions change.
    pub fn is_state(self, field: Id<Field>) -> bool {
        let mut lifecycles = self.get().lifecycles.iter();
        lifecycles.any(|lifecycle| lifecycle.field == field)
    }
}
