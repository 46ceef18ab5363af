use appspec_ir::{Derive, Entity, Enum, Field, Id, Invariant, Module, Spec};

use crate::{
    Delta, EntityFact, EnumFact, FieldFact, History, IndexFact, Schema, UniqueFact, names::Names,
};

/// Everything that changed, in an order in which it can be done.
#[derive(Clone, Debug)]
pub struct Changes<'h> {
    /// What earlier builds emitted.
    pub history: &'h History,
    /// The schema as last built, under the names of then.
    pub before: Schema,
    /// The steps from there to the schema of the spec.
    pub steps: Vec<Step>,
    pub(crate) names: Names,
}

/// One step and the facts that it establishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is to be done.
    pub change: Change,
    /// What is known of the schema afterwards. An entity's facts come with its [`Change::AddEntity`], also
    /// where a backend adds one of its foreign keys in a later migration of the same build.
    pub delta: Delta,
}

/// A rule of an entity that has rows already.
#[derive(Clone, Debug, PartialEq)]
pub enum NewRule {
    /// An invariant.
    Invariant(Id<Invariant>),
    /// The unique rule of this name.
    Unique(String),
    /// The `no overlap` of this name.
    Overlap(String),
}

impl NewRule {
    /// What the rule is called.
    pub fn name<'r>(&'r self, spec: &'r Spec) -> &'r str {
        match self {
            Self::Invariant(id) => &spec.invariants[*id].name,
            Self::Unique(name) | Self::Overlap(name) => name,
        }
    }
}

/// What one step does. Ids are those of the new spec; `from` is the name as last built.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Two branches were merged: the app has several last migrations, and the next one joins them, even
    /// when nothing else is to be done ([`History::leaves`]).
    MergeMigrations(Id<Module>),
    /// A new entity with everything it has, rules and indexes included.
    AddEntity(Id<Entity>),
    /// `was` on an entity. Rules and indexes keep what they say; where a target's names for them are made
    /// from the entity's name, it renames them along.
    RenameEntity {
        /// The old name, without the module.
        from: String,
        /// The entity.
        entity: Id<Entity>,
    },
    /// `was` on an enum: no database knows the name. A backend that has no migration to remember it with may
    /// leave it: as long as the `was` is there, the next build finds it again.
    RenameEnum {
        /// The old name, without the module.
        from: String,
        /// The enum.
        enumeration: Id<Enum>,
    },
    /// Labels, documentation or order of an entity: no data is concerned.
    AlterEntity(Id<Entity>),
    /// A new field of an entity that has rows: optional, or with a default that all rows may share, or
    /// `touched` (existing rows take the moment of the migration), or a relation to many. Its bounds come
    /// with it.
    AddField(Id<Field>),
    /// `was` on a field. Rules, indexes and derived values that mention it keep what they say under its new
    /// name; [`Changes::unique_before`] and [`Changes::index_before`] tell how they were called.
    RenameField {
        /// The old name.
        from: String,
        /// The field.
        field: Id<Field>,
    },
    /// Something about a field that no stored value depends on: documentation, default, inverse name, or
    /// the message of its bounds.
    AlterField(Id<Field>),
    /// A new derived value.
    AddDerive(Id<Derive>),
    /// The documentation of a derived value.
    AlterDerive(Id<Derive>),
    /// Values added to an enum, labels or the order of values changed, or stored texts renamed: every field
    /// of that enum is concerned. Stands behind the [`Change::RenameChoice`] steps of the same enum.
    AlterEnum(Id<Enum>),
    /// `was` on an enum value whose stored text changes: rows are updated in every field of that enum.
    RenameChoice {
        /// The enum.
        enumeration: Id<Enum>,
        /// What the database holds now.
        from_stored: String,
        /// What it will hold.
        to_stored: String,
    },
    /// A new unique rule that no existing row can break: it needs a field that is empty in all of them.
    AddUnique {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// A new lifecycle of a field: no row that is there can break it, whatever state it is in.
    AddLifecycle {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// Other states can follow on each other, or rows begin in another one.
    AlterLifecycle {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// A new index.
    AddIndex {
        /// The entity.
        entity: Id<Entity>,
        /// The index's name.
        name: String,
    },
    /// A new invariant that only concerns fields of the same build, and holds for the values with which
    /// they start.
    AddInvariant(Id<Invariant>),
    /// A new rule that rows which are there may break: the migration asks them, and stops where some do.
    AddRuleToRows {
        /// The entity.
        entity: Id<Entity>,
        /// The rule.
        rule: NewRule,
    },
    /// The message of a unique rule.
    AlterUniqueMessage {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// The message of stretches of which no two may meet.
    AlterOverlapMessage {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// The message of an invariant.
    AlterInvariantMessage(Id<Invariant>),
}

impl Changes<'_> {
    /// What is known of the schema after these steps: what a migration that does them has to remember.
    pub fn delta<'c>(steps: impl IntoIterator<Item = &'c Step>) -> Delta {
        let mut delta = Delta::default();
        for step in steps {
            delta.merge(&step.delta);
        }
        delta
    }

    /// The entity as last built, under its name of then; `None` when it is new.
    pub fn entity_before(&self, id: Id<Entity>) -> Option<&EntityFact> {
        self.before
            .entities
            .get(self.names.entity_before(id)?)?
            .entity
            .as_ref()
    }

    /// The field as last built, under its name of then; `None` when it is new.
    pub fn field_before(&self, id: Id<Field>) -> Option<&FieldFact> {
        let (entity, name) = self.names.field_before(id)?;
        self.before.entities.get(entity)?.fields.get(name)
    }

    /// The enum as last built, under its name of then; `None` when it is new.
    pub fn enum_before(&self, id: Id<Enum>) -> Option<&EnumFact> {
        self.before.enums.get(self.names.enum_before(id)?)
    }

    /// The unique rule of this name (of now) as last built, with its name of then; `None` when it is new.
    pub fn unique_before(&self, entity: Id<Entity>, name: &str) -> Option<(&str, &UniqueFact)> {
        let old = self.names.unique_before(entity, name)?;
        self.before
            .entities
            .get(self.names.entity_before(entity)?)?
            .uniques
            .get_key_value(old)
            .map(|(name, fact)| (name.as_str(), fact))
    }

    /// The name of then of the `no overlap` that has this name now; `None` when it is new.
    pub fn overlap_before(&self, entity: Id<Entity>, name: &str) -> Option<&str> {
        self.names.overlap_before(entity, name)
    }

    /// The name of then of the lifecycle that has this name now; `None` when it is new.
    pub fn lifecycle_before(&self, entity: Id<Entity>, name: &str) -> Option<&str> {
        self.names.lifecycle_before(entity, name)
    }

    /// The index of this name (of now) as last built, with its name of then; `None` when it is new.
    pub fn index_before(&self, entity: Id<Entity>, name: &str) -> Option<(&str, &IndexFact)> {
        let old = self.names.index_before(entity, name)?;
        self.before
            .entities
            .get(self.names.entity_before(entity)?)?
            .indexes
            .get_key_value(old)
            .map(|(name, fact)| (name.as_str(), fact))
    }
}
