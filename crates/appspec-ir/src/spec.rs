use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Arena, Auth, Derive, Entity, Enum, Environment, Field, Id, Invariant, Module, NamedType,
    Project, Role, Seed, Walk, Written,
};

/// A whole spec, every name resolved and every expression typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    /// What the root file says about the project.
    pub project: Project,
    /// The modules that are in use, spec files first in path order, then those of `std`.
    pub modules: Arena<Module>,
    /// The entities that become tables, module by module, in the order of the text.
    pub entities: Arena<Entity>,
    /// All fields of all entities; an entity lists its own in order.
    pub fields: Arena<Field>,
    /// All derived values.
    pub derives: Arena<Derive>,
    /// All invariants.
    pub invariants: Arena<Invariant>,
    /// The enums that are in use.
    pub enums: Arena<Enum>,
    /// The named types; fields carry their bounds already, this keeps name and documentation.
    pub types: Arena<NamedType>,
    /// Lookup rows, in an order in which references point backwards where possible.
    pub seeds: Arena<Seed>,
    /// What people can be to the system.
    #[serde(default, skip_serializing_if = "Arena::is_empty")]
    pub roles: Arena<Role>,
    /// How people sign in, where the spec says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// What the project is told from outside.
    #[serde(default, skip_serializing_if = "Environment::is_empty")]
    pub environment: Environment,
    /// The entity whose rows are the people who sign in: `std.auth.User`.
    pub user: Id<Entity>,
    /// What the text says in other words.
    #[serde(skip)]
    pub written: Written,
}

impl Spec {
    /// Reads the element behind an id as an object that knows its surroundings.
    pub fn walk<T>(&self, id: Id<T>) -> Walk<'_, T> {
        Walk { spec: self, id }
    }
}
