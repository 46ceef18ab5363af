use appspec_ir::{Derive, Entity, Enum, Field, Id, Invariant};

use crate::History;

/// Everything that changed, in an order in which it can be done.
#[derive(Clone, Debug)]
pub struct Changes {
    /// What earlier builds emitted.
    pub history: History,
    /// The steps from the schema as last built to that of the spec.
    pub steps: Vec<Change>,
}

/// One step. Ids are those of the new spec; `from` is the name as last built.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A new entity with everything it has.
    AddEntity(Id<Entity>),
    /// `was` on an entity.
    RenameEntity {
        /// The old name.
        from: String,
        /// The entity.
        entity: Id<Entity>,
    },
    /// Labels, documentation or order of an entity: no data is concerned.
    AlterEntity(Id<Entity>),
    /// A new optional or defaulted field.
    AddField(Id<Field>),
    /// `was` on a field.
    RenameField {
        /// The old name.
        from: String,
        /// The field.
        field: Id<Field>,
    },
    /// Something about a field that no stored value depends on: documentation, default, inverse name.
    AlterField(Id<Field>),
    /// A new derived value.
    AddDerive(Id<Derive>),
    /// Values added to an enum, or labels changed: every field of that enum is concerned.
    AlterEnum(Id<Enum>),
    /// `was` on an enum value: stored rows are updated.
    RenameChoice {
        /// The enum.
        enumeration: Id<Enum>,
        /// What the database holds now.
        from_stored: String,
        /// What it will hold.
        to_stored: String,
    },
    /// A new unique rule, which only concerns fields of the same build.
    AddUnique {
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
    /// A new invariant, which only concerns fields of the same build, or a new entity's.
    AddInvariant(Id<Invariant>),
    /// The message of an invariant, unique rule or bound.
    AlterMessage {
        /// The entity.
        entity: Id<Entity>,
        /// The rule's name.
        name: String,
    },
}
