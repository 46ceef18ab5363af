use std::collections::BTreeSet;

use appspec_ir::{Derive, Entity, Enum, Field, Id, Invariant, Module, Spec};

use crate::{
    Delta, DeriveFact, EntityFact, EntityFacts, EnumFact, FieldFact, History, IndexFact, Schema,
    UniqueFact, names::Names,
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
    /// What rows keep, of this name: whatever they hold, they keep it from now on.
    Kept(String),
}

impl NewRule {
    /// What the rule is called.
    pub fn name<'r>(&'r self, spec: &'r Spec) -> &'r str {
        match self {
            Self::Invariant(id) => &spec.invariants[*id].name,
            Self::Unique(name) | Self::Overlap(name) | Self::Kept(name) => name,
        }
    }
}

/// What is declared over the fields of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A derived value.
    Derive,
    /// A unique rule.
    Unique,
    /// A `no overlap`.
    Overlap,
    /// A lifecycle.
    Lifecycle,
    /// What rows keep.
    Kept,
    /// A rule across rows.
    Across,
    /// An index.
    Index,
    /// An invariant.
    Invariant,
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
    /// Something about a field that was built, which [`Changes::field_before`] gives: documentation, default,
    /// what a relation says, a type that holds all that the old one does, whether it is optional, its bounds.
    /// Rows that are there are asked whether they have what is required now, and whether they keep the bounds.
    AlterField(Id<Field>),
    /// A new derived value.
    AddDerive(Id<Derive>),
    /// The documentation of a derived value, or whether its range has to be watched; what was built is
    /// [`Changes::derive_before`].
    AlterDerive(Id<Derive>),
    /// A derived value that is computed anew: from something else, or from a field that has another type.
    ReplaceDerive(Id<Derive>),
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
    /// A rule that rows which are there may break: the migration asks them, and stops where some do. It may take the
    /// place of one that was built ([`Changes::replaces`]).
    AddRuleToRows {
        /// The entity.
        entity: Id<Entity>,
        /// The rule.
        rule: NewRule,
    },
    /// A rule across rows that is new, or comes back behind changes of the tables that it reads: the migration asks the
    /// rows of its entity, and stops where some break it.
    AddAcross {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
    /// A rule across rows that is gone, or goes before tables change that it reads.
    DropAcross {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name as last built.
        name: String,
    },
    /// Something that was built and is not declared any more, or an index that another one takes the place of.
    DropMember {
        /// The entity.
        entity: Id<Entity>,
        /// What it is.
        kind: Member,
        /// Its name as last built.
        name: String,
    },
    /// A field that is gone, with its values. Nothing else of the entity mentions it any more.
    DropField {
        /// The entity.
        entity: Id<Entity>,
        /// Its name as last built.
        name: String,
    },
    /// An entity that is gone, with its rows. What referred to it is gone too.
    DropEntity {
        /// The module, which has other entities.
        module: Id<Module>,
        /// Its name as last built, without the module.
        name: String,
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
        self.facts_before(id)?.entity.as_ref()
    }

    /// The field as last built, under its name of then; `None` when it is new.
    pub fn field_before(&self, id: Id<Field>) -> Option<&FieldFact> {
        let (entity, name) = self.names.field_before(id)?;
        self.before.entities.get(entity)?.fields.get(name)
    }

    /// The derived value as last built; `None` when it is new.
    pub fn derive_before(&self, spec: &Spec, id: Id<Derive>) -> Option<&DeriveFact> {
        let derive = spec.walk(id).get();
        self.facts_before(derive.entity)?.derives.get(&derive.name)
    }

    /// The name of the rule whose place this one takes, if it takes one.
    pub fn replaces<'n>(
        &'n self,
        spec: &'n Spec,
        entity: Id<Entity>,
        rule: &'n NewRule,
    ) -> Option<&'n str> {
        let name = rule.name(spec);
        let facts = self.facts_before(entity)?;
        let is_there = match rule {
            NewRule::Invariant(_) => facts.invariants.contains_key(name),
            NewRule::Unique(_) => facts.uniques.contains_key(name),
            NewRule::Overlap(_) => facts.overlaps.contains_key(name),
            NewRule::Kept(_) => facts.kept.contains_key(name),
        };
        is_there
            .then_some(name)
            .or_else(|| self.names.serial_before(entity, name))
    }

    /// An entity as last built, with everything in it.
    pub fn facts_before(&self, id: Id<Entity>) -> Option<&EntityFacts> {
        self.before.entities.get(self.names.entity_before(id)?)
    }

    /// The field of this name of then.
    pub fn dropped_field(&self, entity: Id<Entity>, name: &str) -> Option<&FieldFact> {
        self.facts_before(entity)?.fields.get(name)
    }

    /// What the database held for values of the enum that are gone.
    pub fn dropped_values(&self, spec: &Spec, id: Id<Enum>) -> Vec<&str> {
        let Some(before) = self.enum_before(id) else {
            return Vec::new();
        };
        let now = &spec.walk(id).get().choices;
        let kept: BTreeSet<&str> = now
            .iter()
            .filter_map(|choice| self.names.stored_before(id, &choice.name))
            .collect();
        let then = before.choices.iter().map(|choice| choice.stored.as_str());
        then.filter(|stored| !kept.contains(stored)).collect()
    }

    /// The full name of the entity as last built; `None` when it is new.
    pub fn entity_name_before(&self, id: Id<Entity>) -> Option<&str> {
        self.names.entity_before(id)
    }

    /// The full name of the enum as last built; `None` when it is new.
    pub fn enum_name_before(&self, id: Id<Enum>) -> Option<&str> {
        self.names.enum_before(id)
    }

    /// The enum as last built, under its name of then; `None` when it is new.
    pub fn enum_before(&self, id: Id<Enum>) -> Option<&EnumFact> {
        self.before.enums.get(self.names.enum_before(id)?)
    }

    /// The unique rule of this name (of now) as last built, with its name of then; `None` when it is new.
    pub fn unique_before(&self, entity: Id<Entity>, name: &str) -> Option<(&str, &UniqueFact)> {
        let old = self.names.unique_before(entity, name)?;
        self.facts_before(entity)?
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

    /// The name of then of what rows keep, which has this name now; `None` when it is new.
    pub fn kept_before(&self, entity: Id<Entity>, name: &str) -> Option<&str> {
        self.names.kept_before(entity, name)
    }

    /// What the serial of this name (of now) was called that says something else now; `None` where it was called the same.
    pub fn serial_before(&self, entity: Id<Entity>, name: &str) -> Option<&str> {
        self.names.serial_before(entity, name)
    }

    /// The index of this name (of now) as last built, with its name of then; `None` when it is new.
    pub fn index_before(&self, entity: Id<Entity>, name: &str) -> Option<(&str, &IndexFact)> {
        let old = self.names.index_before(entity, name)?;
        self.facts_before(entity)?
            .indexes
            .get_key_value(old)
            .map(|(name, fact)| (name.as_str(), fact))
    }
}
